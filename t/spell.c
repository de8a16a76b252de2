#include "spell.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "pprof.h"
#include "proto.h"

static const char *const spell_strings[] = { "", "cpu", "nanoseconds", "main",
    "work", "main.c", "/bin/prog", "b1d", "k", "v", "ms" };

#define STRINGS	(sizeof(spell_strings) / sizeof(spell_strings[0]))

void
spell_type(struct buf *b, unsigned int field, uint64_t type, uint64_t unit)
{
	struct buf m = { 0 };

	proto_number(&m, 1, type);
	proto_number(&m, 2, unit);
	proto_message(b, field, &m);
	buf_free(&m);
}

void
spell_sample(struct buf *b, const uint64_t *stack, size_t depth,
    const uint64_t *value, size_t values, int packed)
{
	struct buf m = { 0 }, l = { 0 };

	proto_numbers(&m, 2, value, values, packed);
	proto_numbers(&m, 1, stack, depth, packed);
	proto_number(&l, 1, 8);
	proto_number(&l, 3, 5);
	proto_number(&l, 2, 9);
	proto_message(&m, 3, &l);
	proto_number(&l, 1, 8);
	proto_message(&m, 3, &l);
	proto_number(&l, 4, 10);
	proto_message(&m, 3, &l);
	proto_number(&l, 3, 7);
	proto_number(&l, 1, 8);
	proto_number(&l, 4, 10);
	proto_message(&m, 3, &l);
	proto_message(b, 2, &m);
	buf_free(&m);
	buf_free(&l);
}

void
spell_line(struct buf *b, uint64_t function, uint64_t line)
{
	struct buf m = { 0 };

	proto_number(&m, 1, function);
	proto_number(&m, 2, line);
	proto_number(&m, 3, 5);
	proto_message(b, 4, &m);
	buf_free(&m);
}

static void
spell_samples(struct buf *b)
{
	static const uint64_t stack[] = { UINT64_MAX, 7 };
	static const uint64_t one[] = { 3, 30 }, two[] = { 4, (uint64_t)-40 };

	spell_sample(b, stack, 2, one, 2, 1);
	spell_sample(b, stack + 1, 1, two, 2, 0);
}

static void
spell_mapping(struct buf *b)
{
	struct buf m = { 0 };
	unsigned int i;

	proto_number(&m, 1, 900);
	for (i = 2; i <= 8; i++)
		proto_number(&m, i, i);
	proto_message(b, 3, &m);
	buf_free(&m);
}

static void
spell_locations(struct buf *b)
{
	struct buf m = { 0 };

	proto_number(&m, 1, 7);
	proto_number(&m, 2, 900);
	proto_number(&m, 3, 0x1234);
	spell_line(&m, 2, 11);
	spell_line(&m, 1, 22);
	proto_message(b, 4, &m);
	proto_number(&m, 5, 1);
	proto_number(&m, 2, 901);
	proto_number(&m, 1, UINT64_MAX);
	proto_message(b, 4, &m);
	buf_free(&m);
}

static void
spell_functions(struct buf *b)
{
	struct buf m = { 0 };
	unsigned int i;

	for (i = 1; i <= 5; i++)
		proto_number(&m, i, i + 1);
	proto_message(b, 5, &m);
	proto_number(&m, 1, 1);
	proto_message(b, 5, &m);
	buf_free(&m);
}

static void
spell_head(struct buf *b)
{
	proto_number(b, 9, 1000);
	proto_number(b, 10, 50);
	spell_type(b, 11, 1, 2);
	proto_number(b, 12, 10);
	proto_number(b, 13, 6);
	proto_number(b, 14, 3);
	proto_number(b, 7, 4);
	proto_number(b, 8, 5);
	proto_number(b, 15, 7);
}

void
spell(struct buf *b, char what)
{
	size_t i;

	switch (what) {
	case 't':
		spell_type(b, 1, 3, 0);
		spell_type(b, 1, 1, 2);
		break;
	case 's':
		spell_samples(b);
		break;
	case 'm':
		spell_mapping(b);
		break;
	case 'l':
		spell_locations(b);
		break;
	case 'f':
		spell_functions(b);
		break;
	case 'S':
		for (i = 0; i < STRINGS; i++)
			proto_text(b, 6, spell_strings[i]);
		break;
	case 'h':
		spell_head(b);
		break;
	default:
		/* Fields that nobody knows, of each wire type. */
		proto_number(b, 77, 1);
		proto_text(b, 78, "?");
		buf_add(b, "\xf9\x04" "12345678" "\xfd\x04" "1234", 16);
	}
}

struct buf
spell_all(const char *order)
{
	struct buf b = { 0 };

	for (; *order != '\0'; order++)
		spell(&b, *order);
	return (b);
}

int
spell_refused(struct buf b, const struct pprof_limits *limits,
    const char *sums_why, const char *why)
{
	struct pprof_sums s;
	struct pprof_sample sample;
	struct pprof *p;
	const char *said = "";
	int more, holds;

	if (pprof_sums(b.p, b.len, limits, &s, &said) == 0)
		said = "";
	holds = strcmp(said, sums_why) == 0;
	if (!holds)
		printf("# sums: %s\n", said);
	said = "";
	if ((p = pprof_open(b.p, b.len, limits, &said)) != NULL) {
		while ((more = pprof_next(p, &sample, &said)) == 1)
			;
		if (more == 0)
			said = "";
	}
	pprof_free(p);
	buf_free(&b);
	if (strcmp(said, why) != 0)
		printf("# open: %s\n", said);
	return (holds && strcmp(said, why) == 0);
}
