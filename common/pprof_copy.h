#ifndef PPROF_COPY_H
#define PPROF_COPY_H

#include <stdint.h>

struct pprof;
struct pprof_sample;
struct pprof_write;

/* Copies samples of an open profile to one being made. NULL: ENOMEM. */
struct pprof_copy;

struct pprof_copy *pprof_copy_new(struct pprof_write *, const struct pprof *);
void	pprof_copy_free(struct pprof_copy *);

/*
 * A sample of that profile, with these values in place of its own.
 * 0; -1: ENOMEM, EOVERFLOW: see pprof_write_sample.
 */
int	pprof_copy_sample(struct pprof_copy *, const struct pprof_sample *,
	    const int64_t *value);
void	pprof_copy_comments(struct pprof_copy *);

#endif
