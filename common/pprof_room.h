#ifndef PPROF_ROOM_H
#define PPROF_ROOM_H

#include <stddef.h>

extern const char pprof_over[];		/* "over a limit" */
extern const char pprof_no_memory[];	/* "out of memory" */

void	*pprof_room_more(void *array, size_t *cap, size_t n, size_t size,
	    size_t limit, const char **why);

/*
 * An array with room for n entries: array, or where it has moved. NULL: it is
 * as it was and cannot grow, for it has limit entries or there is no memory;
 * ENOMEM in both cases.
 * With n = 0 there is an array, too.
 */
static inline void *
pprof_room(void *array, size_t *cap, size_t n, size_t size, size_t limit,
    const char **why)
{
	return (n <= *cap && array != NULL ? array :
	    pprof_room_more(array, cap, n, size, limit, why));
}

#endif
