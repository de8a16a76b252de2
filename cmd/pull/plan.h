#ifndef PLAN_H
#define PLAN_H

#include <stddef.h>
#include <stdint.h>

struct conf;

/*
 * The configuration in force, kept as long as anything is pulled by it, and
 * what the command line says instead.
 */
struct plan {
	struct conf	*conf;
	struct conf	*by_hand;	/* of -u; NULL: conf's targets */
	int64_t		 wait;		/* of -w, in place of intervals; 0 */
	unsigned int	 held;		/* by whom it is freed */
};

/* Takes both over, also on failure (NULL: ENOMEM). It is held once. */
struct plan *plan_new(struct conf *, struct conf *by_hand, int64_t wait);

struct plan *plan_hold(struct plan *);
void	plan_drop(struct plan *);

/* Whose targets are pulled. */
const struct conf *plan_targets(const struct plan *);

#endif
