#ifndef PPROF_SAMPLES_H
#define PPROF_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

struct pprof;
struct pprof_ids;
struct pprof_limits;
struct pprof_sample;
struct pprof_wire;

/*
 * Decodes the n samples that begin in the wire, one by one. Wire, ids and
 * limits must stay. NULL: ENOMEM.
 */
struct pprof_samples;

struct pprof_samples *pprof_samples_new(struct pprof_wire, uint64_t n,
	    const struct pprof_ids *locations, const struct pprof_limits *);

/* See pprof_next. */
int	pprof_samples_next(struct pprof_samples *, const struct pprof *,
	    struct pprof_sample *, const char **why);

void	pprof_samples_free(struct pprof_samples *);

#endif
