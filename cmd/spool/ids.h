#ifndef IDS_H
#define IDS_H

#include <stddef.h>

#include "uuid.h"

/*
 * A table of things by their id. What is put in it begins with a struct id,
 * and belongs to whoever put it there.
 */
struct id {
	struct id	*next;		/* of those with the same hash */
	char		 text[UUID_TEXT];
};

struct ids {
	struct id	**table;
	size_t		 size;		/* a power of two, or 0 */
	size_t		 n;
};

struct id *ids_find(const struct ids *, const char *text);

/* The id's text is set to text, which is not there yet. -1: ENOMEM. */
int	ids_add(struct ids *, struct id *, const char *text);

void	ids_remove(struct ids *, struct id *);

/* Call drop for each and forget them all. */
void	ids_clear(struct ids *, void (*drop)(void *));

#endif
