#include "manager.h"

#include <errno.h>
#include <string.h>

#include "buf.h"
#include "heap.h"
#include "log.h"
#include "queue.h"
#include "spool.h"
#include "stock.h"
#include "when.h"

/* When the oldest record of a queue came in, in seconds; 0: it is empty. */
static double
oldest_time(const struct queue *q)
{
	const struct entry *e = TAILQ_FIRST(&q->queued);

	return (e == NULL ? 0 : (double)uuid_time(e->id.text) / 1000);
}

static int
tally_type(struct buf *b, const char *name, const char *type, const char *help)
{
	return (buf_addf(b, "# HELP prof_spool_%s %s\n# TYPE prof_spool_%s "
	    "%s\n", name, help, name, type));
}

static int
tally_states(struct manager *m, struct buf *b)
{
	struct queue *q;
	size_t i;

	if (tally_type(b, "records", "gauge",
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
tally_queues(struct manager *m, struct buf *b)
{
	static const struct {
		const char	*name, *help;
		size_t		 offset;
	} counts[] = {
#define COUNT(field, name, help)	\
		{ name, help, offsetof(struct consumer, field) }
		COUNT(admitted, "admitted_total", "Records put into a queue."),
		COUNT(delivered, "delivered_total", "Verdicts ok."),
		COUNT(retried, "retried_total", "Verdicts retry."),
		COUNT(died, "dead_total", "Verdicts dead."),
		COUNT(back, "back_total", "Verdicts back."),
		COUNT(charged, "charged_total",
		    "Records out that were not answered for."),
		COUNT(evicted, "evicted_total", "Records evicted."),
		COUNT(removed, "removed_total", "Records removed by hand."),
		COUNT(ignored, "ignored_total", "Lines that meant nothing."),
#undef COUNT
	};
	size_t i, j;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		if (tally_type(b, counts[i].name, "counter",
		    counts[i].help) == -1)
			return (-1);
		for (j = 0; j < m->nconsumers; j++) {
			uint64_t n;

			memcpy(&n, (const char *)m->consumers[j] +
			    counts[i].offset, sizeof(n));
			if (buf_addf(b, "prof_spool_%s{queue=\"%s\"} %llu\n",
			    counts[i].name, m->consumers[j]->queue->name,
			    (unsigned long long)n) == -1)
				return (-1);
		}
	}
	return (0);
}

static int
tally_times(struct manager *m, struct buf *b)
{
	struct consumer *c;
	size_t i;

	if (tally_type(b, "oldest_record_timestamp_seconds", "gauge",
	    "When the oldest record of a queue came in; 0: it is empty.") == -1)
		return (-1);
	for (i = 0; i < m->nconsumers; i++)
		if (buf_addf(b, "prof_spool_oldest_record_timestamp_seconds"
		    "{queue=\"%s\"} %.3f\n", m->consumers[i]->queue->name,
		    oldest_time(m->consumers[i]->queue)) == -1)
			return (-1);
	if (tally_type(b, "last_delivery_timestamp_seconds", "gauge",
	    "When a queue last had a record delivered; 0: not yet.") == -1)
		return (-1);
	for (i = 0; i < m->nconsumers; i++)
		if (buf_addf(b, "prof_spool_last_delivery_timestamp_seconds"
		    "{queue=\"%s\"} %.3f\n", m->consumers[i]->queue->name,
		    (double)m->consumers[i]->last_ok / WHEN_SECOND) == -1)
			return (-1);
	if (tally_type(b, "consumer_up", "gauge",
	    "Does somebody read a queue's pipe?") == -1)
		return (-1);
	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		if (buf_addf(b, "prof_spool_consumer_up{queue=\"%s\"} %d\n",
		    c->queue->name, c->todo != -1 && c->heard) == -1)
			return (-1);
	}
	return (0);
}

static int
tally_all(struct manager *m, struct buf *b)
{
	if (tally_states(m, b) == -1 || tally_queues(m, b) == -1 ||
	    tally_times(m, b) == -1 || tally_flow(m, b) == -1)
		return (-1);
	return (buf_addf(b,
	    "# HELP prof_spool_same_record_total Records that came twice.\n"
	    "# TYPE prof_spool_same_record_total counter\n"
	    "prof_spool_same_record_total %llu\n"
	    "# HELP prof_spool_refused_total Records put into dead/none.\n"
	    "# TYPE prof_spool_refused_total counter\n"
	    "prof_spool_refused_total %llu\n"
	    "# HELP prof_spool_swept_drafts_total Drafts left behind.\n"
	    "# TYPE prof_spool_swept_drafts_total counter\n"
	    "prof_spool_swept_drafts_total %llu\n"
	    "# HELP prof_spool_bytes Disk that the queues' records occupy.\n"
	    "# TYPE prof_spool_bytes gauge\n"
	    "prof_spool_bytes %llu\n"
	    "# HELP prof_spool_capacity_bytes What they may occupy.\n"
	    "# TYPE prof_spool_capacity_bytes gauge\n"
	    "prof_spool_capacity_bytes %llu\n"
	    "# HELP prof_spool_start_time_seconds When prof-spool started.\n"
	    "# TYPE prof_spool_start_time_seconds gauge\n"
	    "prof_spool_start_time_seconds %.3f\n",
	    (unsigned long long)m->twice, (unsigned long long)m->unadmitted,
	    (unsigned long long)m->swept,
	    (unsigned long long)(stock_bytes(m->stock) + m->none_bytes),
	    (unsigned long long)m->capacity,
	    (double)m->started / WHEN_SECOND));
}

void
tally_write(struct manager *m)
{
	struct buf b = { 0 };
	int failed;

	failed = tally_all(m, &b) == -1 ||
	    spool_stat(m->spool, "spool", b.p, b.len) == -1;
	if (failed && !m->untold)
		log_warn(NULL, "cannot write stat/spool", "error=%s",
		    log_quote(strerror(errno)));
	m->untold = failed;
	buf_free(&b);
}
