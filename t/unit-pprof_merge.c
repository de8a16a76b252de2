/* parts: t/written.o */
#include "pprof_write.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "pprof.h"
#include "written.h"

static void
labelled(struct pprof_write *w, const struct pprof_label *label, size_t labels)
{
	static const int64_t value[] = { 1, 2 };
	const struct pprof_sample s = { .value = value, .label = label,
	    .labels = labels };

	pprof_write_sample(w, &s);
}

/* Those of one key stay as they came, others are sorted by key. */
static int
ordered(void)
{
	struct pprof_label label[] = { { 3, 2, 0, 0 }, { 1, 0, 0, 9 },
	    { 1, 3, 0, 0 }, { 1, 2, 0, 0 }, { 0, 2, 0, 0 } };
	struct pprof_write *w = written_begin(1, 0);
	struct pprof_sample s = { 0 };
	struct buf out = { 0 };
	const char *why;
	struct pprof *p;
	int holds;

	label[4].key = pprof_write_string(w, "sample", 6);
	labelled(w, label, 5);
	p = written_end(w, &out);
	/* 1 "samples", 2 "count", 3 "cpu" */
	holds = p != NULL && pprof_next(p, &s, &why) == 1 && s.labels == 5 &&
	    pprof_text_is(&p->string[s.label[0].str], "count") &&
	    pprof_text_is(&p->string[s.label[0].key], "cpu") &&
	    pprof_text_is(&p->string[s.label[1].key], "sample") &&
	    pprof_text_is(&p->string[s.label[2].str], "cpu") &&
	    pprof_text_is(&p->string[s.label[3].str], "count") &&
	    s.label[4].num == 9;
	pprof_free(p);
	buf_free(&out);
	return (holds);
}

static size_t
merged(const struct pprof_label *a, size_t na, const struct pprof_label *b,
    size_t nb)
{
	struct pprof_write *w = written_begin(1, 0);
	struct buf out = { 0 };
	struct pprof *p;
	size_t n;

	/* Their strings are those of the head. */
	labelled(w, a, na);
	labelled(w, b, nb);
	p = written_end(w, &out);
	n = p != NULL ? p->head.samples : 0;
	pprof_free(p);
	buf_free(&out);
	return (n);
}

static void
labels(void)
{
	static const struct pprof_label ab[] = { { 1, 2, 0, 0 },
	    { 3, 0, 4, 5 }, { 3, 4, 0, 0 } };
	static const struct pprof_label ba[] = { { 3, 4, 0, 0 },
	    { 1, 2, 0, 0 }, { 3, 0, 4, 5 } };
	static const struct pprof_label unit[] = { { 1, 2, 0, 0 },
	    { 3, 0, 0, 5 }, { 3, 4, 0, 0 } };
	static const struct pprof_label twice[] = { { 1, 2, 0, 0 },
	    { 1, 3, 0, 0 } };
	static const struct pprof_label back[] = { { 1, 3, 0, 0 },
	    { 1, 2, 0, 0 } };

	ok(merged(ab, 3, ba, 3) == 1, "the order of labels does not matter");
	ok(merged(twice, 2, twice, 2) == 1 && merged(twice, 2, back, 2) == 2,
	    "that of two with one key does");
	ok(ordered(), "they are written by key, texts first");
	ok(merged(ab, 3, unit, 3) == 2 && merged(ab, 2, ab, 1) == 2 &&
	    merged(ab, 1, ab, 0) == 2, "others are others");
}

static void
merges(void)
{
	struct pprof_write *w = written_begin(1, 0);
	uint32_t a = pprof_write_frame(w, "a", 1);
	uint32_t b = pprof_write_frame(w, "b", 1);
	const uint32_t ab[] = { a, b }, ba[] = { b, a };
	struct pprof_sample s;
	struct buf out = { 0 };
	const char *why;
	struct pprof *p;

	written_sample(w, ba, 2, 0, 0);
	written_sample(w, ab, 2, 1, 2);
	written_sample(w, ba, 2, 3, 4);
	written_sample(w, ab, 1, 5, 6);
	written_sample(w, ab, 2, 10, 20);
	written_sample(w, ab, 1, -5, -6);
	ok(!pprof_write_negative(w), "no merged value is below 0");
	written_sample(w, ba, 2, 0, -5);
	ok(pprof_write_negative(w), "now one is");
	p = written_end(w, &out);
	ok(p != NULL && p->head.samples == 2 && p->locations == 2,
	    "samples of one stack are one, and none is all 0");
	ok(p != NULL && pprof_next(p, &s, &why) == 1 && s.value[0] == 11 &&
	    s.value[1] == 22 && pprof_next(p, &s, &why) == 1 &&
	    s.value[0] == 3 && s.value[1] == -1,
	    "their values are sums, their order that in which they came");
	pprof_free(p);
	w = written_begin(1, 0);
	written_sample(w, NULL, 0, INT64_MAX, 0);
	written_sample(w, NULL, 0, 1, 0);
	out.len = 0;
	ok(pprof_write_end(w, &out) == -1 && errno == EOVERFLOW &&
	    out.len == 0, "a merged value over 64 bits is an error");
	pprof_write_free(w);
	buf_free(&out);
}

#define STACKS	50
#define ROUNDS	2000

/* The name of a frame, which is a number. No NUL is behind it. */
static uint32_t
number_of(const struct pprof *p, uint32_t location)
{
	const struct pprof_line *l = &p->line[p->location[location].line];
	const struct pprof_text *t = &p->string[p->function[l->function].name];
	char name[20];

	snprintf(name, sizeof(name), "%.*s", (int)t->len, t->p);
	return ((uint32_t)atoi(name));
}

/* At random, some expected, against an array of sums. */
static int
random_merge(unsigned int seed, size_t expected)
{
	struct pprof_write *w = written_begin(1, expected);
	int64_t sum[STACKS] = { 0 }, first[STACKS] = { 0 };
	uint32_t frame[STACKS], which;
	struct pprof_sample s;
	struct buf out = { 0 };
	const char *why;
	struct pprof *p;
	int64_t seen = 0;
	int holds, i;
	char name[20];

	for (i = 0; i < STACKS; i++) {
		snprintf(name, sizeof(name), "%d", i);
		frame[i] = pprof_write_frame(w, name, strlen(name));
	}
	for (i = 1; i <= ROUNDS; i++) {
		seed = seed * 1103515245 + 12345;
		which = seed >> 16 & 1 ? seed >> 17 & 7 : seed / 65536 % STACKS;
		/* Sometimes in order, as a second profile comes. */
		if (i > ROUNDS / 2 && i % 100 > 30)
			which = (uint32_t)i % STACKS;
		written_sample(w, &frame[which], 1, i, -i);
		sum[which] += i;
		if (first[which] == 0)
			first[which] = i;
	}
	p = written_end(w, &out);
	holds = p != NULL;
	while (holds && pprof_next(p, &s, &why) == 1) {
		which = number_of(p, s.location[0]);
		holds = s.value[0] == sum[which] && s.value[1] == -sum[which]
		    && first[which] > seen;
		seen = first[which];
		sum[which] = 0;
	}
	for (i = 0; i < STACKS; i++)
		holds = holds && sum[i] == 0;
	pprof_free(p);
	buf_free(&out);
	return (holds);
}

static void
random_merges(void)
{
	unsigned int seed;
	int holds = 1;

	for (seed = 1; seed <= 20; seed++)
		holds &= random_merge(seed, 0) && random_merge(seed, 7) &&
		    random_merge(seed, ROUNDS / 2) &&
		    random_merge(seed, 2 * ROUNDS);
	ok(holds, "whatever comes in whatever order is merged");
}

int
main(void)
{
	labels();
	merges();
	random_merges();
	return (failed);
}
