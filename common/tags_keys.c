#include "tags_keys.h"

#include <stdlib.h>
#include <string.h>

struct tags_entry *
tags_keys_add(struct tags_keys *k, const char *key)
{
	struct tags_entry *e;
	size_t cap = k->cap != 0 ? 2 * k->cap : 32;

	if (k->n == k->cap) {
		e = reallocarray(k->entry, cap, sizeof(*e));
		if (e == NULL)
			return (NULL);
		k->entry = e;
		k->cap = cap;
	}
	e = &k->entry[k->n++];
	memset(e, 0, sizeof(*e));
	e->key = key;
	if (strlen(key) > k->longest)
		k->longest = strlen(key);
	k->sorted = 0;
	return (e);
}

static const struct tag *
tags_first(const struct tag *a, const struct tag *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL ? a : b);
	return (a < b ? a : b);
}

static int
tags_order(const void *a, const void *b)
{
	const struct tags_entry *x = a, *y = b;

	return (strcmp(x->key, y->key));
}

void
tags_keys_sort(struct tags_keys *k)
{
	struct tags_entry *e;
	size_t i, n = 0;

	if (k->sorted || k->n == 0)
		return;
	qsort(k->entry, k->n, sizeof(*k->entry), tags_order);
	for (i = 1; i < k->n; i++) {
		e = &k->entry[n];
		if (strcmp(e->key, k->entry[i].key) != 0) {
			k->entry[++n] = k->entry[i];
			continue;
		}
		e->known |= k->entry[i].known;
		e->override = tags_first(e->override, k->entry[i].override);
		e->fill = tags_first(e->fill, k->entry[i].fill);
	}
	k->n = n + 1;
	k->sorted = 1;
}

struct tags_entry *
tags_keys_find(const struct tags_keys *k, const char *key, size_t len)
{
	size_t low = 0, high = k->n, mid, n;
	int order;

	if (len > k->longest)
		return (NULL);
	while (low < high) {
		mid = low + (high - low) / 2;
		n = strlen(k->entry[mid].key);
		order = memcmp(k->entry[mid].key, key, n < len ? n : len);
		if (order == 0)
			order = (n > len) - (n < len);
		if (order == 0)
			return (&k->entry[mid]);
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (NULL);
}

void
tags_keys_free(struct tags_keys *k)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		free(k->entry[i].value);
	free(k->entry);
}
