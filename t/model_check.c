/*
 * What the model says may be on the disk, and what must: each record that was
 * answered is in every queue that takes it until its consumer, an operator or
 * the capacity has ended it, and then nowhere.
 */
#include "model.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "spool.h"

#define SLACK	(512 << 10)	/* bytes that a step may add */

/* What capacity has ended, since the last look. */
static int evicted_queued, evicted_out;

int
check_accepts(unsigned int queue, unsigned int kind)
{
	return ((world->queues & 1u << queue) != 0 &&
	    (queue_accepts[queue] & kind) != 0);
}

static int
is_out(const struct record_made *made)
{
	unsigned int queue;

	for (queue = 0; queue < QUEUES; queue++)
		if (made->cells[queue].out)
			return (1);
	return (0);
}

/* The dead go first, and what is handed out last. */
static void
check_evicted(void)
{
	unsigned int i, queue, queued, dead;

	for (i = 0; i < world->nrecords; i++) {
		for (queue = queued = dead = 0; queue < QUEUES; queue++) {
			queued += (unsigned int)sights[i].queued[queue];
			dead += (unsigned int)sights[i].dead[queue];
		}
		if (evicted_queued && queued == 0 && dead > 0)
			broken("%s is dead and stays while others go",
			    world->records[i].id);
		if (evicted_out && queued > 0 && !is_out(&world->records[i]))
			broken("%s stays while what is handed out goes",
			    world->records[i].id);
	}
}

/* It was there, and is not: who has ended it? */
static void
check_gone(const struct record_made *made, struct cell *cell, unsigned int queue)
{
	unsigned int by = cell->state == QUEUED ? SAID_OK | ASKED_RM : ASKED_RM;

	if ((cell->said & by) == 0 && !world->pressure)
		broken("%s is lost to queue %s", made->id, queue_names[queue]);
	if ((cell->said & by) == 0) {
		world->evictions++;
		evicted_queued |= cell->state == QUEUED;
		evicted_out |= is_out(made);
	}
	if ((cell->said & by) == 0 && world->reject)
		broken("%s is evicted from queue %s where nothing may be",
		    made->id, queue_names[queue]);
	cell->state = GONE;
}

static void
check_queued(const struct record_made *made, struct cell *cell,
    unsigned int queue, const struct sight *s)
{
	switch (cell->state) {
	case NEVER:
		/* Or it is in new/ again, since a cut, and another queue is
		 * there now. */
		if (!made->pending && !world->cut)
			broken("%s comes to queue %s from nowhere", made->id,
			    queue_names[queue]);
		break;
	case DEAD:
		if ((cell->said & ASKED_RETRY) == 0 && !world->cut)
			broken("%s was dead in %s", made->id,
			    queue_names[queue]);
		cell->until = 0;
		cell->said = 0;
		break;
	case GONE:
		/* Or it was put again while it was still here. */
		if (!world->cut && !(made->again && made->pending))
			broken("%s is back in %s", made->id,
			    queue_names[queue]);
		cell->said = 0;
		break;
	case QUEUED:
		if (s->attempts[queue] < cell->attempts && !world->cut)
			broken("%s in %s: attempts from %u to %u", made->id,
			    queue_names[queue], cell->attempts,
			    s->attempts[queue]);
		break;
	}
	cell->state = QUEUED;
	cell->attempts = s->attempts[queue];
}

static void
check_dead(const struct record_made *made, struct cell *cell,
    unsigned int queue, const struct sight *s)
{
	if (s->why[queue] == 0)
		broken("%s is dead in %s for no reason", made->id,
		    queue_names[queue]);
	if (cell->state != DEAD && (cell->said & SAID_DEAD) == 0 &&
	    !world->cut)
		broken("nobody has said that %s is dead in %s", made->id,
		    queue_names[queue]);
	if (cell->state != DEAD)
		cell->said = 0;
	cell->state = DEAD;
	cell->out = 0;
}

/* What was said of it and must have been done. */
static void
check_done(const struct record_made *made, const struct cell *cell,
    unsigned int queue)
{
	const char *what = NULL;

	if (cell->must & SAID_OK && cell->state != GONE)
		what = "delivered";
	else if (cell->must & SAID_DEAD && cell->state == QUEUED)
		what = "refused";
	else if (cell->must & ASKED_RM && cell->state != GONE)
		what = "removed";
	else if (cell->must & ASKED_RETRY && cell->state == DEAD)
		what = "to be retried";
	if (cell->want != 0 && cell->state == QUEUED &&
	    cell->attempts != cell->want)
		broken("%s in %s has %u attempts, not %u", made->id,
		    queue_names[queue], cell->attempts, cell->want);
	if (what != NULL)
		broken("%s was %s and still is in %s", made->id, what,
		    queue_names[queue]);
}

static void
check_cell(const struct record_made *made, struct cell *cell,
    unsigned int queue, const struct sight *s)
{
	if (s->queued[queue] + s->dead[queue] > 1)
		broken("%s has two names in %s", made->id,
		    queue_names[queue]);
	if (s->queued[queue] > 0)
		check_queued(made, cell, queue, s);
	else if (s->dead[queue] > 0)
		check_dead(made, cell, queue, s);
	else if (cell->state == QUEUED || cell->state == DEAD) {
		/* A cut may have put it back to where it came from. */
		if (!(world->cut && s->is_new))
			check_gone(made, cell, queue);
		else
			cell->state = NEVER;
	} else if (cell->state == NEVER && made->answered && made->pending &&
	    !made->bad && !s->is_new && check_accepts(queue, made->kind)) {
		/* Admitted and evicted between two looks. */
		if (!world->pressure)
			broken("%s never came to %s", made->id,
			    queue_names[queue]);
		cell->state = GONE;
	}
}

static void
check_record(struct record_made *made, const struct sight *s, int must)
{
	unsigned int queue, accepts = 0;
	struct cell *cell;

	if (must && s->is_new)
		broken("%s is not admitted", made->id);
	for (queue = 0; queue < QUEUES; queue++)
		accepts += (unsigned int)check_accepts(queue, made->kind);
	if (s->is_none && !made->none && !made->bad && !made->again &&
	    accepts > 0)
		broken("%s is in dead/none", made->id);
	made->none = s->is_none;
	for (queue = 0; queue < QUEUES; queue++) {
		cell = &made->cells[queue];
		check_cell(made, cell, queue, s);
		if (must)
			check_done(made, cell, queue);
		cell->must = cell->want = 0;
	}
	if (made->bad && made->answered && must && !s->is_none &&
	    !world->pressure && made->pending)
		broken("%s is no record, and not in dead/none", made->id);
	made->pending = s->is_new;
}

/* The ledger of a queue adds up; after a cut its last lines may be missing. */
static void
check_ledger(int root, const char *queue)
{
	struct suspects s = { .n = 0 };
	struct account a;
	size_t i;

	if (account_read(&a, root, queue, &s) == -1 && errno != ENOENT)
		broken("ledger/%s: %s", queue, strerror(errno));
	for (i = 0; i < s.n; i++)
		if (!world->has_cut || s.v[i].settles != LEDGER_REMOVED)
			broken("ledger/%s: %s %s", queue, s.v[i].id,
			    s.v[i].why);
	free(s.v);
}

static void
check_ledgers(void)
{
	char path[OP_PATH];
	unsigned int i;
	int root;

	snprintf(path, sizeof(path), "%s/spool", world->dir);
	if ((root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		broken("%s: %s", path, strerror(errno));
	for (i = 0; i < QUEUES; i++)
		check_ledger(root, queue_names[i]);
	check_ledger(root, SPOOL_NONE);
	close(root);
}

/* What is queued no more is in nobody's hand. */
static void
drop_out(void)
{
	unsigned int i, queue;

	for (i = 0; i < world->nrecords; i++)
		for (queue = 0; queue < QUEUES; queue++)
			if (world->records[i].cells[queue].state != QUEUED)
				world->records[i].cells[queue].out = 0;
}

void
check(int must)
{
	uint64_t bytes;
	unsigned int i;
	int real = world->real;

	world->real = 1;
	bytes = sight_all();
	evicted_queued = evicted_out = 0;
	for (i = 0; i < world->nrecords; i++)
		check_record(&world->records[i], &sights[i], must);
	if (must)
		check_evicted();
	drop_out();
	if (must)
		check_ledgers();
	world->pressure = bytes + SLACK >
	    (uint64_t)world->capacity << 20;
	world->cut = 0;
	world->real = real;
}
