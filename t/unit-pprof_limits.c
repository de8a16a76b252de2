/* parts: t/proto.o t/spell.o */
#include "pprof.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "proto.h"
#include "spell.h"

static const struct pprof_limits limits = { 100, 100, 10, 4 };

static int
refused(struct buf b, const char *sums_why, const char *why)
{
	return (spell_refused(b, &limits, sums_why, why));
}

static struct buf
first_string(const char *s)
{
	struct buf b = { 0 };

	proto_text(&b, 6, s);
	spell(&b, 'S');
	return (b);
}

/* The sample with so many values, the profile with its two types. */
static struct buf
values(size_t n, int packed)
{
	static const uint64_t stack[] = { 7 }, value[40] = { 1 };
	struct buf b = spell_all("tmlfSh");

	spell_sample(&b, stack, 1, value, n, packed);
	return (b);
}

/* A sample of nothing, and no types. */
static struct buf
typeless(void)
{
	struct buf b = spell_all("S");

	proto_text(&b, 2, "");
	return (b);
}

static void
counts(void)
{
	static const char fewer[] = "samples have more or fewer values than "
	    "there are types";
	static const char another[] = "a sample has more or fewer values than "
	    "another";
	struct buf b;
	size_t i;

	ok(refused(values(1, 0), fewer, fewer) &&
	    refused(values(3, 1), fewer, fewer) &&
	    refused(values(0, 0), fewer, fewer) &&
	    refused(spell_all("smlfSh"), fewer, fewer) &&
	    refused(typeless(), fewer, fewer),
	    "a sample has as many values as there are types");
	b = spell_all("tsmlfSh");
	spell_sample(&b, NULL, 0, (const uint64_t[]){ 1 }, 1, 1);
	ok(refused(b, another, fewer), "all of them have");
	ok(refused(values(33, 1), "a sample has too many values",
	    "a sample has too many values"), "33 values are too many");
	b = spell_all("S");
	for (i = 0; i < 33; i++)
		spell_type(&b, 1, 1, 2);
	ok(refused(b, "too many sample types", "too many sample types"),
	    "33 sample types are too many");
	ok(refused(first_string("x"), "the first string is not empty",
	    "the first string is not empty"),
	    "the first string must be empty");
	ok(refused(first_string(""), "", "") && refused(spell_all("S"), "", ""),
	    "a profile without samples and types is one");
}

static void
many(struct buf *b, size_t samples, size_t depth, size_t labels)
{
	static const uint64_t value[] = { 1, 1 };
	struct buf m = { 0 }, l = { 0 };
	uint64_t stack[20];
	size_t i;

	for (i = 0; i < depth; i++)
		stack[i] = 7;
	proto_numbers(&m, 1, stack, depth / 2, 1);
	proto_numbers(&m, 1, stack, depth - depth / 2, 1);
	proto_numbers(&m, 2, value, 1, 1);
	proto_numbers(&m, 2, value, 1, 0);
	for (i = 0; i < labels; i++) {
		proto_number(&l, 2, 9);
		proto_message(&m, 3, &l);
	}
	for (i = 0; i < samples; i++)
		proto_bytes(b, 2, m.p, m.len);
	buf_free(&m);
	buf_free(&l);
}

static struct buf
with(size_t samples, size_t depth, size_t labels)
{
	struct buf b = spell_all("tmlfSh");

	many(&b, samples, depth, labels);
	return (b);
}

static struct buf
entries(char what, size_t n)
{
	struct buf b = spell_all("tsmlfSh"), m = { 0 };

	for (; n > 0; n--)
		if (what == 'S')
			proto_text(&b, 6, "s");
		else if (what == 'c')
			proto_number(&b, 13, 1);
		else {
			proto_number(&m, 1, 1000 + n);
			proto_message(&b, what == 'm' ? 3 : what == 'l' ? 4 :
			    5, &m);
		}
	buf_free(&m);
	return (b);
}

static void
bounds(void)
{
	static const char over[] = "over a limit";
	struct buf b, m = { 0 };
	size_t i;

	ok(refused(with(100, 10, 4), "", ""), "what the limits allow is taken");
	ok(refused(with(101, 1, 0), "too many samples", over),
	    "a sample over the limit is refused");
	ok(refused(with(1, 11, 0), "", "a stack is too deep"),
	    "a stack over the limit is refused");
	ok(refused(with(1, 1, 5), "", over), "so is a label");
	ok(refused(entries('S', 89), "", "") &&
	    refused(entries('S', 90), "", over) &&
	    refused(entries('m', 99), "", "") &&
	    refused(entries('m', 100), "", over) &&
	    refused(entries('l', 98), "", "") &&
	    refused(entries('l', 99), "", over) &&
	    refused(entries('f', 98), "", "") &&
	    refused(entries('f', 99), "", over) &&
	    refused(entries('c', 99), "", "") &&
	    refused(entries('c', 100), "", over),
	    "so is an entry of any table");
	b = spell_all("tsmlfSh");
	proto_number(&m, 1, 8);
	for (i = 0; i < 99; i++)
		spell_line(&m, 1, i);
	proto_message(&b, 4, &m);
	buf_free(&m);
	ok(refused(b, "", over), "so is a line");
}

static struct buf
two_values(uint64_t a, uint64_t b)
{
	const uint64_t first[] = { a, 0 }, second[] = { b, 0 };
	struct buf out = spell_all("tmlfSh");

	spell_sample(&out, NULL, 0, first, 2, 1);
	spell_sample(&out, NULL, 0, second, 2, 1);
	return (out);
}

static void
overflows(void)
{
	static const char over[] = "a sum is over 64 bits";

	ok(refused(two_values(INT64_MAX, 1), over, "") &&
	    refused(two_values((uint64_t)INT64_MIN, UINT64_MAX), over, ""),
	    "a sum over 64 bits is an error, not another number");
	ok(refused(two_values(INT64_MAX, 0), "", "") &&
	    refused(two_values((uint64_t)INT64_MIN, INT64_MAX), "", ""),
	    "one of 64 bits is not");
}

/* The ids of n locations by a rule; a sample of them all tells their order. */
static int
ids_are_found(size_t n, uint64_t (*id_of)(size_t i))
{
	static const struct pprof_limits most = { 10, 10000, 10000, 0 };
	struct buf b = spell_all("tS"), m = { 0 };
	static const uint64_t value[] = { 1, 1 };
	uint64_t *id = calloc(n, sizeof(*id));
	struct pprof_sample s;
	struct pprof *p;
	const char *why;
	size_t i;
	int holds;

	for (i = 0; i < n; i++) {
		id[i] = id_of(i);
		proto_number(&m, 1, id[i]);
		proto_message(&b, 4, &m);
	}
	proto_numbers(&m, 1, id, n, 1);
	proto_numbers(&m, 2, value, 2, 1);
	proto_message(&b, 2, &m);
	p = pprof_open(b.p, b.len, &most, &why);
	holds = p != NULL && pprof_next(p, &s, &why) == 1 && s.depth == n;
	for (i = 0; holds && i < n; i++)
		holds = s.location[i] == i;
	pprof_free(p);
	buf_free(&b);
	buf_free(&m);
	free(id);
	return (holds);
}

static uint64_t
in_order(size_t i)
{
	return (i + 1);
}

static uint64_t
backwards(size_t i)
{
	return (5000 - i);
}

static uint64_t
scattered(size_t i)
{
	return ((i + 1) * UINT64_C(0x9e3779b97f4a7c15));
}

static uint64_t
half_high(size_t i)
{
	return (i % 2 == 0 ? i + 1 : UINT64_MAX - i);
}

static void
ids(void)
{
	ok(ids_are_found(5000, in_order) && ids_are_found(5000, backwards) &&
	    ids_are_found(5000, scattered) && ids_are_found(5000, half_high),
	    "ids may be any numbers");
}

int
main(void)
{
	counts();
	bounds();
	overflows();
	ids();
	return (failed);
}
