#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>

struct entry;

/* A binary heap of a queue's entries, the one before all others at v[0]. */
struct heap {
	struct entry	**v;
	size_t		 n, cap;
	int		 slot;		/* which of an entry's at[] is ours */
	int		(*before)(const struct entry *, const struct entry *);
};

/* Make room for one more. -1: ENOMEM. */
int	heap_room(struct heap *);

/* heap_room has made room for it. */
void	heap_add(struct heap *, struct entry *);

void	heap_remove(struct heap *, struct entry *);

#endif
