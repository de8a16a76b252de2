#include "summed.h"

#include <string.h>

#include "buf.h"
#include "folded.h"
#include "folded_pprof.h"
#include "must.h"
#include "pprof.h"
#include "sampletype.h"

/* All values together, without regard to what does not fit. */
static uint64_t
total(const struct folded *f)
{
	const struct folded_node *n;
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i < folded_nodes(f); i++) {
		n = folded_node(f, i);
		must(i == 0 || n->parent < i);
		must(i == 0 ||
		    n->depth == folded_node(f, n->parent)->depth + 1);
		must(i == 0 || n->name < folded_names(f));
		sum += (uint64_t)n->self;
	}
	return (sum);
}

static void
as_pprof(const struct folded *f)
{
	static const struct pprof_limits limits = PPROF_LIMITS;
	struct sampletype counts;
	struct folded_type t = { f, &counts };
	struct pprof_sums sums;
	struct buf out = { 0 };
	const char *why = NULL;

	sampletype_of("cpu", "", 100, &counts);
	if (folded_pprof(&t, 1, 1, 2, &out, 1 << 20, &why) == -1)
		must(strcmp(why,
		    "the stacks take more pprof than they may") == 0);
	else if (pprof_sums(out.p, out.len, &limits, &sums, &why) == 0)
		must((uint64_t)sums.sum[0] == total(f));
	else
		must(strcmp(why, "a sum is over 64 bits") == 0);
	buf_free(&out);
}

void
summed_hold(const struct folded *f)
{
	static const struct folded_limits wide = { 1 << 24, 64 };
	struct folded *again = folded_new(&wide);
	struct buf text = { 0 };
	const char *why = NULL;

	if (folded_write(f, &text, 1 << 20, &why) == -1)
		must(why != NULL);
	else if (folded_groups(again, text.p, text.len, &why) == -1)
		/* Cleaned, two stacks may be one, and over. */
		must(strcmp(why, "a stack's values are over 63 bits") == 0);
	else
		must(total(f) == total(again));
	as_pprof(f);
	buf_free(&text);
	folded_free(again);
}

void
summed_check(int (*decode)(struct folded *, const char *, size_t,
    const char **), const uint8_t *in, size_t len)
{
	static const struct folded_limits limits = { 1 << 20, 64 };
	struct folded *f = folded_new(&limits);
	const char *why = NULL;

	if (decode(f, (const char *)in, len, &why) == 0)
		summed_hold(f);
	else
		must(why != NULL);
	folded_free(f);
}
