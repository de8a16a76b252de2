#ifndef ELECT_H
#define ELECT_H

#include <stdint.h>

struct conf;
struct event_base;

/*
 * Election: of the hosts that could do the same work, one does it. A backend
 * (elect_backend.h) asks beside the loop whether it is this one, and how long
 * that is good for; to ask here costs nothing and never waits. Whoever works
 * asks before each piece of work and again before its outcome is committed.
 */
struct elect;

enum elect_change {
	ELECT_WON,	/* this host; another may have worked since it last did */
	ELECT_BACK,	/* this host, and none has worked since it did */
	ELECT_LOST
};

/*
 * By [election] of the configuration; without an election this host is elected
 * for good. on_change is called from the loop, never from within elect_new.
 * NULL with errno.
 */
struct elect *elect_new(struct event_base *, const struct conf *,
	    void (*on_change)(enum elect_change, void *arg), void *arg);

/* Give it up. elect_busy: that would wait for a disk. */
void	elect_free(struct elect *);
int	elect_busy(const struct elect *);

/*
 * The when_mono before which this host may work, INT64_MAX: for good; 0: it
 * may not.
 */
int64_t	elect_until(const struct elect *);

/* May it now? */
int	elect_may(const struct elect *);

/* Has it been decided at all? */
int	elect_decided(const struct elect *);

/* A sentence for the log and the figures; borrowed, until it changes. */
const char *elect_why(const struct elect *);

#endif
