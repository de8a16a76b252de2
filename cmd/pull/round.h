#ifndef ROUND_H
#define ROUND_H

#include <stdint.h>

struct round;
struct target;

/*
 * One round of a target: its kinds of profile are fetched side by side, and
 * what came is handed on: the cpu and goroutine profiles each as soon as they
 * are there, those that become deltas together.
 */

/*
 * Begin one of these kinds (bits). The target is told when it is over. NULL:
 * nothing was begun; *why says it.
 */
struct round *round_new(struct target *, unsigned int wanted,
	    const char **why);

/* Fetch no more: what is there is brought to its end. */
void	round_cut(struct round *);

/*
 * It may go on until then (when_mono) and no longer: then it is over, and
 * nothing of it is sent that was not before.
 */
void	round_leave(struct round *, int64_t until);

/* Was it left? Then its target may be another host's. */
int	round_left(const struct round *);

/*
 * The when_mono before which what it brings may be sent, as of now; 0: it may
 * not. May it still, as of then? The latter also from another thread.
 */
int64_t	round_until(const struct round *);
int	round_may(const struct round *, int64_t until);

/* Why it may not, or a batch of it; borrowed, until that changes. */
const char *round_why(const struct round *);

/* One of its batches is over. */
void	round_batch_over(struct round *);

struct target *round_target(const struct round *);
struct order *round_order(const struct round *);

#endif
