#include "jfr_pool.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "jfr_chunk.h"
#include "jfr_cursor.h"
#include "jfr_meta.h"
#include "jfr_plan.h"
#include "jfr_room.h"

struct constant {
	int64_t			 key;
	const unsigned char	*p;
	uint32_t		 type;
};

/* Of a type: is it wanted, and how is it stepped over? */
struct pool {
	struct jfr_plan	 plan;
	int		 planned;
	int		 wanted;
};

struct jfr_pools {
	struct jfr_table	 pools;		/* by type */
	int			 any;		/* of them is wanted */
	struct jfr_table	 constants;	/* by type, key and place */
	const unsigned char	*end;		/* of the chunk */
	int			 plain;
};

struct jfr_pools *
jfr_pools_new(void)
{
	return (calloc(1, sizeof(struct jfr_pools)));
}

void
jfr_pools_free(struct jfr_pools *p, struct jfr_room *room)
{
	if (p == NULL)
		return;
	jfr_table_free(&p->pools, room);
	jfr_table_free(&p->constants, room);
	free(p);
}

int
jfr_pools_reset(struct jfr_pools *p, size_t types, struct jfr_room *room)
{
	struct pool *pool;

	p->pools.n = p->constants.n = 0;
	p->any = 0;
	if ((pool = jfr_table_reserve(&p->pools, room, types,
	    sizeof(*pool))) == NULL)
		return (-1);
	memset(pool, 0, types * sizeof(*pool));
	p->pools.n = types;
	return (0);
}

void
jfr_pools_want(struct jfr_pools *p, uint32_t type)
{
	((struct pool *)p->pools.p)[type].wanted = 1;
	p->any = 1;
}

int
jfr_pools_wanted(const struct jfr_pools *p)
{
	return (p->any);
}

static int
constant_order(const void *a, const void *b)
{
	const struct constant *x = a, *y = b;

	if (x->type != y->type)
		return (x->type < y->type ? -1 : 1);
	if (x->key != y->key)
		return (x->key < y->key ? -1 : 1);
	return (x->p < y->p ? -1 : x->p > y->p);
}

int
jfr_pools_find(const struct jfr_pools *p, uint32_t type, int64_t key,
    struct jfr_cursor *at)
{
	const struct constant *c = p->constants.p;
	size_t low = 0, high = p->constants.n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (c[mid].type < type ||
		    (c[mid].type == type && c[mid].key <= key))
			low = mid + 1;
		else
			high = mid;
	}
	if (low == 0 || c[low - 1].type != type || c[low - 1].key != key)
		return (0);
	*at = (struct jfr_cursor){ c[low - 1].p, p->end, p->plain };
	return (1);
}

/* n constants of a type, one after the other. */
static int
constants_read(struct jfr_pools *p, struct jfr_planner *pl, uint32_t type,
    struct jfr_cursor *at, size_t n)
{
	static const struct jfr_walk over;
	struct pool *pool = (struct pool *)p->pools.p + type;
	struct constant *c;
	int64_t key;

	if (!pool->planned &&
	    jfr_plan_make(pl, type, NULL, 0, &pool->plan) == -1)
		return (-1);
	pool->planned = 1;
	errno = EINVAL;
	if (pool->plan.why != NULL)
		return (-1);
	for (; n > 0; n--) {
		if (jfr_cursor_integer(at, 8, &key) == -1)
			return (-1);
		if (pool->wanted) {
			if ((c = jfr_table_add(&p->constants, pl->room,
			    sizeof(*c))) == NULL)
				return (-1);
			*c = (struct constant){ key, at->p, type };
		}
		if (jfr_plan_walk(pl->steps, &pool->plan, at, &over) == -1)
			return (-1);
	}
	return (0);
}

/*
 * A checkpoint: when, how long, how far it is to the one before it (they are
 * all found without that), of which kind it is, and pools.
 */
static int
checkpoint_read(struct jfr_pools *p, struct jfr_planner *pl,
    struct jfr_cursor at)
{
	int64_t ignored, id;
	uint32_t type;
	size_t pools, n;
	int i;

	errno = EINVAL;
	for (i = 0; i < 3; i++)
		if (jfr_cursor_integer(&at, 8, &ignored) == -1)
			return (-1);
	if (jfr_cursor_skip(&at, 1) == -1 ||
	    jfr_cursor_count(&at, &pools) == -1)
		return (-1);
	for (; pools > 0; pools--) {
		if (jfr_cursor_integer(&at, 8, &id) == -1 ||
		    jfr_cursor_count(&at, &n) == -1)
			return (-1);
		if ((type = jfr_meta_find(pl->meta, id)) == JFR_NOWHERE)
			return (-1);
		if (constants_read(p, pl, type, &at, n) == -1)
			return (-1);
		errno = EINVAL;
	}
	return (0);
}

int
jfr_pools_fill(struct jfr_pools *p, struct jfr_chunk *chunk,
    struct jfr_planner *pl, const char **why)
{
	const unsigned char *at = jfr_chunk_first(chunk);
	struct jfr_raw e;
	int status;

	p->plain = chunk->plain;
	p->constants.n = 0;
	pl->room->why = NULL;
	while ((status = jfr_chunk_next(chunk, &at, &e, why)) == 1)
		if (e.type == JFR_CHECKPOINT && checkpoint_read(p, pl,
		    (struct jfr_cursor){ e.p, e.end, chunk->plain }) == -1)
			goto bad;
	if (status == -1)
		return (-1);
	p->end = chunk->end;
	if (p->constants.n != 0)
		qsort(p->constants.p, p->constants.n, sizeof(struct constant),
		    constant_order);
	return (0);
bad:
	*why = pl->room->why != NULL ? pl->room->why :
	    "the constants are malformed";
	return (-1);
}
