#include "queue.h"

#include <stdlib.h>
#include <string.h>

#include "heap.h"

static int
before_oldest(const struct entry *a, const struct entry *b)
{
	return (a->seq < b->seq);
}

static int
before_newest(const struct entry *a, const struct entry *b)
{
	return (a->seq > b->seq);
}

static int
before_due(const struct entry *a, const struct entry *b)
{
	return (a->until < b->until);
}

static struct heap *
queue_heap(int slot,
    int (*before)(const struct entry *, const struct entry *))
{
	struct heap *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return (NULL);
	h->slot = slot;
	h->before = before;
	return (h);
}

struct queue *
queue_new(const char *name)
{
	struct queue *q;

	if ((q = calloc(1, sizeof(*q))) == NULL)
		return (NULL);
	strncpy(q->name, name, sizeof(q->name) - 1);
	TAILQ_INIT(&q->queued);
	TAILQ_INIT(&q->dead);
	if ((q->oldest = queue_heap(0, before_oldest)) == NULL ||
	    (q->newest = queue_heap(1, before_newest)) == NULL ||
	    (q->waiting = queue_heap(0, before_due)) == NULL) {
		queue_free(q);
		return (NULL);
	}
	return (q);
}

static void
queue_free_heap(struct heap *h)
{
	if (h != NULL)
		free(h->v);
	free(h);
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	ids_clear(&q->ids, free);
	queue_free_heap(q->oldest);
	queue_free_heap(q->newest);
	queue_free_heap(q->waiting);
	free(q->out);
	free(q);
}

struct entry *
queue_find(const struct queue *q, const char *id)
{
	return ((struct entry *)ids_find(&q->ids, id));
}

size_t
queue_depth(const struct queue *q)
{
	return (q->ids.n - q->ndead);
}

/* Out of what its state keeps an entry in; a dead one is queued again. */
static void
queue_leave(struct queue *q, struct entry *e)
{
	switch (e->state) {
	case ENTRY_READY:
		heap_remove(q->oldest, e);
		heap_remove(q->newest, e);
		break;
	case ENTRY_WAITING:
		heap_remove(q->waiting, e);
		break;
	case ENTRY_OUT:
		q->out[e->at[0]] = q->out[--q->nout];
		q->out[e->at[0]]->at[0] = e->at[0];
		break;
	case ENTRY_DEAD:
		TAILQ_REMOVE(&q->dead, e, line);
		q->ndead--;
		TAILQ_INSERT_TAIL(&q->queued, e, line);
		break;
	}
}

static int
queue_room(struct queue *q, int64_t until)
{
	if (until > 0)
		return (heap_room(q->waiting));
	if (heap_room(q->oldest) == -1)
		return (-1);
	return (heap_room(q->newest));
}

static void
queue_enter(struct queue *q, struct entry *e, int64_t until)
{
	e->until = until;
	if (until > 0) {
		e->state = ENTRY_WAITING;
		heap_add(q->waiting, e);
		return;
	}
	e->state = ENTRY_READY;
	heap_add(q->oldest, e);
	heap_add(q->newest, e);
}

struct entry *
queue_add(struct queue *q, const char *id, uint64_t seq, unsigned int attempts,
    int64_t due, int64_t until)
{
	struct entry *e;

	if (queue_room(q, until) == -1 || (e = calloc(1, sizeof(*e))) == NULL)
		return (NULL);
	if (ids_add(&q->ids, &e->id, id) == -1) {
		free(e);
		return (NULL);
	}
	e->seq = seq;
	e->attempts = attempts;
	e->due = due;
	TAILQ_INSERT_TAIL(&q->queued, e, line);
	queue_enter(q, e, until);
	return (e);
}

void
queue_remove(struct queue *q, struct entry *e)
{
	queue_leave(q, e);
	TAILQ_REMOVE(&q->queued, e, line);
	ids_remove(&q->ids, &e->id);
	free(e);
}

int
queue_ready(struct queue *q, struct entry *e)
{
	return (queue_wait(q, e, 0));
}

int
queue_wait(struct queue *q, struct entry *e, int64_t until)
{
	if (queue_room(q, until) == -1)
		return (-1);
	queue_leave(q, e);
	queue_enter(q, e, until);
	return (0);
}

int
queue_out(struct queue *q, struct entry *e, int64_t lease_end)
{
	size_t cap = q->out_cap == 0 ? 16 : 2 * q->out_cap;
	struct entry **v;

	if (q->nout == q->out_cap) {
		if ((v = realloc(q->out, cap * sizeof(*v))) == NULL)
			return (-1);
		q->out = v;
		q->out_cap = cap;
	}
	queue_leave(q, e);
	e->state = ENTRY_OUT;
	e->until = lease_end;
	e->at[0] = q->nout;
	q->out[q->nout++] = e;
	return (0);
}

void
queue_dead(struct queue *q, struct entry *e)
{
	if (e->state == ENTRY_DEAD)
		return;
	queue_leave(q, e);
	TAILQ_REMOVE(&q->queued, e, line);
	e->state = ENTRY_DEAD;
	TAILQ_INSERT_TAIL(&q->dead, e, line);
	q->ndead++;
}

struct entry *
queue_pick(struct queue *q)
{
	if (q->oldest->n == 0)
		return (NULL);
	return (++q->picks % 2 == 1 ? q->oldest->v[0] : q->newest->v[0]);
}

struct entry *
queue_probe(const struct queue *q)
{
	struct entry *e, *best = NULL;
	size_t i;

	for (i = 0; i < q->oldest->n; i++) {
		e = q->oldest->v[i];
		if (best == NULL || e->attempts < best->attempts ||
		    (e->attempts == best->attempts && e->seq < best->seq))
			best = e;
	}
	return (best);
}

int
queue_tick(struct queue *q, int64_t now)
{
	while (q->waiting->n > 0 && q->waiting->v[0]->until <= now)
		if (queue_ready(q, q->waiting->v[0]) == -1)
			return (-1);
	return (0);
}
