#ifndef PPROF_IDS_H
#define PPROF_IDS_H

#include <stddef.h>
#include <stdint.h>

/*
 * What the ids of a table's entries stand for. Most profiles count from 1:
 * ids up to the number of entries are looked up directly; others are sorted,
 * since a client could choose them so that they collide in a hash table.
 */
struct pprof_ids {
	uint32_t	*direct;	/* [id]: index + 1; 0: none */
	size_t		 n;
	struct pprof_id {
		uint64_t	id;
		uint32_t	index;
	}		*odd;
	size_t		 odds;
};

/* Room for n entries. -1: ENOMEM. */
int	pprof_ids_new(struct pprof_ids *, size_t n);

/* Entry index has this id, not 0. -1: EEXIST: another has it; ENOMEM. */
int	pprof_ids_add(struct pprof_ids *, uint64_t id, uint32_t index);

/* All are added. -1: EEXIST: two have one id. */
int	pprof_ids_end(struct pprof_ids *);

uint32_t pprof_ids_odd(const struct pprof_ids *, uint64_t id);

/* The entry of that id, UINT32_MAX: none. Inline: a call a frame. */
static inline uint32_t
pprof_ids_find(const struct pprof_ids *ids, uint64_t id)
{
	if (id <= ids->n)
		return (ids->direct[id] - 1);
	return (pprof_ids_odd(ids, id));
}

void	pprof_ids_free(struct pprof_ids *);

#endif
