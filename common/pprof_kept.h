#ifndef PPROF_KEPT_H
#define PPROF_KEPT_H

#include <stddef.h>
#include <stdint.h>

struct pprof_label;
struct pprof_sample;
struct pprof_table;

/* Samples that are kept, in the order in which they came. */
struct pprof_kept {
	size_t			 types;		/* values of a sample */
	struct pprof_stack {
		size_t		location;	/* where they begin below */
		size_t		depth;
		size_t		label;
		size_t		labels;
	}			*sample;
	size_t			 samples;
	size_t			 sample_cap;
	int64_t			*value;		/* types of each sample */
	size_t			 value_cap;
	uint32_t		*location;	/* of all */
	size_t			 locations;
	size_t			 location_cap;
	struct pprof_label	*label;		/* of all */
	size_t			 labels;
	size_t			 label_cap;
	struct pprof_table	*table;
};

struct pprof_kept *pprof_kept_new(size_t types);
void	pprof_kept_free(struct pprof_kept *);

/* Keep a copy. -1: ENOMEM. */
int	pprof_kept_append(struct pprof_kept *, const struct pprof_sample *);

/*
 * Add its values to those of a sample with the same stack and labels (in any
 * order of their keys, as google/pprof's profile/merge.go does), or keep it.
 * Not one whose values are all 0. -1: ENOMEM; EOVERFLOW: over 64 bits.
 */
int	pprof_kept_merge(struct pprof_kept *, const struct pprof_sample *);

#endif
