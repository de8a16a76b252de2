#ifndef KIND_H
#define KIND_H

#include <stddef.h>

/*
 * The kinds of profile that a Go program serves below /debug/pprof
 * (net/http/pprof), by their names in enabled_types.
 */
enum { KIND_CPU, KIND_GOROUTINE, KIND_HEAP, KIND_MUTEX, KIND_BLOCK,
    KIND_ALLOCS, KIND_THREADCREATE, KINDS };

struct pprof_type;

struct kind {
	const char	*name;
	const char	*path;		/* below /debug/pprof/ */
	const char	*file;		/* its attachment */
	/* The sample types that count from the program's start, of which what
	   an interval adds is wanted. None: it is taken as it comes. */
	const struct pprof_type *growing;
	size_t		 ngrowing;
};

extern const struct kind kinds[KINDS];

/* Which it is; KINDS: none. */
size_t	kind_find(const char *name);

/* Is it made into a delta? */
int	kind_grows(size_t);

#endif
