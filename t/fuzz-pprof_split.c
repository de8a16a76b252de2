#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "must.h"
#include "pprof.h"
#include "pprof_split.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct pprof_limits limits = { 300, 300, 50, 10 };

/*
 * A part of one type can be read, and adds up to what the whole does. -1: the
 * samples are malformed.
 */
static int
split(struct pprof *pp, const struct pprof_sums *whole, size_t type)
{
	const struct pprof_text *t = &pp->head.type[type].type;
	struct buf name = { 0 }, out = { 0 };
	const char *why = NULL, *want;
	struct pprof_sums part;
	int result = 0;

	buf_add(&name, t->p, t->len);
	want = buf_str(&name);
	if (strlen(want) != t->len || pprof_find(&pp->head, want) != type)
		goto out;
	if (pprof_split(pp, &want, 1, &out, &why) == -1) {
		must(why != NULL && out.len == 0);
		result = -1;
		goto out;
	}
	must(pprof_sums(out.p, out.len, &limits, &part, &why) == 0);
	must(part.head.types == 1 && part.sum[0] == whole->sum[type]);
	must(part.head.samples <= whole->head.samples);
	must(part.head.time == whole->head.time);
out:
	buf_free(&name);
	buf_free(&out);
	return (result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why;
	struct pprof_sums whole;
	struct pprof *pp;
	size_t i;

	if (pprof_sums(p, len, &limits, &whole, &why) == -1 ||
	    (pp = pprof_open(p, len, &limits, &why)) == NULL)
		return (0);
	for (i = 0; i < pp->head.types; i++)
		if (split(pp, &whole, i) == -1)
			break;
	pprof_free(pp);
	return (0);
}
