#include "written.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"
#include "pprof_copy.h"
#include "pprof_write.h"

static const struct pprof_limits limits = PPROF_LIMITS;

static struct pprof_text
text(const char *s)
{
	struct pprof_text t = { s, strlen(s) };

	return (t);
}

struct pprof_write *
written_begin(int merge, size_t expected)
{
	struct pprof_head head = { .types = 2, .type = {
	    { text("samples"), text("count") }, { text("cpu"), text("ns") } },
	    .period_type = { text("cpu"), text("ns") }, .period = 10,
	    .time = 1000, .duration = 20, .default_type = text("cpu"),
	    .drop_frames = text("d"), .keep_frames = text("k"),
	    .doc_url = text("u"), .samples = expected };

	return (pprof_write_new(&head, merge));
}

void
written_sample(struct pprof_write *w, const uint32_t *stack, size_t depth,
    int64_t first, int64_t second)
{
	const int64_t value[] = { first, second };
	const struct pprof_sample s = { .location = stack, .depth = depth,
	    .value = value };

	pprof_write_sample(w, &s);
}

struct pprof *
written_end(struct pprof_write *w, struct buf *out)
{
	const char *why = "not written";
	struct pprof *p = NULL;

	out->len = 0;
	if (pprof_write_end(w, out) == 0)
		p = pprof_open(out->p, out->len, &limits, &why);
	if (p == NULL)
		printf("# %s\n", why);
	pprof_write_free(w);
	return (p);
}

int
written_again(const struct buf *in, int merge, struct buf *out)
{
	const char *why = "out of memory";
	struct pprof *p = pprof_open(in->p, in->len, &limits, &why);
	struct pprof_write *w = NULL;
	struct pprof_copy *c = NULL;
	struct pprof_sample s;
	int more = -1;

	if (p != NULL && (w = pprof_write_new(&p->head, merge)) != NULL &&
	    (c = pprof_copy_new(w, p)) != NULL) {
		while ((more = pprof_next(p, &s, &why)) == 1)
			(void)pprof_copy_sample(c, &s, s.value);
		pprof_copy_comments(c);
	}
	if (more == 0 && pprof_write_end(w, out) == -1) {
		why = "cannot be written";
		more = -1;
	}
	if (more == -1)
		fprintf(stderr, "%s\n", why);
	pprof_copy_free(c);
	pprof_write_free(w);
	pprof_free(p);
	return (more);
}
