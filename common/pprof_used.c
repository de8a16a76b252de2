#include "pprof_used.h"

#include <stdlib.h>

int
pprof_used_new(struct pprof_used *u, size_t entries)
{
	u->n = 0;
	u->number = calloc(entries + 1, sizeof(*u->number));
	u->order = calloc(entries + 1, sizeof(*u->order));
	return (u->number != NULL && u->order != NULL ? 0 : -1);
}

void
pprof_used_free(struct pprof_used *u)
{
	free(u->number);
	free(u->order);
}
