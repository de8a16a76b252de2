#ifndef PPROF_IDS_H
#define PPROF_IDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the ids of a table's entries stand for. Nearly all profiles count from
 * 1 in the order of their tables; ids in another order, up to the number of
 * entries, are looked up directly; all others are sorted, since a client could
 * choose them so that they collide in a hash table.
 */
struct pprof_ids {
	size_t		 n;
	uint32_t	*direct;	/* [id]: index + 1, 0: none; NULL: in
					   order */
	struct pprof_id {
		uint64_t	id;
		uint32_t	index;
	}		*odd;
	size_t		 odds;
};

/* id[i] is entry i's. -1: EEXIST, two have one; EINVAL, one is 0; ENOMEM. */
int	pprof_ids_make(struct pprof_ids *, const uint64_t *id, size_t n);
void	pprof_ids_free(struct pprof_ids *);

uint32_t pprof_ids_odd(const struct pprof_ids *, uint64_t id);

/* The entry of that id, UINT32_MAX: none. Inline: a call a frame. */
static inline uint32_t
pprof_ids_find(const struct pprof_ids *ids, uint64_t id)
{
	if (id > ids->n)
		return (pprof_ids_odd(ids, id));
	return ((ids->direct == NULL ? (uint32_t)id : ids->direct[id]) - 1);
}

#endif
