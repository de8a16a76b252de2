#include "sheet.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "format.h"
#include "inflate.h"
#include "line.h"
#include "order.h"
#include "pprof.h"
#include "report.h"
#include "when.h"

void
sheet_clear(struct sheet *s)
{
	size_t i;

	for (i = 0; i < s->nfiles; i++)
		buf_free(&s->files[i].inflated);
}

double
sheet_seconds(const struct sheet *s)
{
	int64_t ns;

	if (__builtin_sub_overflow(s->end, s->start, &ns) || ns <= 0)
		return (0);
	return ((double)ns / (double)WHEN_SECOND);
}

int
sheet_has(const struct sheet *s, const char *field)
{
	size_t i;

	for (i = 0; i < s->nfields; i++)
		if (strcmp(s->fields[i], field) == 0)
			return (1);
	return (0);
}

/* 1: it is a new one, and there is room. */
static int
sheet_field(struct sheet *s, const char *field)
{
	if (s->nfields == SHEET_FIELDS || sheet_has(s, field))
		return (0);
	snprintf(s->fields[s->nfields++], SHEET_FIELD, "%s", field);
	return (1);
}

void
sheet_int(struct sheet *s, const char *field, int64_t value)
{
	if (sheet_field(s, field))
		line_int(s->line, field, value);
}

void
sheet_float(struct sheet *s, const char *field, double value)
{
	if (isfinite(value) && sheet_field(s, field))
		line_float(s->line, field, value);
}

void
sheet_rate(struct sheet *s, const char *field, double total)
{
	double seconds = sheet_seconds(s);

	if (seconds > 0)
		sheet_float(s, field, total / seconds);
}

void
sheet_cores(struct sheet *s, const char *field, int64_t ns)
{
	if (sheet_seconds(s) > 0)
		sheet_float(s, field, (double)ns / (double)(s->end - s->start));
}

int
sheet_called(const struct sheet_file *f, const char *name)
{
	return (strcasecmp(f->part, name) == 0 ||
	    strcasecmp(f->name, name) == 0);
}

void
sheet_note(struct sheet *s, const struct sheet_file *f, const char *why)
{
	report_note(s->report, f->name, why);
}

void
sheet_useless(struct sheet *s, struct sheet_file *f, const char *why)
{
	f->state = SHEET_USELESS;
	sheet_note(s, f, why);
}

/* What it inflates to counts against what all may. */
static int
sheet_inflate(struct sheet *s, struct sheet_file *f)
{
	struct inflate_limits limits = {
		.bytes = s->limits->inflated - s->inflated,
		.ratio = s->limits->ratio };
	const char *why;

	if (inflate_whole(f->p, f->len, &limits, &f->inflated, &why) == -1) {
		buf_free(&f->inflated);
		sheet_note(s, f, why);
		return (-1);
	}
	s->inflated += f->inflated.len;
	return (0);
}

int
sheet_read(struct sheet *s, struct sheet_file *f, const char **p, size_t *len)
{
	int plain = inflate_format(f->p, f->len) == INFLATE_NONE;

	if (f->state == SHEET_UNREAD)
		f->state = plain || sheet_inflate(s, f) == 0 ? SHEET_READ :
		    SHEET_USELESS;
	if (f->state == SHEET_USELESS)
		return (-1);
	*p = plain ? f->p : f->inflated.p;
	*len = plain ? f->len : f->inflated.len;
	return (0);
}

/* Where tracers put a profile whose name does not say what it is. */
static int
sheet_candidate(const struct sheet_file *f)
{
	static const char *const names[] = { "auto", "main", "prof",
	    "profile", "chunk-data" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (sheet_called(f, names[i]))
			return (1);
	return (strncmp(f->part, "data[", 5) == 0 && f->part[5] >= '0' &&
	    f->part[5] <= '9');
}

/* As format.h has it, NULL where nothing tells; "" of what is no profile. */
static const char *
sheet_format(struct sheet *s, struct sheet_file *f)
{
	const char *format = format_by_name(f->name), *p;
	size_t len;

	if (format != NULL)
		return (format);
	if (!sheet_candidate(f) || sheet_read(s, f, &p, &len) == -1)
		return ("");
	return (format_by_magic(p, len < FORMAT_MAGIC ? len : FORMAT_MAGIC));
}

int
sheet_is_pprof(struct sheet *s, struct sheet_file *f)
{
	const char *format = sheet_format(s, f);

	return (format == NULL || strcmp(format, "pprof") == 0);
}

int
sheet_is_jfr(struct sheet *s, struct sheet_file *f)
{
	const char *format = sheet_format(s, f);

	return (format != NULL && strcmp(format, "jfr") == 0);
}

void
sheet_pprof(const struct sheet *s, struct pprof_limits *limits)
{
	static const struct pprof_limits standard = PPROF_LIMITS;

	*limits = standard;
	limits->samples = limits->entries = s->limits->samples;
	limits->depth = s->limits->depth;
}

int
sheet_sums(struct sheet *s, struct sheet_file *f, struct pprof_sums *sums)
{
	struct pprof_limits limits;
	const char *p, *why;
	size_t len;

	sheet_pprof(s, &limits);
	if (sheet_read(s, f, &p, &len) == -1)
		return (-1);
	if (pprof_sums(p, len, &limits, sums, &why) == 0)
		return (0);
	sheet_useless(s, f, why);
	return (-1);
}
