#include "jfr_ids.h"

#include <stdlib.h>
#include <string.h>

#include "jfr_meta.h"
#include "jfr_room.h"

#define SMALL	4096

struct entry {
	int64_t		 id;
	uint32_t	 type;
};

struct jfr_ids {
	uint32_t	 small[SMALL];
	size_t		 highest;	/* of small: behind the last used */
	struct jfr_table large;		/* entries, by id */
};

struct jfr_ids *
jfr_ids_new(void)
{
	struct jfr_ids *ids;

	if ((ids = calloc(1, sizeof(*ids))) == NULL)
		return (NULL);
	ids->highest = SMALL;
	jfr_ids_clear(ids);
	return (ids);
}

void
jfr_ids_clear(struct jfr_ids *ids)
{
	while (ids->highest > 0)
		ids->small[--ids->highest] = JFR_NOWHERE;
	ids->large.n = 0;
}

int
jfr_ids_add(struct jfr_ids *ids, int64_t id, uint32_t type,
    struct jfr_room *room)
{
	struct entry *e;

	if (id >= 0 && id < SMALL) {
		ids->small[id] = type;
		if (ids->highest <= (size_t)id)
			ids->highest = (size_t)id + 1;
		return (0);
	}
	if ((e = jfr_table_add(&ids->large, room, sizeof(*e))) == NULL)
		return (-1);
	*e = (struct entry){ id, type };
	return (0);
}

static int
entry_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->id != y->id)
		return (x->id < y->id ? -1 : 1);
	return (x->type < y->type ? -1 : 1);
}

void
jfr_ids_sort(struct jfr_ids *ids)
{
	if (ids->large.n != 0)
		qsort(ids->large.p, ids->large.n, sizeof(struct entry),
		    entry_order);
}

uint32_t
jfr_ids_find(const struct jfr_ids *ids, int64_t id)
{
	const struct entry *e = ids->large.p;
	size_t low = 0, high = ids->large.n, mid;

	if (id >= 0 && id < SMALL)
		return (ids->small[id]);
	while (low < high) {
		mid = low + (high - low) / 2;
		if (e[mid].id <= id)
			low = mid + 1;
		else
			high = mid;
	}
	return (low > 0 && e[low - 1].id == id ? e[low - 1].type :
	    JFR_NOWHERE);
}

void
jfr_ids_free(struct jfr_ids *ids, struct jfr_room *room)
{
	if (ids == NULL)
		return;
	jfr_table_free(&ids->large, room);
	free(ids);
}
