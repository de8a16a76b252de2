/* parts: t/invent.o t/proto.o t/stacks.o t/written.o */
/*
 * For profiles a, b of one program at random, delta(a, b) + a = b: by totals
 * and by stack.
 *
 * usage: unit-delta_random [seed]
 */
#include "delta.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "buf.h"
#include "invent.h"
#include "pprof.h"
#include "stacks.h"
#include "written.h"

#define SEEDS	300
#define TYPES	4	/* the first two are to be deltaed */

static const struct pprof_limits limits = PPROF_LIMITS;

/* A profile as lines of text, of which the one at the front is read. */
struct read {
	struct buf	 text;
	char		*at;
	char		*key;		/* NULL: no more lines */
	int64_t		 value[TYPES];
	size_t		 samples;
	struct pprof_sums sums;
};

static void
next(struct read *r)
{
	char *values;
	size_t i;

	r->key = NULL;
	if (*r->at == '\0')
		return;
	r->key = r->at;
	r->at += strcspn(r->at, "\n");
	*r->at++ = '\0';
	values = strrchr(r->key, '[');
	*values++ = '\0';
	for (i = 0; i < TYPES; i++)
		r->value[i] = strtoll(values, &values, 10);
}

static int
begin(struct read *r, const struct buf *b)
{
	const char *why = "";
	struct pprof *p = pprof_open(b->p, b->len, &limits, &why);
	int result = -1;

	memset(r, 0, sizeof(*r));
	if (p != NULL && pprof_sums(b->p, b->len, &limits, &r->sums, &why) == 0
	    && stacks_print(p, &r->text, &why) == 0) {
		r->samples = p->head.samples;
		r->at = buf_str(&r->text);
		next(r);
		result = 0;
	} else
		printf("# %s\n", why);
	pprof_free(p);
	return (result);
}

/* 1: another comes first; 0: this one; the lines of both are sorted. */
static int
lacks(const struct read *r, const char *key)
{
	return (r->key == NULL || strcmp(r->key, key) > 0);
}

/* Takes a line of each that has this one's key. */
static int
adds_up(struct read *a, struct read *b, struct read *d)
{
	int64_t expected, any = 0;
	int in_a = !lacks(a, b->key), in_d = !lacks(d, b->key), holds = 1;
	size_t i;

	for (i = 0; i < TYPES; i++) {
		expected = b->value[i] - (in_a && i < 2 ? a->value[i] : 0);
		any |= expected;
		holds &= expected == (in_d ? d->value[i] : 0);
	}
	holds &= (any != 0) == in_d;
	if (!holds)
		printf("# %s\n", b->key);
	if (in_a)
		next(a);
	if (in_d)
		next(d);
	next(b);
	return (holds);
}

/* All of a that is not in b must be nothing but 0. */
static int
compare(struct read *a, struct read *b, struct read *d)
{
	size_t lines = 0, i;
	int holds = 1;

	for (i = 0; i < TYPES; i++)
		holds &= d->sums.sum[i] == b->sums.sum[i] -
		    (i < 2 ? a->sums.sum[i] : 0);
	while (holds && b->key != NULL) {
		for (; !lacks(a, b->key) && strcmp(a->key, b->key) != 0;
		    next(a))
			holds &= a->value[0] == 0 && a->value[1] == 0;
		lines += !lacks(d, b->key);
		holds &= lacks(d, b->key) || strcmp(d->key, b->key) == 0;
		holds &= adds_up(a, b, d);
	}
	for (; a->key != NULL; next(a))
		holds &= a->value[0] == 0 && a->value[1] == 0;
	/* Matched samples are one, so that each has a line. */
	return (holds && d->key == NULL && lines == d->samples);
}

/* Written again it is the same: nothing is left to merge or leave out. */
static int
settled(const struct buf *in)
{
	struct buf out = { 0 };
	int holds = written_again(in, 1, &out) == 0 && out.len == in->len &&
	    memcmp(out.p, in->p, in->len) == 0;

	buf_free(&out);
	return (holds);
}

static int
holds_for(uint64_t seed)
{
	static const struct pprof_type want[] = {
	    { { "alloc_objects", 13 }, { "count", 5 } },
	    { { "alloc_space", 11 }, { "bytes", 5 } } };
	struct program *program = invent(seed, 0);
	struct buf a = invent_profile(program, 0);
	struct buf b = invent_profile(program, 1), d = { 0 };
	struct read read[3];
	const char *why = "";
	int holds = 0;

	memset(read, 0, sizeof(read));
	if (delta_make(a.p, a.len, b.p, b.len, want, 2, &limits, &d, &why) !=
	    DELTA_MADE)
		printf("# %s\n", why);
	else if (begin(&read[0], &a) == 0 && begin(&read[1], &b) == 0 &&
	    begin(&read[2], &d) == 0)
		holds = compare(&read[0], &read[1], &read[2]) && settled(&d);
	buf_free(&read[0].text);
	buf_free(&read[1].text);
	buf_free(&read[2].text);
	buf_free(&a);
	buf_free(&b);
	buf_free(&d);
	free(program);
	return (holds);
}

int
main(int argc, char **argv)
{
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) :
	    (uint64_t)time(NULL) * SEEDS, last = seed + (argc > 1 ? 1 : SEEDS);

	for (; seed < last; seed++)
		if (!holds_for(seed)) {
			printf("not ok - seed %" PRIu64 "\n", seed);
			return (1);
		}
	printf("ok - delta(a, b) + a = b, up to seed %" PRIu64 "\n",
	    seed - 1);
	return (0);
}
