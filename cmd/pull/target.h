#ifndef TARGET_H
#define TARGET_H

#include <sys/queue.h>

#include <stdint.h>

#include "kind.h"
#include "uuid.h"

struct event;
struct fetch_outcome;
struct order;
struct pull;
struct round;

/*
 * A target, from its first appearance in the configuration to its last: when
 * its next round is due, and what has to be known from one round to the next.
 */
#define TARGET_KEPT	64	/* room for the name of what is kept */

struct target {
	TAILQ_ENTRY(target) next;
	struct pull	*pull;
	struct order	*order;		/* NULL: not configured any more */
	uint64_t	 hash;
	struct event	*timer;
	int64_t		 due;		/* when_mono */
	struct round	*round;		/* under way, or NULL */
	int		 named;		/* while the roster is made */
	int		 mine;		/* this host pulls it */
	unsigned int	 stale;		/* kinds (bits) whose kept profile is
					   older than what another pulled */
	unsigned int	 missed;	/* rounds until one that is missed is */
	const char	*missed_why;	/* told again for the same reason */
	unsigned int	 rounds;	/* of -1: one, or two for deltas */
	unsigned int	 up;		/* kinds that came in the last round, */
	unsigned int	 came;		/* and in the one under way */
	unsigned int	 fresh;		/* kinds whose last was a first */
	unsigned int	 failing;	/* kinds whose last failed, */
	uint32_t	 reason[KINDS];	/* and a hash of what was said */
	char		 unfinished[UUID_TEXT];	/* a commit to be ended; "" */
	int		 held[KINDS];	/* without a spool: what would be
					   kept; -1: nothing */
};

/* Takes the order. NULL: ENOMEM. */
struct target *target_new(struct pull *, struct order *, uint64_t hash);
void	target_free(struct target *);

/* What it is to be pulled by from now on; takes the order. */
void	target_change(struct target *, struct order *);

/* Begin with its rounds; of -1 with the one, now. */
void	target_start(struct target *);

/* No more rounds; one that is under way comes to its end, soon. */
void	target_stop(struct target *);

/*
 * Who is elected has changed, or whose the target is: a round under way is over
 * when it may not go on, and nothing of it is sent.
 */
void	target_share(struct target *);

/* It is not configured any more: it is gone when nothing is under way. */
void	target_drop(struct target *);

/* Close what is held of it in place of a spool. */
void	target_forget(struct target *);

/* The name in keep/pull of what is kept of a kind. */
void	target_kept(const struct target *, size_t kind, char out[TARGET_KEPT]);

/* Of a kind nothing came, or no profile; or it did. Logged when it changes. */
void	target_failed(struct target *, size_t kind, const char *reason);
void	target_worked(struct target *, size_t kind);

/* Its round is over. */
void	target_over(struct target *);

#endif
