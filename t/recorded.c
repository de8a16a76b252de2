#include "recorded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "jfr.h"
#include "recording.h"

const struct jfr_limits recorded_limits = { 1 << 24 };

struct told {
	const struct jfr_wish	*wishes;
	struct buf		 b;
};

static int
on_event(size_t wish, const struct jfr_value *v, void *arg)
{
	static const char *const units[] = { "", "ns", "@", "B", "b", "Hz",
	    "%", "&" };
	struct told *t = arg;
	size_t i;

	if (wish > 0)
		buf_addf(&t->b, "%zu:", wish);
	for (i = 0; t->wishes[wish].fields[i] != NULL; i++, v++) {
		if (v->kind == JFR_INTEGER)
			buf_addf(&t->b, "%" PRId64 "%s ", v->integer,
			    units[v->unit]);
		else if (v->kind == JFR_REAL)
			buf_addf(&t->b, "%g(%" PRId64 ")%s ", v->real,
			    v->integer, units[v->unit]);
		else if (v->kind == JFR_TEXT && v->text.form != JFR_NULL) {
			buf_addc(&t->b, '\'');
			jfr_text_utf8(&v->text, &t->b);
			buf_adds(&t->b, "' ");
		} else
			buf_adds(&t->b, v->kind == JFR_TEXT ? "null " : "- ");
	}
	buf_adds(&t->b, "; ");
	return (0);
}

char *
recorded(const char *p, size_t len, const struct jfr_wish *wishes, size_t n,
    const struct jfr_limits *limits)
{
	struct told t = { wishes, { 0 } };
	struct jfr_report report;
	const char *why;

	if (jfr_read(p, len, wishes, n, limits, on_event, &t, &report,
	    &why) == -1)
		buf_addf(&t.b, "! %s", why);
	else if (report.note != NULL)
		buf_addf(&t.b, "~ %s", report.note);
	return (buf_str(&t.b));
}

int
recorded_is(const struct recording *r, const struct jfr_wish *wishes,
    size_t n, const char *expected)
{
	char *s = recorded(r->out.p, r->out.len, wishes, n, &recorded_limits);
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("# %s\n# %s\n", s, expected);
	free(s);
	return (good);
}

#define COUNTED	RECORDED_BASES \
	"event %s jdk.FileRead\n field duration 1 @20=TICKS\n" RECORDED_NOTES

static void
put_reads(struct recording *r, int64_t type, int64_t ticks)
{
	recording_event(r, type);
	recording_long(r, ticks);
	recording_over(r);
	recording_event(r, 4000);
	recording_byte(r, 0);
	recording_over(r);
}

static const struct jfr_wish reads = { "jdk.FileRead", { "duration" } };
const struct jfr_wish *const recorded_reads = &reads;

void
recorded_read(struct recording *r, int64_t clock, int plain, const char *id,
    int64_t ticks)
{
	char text[600];

	snprintf(text, sizeof(text), COUNTED, id);
	recording_begin(r, clock, plain);
	put_reads(r, strtoll(id, NULL, 10), ticks);
	recording_types(r, text);
	recording_end(r);
}
