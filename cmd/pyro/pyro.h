#ifndef PYRO_H
#define PYRO_H

#include <stdint.h>

#include "histogram.h"

struct buf;
struct event_base;
struct intake;
struct keep;
struct listeners;
struct pool;
struct sets;

/* What all parts of prof-pyro work with. */
struct pyro {
	struct intake	*in;
	struct listeners *listeners;
	struct keep	*keep;		/* NULL with the spool, */
	struct sets	*sets;		/* and then this one, too */
	struct pool	*conversions;	/* threads for what takes memory, */
	struct pool	*storing;	/* and for keep/pyro */
	/* Counted from the start: */
	struct histogram conversion;	/* of bodies */
	uint64_t	 parts;		/* stored */
	uint64_t	 joined;	/* sets, complete */
	uint64_t	 incomplete;	/* and not */
	uint64_t	 bad_parts;
};

/*
 * Begin what is beside the intake, which is open; end sets that were being
 * joined, and take up those that wait. -1: it is logged why.
 */
int	pyro_open(struct pyro *, struct event_base *);

/* The intake's configuration has changed. -1: ENOMEM, old listeners stay. */
int	pyro_change(struct pyro *);

/* Nothing is under way any more. */
void	pyro_close(struct pyro *);

/* Is something under way, besides connections and commits? */
int	pyro_busy(void *pyro);

/* Append what prof-pyro counts more than prof-recv. -1: ENOMEM. */
int	pyro_print(struct buf *, void *pyro);

#endif
