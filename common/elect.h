#ifndef ELECT_H
#define ELECT_H

#include <stddef.h>
#include <stdint.h>

struct conf;
struct event_base;

/*
 * Election: of the hosts that could do the same work, one does it, or each of
 * them its share. A backend (elect_backend.h) asks beside the loop whether
 * this one may, and how long that is good for; to ask here costs nothing and
 * never waits. Whoever works asks before each piece of work and again before
 * its outcome is committed. No wall clock is looked at.
 */
struct elect;

enum elect_change {
	ELECT_WON,	/* this host; another may have worked since it last did */
	ELECT_BACK,	/* this host, and none has worked since it did */
	ELECT_LOST,	/* what is under way is to be given up */
	ELECT_SHARED,	/* the shares are others; see elect_mine */
	ELECT_LEADER,	/* who leads is another, or nobody knows */
	ELECT_TROUBLE,	/* no answer, or a bad one: elect_trouble says which */
	ELECT_ANSWERED,	/* after that a good one */
	ELECT_FILES,	/* of TLS: they have changed, see elect_stale */
	ELECT_CHANGES
};

/*
 * By [election] of the configuration, which is borrowed until elect_new
 * returns; without an election this host is elected for good. on_change is
 * called from the loop, never from within elect_new. NULL with errno, and why
 * points to a fixed sentence if the configuration is at fault.
 */
struct elect *elect_new(struct event_base *, const struct conf *,
	    void (*on_change)(enum elect_change, void *arg), void *arg,
	    const char **why);

/*
 * Give it up, and tell the backend so that the next one need not wait; that
 * takes 2 s at most. elect_busy: it would wait for a disk.
 */
void	elect_free(struct elect *);
int	elect_busy(const struct elect *);

/*
 * The when_mono before which this host may work, INT64_MAX: for good; 0: it
 * may not. While on_change tells ELECT_SHARED it is that of the shares before,
 * and what moved away may be worked on until then, but not begun.
 */
int64_t	elect_until(const struct elect *);

/* May it now? */
int	elect_may(const struct elect *);

/* Of the work with this hash: is it this host's, as far as is known? */
int	elect_mine(const struct elect *, uint64_t hash);

/* Has it been decided at all? */
int	elect_decided(const struct elect *);

/* Sentences for the log and the figures; borrowed, until they change. */
const char *elect_why(const struct elect *);
const char *elect_trouble(const struct elect *);	/* "": none */

/* Why files of TLS that have changed are not taken; "": they are. */
const char *elect_stale(const struct elect *);

/* Who leads, this host too; "": it is not known, or each has its share. */
const char *elect_leader(const struct elect *);

/* Members that share the work; 0: it is not shared. */
size_t	elect_members(const struct elect *);

/* when_mono since which this host has been elected or not, and who leads. */
int64_t	elect_since(const struct elect *);
int64_t	elect_leader_since(const struct elect *);

#endif
