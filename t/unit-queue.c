/* prof-spool's index of a queue, against a plain array doing the same. */
/* parts: cmd/spool/queue.o cmd/spool/heap.o cmd/spool/ids.o */
#include "../cmd/spool/queue.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../cmd/spool/heap.h"

#define IDS	300
#define STEPS	200000

/* What the queue should know of an id. */
struct model {
	int	 there;
	enum entry_state state;
	uint64_t seq;
	int64_t	 until;
};

static struct model models[IDS];
static unsigned int seed = 1;

static unsigned int
dice(unsigned int sides)
{
	return ((unsigned int)rand_r(&seed) % sides);
}

static void
id_of(char id[UUID_TEXT], int i)
{
	snprintf(id, UUID_TEXT, "019e1f0c-6d3a-7c41-9a5e-%012x", i * 7);
}

static int
index_of(const struct entry *e)
{
	return ((int)(strtol(e->id.text + 24, NULL, 16) / 7));
}

static void
die(const char *fact, int step)
{
	printf("not ok - %s (step %d)\n", fact, step);
	exit(1);
}

/* The pick must be the oldest (odd) or newest (even) of the ready. */
static void
check_pick(struct queue *q, int step)
{
	int oldest = -1, newest = -1, i, odd = q->picks % 2 == 0;
	struct entry *e = queue_pick(q);

	for (i = 0; i < IDS; i++) {
		if (!models[i].there || models[i].state != ENTRY_READY)
			continue;
		if (oldest == -1 || models[i].seq < models[oldest].seq)
			oldest = i;
		if (newest == -1 || models[i].seq > models[newest].seq)
			newest = i;
	}
	if ((e == NULL) != (oldest == -1))
		die("a pick exists when something is ready", step);
	if (e != NULL && index_of(e) != (odd ? oldest : newest))
		die("picks are the oldest and the newest in turn", step);
}

static void
check_counts(const struct queue *q, int step)
{
	size_t n[4] = { 0 }, all = 0;
	int i;

	for (i = 0; i < IDS; i++)
		if (models[i].there) {
			n[models[i].state]++;
			all++;
		}
	if (q->oldest->n != n[ENTRY_READY] || q->newest->n != n[ENTRY_READY] ||
	    q->waiting->n != n[ENTRY_WAITING] || q->nout != n[ENTRY_OUT] ||
	    q->ndead != n[ENTRY_DEAD] || q->ids.n != all)
		die("every entry is counted in its state", step);
}

static void
tick(struct queue *q, int64_t now)
{
	int i;

	queue_tick(q, now);
	for (i = 0; i < IDS; i++)
		if (models[i].there && models[i].state == ENTRY_WAITING &&
		    models[i].until <= now)
			models[i].state = ENTRY_READY;
}

/* One random change, made to both. */
static void
change(struct queue *q, int i, uint64_t *seq, int64_t now)
{
	struct model *m = &models[i];
	char id[UUID_TEXT];
	struct entry *e;

	id_of(id, i);
	e = queue_find(q, id);
	if ((e != NULL) != m->there)
		die("what was added is found", i);
	if (e == NULL) {
		m->there = 1;
		m->seq = ++*seq;
		m->until = dice(3) == 0 ? now + 1 + dice(50) : 0;
		m->state = m->until > 0 ? ENTRY_WAITING : ENTRY_READY;
		queue_add(q, id, m->seq, 0, 0, m->until);
		return;
	}
	switch (dice(5)) {
	case 0:
		queue_remove(q, e);
		m->there = 0;
		break;
	case 1:
		m->until = now + 1 + dice(50);
		queue_wait(q, e, m->until);
		m->state = ENTRY_WAITING;
		break;
	case 2:
		queue_out(q, e, now);
		m->state = ENTRY_OUT;
		break;
	case 3:
		queue_dead(q, e);
		m->state = ENTRY_DEAD;
		break;
	default:
		queue_ready(q, e);
		m->state = ENTRY_READY;
		break;
	}
}

int
main(void)
{
	struct queue *q = queue_new("main");
	uint64_t seq = 0;
	int64_t now = 1;
	int step;

	for (step = 0; step < STEPS; step++) {
		change(q, (int)dice(IDS), &seq, now);
		if (dice(10) == 0)
			tick(q, ++now);
		if (dice(10) == 0)
			check_pick(q, step);
		if (dice(100) == 0)
			check_counts(q, step);
	}
	queue_free(q);
	printf("ok - %d random changes of a queue, as a plain array has it\n",
	    STEPS);
	return (0);
}
