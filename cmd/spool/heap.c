#include "heap.h"

#include <stdlib.h>

#include "queue.h"

static void
heap_put(struct heap *h, size_t i, struct entry *e)
{
	h->v[i] = e;
	e->at[h->slot] = i;
}

static void
heap_settle(struct heap *h, size_t i)
{
	struct entry *e = h->v[i];
	size_t child;

	while (i > 0 && h->before(e, h->v[(i - 1) / 2])) {
		heap_put(h, i, h->v[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && h->before(h->v[child + 1], h->v[child]))
			child++;
		if (!h->before(h->v[child], e))
			break;
		heap_put(h, i, h->v[child]);
		i = child;
	}
	heap_put(h, i, e);
}

int
heap_room(struct heap *h)
{
	size_t cap = h->cap == 0 ? 64 : 2 * h->cap;
	struct entry **v;

	if (h->n < h->cap)
		return (0);
	if ((v = realloc(h->v, cap * sizeof(*v))) == NULL)
		return (-1);
	h->v = v;
	h->cap = cap;
	return (0);
}

void
heap_add(struct heap *h, struct entry *e)
{
	h->v[h->n] = e;
	heap_settle(h, h->n++);
}

void
heap_remove(struct heap *h, struct entry *e)
{
	size_t i = e->at[h->slot];

	if (i != --h->n) {
		h->v[i] = h->v[h->n];
		heap_settle(h, i);
	}
}
