/* parts: t/proto.o t/spell.o */
#include "pprof_trace.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "pprof.h"
#include "proto.h"
#include "spell.h"

static const struct pprof_limits limits = { 100, 100, 10, 4 };

/* A label of a sample: a text, or a number where that is NULL. */
static void
add_label(struct buf *b, uint64_t key, uint64_t text, uint64_t number)
{
	struct buf l = { 0 };

	proto_number(&l, 1, key);
	proto_number(&l, text != 0 ? 2 : 3, text != 0 ? text : number);
	proto_message(b, 3, &l);
	buf_free(&l);
}

static void
add_traced(struct buf *b, uint64_t value, const uint64_t *label, size_t labels)
{
	struct buf m = { 0 };

	proto_number(&m, 2, value);
	for (; labels > 0; labels--, label += 3)
		add_label(&m, label[0], label[1], label[2]);
	proto_message(b, 2, &m);
	buf_free(&m);
}

static int
trace_is(const struct buf *b, const char *expected)
{
	const char *why = "";
	struct pprof *p = pprof_open(b->p, b->len, &limits, &why);
	struct pprof_trace t;
	struct buf said = { 0 };
	int i, any = p != NULL ? pprof_trace(p, &t, &why) : -1, holds;

	for (i = 0; any == 1 && i < PPROF_TRACE_LABELS; i++)
		buf_addf(&said, "%.*s,", (int)t.label[i].len, t.label[i].p);
	if (any == 1)
		buf_addf(&said, "%lld", (long long)t.value);
	else
		buf_addf(&said, "%d %s", any, any == -1 ? why : "");
	holds = strcmp(buf_str(&said), expected) == 0;
	if (!holds)
		printf("# %s\n", said.p);
	buf_free(&said);
	pprof_free(p);
	return (holds);
}

static void
traces(void)
{
	static const char *const text[] = { "", "cpu", "trace endpoint",
	    "span id", "local root span id", "trace_id", "local_root_span_id",
	    "GET /a", "GET /b", "123", "trace-id", "thread id", "span_id" };
	struct buf b = { 0 };
	size_t i;

	for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		proto_text(&b, 6, text[i]);
	spell_type(&b, 1, 1, 0);
	add_traced(&b, 1000, NULL, 0);
	add_traced(&b, 500, (const uint64_t[]){ 10, 7, 0, 11, 0, 5 }, 2);
	ok(trace_is(&b, "0 "), "without a tracer's label there is no trace");
	add_traced(&b, 3, (const uint64_t[]){ 2, 7, 0, 3, 9, 0 }, 2);
	ok(trace_is(&b, "GET /a,,123,,3"), "the only trace is told");
	add_traced(&b, 2, (const uint64_t[]){ 6, 0, UINT64_MAX, 2, 8, 0,
	    5, 9, 0, 12, 0, 17 }, 4);
	ok(trace_is(&b, "GET /a,,123,,3"),
	    "the one with most of the first sample type is told");
	add_traced(&b, 2, (const uint64_t[]){ 2, 8, 0, 5, 9, 0, 3, 0, 17,
	    4, 0, UINT64_MAX }, 4);
	ok(trace_is(&b, "GET /b,123,17,18446744073709551615,4"),
	    "the order of labels and how they are spelt do not matter, ids "
	    "have no sign");
	add_traced(&b, 1, (const uint64_t[]){ 3, 9, 0, 2, 7, 0 }, 2);
	ok(trace_is(&b, "GET /a,,123,,4"), "of equal ones the first is told");
	buf_free(&b);
}

int
main(void)
{
	traces();
	return (failed);
}
