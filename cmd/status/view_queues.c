/*
 * The queues: what prof-spool publishes while it runs, else what a look into
 * the directories brings; and what each consumer says of its destination.
 */
#include "view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "census.h"
#include "conf.h"
#include "figures.h"
#include "spool.h"
#include "walk.h"

#define SLOW	1	/* seconds without a delivery */

static const struct view_queue *
find_queue(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nqueues; i++)
		if (strcmp(v->queues[i].name, name) == 0)
			return (&v->queues[i]);
	return (NULL);
}

static int
on_directory(const char *queue, void *arg)
{
	struct view *v = arg;

	if (find_queue(v, queue) != NULL || strcmp(queue, SPOOL_NONE) == 0)
		return (0);
	return (view_add_queue(v, queue, v->conf != NULL ? "none" : "") ==
	    NULL ? -1 : 0);
}

static int
queues_list(struct view *v)
{
	static const char *const types[] = { "dataway", "file", "external" };
	const struct conf_destination *d;
	size_t i;

	for (i = 0; v->conf != NULL && i < v->conf->ndestinations; i++) {
		d = &v->conf->destinations[i];
		if (view_add_queue(v, d->name, types[d->type]) == NULL)
			return (-1);
	}
	if (v->conf != NULL && v->conf->generate_metrics &&
	    view_add_queue(v, "metrics", "metrics") == NULL)
		return (-1);
	errno = 0;
	if (walk_queues(v->root, SPOOL_QUEUE, on_directory, v) == -1)
		return (errno == ENOMEM ? -1 :
		    view_note(v, SPOOL_QUEUE, errno));
	return (0);
}

static double
of_queue(const struct figures *f, const char *name, const char *queue)
{
	return (figures_value(f, name, "queue", queue));
}

/* prof_spool_records has a sample for each state of each queue. */
static uint64_t
records(const struct figures *f, const char *queue, const char *state)
{
	char name[VIEW_NAME], is[16];
	double value;
	size_t i;

	for (i = 0; figures_nth(f, "prof_spool_records", i, "queue", name,
	    sizeof(name)) == 0; i++)
		if (strcmp(name, queue) == 0 && figures_nth(f,
		    "prof_spool_records", i, "state", is, sizeof(is)) == 0 &&
		    strcmp(is, state) == 0 &&
		    figures_nth_value(f, "prof_spool_records", i, &value) == 0)
			return ((uint64_t)value);
	return (0);
}

static void
queue_published(struct view_queue *q, const struct figures *f)
{
	q->counted_by = "stat";
	q->ready = records(f, q->name, "ready");
	q->waiting = records(f, q->name, "waiting");
	q->out = records(f, q->name, "out");
	q->dead = records(f, q->name, "dead");
	q->bytes = (uint64_t)of_queue(f, "prof_spool_queue_bytes", q->name);
	q->oldest = of_queue(f, "prof_spool_oldest_record_timestamp_seconds",
	    q->name);
	q->in = of_queue(f, "prof_spool_admitted_per_second", q->name);
	q->out_rate = of_queue(f, "prof_spool_delivered_per_second", q->name);
	q->next_try = of_queue(f, "prof_spool_next_retry_timestamp_seconds",
	    q->name);
	if (of_queue(f, "prof_spool_consumer_up", q->name) == 0)
		q->flow = FLOW_NOBODY;
	if (of_queue(f, "prof_spool_queue_stuck", q->name) > 0)
		q->flow = FLOW_STUCK;
}

static int
queue_counted(struct view *v, struct view_queue *q)
{
	struct census c;
	char path[64];

	if (census_take(&c, v->root, q->name) == -1) {
		snprintf(path, sizeof(path), SPOOL_QUEUE "/%s", q->name);
		return (view_note(v, path, errno));
	}
	q->counted_by = "scan";
	q->ready = c.ready;
	q->waiting = c.waiting;
	q->dead = c.dead;
	q->bytes = c.bytes;
	q->oldest = c.oldest;
	q->next_try = c.next_due;
	return (0);
}

/* What prof-ship says of its destination. */
static void
queue_destination(struct view_queue *q, const struct figures *f)
{
	char reason[VIEW_TEXT];
	double last;

	figures_label(f, "prof_ship_last_answer_info", NULL, NULL, "reason",
	    reason, sizeof(reason));
	last = figures_value(f, "prof_ship_last_ok_timestamp_seconds", NULL,
	    NULL);
	if (last > q->last_ok)
		q->last_ok = last;
	if (reason[0] != '\0')
		memcpy(q->reason, reason, sizeof(q->reason));
	if (q->flow != FLOW_OK)
		return;
	if (figures_value(f, "prof_ship_state", "state", "suspended") > 0)
		q->flow = FLOW_SUSPENDED;
	else if (figures_value(f, "prof_ship_state", "state", "down") > 0)
		q->flow = FLOW_DOWN;
	else
		return;
	q->flow_since = figures_value(f, "prof_ship_state_timestamp_seconds",
	    NULL, NULL);
	last = figures_value(f, "prof_ship_next_probe_timestamp_seconds", NULL,
	    NULL);
	if (last > 0)
		q->next_try = last;
}

static int
queue_look(struct view *v, struct view_queue *q, const struct figures *spool)
{
	const struct view_program *p;
	char prog[VIEW_NAME + 8];
	struct figures *f;

	if (spool != NULL && v->live)
		queue_published(q, spool);
	else if (queue_counted(v, q) == -1)
		return (-1);
	/* What it counted in its last life still tells. */
	q->last_ok = of_queue(spool,
	    "prof_spool_last_delivery_timestamp_seconds", q->name);
	q->last_failure = of_queue(spool,
	    "prof_spool_last_failure_timestamp_seconds", q->name);
	figures_label(spool, "prof_spool_last_failure_info", "queue", q->name,
	    "reason", q->reason, sizeof(q->reason));
	snprintf(prog, sizeof(prog), "ship.%s", q->name);
	if ((p = view_program(v, prog)) == NULL)
		return (0);
	if (p->state == VIEW_DOWN && strcmp(q->type, "none") != 0)
		q->flow = FLOW_NOBODY;
	if ((f = view_figures(v, prog)) != NULL)
		queue_destination(q, f);
	figures_free(f);
	return (0);
}

/* One to try by hand, where it may be needed. */
static int
queue_sample(struct view *v, struct view_queue *q)
{
	double since = q->last_ok > q->oldest ? q->last_ok : q->oldest;
	char path[64];

	if (q->ready + q->waiting + q->out == 0 ||
	    (q->flow == FLOW_OK && v->now - since < SLOW) ||
	    census_sample(v->root, q->name, q->sample) == 0 ||
	    errno == ENOENT)
		return (0);
	snprintf(path, sizeof(path), SPOOL_QUEUE "/%s", q->name);
	return (view_note(v, path, errno));
}

/* The first that died, and why. */
static int
queue_dead(struct view *v, struct view_queue *q)
{
	char path[64];

	if (q->dead == 0)
		return (0);
	if (census_dead(v->root, q->name, q->dead_id, &q->dead_since,
	    q->dead_why, sizeof(q->dead_why)) == 0)
		return (0);
	snprintf(path, sizeof(path), SPOOL_DEAD "/%s", q->name);
	return (view_note(v, path, errno));
}

/* What no queue accepts is no queue, and seen only where there is some. */
static int
queue_none(struct view *v, const struct figures *spool)
{
	struct view_queue *q = view_add_queue(v, SPOOL_NONE, "none");
	struct census c;

	if (q == NULL)
		return (-1);
	if (spool != NULL && v->live) {
		q->dead = records(spool, SPOOL_NONE, "dead");
		q->counted_by = "stat";
	} else if (census_take(&c, v->root, SPOOL_NONE) == 0) {
		q->dead = c.dead;
		q->bytes = c.bytes;
		q->counted_by = "scan";
	}
	if (q->dead == 0)
		v->nqueues--;
	return (0);
}

int
view_queues(struct view *v, const struct figures *spool)
{
	size_t i;

	if (queues_list(v) == -1)
		return (-1);
	for (i = 0; i < v->nqueues; i++)
		if (queue_look(v, &v->queues[i], spool) == -1)
			return (-1);
	if (queue_none(v, spool) == -1)
		return (-1);
	for (i = 0; i < v->nqueues; i++)
		if (queue_sample(v, &v->queues[i]) == -1 ||
		    queue_dead(v, &v->queues[i]) == -1)
			return (-1);
	return (0);
}
