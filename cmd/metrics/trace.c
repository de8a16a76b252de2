#include "trace.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "pprof.h"
#include "pprof_trace.h"
#include "sheet.h"

static void
trace_text(char to[TRACE_TEXT], const struct pprof_trace_text *from)
{
	snprintf(to, TRACE_TEXT, "%.*s", (int)(from->len < TRACE_TEXT ?
	    from->len : TRACE_TEXT - 1), from->len != 0 ? from->p : "");
}

/* 1: this file has one; 0. What is wrong with it was noted, if ever. */
static int
trace_of(struct sheet *s, struct sheet_file *f, struct trace *t)
{
	struct pprof_limits limits;
	struct pprof_trace found;
	struct pprof *pprof;
	const char *p, *why;
	size_t len;
	int result;

	sheet_pprof(s, &limits);
	if (sheet_read(s, f, &p, &len) == -1)
		return (0);
	pprof = pprof_open(p, len, &limits, &why);
	if (pprof == NULL || (result = pprof_trace(pprof, &found, &why)) == -1) {
		sheet_useless(s, f, why);
		pprof_free(pprof);
		return (0);
	}
	if (result == 1) {
		trace_text(t->endpoint, &found.label[PPROF_TRACE_ENDPOINT]);
		trace_text(t->id, &found.label[PPROF_TRACE_ID]);
		trace_text(t->span, &found.label[PPROF_TRACE_SPAN]);
		if (t->span[0] == '\0')
			trace_text(t->span,
			    &found.label[PPROF_TRACE_ROOT_SPAN]);
	}
	pprof_free(pprof);
	return (result);
}

void
trace_find(struct sheet *s, struct trace *t)
{
	struct sheet_file *f;

	memset(t, 0, sizeof(*t));
	for (f = s->files; f < s->files + s->nfiles; f++)
		if (sheet_is_pprof(s, f) && trace_of(s, f, t))
			return;
}

const char *
trace_value(const struct trace *t, const char *key)
{
	if (strcmp(key, "endpoint") == 0 || strcmp(key, "resource") == 0)
		return (t->endpoint);
	if (strcmp(key, "trace_id") == 0)
		return (t->id);
	return (strcmp(key, "span_id") == 0 ? t->span : NULL);
}
