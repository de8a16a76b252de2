#include "counts.h"

#include <inttypes.h>
#include <stdio.h>

#include "answer.h"
#include "buf.h"
#include "when.h"

void
counts_attempt(struct counts *c, const struct answer *a)
{
	int hundreds = a->status / 100;

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

static int
counts_type(struct buf *out, const char *name, const char *type,
    const char *help)
{
	return (buf_addf(out, "# HELP prof_ship_%s %s\n# TYPE prof_ship_%s "
	    "%s\n", name, help, name, type));
}

static int
counts_gauge(struct buf *out, const char *name, const char *queue,
    const char *help, uint64_t value)
{
	return (counts_type(out, name, "gauge", help) == -1 ? -1 :
	    buf_addf(out, "prof_ship_%s{queue=\"%s\"} %" PRIu64 "\n", name,
	    queue, value));
}

/* A label's value: quotes and backslashes escaped. */
static int
counts_label(struct buf *out, const char *value)
{
	for (; *value != '\0'; value++)
		if (((*value == '"' || *value == '\\') &&
		    buf_addc(out, '\\') == -1) || buf_addc(out, *value) == -1)
			return (-1);
	return (0);
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

	if (counts_type(out, "verdicts_total", "counter",
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

	if (counts_type(out, "attempts_total", "counter",
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
	if (counts_type(out, "evicted_total", "counter",
	    "Profiles and lines removed from the outbox.") == -1 ||
	    buf_addf(out, "prof_ship_evicted_total{queue=\"%s\"} %llu\n",
	    now->queue, atomic_load(&c->evicted)) == -1)
		return (-1);
	return (counts_gauge(out, "outbox_bytes", now->queue,
	    "What the outbox holds, on disk.", now->outbox_bytes));
}

int
counts_text(const struct counts *c, const struct counts_now *now,
    struct buf *out)
{
	const char *q = now->queue;

	if (counts_verdicts(c, q, out) == -1 ||
	    counts_attempts(c, q, out) == -1 ||
	    counts_type(out, "sent_bytes_total", "counter",
	    "Bytes of bodies sent, as far as they got.") == -1 ||
	    buf_addf(out, "prof_ship_sent_bytes_total{queue=\"%s\"} %" PRIu64
	    "\n", q, c->bytes) == -1 ||
	    counts_gauge(out, "in_hand", q, "Records in hand.",
	    now->in_hand) == -1 ||
	    counts_gauge(out, "workers", q, "Records under way at once.",
	    now->workers) == -1 ||
	    counts_gauge(out, "window", q, "Names taken at a time.",
	    now->window) == -1 ||
	    counts_gauge(out, "last_ok_seconds", q,
	    "When one was delivered last, unix time.",
	    (uint64_t)(c->last_ok / WHEN_SECOND)) == -1 ||
	    counts_outbox(c, now, out) == -1 ||
	    counts_type(out, "state_info", "gauge",
	    "How the destination does, and what it said last.") == -1 ||
	    buf_addf(out, "prof_ship_state_info{queue=\"%s\",state=\"%s\","
	    "reason=\"", q, now->state) == -1 ||
	    counts_label(out, c->reason) == -1)
		return (-1);
	return (buf_adds(out, "\"} 1\n"));
}
