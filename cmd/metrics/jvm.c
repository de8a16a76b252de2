#include "numbers.h"

#include <stddef.h>
#include <string.h>

#include "format.h"
#include "java.h"
#include "jfr.h"
#include "order.h"
#include "sheet.h"

/* A recording, by its name, else by its first bytes. */
static int
jvm_recording(struct sheet *s, struct sheet_file *f)
{
	static const char *const names[] = { "main", "auto", "chunk-data" };
	const char *format = format_by_name(f->name), *p;
	size_t len, i;

	if (format != NULL)
		return (strcmp(format, "jfr") == 0);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sheet_called(f, names[i]))
			return (sheet_read(s, f, &p, &len) == 0 &&
			    (format = format_by_magic(p, len < FORMAT_MAGIC ?
			    len : FORMAT_MAGIC)) != NULL &&
			    strcmp(format, "jfr") == 0);
	return (0);
}

static void
jvm_fields(struct sheet *s, const struct java *java)
{
	struct java_metric metrics[JAVA_METRICS];
	size_t n, i;

	n = java_metrics(java, s->start, s->end, metrics);
	for (i = 0; i < n; i++)
		if (metrics[i].is_real)
			sheet_float(s, metrics[i].name, metrics[i].real);
		else
			sheet_int(s, metrics[i].name, metrics[i].integer);
}

/* Of a bare one, which has no other. */
static void
jvm_times(struct sheet *s, const struct jfr_report *report)
{
	s->start = report->start;
	if (__builtin_add_overflow(report->start, report->duration, &s->end))
		s->end = s->start;
}

/* 1: it is the profile's; 0: it was of no use, as is noted. */
static int
jvm_file(struct sheet *s, struct sheet_file *f)
{
	struct jfr_limits limits = { .memory = s->limits->inflated };
	struct jfr_report report;
	struct java *java;
	const char *p, *why = "out of memory";
	size_t len;
	int used = 0;

	if (sheet_read(s, f, &p, &len) == -1)
		return (0);
	if ((java = java_new()) == NULL ||
	    java_add(java, p, len, &limits, &report, &why) == -1)
		sheet_useless(s, f, why);
	else {
		if (report.note != NULL)
			sheet_note(s, f, report.note);
		if (s->end == 0)
			jvm_times(s, &report);
		jvm_fields(s, java);
		used = 1;
	}
	java_free(java);
	return (used);
}

void
jvm_add(struct sheet *s, const char *name)
{
	struct sheet_file *f;

	(void)name;
	for (f = s->files; f < s->files + s->nfiles; f++)
		if (jvm_recording(s, f) && jvm_file(s, f))
			return;
}
