#include "jfr.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Every type of event that a recording has is wished for, with fields of many
 * names. No text may point out of the recording; there must be as many events
 * as the list of types says; and all that is read must be the same when it is
 * read again.
 */
#define WISHES	8

static const struct jfr_limits limits = { 1 << 20 };
static const char *const fields[] = { "duration", "startTime",
    "eventThread.javaName", "in.y.z", "bytesRead", "a", "b.name",
    "b.owner.name" };

struct seen {
	const char	*p;
	size_t		 len;
	uint64_t	 events[WISHES];
	struct buf	 said;
};

static int
on_event(size_t wish, const struct jfr_value *v, void *arg)
{
	struct seen *s = arg;
	const struct jfr_text *t;
	size_t i;

	s->events[wish]++;
	for (i = 0; i < JFR_FIELDS; i++) {
		t = &v[i].text;
		buf_addf(&s->said, "%d", (int)v[i].kind);
		if (v[i].kind == JFR_INTEGER || v[i].kind == JFR_REAL)
			buf_addf(&s->said, " %d %lld %g", (int)v[i].unit,
			    (long long)v[i].integer, v[i].real);
		if (v[i].kind != JFR_TEXT)
			continue;
		must(t->len == 0 || (t->p >= s->p && t->len <= s->len &&
		    (size_t)(t->p - s->p) <= s->len - t->len));
		must(jfr_text_utf8(t, &s->said) == 0);
	}
	return (0);
}

/* Wishes for the types that occur most, or those described only. */
static size_t
wish(struct jfr_wish *wishes, const struct jfr_tally *t, size_t n)
{
	struct buf name = { 0 };
	size_t i, m = 0;

	for (i = 0; i < n && m < WISHES; i++) {
		if (t[i].name.form == JFR_NULL)
			continue;
		must(jfr_text_utf8(&t[i].name, &name) == 0 &&
		    buf_str(&name) != NULL);
		wishes[m].event = name.p;
		memcpy(wishes[m++].fields, fields, sizeof(fields));
		memset(&name, 0, sizeof(name));
	}
	return (m);
}

static int
counts_are(const struct jfr_wish *wishes, size_t n,
    const struct jfr_tally *tallies, size_t types, const struct seen *s)
{
	struct buf name = { 0 };
	size_t i, j;
	int good = 1;

	for (i = 0; i < n; i++) {
		for (j = 0; j < types; j++) {
			name.len = 0;
			jfr_text_utf8(&tallies[j].name, &name);
			if (strcmp(buf_str(&name), wishes[i].event) == 0)
				break;
		}
		good &= s->events[i] <= tallies[j].count;
	}
	buf_free(&name);
	return (good);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why = NULL, *again = NULL;
	struct seen one = { p, len, { 0 }, { 0 } }, two = one;
	struct jfr_wish wishes[WISHES] = { { .event = NULL } };
	struct jfr_tally *tallies = NULL;
	struct jfr_report report;
	size_t types = 0, n, i;
	uint64_t bytes = 0;
	int status;

	if (jfr_list(p, len, &limits, &tallies, &types, &report, &why) == 0)
		for (i = 0; i < types; i++)
			bytes += tallies[i].bytes;
	must(bytes <= len);
	n = wish(wishes, tallies, types);
	status = jfr_read(p, len, wishes, n, &limits, on_event, &one, &report,
	    &why);
	must(status == 0 || why != NULL);
	must(jfr_read(p, len, wishes, n, &limits, on_event, &two, &report,
	    &again) == status && (status == 0 || why == again));
	must(one.said.len == two.said.len && (one.said.len == 0 ||
	    memcmp(one.said.p, two.said.p, one.said.len) == 0));
	must(counts_are(wishes, n, tallies, types, &one));
	for (i = 0; i < n; i++)
		free((char *)(uintptr_t)wishes[i].event);
	buf_free(&one.said);
	buf_free(&two.said);
	free(tallies);
	return (0);
}
