#include "pprof_ids.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
pprof_ids_before(const void *a, const void *b)
{
	const struct pprof_id *x = a, *y = b;

	return (x->id < y->id ? -1 : x->id > y->id);
}

static int
pprof_ids_sort(struct pprof_ids *ids)
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

int
pprof_ids_make(struct pprof_ids *ids, const uint64_t *id, size_t n)
{
	size_t i;

	memset(ids, 0, sizeof(*ids));
	ids->n = n;
	for (i = 0; i < n && id[i] == i + 1; i++)
		;
	if (i == n)
		return (0);
	ids->direct = calloc(n + 1, sizeof(*ids->direct));
	ids->odd = calloc(n, sizeof(*ids->odd));
	if (ids->direct == NULL || ids->odd == NULL)
		return (-1);
	errno = EEXIST;
	for (i = 0; i < n; i++)
		if (id[i] == 0) {
			errno = EINVAL;
			return (-1);
		} else if (id[i] > n) {
			ids->odd[ids->odds].id = id[i];
			ids->odd[ids->odds++].index = (uint32_t)i;
		} else if (ids->direct[id[i]] != 0)
			return (-1);
		else
			ids->direct[id[i]] = (uint32_t)i + 1;
	return (pprof_ids_sort(ids));
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
