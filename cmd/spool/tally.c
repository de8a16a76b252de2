#include "manager.h"

#include <errno.h>
#include <string.h>

#include "buf.h"
#include "expose.h"
#include "gauge.h"
#include "heap.h"
#include "log.h"
#include "queue.h"
#include "spool.h"
#include "stock.h"
#include "when.h"

/* In unix seconds; 0 stays 0. */
static double
unix_seconds(int64_t ns)
{
	return ((double)ns / WHEN_SECOND);
}

static double
oldest_time(const struct consumer *c)
{
	const struct entry *e = TAILQ_FIRST(&c->queue->queued);

	return (e == NULL ? 0 : (double)uuid_time(e->id.text) / 1000);
}

static double
delivery_time(const struct consumer *c)
{
	return (unix_seconds(c->last_ok));
}

static double
change_time(const struct consumer *c)
{
	return (unix_seconds(c->changed));
}

static double
is_up(const struct consumer *c)
{
	return (c->up);
}

static double
is_configured(const struct consumer *c)
{
	return (c->queue->accept != 0);
}

/* What holds of each queue now. */
static int
tally_gauges(struct manager *m, struct buf *b)
{
	static const struct gauge gauges[] = {
		{ "prof_spool_oldest_record_timestamp_seconds",
		    "When the oldest record of a queue came in; 0: it is "
		    "empty.", oldest_time, 3 },
		{ "prof_spool_last_delivery_timestamp_seconds",
		    "When a queue last had a record delivered; 0: not yet.",
		    delivery_time, 3 },
		{ "prof_spool_consumer_up",
		    "Whether somebody reads a queue's pipe.", is_up, 0 },
		{ "prof_spool_consumer_timestamp_seconds",
		    "Since when that has been so.", change_time, 3 },
		{ "prof_spool_configured",
		    "Whether a queue is configured.", is_configured, 0 },
	};

	return (gauge_write(gauges, sizeof(gauges) / sizeof(gauges[0]), m, b));
}

static int
tally_states(struct manager *m, struct buf *b)
{
	struct queue *q;
	size_t i;

	if (expose_type(b, "prof_spool_records", "gauge",
	    "Records in a queue, by state.") == -1)
		return (-1);
	for (i = 0; i < m->nconsumers; i++) {
		q = m->consumers[i]->queue;
		if (buf_addf(b,
		    "prof_spool_records{queue=\"%s\",state=\"ready\"} %zu\n"
		    "prof_spool_records{queue=\"%s\",state=\"waiting\"} %zu\n"
		    "prof_spool_records{queue=\"%s\",state=\"out\"} %zu\n"
		    "prof_spool_records{queue=\"%s\",state=\"dead\"} %zu\n",
		    q->name, q->oldest->n, q->name, q->waiting->n, q->name,
		    q->nout, q->name, q->ndead) == -1)
			return (-1);
	}
	return (buf_addf(b,
	    "prof_spool_records{queue=\"none\",state=\"dead\"} %zu\n",
	    m->dead_none));
}

static int
tally_counts(struct manager *m, struct buf *b)
{
	static const struct {
		const char	*name, *help;
		size_t		 offset;
	} counts[] = {
#define COUNT(field, name, help)	\
		{ "prof_spool_" name "_total", help, \
		    offsetof(struct consumer, field) }
		COUNT(admitted, "admitted", "Records put into a queue."),
		COUNT(delivered, "delivered", "Verdicts ok."),
		COUNT(retried, "retried", "Verdicts retry."),
		COUNT(died, "dead", "Verdicts dead."),
		COUNT(back, "back", "Verdicts back."),
		COUNT(charged, "charged",
		    "Records out that were not answered for."),
		COUNT(evicted, "evicted", "Records evicted."),
		COUNT(removed, "removed", "Records removed by hand."),
		COUNT(ignored, "ignored", "Lines that meant nothing."),
#undef COUNT
	};
	uint64_t n;
	size_t i, j;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (expose_type(b, counts[i].name, "counter",
		    counts[i].help) == -1)
			return (-1);
		for (j = 0; j < m->nconsumers; j++) {
			memcpy(&n, (const char *)m->consumers[j] +
			    counts[i].offset, sizeof(n));
			if (buf_addf(b, "%s{queue=\"%s\"} %llu\n",
			    counts[i].name, m->consumers[j]->queue->name,
			    (unsigned long long)n) == -1)
				return (-1);
		}
	}
	return (0);
}

/* Of the spool as a whole. */
static int
tally_spool(struct manager *m, struct buf *b)
{
	uint64_t left = 0;

	(void)spool_free(m->spool, &left);
	if (expose_one(b, "prof_spool_same_record_total", "counter",
	    "Records that came twice.", m->twice) == -1 ||
	    expose_one(b, "prof_spool_refused_total", "counter",
	    "Records put into dead/none.", m->unadmitted) == -1 ||
	    expose_one(b, "prof_spool_swept_drafts_total", "counter",
	    "Drafts left behind.", m->swept) == -1 ||
	    expose_one(b, "prof_spool_bytes", "gauge",
	    "Disk that the records occupy.",
	    stock_bytes(m->stock) + m->none_bytes) == -1 ||
	    expose_one(b, "prof_spool_capacity_bytes", "gauge",
	    "What they may occupy.", m->capacity) == -1 ||
	    expose_one(b, "prof_spool_free_bytes", "gauge",
	    "What is free on the spool's file system.", left) == -1 ||
	    expose_one(b, "prof_spool_min_free_bytes", "gauge",
	    "What producers leave free there.", m->min_free) == -1 ||
	    expose_one(b, "prof_spool_full", "gauge",
	    "Whether producers are told to refuse.", m->full_said != 0) == -1)
		return (-1);
	return (expose_one(b, "prof_spool_ledger_refused", "gauge",
	    "Whether the disk refuses lines of the ledger.",
	    m->unwritten != 0));
}

void
tally_write(struct manager *m)
{
	struct buf b = { 0 };
	int failed;

	failed = tally_states(m, &b) == -1 || tally_counts(m, &b) == -1 ||
	    tally_gauges(m, &b) == -1 || tally_flow(m, &b) == -1 ||
	    tally_spool(m, &b) == -1 ||
	    vitals_write(&m->vitals, m->spool, "spool", &b) == -1;
	if (failed && !m->untold)
		log_warn(NULL, "cannot write statistics", "error=%s",
		    log_quote(strerror(errno)));
	m->untold = failed;
	buf_free(&b);
}
