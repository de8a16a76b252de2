#ifndef JFR_IDS_H
#define JFR_IDS_H

#include <stddef.h>
#include <stdint.h>

struct jfr_room;

/*
 * Types by their ids. Small ones, which all producers use, are looked up at
 * once; whoever makes up others cannot make it slower than a binary search.
 */
struct jfr_ids;

struct jfr_ids *jfr_ids_new(void);

/* Forget all. */
void	jfr_ids_clear(struct jfr_ids *);

/* Add one; of two types with one id the later one counts. -1: no memory. */
int	jfr_ids_add(struct jfr_ids *, int64_t id, uint32_t type,
	    struct jfr_room *);

/* All are added: from here on they can be found. */
void	jfr_ids_sort(struct jfr_ids *);

/* The type with this id, or JFR_NOWHERE. */
uint32_t jfr_ids_find(const struct jfr_ids *, int64_t id);

void	jfr_ids_free(struct jfr_ids *, struct jfr_room *);

#endif
