/* covers: common/delta.c common/pprof_copy.c common/pprof_kept.c */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "delta.h"
#include "must.h"
#include "pprof.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Two profiles, the length of the first in front in two bytes. What is made of
 * them and the first add up to the second, has no value below 0, and is no
 * cumulative profile.
 */
static const struct pprof_limits limits = { 500, 1000, 100, 10 };

static void
adds_up(const struct pprof_sums *a, const struct pprof_sums *b,
    const struct buf *d, const int *wanted)
{
	struct pprof_sums s;
	const char *why;
	size_t i;

	must(pprof_sums(d->p, d->len, &limits, &s, &why) == 0);
	must(!s.negative && s.head.types == b->head.types &&
	    s.head.time == b->head.time &&
	    s.head.samples <= a->head.samples + b->head.samples &&
	    s.head.duration == b->head.time - a->head.time);
	for (i = 0; i < s.head.types; i++)
		must(s.sum[i] == b->sum[i] - (wanted[i] ? a->sum[i] : 0));
}

/* Every second type, where no other has its name. */
static size_t
choose(const struct pprof_head *head, struct pprof_type *want, int *wanted)
{
	size_t i, j, n = 0;

	for (i = 0; i < head->types; i += 2) {
		for (j = 0; j < head->types; j++)
			if (j != i && head->type[j].type.len ==
			    head->type[i].type.len)
				break;
		if (j == head->types) {
			want[n++] = head->type[i];
			wanted[i] = 1;
		}
	}
	return (n);
}

static void
deltas(const char *a, size_t a_len, const char *b, size_t b_len)
{
	struct pprof_type want[PPROF_TYPES];
	int wanted[PPROF_TYPES] = { 0 };
	struct pprof_sums from, to;
	struct buf out = { 0 }, again = { 0 };
	const char *why = NULL;
	size_t n = 0;
	int summed = pprof_sums(a, a_len, &limits, &from, &why) == 0 &&
	    pprof_sums(b, b_len, &limits, &to, &why) == 0;

	if (summed)
		n = choose(&to.head, want, wanted);
	why = NULL;
	if (delta_make(a, a_len, b, b_len, want, n, &limits, &out, &why) !=
	    DELTA_MADE)
		must(out.len == 0 && why != NULL);
	else if (summed) {
		adds_up(&from, &to, &out, wanted);
		must(to.head.time == from.head.time ||
		    delta_make(out.p, out.len, b, b_len, want, n, &limits,
		    &again, &why) == DELTA_ALREADY);
	}
	buf_free(&out);
	buf_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	size_t first;

	if (len < 2)
		return (0);
	first = (size_t)in[0] << 8 | in[1];
	in += 2;
	len -= 2;
	if (first > len)
		first = len;
	deltas((const char *)in, first, (const char *)in + first, len - first);
	return (0);
}
