/* covers: common/pprof.c common/pprof_[fhi]*.c common/pprof_s[atu]*.c */
/* covers: common/pprof_t*.c common/pprof_wire.c */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "must.h"
#include "pprof.h"
#include "pprof_copy.h"
#include "pprof_trace.h"
#include "pprof_write.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Whatever is taken must have only parts that are there, can be written again,
 * merged or not, and adds up to the same; what is written is read again and
 * written as it is.
 */
static const struct pprof_limits limits = { 500, 1000, 100, 10 };

static void
tables(const struct pprof *p)
{
	const struct pprof_location *l;
	size_t i;

	for (i = 0; i < p->mappings; i++)
		must(p->mapping[i].file < p->strings &&
		    p->mapping[i].build_id < p->strings);
	for (i = 0; i < p->functions; i++)
		must(p->function[i].name < p->strings &&
		    p->function[i].system_name < p->strings &&
		    p->function[i].filename < p->strings);
	for (i = 0; i < p->locations; i++) {
		l = &p->location[i];
		must(l->mapping < p->mappings || l->mapping == PPROF_NONE);
		must(l->lines <= p->lines && l->line <= p->lines - l->lines);
	}
	for (i = 0; i < p->lines; i++)
		must(p->line[i].function < p->functions);
	for (i = 0; i < p->comments; i++)
		must(p->comment[i] < p->strings);
	must(p->string[0].len == 0);
}

static void
sample(const struct pprof *p, const struct pprof_sample *s)
{
	size_t i;

	must(s->depth <= limits.depth && s->labels <= limits.labels);
	for (i = 0; i < s->depth; i++)
		must(s->location[i] < p->locations);
	for (i = 0; i < s->labels; i++)
		must(s->label[i].key < p->strings &&
		    s->label[i].str < p->strings &&
		    s->label[i].unit < p->strings &&
		    (s->label[i].str == 0 || s->label[i].num == 0));
}

/* Where merging overflows nothing is written. -1: malformed samples. */
static int
rewrite(struct pprof *p, int merge, struct buf *out)
{
	struct pprof_write *w = pprof_write_new(&p->head, merge);
	struct pprof_copy *c = pprof_copy_new(w, p);
	struct pprof_sample s;
	const char *why;
	int more;

	while ((more = pprof_next(p, &s, &why)) == 1) {
		sample(p, &s);
		if (pprof_copy_sample(c, &s, s.value) == -1)
			must(merge && errno == EOVERFLOW);
	}
	pprof_copy_comments(c);
	(void)pprof_write_negative(w);
	if (pprof_write_end(w, out) == -1)
		must(merge && errno == EOVERFLOW && out->len == 0);
	pprof_copy_free(c);
	pprof_write_free(w);
	return (more);
}

static void
same_text(const struct pprof_text *a, const struct pprof_text *b)
{
	must(a->len == b->len && memcmp(a->p, b->p, a->len) == 0);
}

static void
same_sums(const struct pprof_sums *a, const struct buf *b, int merged)
{
	struct pprof_sums s;
	const char *why;
	size_t i;

	must(pprof_sums(b->p, b->len, &limits, &s, &why) == 0);
	must(a->head.types == s.head.types && a->head.time == s.head.time &&
	    a->head.duration == s.head.duration &&
	    a->head.period == s.head.period);
	must(merged ? s.head.samples <= a->head.samples :
	    s.head.samples == a->head.samples && s.negative == a->negative);
	same_text(&a->head.doc_url, &s.head.doc_url);
	same_text(&a->head.default_type, &s.head.default_type);
	for (i = 0; i < s.head.types; i++) {
		must(a->sum[i] == s.sum[i]);
		same_text(&a->head.type[i].type, &s.head.type[i].type);
		same_text(&a->head.type[i].unit, &s.head.type[i].unit);
	}
}

/* It is what it becomes. */
static void
settled(const struct buf *in, int merge)
{
	struct buf out = { 0 };
	const char *why;
	struct pprof *p = pprof_open(in->p, in->len, &limits, &why);

	must(p != NULL && rewrite(p, merge, &out) == 0);
	/* A label whose text is empty is none when it is read again. */
	must(out.len <= in->len);
	pprof_free(p);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct pprof_sums sums;
	struct pprof_trace trace;
	struct buf out = { 0 };
	const char *why = NULL;
	struct pprof *p;
	int summed, merge;

	summed = pprof_sums((const char *)in, len, &limits, &sums, &why) == 0;
	must(summed || why != NULL);
	if ((p = pprof_open((const char *)in, len, &limits, &why)) == NULL)
		return (0);
	tables(p);
	(void)pprof_trace(p, &trace, &why);
	pprof_free(p);
	for (merge = 0; merge < 2; merge++) {
		p = pprof_open((const char *)in, len, &limits, &why);
		if (rewrite(p, merge, &out) == 0 && out.len != 0) {
			if (summed)
				same_sums(&sums, &out, merge);
			settled(&out, merge);
		}
		out.len = 0;
		pprof_free(p);
	}
	buf_free(&out);
	return (0);
}
