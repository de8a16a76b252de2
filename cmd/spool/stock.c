#include "stock.h"

#include <stdlib.h>

#include "ids.h"

/* A record, however many names it has. */
struct item {
	struct id	 id;
	uint64_t	 bytes;
	unsigned int	 names;
	unsigned char	 source;
};

struct stock {
	struct ids	 ids;
	uint64_t	 bytes;
};

struct stock *
stock_new(void)
{
	return (calloc(1, sizeof(struct stock)));
}

void
stock_free(struct stock *s)
{
	if (s != NULL)
		ids_clear(&s->ids, free);
	free(s);
}

int
stock_add(struct stock *s, const char *id, uint64_t bytes,
    unsigned char source)
{
	struct item *item = (struct item *)ids_find(&s->ids, id);

	if (item != NULL) {
		item->names++;
		return (0);
	}
	if ((item = calloc(1, sizeof(*item))) == NULL)
		return (-1);
	if (ids_add(&s->ids, &item->id, id) == -1) {
		free(item);
		return (-1);
	}
	item->names = 1;
	item->bytes = bytes;
	item->source = source;
	s->bytes += bytes;
	return (0);
}

void
stock_drop(struct stock *s, const char *id)
{
	struct item *item = (struct item *)ids_find(&s->ids, id);

	if (item == NULL || --item->names > 0)
		return;
	s->bytes -= item->bytes;
	ids_remove(&s->ids, &item->id);
	free(item);
}

unsigned int
stock_names(const struct stock *s, const char *id)
{
	const struct item *item = (const struct item *)ids_find(&s->ids, id);

	return (item == NULL ? 0 : item->names);
}

unsigned char
stock_source(const struct stock *s, const char *id)
{
	const struct item *item = (const struct item *)ids_find(&s->ids, id);

	return (item == NULL ? 0 : item->source);
}

uint64_t
stock_bytes_of(const struct stock *s, const char *id)
{
	const struct item *item = (const struct item *)ids_find(&s->ids, id);

	return (item == NULL ? 0 : item->bytes);
}

uint64_t
stock_bytes(const struct stock *s)
{
	return (s->bytes);
}
