#include "bare.h"

#include <sys/stat.h>

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "format.h"
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

void
bare(int fd, const struct order *order, struct report *report)
{
	/* The name of a part that may be any profile. */
	struct sheet_file file = { .part = "main", .name = order->name };
	struct sheet s = { .limits = &order->limits, .report = report,
	    .files = &file, .nfiles = 1 };

	const char *p, *format;
	size_t len;

	if (bare_read(&file, fd, report) == -1)
		return;
	if (sheet_read(&s, &file, &p, &len) == -1)
		report_say(report, REPORT_BAD, "no profile");
	else if ((format = format_by_magic(p, len < FORMAT_MAGIC ? len :
	    FORMAT_MAGIC)) == NULL || strcmp(format, "jfr") != 0)
		bare_pprof(&s, report);
	else if (bare_line(&s, "java", report) == -1)
		report_say(report, REPORT_TROUBLE, "out of memory");
	sheet_clear(&s);
	free((char *)(uintptr_t)file.p);
}
