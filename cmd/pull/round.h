#ifndef ROUND_H
#define ROUND_H

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

/* One of its batches is over. */
void	round_batch_over(struct round *);

struct target *round_target(const struct round *);
struct order *round_order(const struct round *);

#endif
