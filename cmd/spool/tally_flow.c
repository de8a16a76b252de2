/*
 * What prof-status shows and two looks at counters would be needed for: what
 * moves, how fast, and what holds it up.
 */
#include "manager.h"

#include "buf.h"
#include "expose.h"
#include "gauge.h"
#include "heap.h"
#include "queue.h"
#include "stock.h"
#include "when.h"

#define MINUTE		(65 * WHEN_SECOND)	/* and what a mark may be late */
#define FIVE_MINUTES	(305 * WHEN_SECOND)	/* clients push once a minute */

static double
flow_in(const struct consumer *c)
{
	return (flow_rate(&c->in, MINUTE));
}

static double
flow_out(const struct consumer *c)
{
	return (flow_rate(&c->out, MINUTE));
}

static double
flow_bytes(const struct consumer *c)
{
	return ((double)c->bytes);
}

static double
flow_failed(const struct consumer *c)
{
	return ((double)c->last_failure / WHEN_SECOND);
}

/* When the first of those that wait may be tried, by the wall clock. */
static double
flow_retry(const struct consumer *c)
{
	const struct heap *h = c->queue->waiting;

	if (h->n == 0 || h->v[0]->until == INT64_MAX)
		return (0);
	return ((double)(when_now() + h->v[0]->until - when_mono()) /
	    WHEN_SECOND);
}

static double
flow_stuck(const struct consumer *c)
{
	return (c->stuck);
}

static const struct gauge flows[] = {
	{ "prof_spool_queue_bytes", "Disk that a queue's records occupy, "
	    "dead ones too.", flow_bytes, 3 },
	{ "prof_spool_admitted_per_second", "Records put into a queue, of "
	    "the last minute.", flow_in, 3 },
	{ "prof_spool_delivered_per_second", "Records delivered, of the last "
	    "minute.", flow_out, 3 },
	{ "prof_spool_next_retry_timestamp_seconds", "When the next record "
	    "that waits is tried; 0: none waits.", flow_retry, 3 },
	{ "prof_spool_last_failure_timestamp_seconds", "When a record last "
	    "failed; 0: not yet.", flow_failed, 3 },
	{ "prof_spool_queue_stuck", "Does the disk keep what was delivered?",
	    flow_stuck, 3 },
};

#define FLOWS	(sizeof(flows) / sizeof(flows[0]))

static int
tally_reasons(struct manager *m, struct buf *b)
{
	struct consumer *c;
	size_t i;

	if (expose_type(b, "prof_spool_last_failure_info", "gauge",
	    "What a queue's last failure was.") == -1)
		return (-1);
	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		if (c->reason[0] != '\0' &&
		    (buf_addf(b, "prof_spool_last_failure_info{queue=\"%s\","
		    "reason=\"", c->queue->name) == -1 ||
		    expose_label(b, c->reason) == -1 ||
		    buf_adds(b, "\"} 1\n") == -1))
			return (-1);
	}
	return (0);
}

int
tally_flow(struct manager *m, struct buf *b)
{
	int64_t now = when_mono();
	size_t i;

	flow_note(&m->size, now,
	    (int64_t)(stock_bytes(m->stock) + m->none_bytes));
	for (i = 0; i < m->nconsumers; i++) {
		flow_note(&m->consumers[i]->in, now,
		    (int64_t)m->consumers[i]->admitted);
		flow_note(&m->consumers[i]->out, now,
		    (int64_t)m->consumers[i]->delivered);
	}
	if (gauge_write(flows, FLOWS, m, b) == -1 || tally_reasons(m, b) == -1 ||
	    expose_one(b, "prof_spool_admitting", "gauge",
	    "Does the disk let records into the queues?",
	    !m->troubled) == -1 ||
	    expose_type(b, "prof_spool_growth_bytes_per_second", "gauge",
	    "How the queues' disk grows, of the last five minutes.") == -1 ||
	    buf_addf(b, "prof_spool_growth_bytes_per_second %.1f\n",
	    flow_rate(&m->size, FIVE_MINUTES)) == -1 ||
	    expose_type(b, "prof_spool_last_eviction_timestamp_seconds",
	    "gauge", "When a record was last evicted; 0: not yet.") == -1)
		return (-1);
	return (buf_addf(b, "prof_spool_last_eviction_timestamp_seconds "
	    "%.3f\n", (double)m->last_evicted / WHEN_SECOND));
}
