#ifndef STORY_H
#define STORY_H

#include <stddef.h>
#include <stdint.h>

#include "uuid.h"

struct conf;

/*
 * What is known of one record: what happened, when, and where it is. It is
 * gathered from the spool (story_spool.c), outboxes (story_outbox.c) and logs
 * (logs.h), in any order.
 */
enum fate_end { FATE_UNKNOWN, FATE_NEW, FATE_QUEUED, FATE_DEAD, FATE_OK,
    FATE_EVICTED, FATE_REMOVED, FATE_MISSING };

struct fate {
	char		 queue[40];
	enum fate_end	 end;
	unsigned int	 attempts;
	int64_t		 due;		/* unix seconds; 0: at once */
	char		 why[300];	/* of the dead */
	int		 told;		/* its end comes from a log alone */
};

struct event {
	int64_t		 at;		/* unix ns; 0: unknown */
	size_t		 order;		/* in which they were found */
	char		*text;
};

struct story {
	char		 id[UUID_TEXT];
	char		 parent[UUID_TEXT];	/* "": none, or unknown */
	int		 seen;		/* anything at all */
	int		 committed;	/* in new/ */
	int		 lost;		/* in lost/ */
	struct event	*events;
	size_t		 nevents;
	struct fate	*fates;
	size_t		 nfates;
};

void	story_clear(struct story *);

/* Something happened. -1: ENOMEM. */
int	story_add(struct story *, int64_t at, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* What is known of it in a queue; made if it is not. NULL: ENOMEM. */
struct fate *story_fate(struct story *, const char *queue);

/*
 * Gather from the spool whose root is open as root. -1: errno, and *what names
 * what could not be read; the rest is there.
 */
int	story_spool(struct story *, int root, const char **what);

/* Gather from the destinations that are directories. -1: ENOMEM. */
int	story_outbox(struct story *, const struct conf *);

/* Print the events in order, and a sentence on where it is. -1: errno. */
int	story_tell(struct story *);

/* That sentence alone. */
void	story_verdict(const struct story *, const char *options);

#endif
