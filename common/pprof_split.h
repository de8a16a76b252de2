#ifndef PPROF_SPLIT_H
#define PPROF_SPLIT_H

#include <stddef.h>

struct buf;
struct pprof;

/*
 * Append, uncompressed, what an open profile says of some of its sample types:
 * n names, in this order. Samples whose values of them are all 0 are left out.
 * Everything else stays: stacks, labels, functions with their files and lines,
 * mappings, period, times, comments. Samples are read from the first, so that
 * one profile can be split into several. -1: *why: a type is missing or wanted
 * twice, samples are malformed, or "out of memory"; out is as it was, and the
 * profile good for nothing.
 */
int	pprof_split(struct pprof *, const char *const *types, size_t n,
	    struct buf *out, const char **why);

#endif
