#ifndef JFR_PLAN_H
#define JFR_PLAN_H

#include <stddef.h>
#include <stdint.h>

struct jfr_chunk;
struct jfr_cursor;
struct jfr_meta;
struct jfr_pools;
struct jfr_room;
struct jfr_table;
struct jfr_value;

/*
 * How to walk over a value of some type, and what to take on the way: the
 * fields of a type, and of what is nested in it, laid out in a row once a
 * chunk, so that each of its events is a few steps.
 */
struct jfr_plan {
	uint32_t	 first;		/* of the steps */
	uint32_t	 n;
	const char	*why;		/* not NULL: it cannot be walked over */
};

/* What plans are made from, and their steps. */
struct jfr_planner {
	const struct jfr_meta	*meta;
	struct jfr_pools	*pools;
	struct jfr_room		*room;
	struct jfr_table	*steps;
	size_t			 budget;	/* fields that may still be
						   laid out: types nested in
						   types multiply */
	size_t			 barrier;	/* steps before it stand */
	int			 plain;
};

/*
 * Plan for values of a type; paths, up to n, are taken as values of that
 * index, and then it ends behind the last of them. -1: no memory; a type that
 * cannot be planned for is none, and its plan says why.
 */
int	jfr_plan_make(struct jfr_planner *, uint32_t type,
	    const char *const *paths, unsigned int n, struct jfr_plan *);

/* Where values are taken from and put to. */
struct jfr_walk {
	const struct jfr_chunk	*chunk;
	const struct jfr_pools	*pools;
	struct jfr_value	*values;
};

/* Follow a plan. -1: there are too few bytes, or they are no such value. */
int	jfr_plan_walk(const struct jfr_table *steps, const struct jfr_plan *,
	    struct jfr_cursor *, const struct jfr_walk *);

#endif
