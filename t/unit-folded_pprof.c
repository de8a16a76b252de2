/* parts: t/collapsed.o t/unfold.o */
#include "folded_pprof.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "collapsed.h"
#include "folded.h"
#include "ok.h"
#include "pprof.h"
#include "sampletype.h"
#include "unfold.h"

static const struct folded_limits limits = FOLDED_LIMITS;

static struct folded *
stacks(const char *groups)
{
	struct folded *f = folded_new(&limits);
	const char *why = "";

	if (folded_groups(f, groups, strlen(groups), &why) == -1)
		printf("# %s\n", why);
	return (f);
}

static int
unfolds(const struct buf *out, size_t type, const char *expected)
{
	char *s = collapsed_sort(unfold(out->p, out->len, type, 0));
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("#  %s#  instead of\n#  %s", s, expected);
	free(s);
	return (good);
}

static int
type_is(const struct pprof_type *t, const char *type, const char *unit)
{
	return (pprof_text_is(&t->type, type) &&
	    pprof_text_is(&t->unit, unit));
}

static void
one(void)
{
	struct folded *f = stacks("main;hot;spin 3\nmain;hot 4\nmain;zero 0\n"
	    "main;hot;hot;spin -1\nother 1099511627776\n 5\n;; 6\n");
	struct pprof_limits wide = PPROF_LIMITS;
	struct sampletype cpu;
	struct folded_type t = { f, &cpu };
	struct pprof_sums sums;
	struct buf out = { 0 };
	const char *why = "";

	sampletype_of("cpu", "samples", 250, &cpu);
	ok(folded_pprof(&t, 1, 17, 19, &out, 1 << 20, &why) == 0 &&
	    unfolds(&out, 0, " 5\n; 6\nmain;hot 4\nmain;hot;hot;spin -1\n"
	    "main;hot;spin 3\nother 1099511627776\n"),
	    "stacks are what they were");
	ok(pprof_sums(out.p, out.len, &wide, &sums, &why) == 0 &&
	    sums.head.time == 17 && sums.head.duration == 19 &&
	    sums.head.types == 1 &&
	    type_is(&sums.head.type[0], "samples", "count"),
	    "with a type and times");
	ok(type_is(&sums.head.period_type, "cpu", "nanoseconds") &&
	    sums.head.period == 4000000, "and a period");
	out.len = 0;
	ok(folded_pprof(&t, 1, 17, 19, &out, 8, &why) == -1 && strcmp(why,
	    "the stacks take more pprof than they may") == 0,
	    "frames have a limit");
	out.len = 0;
	ok(folded_pprof(&t, 1, 17, 19, &out, 40, &why) == -1 && strcmp(why,
	    "the stacks take more pprof than they may") == 0,
	    "bytes have a limit");
	buf_free(&out);
	folded_free(f);
}

static void
two(void)
{
	struct folded *a = stacks("main;x 1\nmain;y 2\n"),
	    *b = stacks("y;main 3\nmain;x 4\n");
	struct pprof_limits wide = PPROF_LIMITS;
	struct sampletype wall, space;
	struct folded_type t[] = { { a, &wall }, { b, &space } };
	struct pprof_sums sums;
	struct buf out = { 0 };
	const char *why = "";

	sampletype_of("itimer", "nanoseconds", 0, &wall);
	sampletype_of(NULL, "bytes", 100, &space);
	ok(folded_pprof(t, 2, 0, 0, &out, 1 << 20, &why) == 0 &&
	    unfolds(&out, 0, "main;x 1\nmain;y 2\n") &&
	    unfolds(&out, 1, "main;x 4\ny;main 3\n"),
	    "two kinds of values are two sample types");
	ok(pprof_sums(out.p, out.len, &wide, &sums, &why) == 0 &&
	    type_is(&sums.head.type[0], "cpu", "nanoseconds") &&
	    type_is(&sums.head.type[1], "space", "bytes") &&
	    sums.head.period == 0 && sums.head.period_type.type.len == 0,
	    "without a period, where none is known");
	out.len = 0;
	folded_free(a);
	t[0].folded = a = folded_new(&limits);
	ok(folded_pprof(t, 1, 0, 0, &out, 1 << 20, &why) == 0 &&
	    unfolds(&out, 0, ""), "no stack is a profile, too");
	buf_free(&out);
	folded_free(a);
	folded_free(b);
}

int
main(void)
{
	one();
	two();
	return (failed);
}
