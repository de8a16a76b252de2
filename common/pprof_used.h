#ifndef PPROF_USED_H
#define PPROF_USED_H

#include <stddef.h>
#include <stdint.h>

/* The entries of a table that are used, numbered from 1 in that order. */
struct pprof_used {
	uint32_t	*number;	/* [entry]; 0: not used */
	uint32_t	*order;		/* [number - 1]: the entry */
	uint32_t	 n;
};

/* Of a table of entries. -1: ENOMEM. */
int	pprof_used_new(struct pprof_used *, size_t entries);
void	pprof_used_free(struct pprof_used *);

/* The entry's number, a new one if it has none. Inline: a call a frame. */
static inline uint32_t
pprof_used_number(struct pprof_used *u, uint32_t entry)
{
	if (u->number[entry] == 0) {
		u->order[u->n++] = entry;
		u->number[entry] = u->n;
	}
	return (u->number[entry]);
}

#endif
