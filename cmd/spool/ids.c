#include "ids.h"

#include <stdlib.h>
#include <string.h>

#define LEAST	64	/* places of a table */

/* An id's last digits are random: they need no mixing. */
static struct id **
ids_place(const struct ids *t, const char *text)
{
	return (&t->table[strtoull(text + UUID_LEN - 12, NULL, 16) &
	    (t->size - 1)]);
}

struct id *
ids_find(const struct ids *t, const char *text)
{
	struct id *i;

	if (t->size == 0)
		return (NULL);
	i = *ids_place(t, text);
	while (i != NULL && strcmp(i->text, text) != 0)
		i = i->next;
	return (i);
}

static int
ids_grow(struct ids *t)
{
	struct ids wide = { .size = t->size == 0 ? LEAST : 2 * t->size };
	struct id *i, *next, **place;
	size_t n;

	if ((wide.table = calloc(wide.size, sizeof(*wide.table))) == NULL)
		return (-1);
	for (n = 0; n < t->size; n++)
		for (i = t->table[n]; i != NULL; i = next) {
			next = i->next;
			place = ids_place(&wide, i->text);
			i->next = *place;
			*place = i;
		}
	free(t->table);
	t->table = wide.table;
	t->size = wide.size;
	return (0);
}

int
ids_add(struct ids *t, struct id *i, const char *text)
{
	struct id **place;

	if (t->n >= t->size && ids_grow(t) == -1)
		return (-1);
	memcpy(i->text, text, UUID_TEXT);
	place = ids_place(t, text);
	i->next = *place;
	*place = i;
	t->n++;
	return (0);
}

void
ids_remove(struct ids *t, struct id *i)
{
	struct id **place = ids_place(t, i->text);

	while (*place != i)
		place = &(*place)->next;
	*place = i->next;
	t->n--;
}

void
ids_clear(struct ids *t, void (*drop)(void *))
{
	struct id *i, *next;
	size_t n;

	for (n = 0; n < t->size; n++)
		for (i = t->table[n]; i != NULL; i = next) {
			next = i->next;
			drop(i);
		}
	free(t->table);
	memset(t, 0, sizeof(*t));
}
