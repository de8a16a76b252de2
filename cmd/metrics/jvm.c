#include "jvm.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "java.h"
#include "jfr.h"
#include "numbers.h"
#include "report.h"
#include "sheet.h"

static const struct jfr_limits limits = JFR_LIMITS;

static void
jvm_note(struct sheet *s, const struct sheet_file *f, const char *note)
{
	char why[REPORT_NOTE];

	snprintf(why, sizeof(why), "%s; it was read as far as it goes", note);
	sheet_note(s, f, why);
}

/* Each recording there is: noted what is wrong with it. How many are not. */
static size_t
jvm_read(struct sheet *s, int (*on_file)(struct sheet *, const char *p,
    size_t len, struct jfr_report *, const char **why, void *arg), void *arg)
{
	struct jfr_report report;
	struct sheet_file *f;
	const char *p, *why;
	size_t len, n = 0;

	for (f = s->files; f < s->files + s->nfiles; f++) {
		if (f->len == 0 || !sheet_is_jfr(s, f) ||
		    sheet_read(s, f, &p, &len) == -1)
			continue;
		if (on_file(s, p, len, &report, &why, arg) == -1) {
			sheet_useless(s, f, why);
			continue;
		}
		n++;
		if (report.note != NULL)
			jvm_note(s, f, report.note);
	}
	return (n);
}

static int
jvm_on_event(size_t wish, const struct jfr_value *values, void *arg)
{
	(void)wish;
	(void)values;
	(void)arg;
	return (0);
}

static int
jvm_on_time(struct sheet *s, const char *p, size_t len,
    struct jfr_report *report, const char **why, void *arg)
{
	(void)arg;
	if (jfr_read(p, len, NULL, 0, &limits, jvm_on_event, NULL, report,
	    why) == -1)
		return (-1);
	if (s->start == 0)
		s->start = s->end = report->start;
	if (__builtin_add_overflow(s->end, report->duration, &s->end))
		s->end = s->start;
	return (0);
}

int
jvm_times(struct sheet *s)
{
	s->start = s->end = 0;
	return (jvm_read(s, jvm_on_time, NULL) == 0 ? -1 : 0);
}

static int
jvm_on_recording(struct sheet *s, const char *p, size_t len,
    struct jfr_report *report, const char **why, void *arg)
{
	(void)s;
	return (java_add(arg, p, len, &limits, report, why));
}

void
jvm_add(struct sheet *s, const char *name)
{
	struct java_metric m[JAVA_METRICS];
	struct java *java;
	size_t n = 0, i;

	(void)name;
	if ((java = java_new()) == NULL) {
		report_say(s->report, REPORT_TROUBLE, "out of memory");
		return;
	}
	if (jvm_read(s, jvm_on_recording, java) != 0)
		n = java_metrics(java, s->start, s->end, m);
	for (i = 0; i < n; i++) {
		if (m[i].is_real)
			sheet_float(s, m[i].name, m[i].real);
		else
			sheet_int(s, m[i].name, m[i].integer);
	}
	java_free(java);
}
