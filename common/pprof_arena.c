#include "pprof_arena.h"

#include <errno.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define CHUNK_MIN	((size_t)4096)
#define CHUNK_MAX	((size_t)1 << 20)

struct pprof_chunk {
	struct pprof_chunk	*next;
	max_align_t		 bytes[];
};

struct pprof_arena {
	struct pprof_chunk	*chunks;	/* the one in use first */
	size_t			 chunk;		/* bytes of the next one */
	unsigned char		*at;		/* free, within the first */
	size_t			 left;
	size_t			 last;		/* bytes taken last */
};

struct pprof_arena *
pprof_arena_new(void)
{
	struct pprof_arena *a;

	if ((a = calloc(1, sizeof(*a))) != NULL)
		a->chunk = CHUNK_MIN;
	return (a);
}

void
pprof_arena_free(struct pprof_arena *a)
{
	struct pprof_chunk *c;

	if (a == NULL)
		return;
	while ((c = a->chunks) != NULL) {
		a->chunks = c->next;
		free(c);
	}
	free(a);
}

void *
pprof_arena_take(struct pprof_arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct pprof_chunk *c;
	size_t room;
	void *p;

	if (bytes > SIZE_MAX / 2) {
		errno = ENOMEM;
		return (NULL);
	}
	bytes = (bytes + align - 1) / align * align;
	if (bytes > a->left) {
		room = a->chunk > bytes ? a->chunk : bytes;
		if ((c = malloc(sizeof(*c) + room)) == NULL)
			return (NULL);
		c->next = a->chunks;
		a->chunks = c;
		a->at = (unsigned char *)c->bytes;
		a->left = room;
		if (a->chunk < CHUNK_MAX)
			a->chunk *= 2;
	}
	p = a->at;
	a->at += bytes;
	a->left -= bytes;
	a->last = bytes;
	return (p);
}

void
pprof_arena_return(struct pprof_arena *a)
{
	a->at -= a->last;
	a->left += a->last;
	a->last = 0;
}
