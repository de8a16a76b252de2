#ifndef FOLDED_PPROF_H
#define FOLDED_PPROF_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct folded;
struct sampletype;

/* Stacks, and what their values count. */
struct folded_type {
	const struct folded	*folded;
	const struct sampletype	*type;
};

/*
 * Append a pprof, not compressed: a sample type for each of n (at most 32) and
 * a sample for each stack whose value is not 0, frames being functions without
 * a file. The period is the first type's. Times in nanoseconds, time since
 * 1970. Takes memory of some 10 times its length. -1: *why; also where it is
 * over max bytes (out may then hold it all the same).
 */
int	folded_pprof(const struct folded_type *, size_t n, int64_t time,
	    int64_t duration, struct buf *out, size_t max, const char **why);

#endif
