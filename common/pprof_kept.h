#ifndef PPROF_KEPT_H
#define PPROF_KEPT_H

#include <stddef.h>
#include <stdint.h>

struct pprof_arena;
struct pprof_label;
struct pprof_sample;
struct pprof_strings;
struct pprof_table;

/* A sample that is kept. */
struct pprof_stack {
	int64_t			*value;
	struct pprof_label	*label;
	uint32_t		*location;
	uint32_t		 depth;
	uint32_t		 labels;
	uint32_t		 hash;
	int			 gone;	/* merged into one before it */
};

/* Samples that are kept, in the order in which they came. */
struct pprof_kept {
	size_t			 types;		/* values of a sample */
	const struct pprof_strings *strings;	/* of their labels */
	struct pprof_stack	*sample;
	size_t			 samples;
	size_t			 sample_cap;
	struct pprof_arena	*arena;		/* what they point to */
	struct pprof_label	*sorted;	/* labels of one sample */
	size_t			 sorted_cap;
	struct pprof_table	*table;
	size_t			 expected;
	size_t			 looked_up;	/* those before are in it */
	size_t			 next;		/* behind the last one found */
};

/* For so many samples, or more. The strings must stay. */
struct pprof_kept *pprof_kept_new(size_t types, size_t expected,
	    const struct pprof_strings *);
void	pprof_kept_free(struct pprof_kept *);

/* Keep a copy. -1: ENOMEM. */
int	pprof_kept_append(struct pprof_kept *, const struct pprof_sample *);

/*
 * Add its values to those of a sample with the same stack and labels (which it
 * sorts by key, as google/pprof's profile/merge.go does), or keep it. Not one
 * whose values are all 0. -1: ENOMEM; EOVERFLOW: over 64 bits.
 */
int	pprof_kept_merge(struct pprof_kept *, const struct pprof_sample *);

/* Merge what is still to be. Also to be called at the end. -1: as above. */
int	pprof_kept_settle(struct pprof_kept *);

#endif
