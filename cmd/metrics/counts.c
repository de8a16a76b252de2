#include "counts.h"

#include <inttypes.h>
#include <stddef.h>

#include "buf.h"
#include "expose.h"
#include "when.h"

static int
counts_labelled(struct buf *out, const char *name, const char *help,
    const char *label, const char *const *words, const uint64_t *values,
    size_t n)
{
	size_t i;

	if (expose_type(out, name, "counter", help) == -1)
		return (-1);
	for (i = 0; i < n; i++)
		if (buf_addf(out, "%s{%s=\"%s\"} %" PRIu64 "\n", name,
		    label, words[i], values[i]) == -1)
			return (-1);
	return (0);
}

int
counts_text(const struct counts *c, const struct counts_now *now,
    struct buf *out)
{
	static const char *const verdicts[] = { "ok", "retry", "dead",
	    "back" };
	static const char *const kinds[] = { "metric", "point" };

	if (counts_labelled(out, "prof_metrics_verdicts_total",
	    "Records answered to prof-spool.", "verdict", verdicts,
	    c->verdicts, COUNTS_VERDICTS) == -1 ||
	    counts_labelled(out, "prof_metrics_made_total", "Records made.",
	    "kind", kinds, c->made, 2) == -1 ||
	    expose_one(out, "prof_metrics_unused_parts_total", "counter",
	    "Parts of profiles that were of no use.", c->notes) == -1 ||
	    expose_one(out, "prof_metrics_worker_killed_total", "counter",
	    "Records that the worker ended over.", c->killed) == -1 ||
	    expose_one(out, "prof_metrics_worker_starts_total", "counter",
	    "Times a worker was started.", now->starts) == -1 ||
	    expose_one(out, "prof_metrics_in_hand", "gauge", "Records in hand.",
	    now->in_hand) == -1 ||
	    expose_one(out, "prof_metrics_window", "gauge",
	    "Names taken at a time.", now->window) == -1)
		return (-1);
	return (expose_one(out, "prof_metrics_last_ok_timestamp_seconds", "gauge",
	    "When one was done last, unix time.",
	    (uint64_t)(c->last_ok / WHEN_SECOND)));
}
