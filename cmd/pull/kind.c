#include "kind.h"

#include <string.h>

#include "pprof.h"

#define TEXT(s)	{ s, sizeof(s) - 1 }

static const struct pprof_type allocated[] = {
	{ TEXT("alloc_objects"), TEXT("count") },
	{ TEXT("alloc_space"), TEXT("bytes") },
};

static const struct pprof_type contended[] = {
	{ TEXT("contentions"), TEXT("count") },
	{ TEXT("delay"), TEXT("nanoseconds") },
};

/* The reference's pull.go has the same names and sample types. */
const struct kind kinds[KINDS] = {
	[KIND_CPU] = { "cpu", "profile", "cpu.pprof", NULL, 0 },
	[KIND_GOROUTINE] = { "goroutine", "goroutine", "goroutines.pprof",
	    NULL, 0 },
	[KIND_HEAP] = { "heap", "heap", "delta-heap.pprof", allocated, 2 },
	[KIND_MUTEX] = { "mutex", "mutex", "delta-mutex.pprof", contended, 2 },
	[KIND_BLOCK] = { "block", "block", "delta-block.pprof", contended, 2 },
	[KIND_ALLOCS] = { "allocs", "allocs", "delta-allocs.pprof", allocated,
	    2 },
	[KIND_THREADCREATE] = { "threadcreate", "threadcreate",
	    "threadcreate.pprof", NULL, 0 },
};

size_t
kind_find(const char *name)
{
	size_t i = 0;

	while (i < KINDS && strcmp(kinds[i].name, name) != 0)
		i++;
	return (i);
}

int
kind_grows(size_t i)
{
	return (kinds[i].ngrowing > 0);
}
