#include "pprof_room.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

const char pprof_over[] = "over a limit";
const char pprof_no_memory[] = "out of memory";

void *
pprof_room_more(void *array, size_t *cap, size_t n, size_t size, size_t limit,
    const char **why)
{
	size_t more = *cap != 0 ? *cap : 64;
	void *p;

	if (n > limit) {
		*why = pprof_over;
		errno = ENOMEM;
		return (NULL);
	}
	while (more < n)
		more = more > SIZE_MAX / 2 ? n : 2 * more;
	if (more > limit)
		more = limit != 0 ? limit : 1;
	if ((p = reallocarray(array, more, size)) == NULL)
		*why = pprof_no_memory;
	else
		*cap = more;
	return (p);
}
