#include "pprof_ids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
pprof_ids_new(struct pprof_ids *ids, size_t n)
{
	memset(ids, 0, sizeof(*ids));
	ids->n = n;
	ids->direct = calloc(n + 1, sizeof(*ids->direct));
	return (ids->direct != NULL ? 0 : -1);
}

int
pprof_ids_add(struct pprof_ids *ids, uint64_t id, uint32_t index)
{
	if (id <= ids->n) {
		if (ids->direct[id] != 0)
			goto twice;
		ids->direct[id] = index + 1;
		return (0);
	}
	if (ids->odd == NULL &&
	    (ids->odd = calloc(ids->n, sizeof(*ids->odd))) == NULL)
		return (-1);
	ids->odd[ids->odds].id = id;
	ids->odd[ids->odds++].index = index;
	return (0);
twice:
	errno = EEXIST;
	return (-1);
}

static int
pprof_ids_before(const void *a, const void *b)
{
	const struct pprof_id *x = a, *y = b;

	return (x->id < y->id ? -1 : x->id > y->id);
}

int
pprof_ids_end(struct pprof_ids *ids)
{
	size_t i;

	if (ids->odds == 0)
		return (0);
	qsort(ids->odd, ids->odds, sizeof(*ids->odd), pprof_ids_before);
	for (i = 1; i < ids->odds; i++)
		if (ids->odd[i].id == ids->odd[i - 1].id) {
			errno = EEXIST;
			return (-1);
		}
	return (0);
}

uint32_t
pprof_ids_odd(const struct pprof_ids *ids, uint64_t id)
{
	struct pprof_id key = { id, 0 };
	const struct pprof_id *found;

	if (ids->odds == 0)
		return (UINT32_MAX);
	found = bsearch(&key, ids->odd, ids->odds, sizeof(key),
	    pprof_ids_before);
	return (found != NULL ? found->index : UINT32_MAX);
}

void
pprof_ids_free(struct pprof_ids *ids)
{
	free(ids->direct);
	free(ids->odd);
}
