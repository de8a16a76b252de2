#include "bare.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "file.h"
#include "jfr.h"
#include "jvm.h"
#include "line.h"
#include "numbers.h"
#include "order.h"
#include "pprof.h"
#include "report.h"
#include "sheet.h"
#include "when.h"

/*
 * Sample types that only one language's profilers have; where several are, the
 * first of these counts.
 */
static const struct {
	const char	*type;
	const char	*language;
} bare_types[] = {
	{ "heap-live-samples", "ruby" },
	{ "alloc-samples-unscaled", "ruby" },
	{ "lock-acquire", "python" },
	{ "heap-space", "python" },
	{ "lock-count", "dotnet" },
	{ "exception", "dotnet" },
	{ "inuse-space", "dotnet" },
	{ "alloc-size", "php" },
	{ "alloc-space", "python" },
	{ "goroutine", "golang" },
	{ "contentions", "golang" },
	{ "alloc_space", "golang" },
	{ "space", "nodejs" },
	{ "inuse_space", "nodejs" },
	{ "cpu-samples", "ruby" },
	{ "wall-time", "python" },
	{ "cpu-time", "python" },
	{ "wall", "nodejs" },
	{ "cpu", "golang" }
};

/* NULL: it does not say. */
static const char *
bare_language(const struct pprof_head *head)
{
	size_t i;

	for (i = 0; i < sizeof(bare_types) / sizeof(bare_types[0]); i++)
		if (pprof_find(head, bare_types[i].type) != head->types)
			return (bare_types[i].language);
	return (NULL);
}

static int
bare_read(struct sheet_file *f, int fd, struct report *report)
{
	struct stat st;
	char *p = NULL;

	if (fstat(fd, &st) == -1 ||
	    (p = malloc((size_t)st.st_size + 1)) == NULL ||
	    file_pread(fd, p, (size_t)st.st_size, 0) == -1) {
		report_say(report, REPORT_TROUBLE, "cannot read: %s",
		    strerror(errno));
		free(p);
		return (-1);
	}
	f->p = p;
	f->len = (size_t)st.st_size;
	return (0);
}

static int
bare_line(struct sheet *s, const char *language, struct report *report)
{
	int result;

	if ((s->line = line_new(&report->metric)) == NULL)
		return (-1);
	line_begin(s->line, "profiling_metrics");
	line_tag(s->line, "language", language, strlen(language));
	numbers_of(language)->add(s, language);
	result = line_end(s->line, s->end);
	line_free(s->line);
	return (result);
}

static void
bare_pprof(struct sheet *s, struct report *report)
{
	struct pprof_sums sums;
	const char *language;

	if (sheet_sums(s, s->files, &sums) == -1)
		report_say(report, REPORT_BAD, "no profile");
	else if ((language = bare_language(&sums.head)) == NULL)
		report_say(report, REPORT_BAD, "its sample types are those of "
		    "no language that has numbers");
	else {
		s->start = sums.head.time != 0 ? sums.head.time : when_now();
		if (__builtin_add_overflow(s->start, sums.head.duration,
		    &s->end))
			s->end = s->start;
		if (bare_line(s, language, report) == -1)
			report_say(report, REPORT_TROUBLE, "out of memory");
	}
}

static void
bare_jfr(struct sheet *s, struct report *report)
{
	if (jvm_times(s) == -1)
		report_say(report, REPORT_BAD, "no profile");
	else if (bare_line(s, "java", report) == -1)
		report_say(report, REPORT_TROUBLE, "out of memory");
}

static void
bare_events(struct sheet *s, struct report *report)
{
	static const struct jfr_limits limits = JFR_LIMITS;
	struct jfr_report seen;
	const char *p, *why;
	size_t len;

	if (sheet_read(s, s->files, &p, &len) == -1)
		report_say(report, REPORT_BAD, "no recording");
	else if (events_list(p, len, &limits, &report->metric, &seen,
	    &why) == -1)
		report_say(report, errno == ENOMEM ? REPORT_TROUBLE :
		    REPORT_BAD, "%s", why);
	else if (seen.note != NULL)
		sheet_note(s, s->files, seen.note);
}

void
bare(int fd, const struct order *order, struct report *report)
{
	/* The name of a part that may be any profile. */
	struct sheet_file file = { .part = "main", .name = order->name };
	struct sheet s = { .limits = &order->limits, .report = report,
	    .files = &file, .nfiles = 1 };

	if (bare_read(&file, fd, report) == -1)
		return;
	if (order->events)
		bare_events(&s, report);
	else if (sheet_is_jfr(&s, &file))
		bare_jfr(&s, report);
	else
		bare_pprof(&s, report);
	sheet_clear(&s);
	free((char *)(uintptr_t)file.p);
}
