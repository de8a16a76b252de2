#ifndef PULL_H
#define PULL_H

#include "tally.h"
#include "vitals.h"

struct elect;
struct event;
struct event_base;
struct fetcher;
struct keep;
struct plan;
struct pool;
struct roster;
struct spool;

/* What all of prof-pull's parts work with. */
struct pull {
	struct event_base *base;
	struct plan	*plan;		/* in force */
	struct spool	*spool;		/* NULL: records go to output */
	struct keep	*keep;		/* the spool's; NULL with it */
	int		 output;	/* a descriptor; -1: the spool */
	struct elect	*elect;
	struct fetcher	*fetcher;
	struct pool	*digests;	/* threads for what takes memory, */
	struct pool	*commits;	/* and for what waits for a disk */
	struct roster	*roster;
	struct event	*stat;		/* to write the figures; */
	int		 untold;	/* they could not be */
	struct tally	 tally;
	struct vitals	 vitals;
	int		 once;		/* -1 */
	int		 stopping;
	enum { FORGET_NOTHING, FORGET_WANTED, FORGET_UNDER_WAY }
			 forgetting;	/* baselines, before any round */
	int		 forget_error;	/* errno of it */
	int		 failed;	/* of -1: something was not pulled */
	int		 broken;	/* the output */
	/* A round or a batch is over. */
	void		(*on_idle)(struct pull *);
};

#endif
