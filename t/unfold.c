#include "unfold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"

static int
compare(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

static void
unfold_labels(const struct pprof *pp, const struct pprof_sample *s,
    struct buf *out)
{
	char *label[32];
	size_t i, n = 0;

	for (i = 0; i < s->labels && n < 32; i++)
		if (s->label[i].str != 0 && asprintf(&label[n], "%.*s=%.*s",
		    (int)pp->string[s->label[i].key].len,
		    pp->string[s->label[i].key].p,
		    (int)pp->string[s->label[i].str].len,
		    pp->string[s->label[i].str].p) != -1)
			n++;
	if (n != 0)
		qsort(label, n, sizeof(*label), compare);
	buf_addc(out, '{');
	for (i = 0; i < n; i++) {
		buf_addf(out, "%s%s", i > 0 ? "," : "", label[i]);
		free(label[i]);
	}
	buf_addc(out, '}');
}

/* A location: its caller first. */
static void
unfold_location(const struct pprof *pp, const struct pprof_location *l,
    struct buf *out)
{
	const struct pprof_text *name;
	uint32_t i;

	for (i = l->lines; i > 0; i--) {
		name = &pp->string[pp->function[
		    pp->line[l->line + i - 1].function].name];
		buf_add(out, name->p, name->len);
		if (i > 1)
			buf_addc(out, ';');
	}
}

char *
unfold(const char *p, size_t len, size_t type, int labels)
{
	static const struct pprof_limits limits = PPROF_LIMITS;
	struct pprof_sample s;
	struct buf out = { 0 };
	const char *why = "";
	struct pprof *pp;
	size_t i;
	int more = -1;

	pp = pprof_open(p, len, &limits, &why);
	while (pp != NULL && (more = pprof_next(pp, &s, &why)) == 1) {
		if (s.value[type] == 0)
			continue;
		if (labels)
			unfold_labels(pp, &s, &out);
		for (i = s.depth; i > 0; i--) {
			unfold_location(pp, &pp->location[s.location[i - 1]],
			    &out);
			if (i > 1)
				buf_addc(&out, ';');
		}
		buf_addf(&out, " %lld\n", (long long)s.value[type]);
	}
	if (more == -1) {
		out.len = 0;
		buf_addf(&out, "! %s", why);
	}
	pprof_free(pp);
	return (buf_str(&out));
}
