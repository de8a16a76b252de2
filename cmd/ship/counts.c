#include "counts.h"

#include <inttypes.h>
#include <stdio.h>

#include "answer.h"
#include "buf.h"
#include "expose.h"
#include "health.h"
#include "when.h"

void
counts_attempt(struct counts *c, const struct answer *a, int64_t took)
{
	int hundreds = a->status / 100;

	histogram_time(&c->upload, took);
	c->attempts[hundreds >= 0 && hundreds < 6 ? hundreds : 0]++;
	snprintf(c->reason, sizeof(c->reason), "%s",
	    a->kind != ANSWER_OK ? a->reason : "");
}

void
counts_verdict(struct counts *c, const struct answer *a, int64_t now)
{
	c->verdicts[a->kind]++;
	if (a->kind == ANSWER_OK)
		c->last_ok = now;
}

/* A figure with no label but the queue. */
static int
counts_one(struct buf *out, const char *name, const char *type,
    const char *queue, const char *help, uint64_t value)
{
	if (expose_type(out, name, type, help) == -1)
		return (-1);
	return (buf_addf(out, "%s{queue=\"%s\"} %" PRIu64 "\n", name, queue,
	    value));
}

static int
counts_verdicts(const struct counts *c, const char *queue, struct buf *out)
{
	/* Suspended is a retry to prof-spool. */
	static const struct {
		const char		*word;
		enum answer_kind	 kind;
		enum answer_kind	 also;
	} words[] = {
		{ "ok", ANSWER_OK, ANSWER_OK },
		{ "retry", ANSWER_RETRY, ANSWER_SUSPEND },
		{ "dead", ANSWER_DEAD, ANSWER_DEAD },
		{ "back", ANSWER_BACK, ANSWER_BACK },
	};
	uint64_t n;
	size_t i;

	if (expose_type(out, "prof_ship_verdicts_total", "counter",
	    "Records answered to prof-spool.") == -1)
		return (-1);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = c->verdicts[words[i].kind];
		if (words[i].also != words[i].kind)
			n += c->verdicts[words[i].also];
		if (buf_addf(out, "prof_ship_verdicts_total{queue=\"%s\","
		    "verdict=\"%s\"} %" PRIu64 "\n", queue, words[i].word,
		    n) == -1)
			return (-1);
	}
	return (0);
}

static int
counts_attempts(const struct counts *c, const char *queue, struct buf *out)
{
	static const char *const words[] = { "none", "1xx", "2xx", "3xx",
	    "4xx", "5xx" };
	size_t i;

	if (expose_type(out, "prof_ship_attempts_total", "counter",
	    "Attempts to deliver, by the answer's status.") == -1)
		return (-1);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (buf_addf(out, "prof_ship_attempts_total{queue=\"%s\","
		    "status=\"%s\"} %" PRIu64 "\n", queue, words[i],
		    c->attempts[i]) == -1)
			return (-1);
	return (0);
}

static int
counts_outbox(const struct counts *c, const struct counts_now *now,
    struct buf *out)
{
	if (!now->outbox)
		return (0);
	return (counts_one(out, "prof_ship_evicted_total", "counter",
	    now->queue, "Profiles and lines removed from the outbox.",
	    atomic_load(&c->evicted)) == -1 ||
	    counts_one(out, "prof_ship_outbox_bytes", "gauge", now->queue,
	    "What the outbox holds, on disk.", now->outbox_bytes) == -1 ?
	    -1 : 0);
}

/* Of a destination that is no outbox. */
static int
counts_stale(const struct counts_now *now, struct buf *out)
{
	if (now->outbox)
		return (0);
	if (expose_type(out, "prof_ship_access_files_stale", "gauge",
	    "Files changed, and not taken: what was read before is in "
	    "force.") == -1)
		return (-1);
	return (buf_addf(out, "prof_ship_access_files_stale{queue=\"%s\","
	    "files=\"certificate\"} %d\nprof_ship_access_files_stale"
	    "{queue=\"%s\",files=\"tokens\"} %d\n", now->queue,
	    now->stale_files, now->queue, now->stale_token));
}

/* How the destination does: of all states the one that holds has a 1. */
static int
counts_state(const struct counts *c, const struct counts_now *now,
    struct buf *out)
{
	int state;

	if (expose_type(out, "prof_ship_state", "gauge",
	    "Whether the destination is in this state.") == -1)
		return (-1);
	for (state = HEALTH_WELL; state <= HEALTH_SUSPENDED; state++)
		if (buf_addf(out, "prof_ship_state{queue=\"%s\",state=\"%s\"}"
		    " %d\n", now->queue,
		    health_word((enum health_state)state),
		    state == now->state) == -1)
			return (-1);
	if (counts_one(out, "prof_ship_state_timestamp_seconds", "gauge",
	    now->queue, "Since when it is in its state.",
	    (uint64_t)(now->since / WHEN_SECOND)) == -1 ||
	    counts_one(out, "prof_ship_next_probe_timestamp_seconds", "gauge",
	    now->queue, "When it is tried again; 0: no wait is on.",
	    (uint64_t)(now->opens / WHEN_SECOND)) == -1 ||
	    expose_type(out, "prof_ship_last_answer_info", "gauge",
	    "What its last answer said; empty: it took the record.") == -1 ||
	    buf_addf(out, "prof_ship_last_answer_info{queue=\"%s\",reason=\"",
	    now->queue) == -1 || expose_label(out, c->reason) == -1)
		return (-1);
	return (buf_adds(out, "\"} 1\n"));
}

int
counts_text(const struct counts *c, const struct counts_now *now,
    struct buf *out)
{
	char label[64];
	const char *q = now->queue;

	snprintf(label, sizeof(label), "queue=\"%s\"", q);
	if (counts_verdicts(c, q, out) == -1 ||
	    counts_attempts(c, q, out) == -1 ||
	    histogram_print_times(&c->upload, out, "prof_ship_upload_seconds",
	    label, "What attempts took that were answered.") == -1 ||
	    counts_one(out, "prof_ship_sent_bytes_total", "counter", q,
	    "Bytes of bodies sent, as far as they got.", c->bytes) == -1 ||
	    counts_one(out, "prof_ship_in_hand", "gauge", q,
	    "Records in hand.", now->in_hand) == -1 ||
	    counts_one(out, "prof_ship_workers", "gauge", q,
	    "Records under way at once.", now->workers) == -1 ||
	    counts_one(out, "prof_ship_window", "gauge", q,
	    "Names taken at a time.", now->window) == -1 ||
	    counts_one(out, "prof_ship_last_ok_timestamp_seconds", "gauge", q,
	    "When one was delivered last; 0: not yet.",
	    (uint64_t)(c->last_ok / WHEN_SECOND)) == -1 ||
	    counts_stale(now, out) == -1 || counts_outbox(c, now, out) == -1)
		return (-1);
	return (counts_state(c, now, out));
}
