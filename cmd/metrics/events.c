#include "events.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "jfr.h"
#include "when.h"

#define WIDTH	36	/* of names, at least */

/* A name as it may be printed. */
static int
name_add(struct buf *out, const struct jfr_text *name)
{
	size_t i = out->len;

	if (name->form == JFR_NULL)
		return (buf_adds(out, "(not described)"));
	if (jfr_text_utf8(name, out) == -1)
		return (-1);
	for (; i < out->len; i++)
		if ((unsigned char)out->p[i] < ' ' || out->p[i] == 0x7f)
			out->p[i] = '?';
	return (0);
}

static int
head_add(struct buf *out, const struct jfr_report *report)
{
	char start[WHEN_TEXT];
	int64_t ms = report->duration / (WHEN_SECOND / 1000);

	when_format(start, report->start, 3);
	return (buf_addf(out, "Version: %d.%d\nChunks: %" PRIu32 "\n"
	    "Start: %s\nDuration: %" PRId64 ".%03" PRId64 " s\n\n",
	    report->major, report->minor, report->chunks, start, ms / 1000,
	    ms % 1000));
}

/* A line; names is room for the name. */
static int
line_add(struct buf *out, const struct jfr_tally *t, size_t width,
    struct buf *name)
{
	name->len = 0;
	if (name_add(name, &t->name) == -1 || buf_str(name) == NULL)
		return (-1);
	return (buf_addf(out, "%-*s %10" PRIu64 " %12" PRIu64 "\n",
	    (int)width, name->p, t->count, t->bytes));
}

int
events_list(const char *p, size_t len, const struct jfr_limits *limits,
    struct buf *out, struct jfr_report *report, const char **why)
{
	struct jfr_tally *tallies = NULL;
	struct buf name = { 0 };
	size_t n = 0, i, width = WIDTH;
	int status = -1;

	if (jfr_list(p, len, limits, &tallies, &n, report, why) == -1)
		return (-1);
	*why = "out of memory";
	for (i = 0; i < n; i++)
		if (width < tallies[i].name.len)
			width = tallies[i].name.len;
	if (width > 2 * WIDTH)
		width = 2 * WIDTH;
	if (head_add(out, report) == -1 || buf_addf(out, "%-*s %10s %12s\n",
	    (int)width, "Event type", "Count", "Bytes") == -1)
		goto out;
	for (i = 0; i < n; i++)
		if (line_add(out, &tallies[i], width, &name) == -1)
			goto out;
	status = 0;
out:
	free(tallies);
	buf_free(&name);
	return (status);
}
