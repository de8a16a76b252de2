#include "invent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "proto.h"

#define MAPPINGS	4
#define LOCATIONS	30	/* no two say the same as text */
#define STACKS		60
#define DEPTH		6
#define TYPES		4	/* two of which are to be deltaed */
#define STRINGS		3000


static uint64_t state;

static uint64_t
below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state % n);
}

struct program {
	size_t	mapping[LOCATIONS];	/* MAPPINGS: none */
	size_t	lines[LOCATIONS];
	size_t	depth[STACKS];
	size_t	stack[STACKS][DEPTH];
	size_t	labels[STACKS];		/* bits: which of four */
	int64_t	value[2][STACKS][TYPES];	/* in a, in b */
};

struct program *
invent(uint64_t seed, int plain)
{
	struct program *p = calloc(1, sizeof(*p));
	size_t i, v;

	if (p == NULL)
		abort();
	state = seed;
	(void)below(2);
	for (i = 0; i < LOCATIONS; i++) {
		p->mapping[i] = below(MAPPINGS + 1);
		p->lines[i] = 1 + below(3);
	}
	for (i = 0; i < STACKS; i++) {
		p->depth[i] = plain ? 1 + below(DEPTH) : below(DEPTH + 1);
		p->labels[i] = below(3) == 0 ? below(16) : 0;
		for (v = 0; v < DEPTH; v++)
			p->stack[i][v] = below(LOCATIONS);
		for (v = 0; v < TYPES; v++) {
			p->value[0][i][v] = below(3) == 0 ? 0 :
			    (int64_t)below(UINT64_C(1) << below(50));
			p->value[1][i][v] = below(3) == 0 ? 0 :
			    (int64_t)below(UINT64_C(1) << below(50));
			if (plain && v >= 2)
				p->value[0][i][v] = 0;
			if (v < 2)
				p->value[1][i][v] += p->value[0][i][v];
		}
	}
	return (p);
}

/* One profile of it: the ids that it uses, and its table of strings. */
struct profile {
	const struct program *program;
	const int64_t	(*value)[TYPES];
	int		 which;
	uint64_t	 salt;		/* of ids */
	uint64_t	 base[MAPPINGS];
	char		*string[STRINGS];
	size_t		 strings;
	struct buf	 out;
};

/* Sometimes a second one of the same text. */
static uint64_t
string(struct profile *p, const char *s)
{
	size_t i;

	for (i = 0; i < p->strings; i++)
		if (strcmp(p->string[i], s) == 0 && (i == 0 || below(20) != 0))
			return (i);
	if (p->strings == STRINGS)
		abort();
	p->string[p->strings] = strdup(s);
	return (p->strings++);
}

static uint64_t
stringf(struct profile *p, const char *fmt, size_t n)
{
	char text[40];

	snprintf(text, sizeof(text), fmt, n);
	return (string(p, text));
}

/* Ids count from 1, or are anything but 0. */
static uint64_t
id(const struct profile *p, size_t i)
{
	return (p->salt == 0 ? i + 1 :
	    (i + 1) * UINT64_C(0x9e3779b97f4a7c15) ^ p->salt);
}

/* Fields of a profile, which may come in any order. */
#define PARTS	3000

struct parts {
	unsigned int	field[PARTS];
	struct buf	part[PARTS];
	size_t		n;
};

static void
part(struct parts *parts, unsigned int field, struct buf *message)
{
	if (parts->n == PARTS)
		abort();
	parts->field[parts->n] = field;
	parts->part[parts->n++] = *message;
	memset(message, 0, sizeof(*message));
}

/* The program's own is known by its place; others may be anywhere. */
static void
mappings(struct profile *p, struct parts *parts)
{
	struct buf m = { 0 };
	size_t i;

	for (i = 0; i < MAPPINGS; i++) {
		p->base[i] = 0x1000000 * (i + 1) +
		    (i == 0 ? 0 : 4096 * below(1000));
		proto_number(&m, 2, p->base[i]);
		proto_number(&m, 3, p->base[i] + 0x1000 * (i + 1) -
		    (i == 0 ? 0 : below(4096)));
		proto_number(&m, 4, i);
		if (i < 2)
			proto_number(&m, 5, stringf(p, "/bin/prog%zu",
			    i == 0 ? 0 : below(100)));
		if (i == 1)
			proto_number(&m, 6, string(p, "build id"));
		if (i == 2)
			proto_number(&m, 5, string(p, "file"));
		proto_number(&m, 1, id(p, i));
		if (i == 0)
			proto_message(&p->out, 3, &m);
		else
			part(parts, 3, &m);
	}
}

/* Each under two ids. */
static void
functions(struct profile *p, struct parts *parts)
{
	struct buf m = { 0 };
	size_t i;

	for (i = 0; i < 2 * (LOCATIONS + 3); i++) {
		proto_number(&m, 1, id(p, i));
		proto_number(&m, 2, stringf(p, "f%zu", i / 2));
		proto_number(&m, 3, stringf(p, "_f%zu", i / 2));
		proto_number(&m, 4, stringf(p, "%zu.go", i / 10));
		proto_number(&m, 5, i / 2);
		part(parts, 5, &m);
	}
}

static void
locations(struct profile *p, struct parts *parts)
{
	struct buf m = { 0 }, line = { 0 };
	size_t i, l, mapping;

	for (i = 0; i < 2 * LOCATIONS; i++) {
		mapping = p->program->mapping[i / 2];
		proto_number(&m, 1, id(p, i));
		if (mapping < MAPPINGS)
			proto_number(&m, 2, id(p, mapping));
		proto_number(&m, 3, 16 * (i / 2) +
		    (mapping < MAPPINGS ? p->base[mapping] : 0));
		for (l = 0; l < p->program->lines[i / 2]; l++) {
			proto_number(&line, 1,
			    id(p, 2 * (i / 2 + l) + below(2)));
			proto_number(&line, 2, i / 2 * 10 + l);
			proto_message(&m, 4, &line);
		}
		part(parts, 4, &m);
	}
	buf_free(&line);
}

static void
label(struct profile *p, struct buf *m, size_t which)
{
	static const char *const key[] = { "k1", "k2", "bytes", "latency" };
	struct buf l = { 0 };

	if (which == 4) {
		proto_number(&l, 1, string(p, "says nothing"));
	} else if (which < 2) {
		proto_number(&l, 2, stringf(p, "v%zu", which));
		proto_number(&l, 1, string(p, key[which]));
	} else {
		proto_number(&l, 1, string(p, key[which]));
		proto_number(&l, 3, 64);
		if (which == 3)
			proto_number(&l, 4, string(p, "ms"));
	}
	proto_message(m, 3, &l);
	buf_free(&l);
}

static void
sample(struct profile *p, struct parts *parts, size_t i, const uint64_t *value)
{
	struct buf m = { 0 };
	uint64_t stack[DEPTH];
	size_t n, first = below(5), packed = below(2);

	for (n = 0; n < p->program->depth[i]; n++)
		stack[n] = id(p, 2 * p->program->stack[i][n] + below(2));
	proto_numbers(&m, 1, stack, n, (int)packed);
	for (n = 0; n < 5; n++)
		if ((p->program->labels[i] >> (first + n) % 5 & 1) != 0 ||
		    ((first + n) % 5 == 4 && below(9) == 0))
			label(p, &m, (first + n) % 5);
	proto_numbers(&m, 2, value, TYPES, (int)below(2));
	part(parts, 2, &m);
}

/* Each stack's, in up to three parts. */
static void
samples(struct profile *p, struct parts *parts)
{
	uint64_t left[TYPES], some[TYPES];
	size_t i, v, any;
	int more;

	for (i = 0; i < STACKS; i++) {
		for (any = 0, v = 0; v < TYPES; v++)
			any |= left[v] = (uint64_t)p->value[i][v];
		if (any == 0 && below(2) == 0)
			continue;
		for (more = (int)below(3); more > 0; more--) {
			for (v = 0; v < TYPES; v++)
				left[v] -= some[v] = below(left[v] + 1);
			sample(p, parts, i, some);
		}
		sample(p, parts, i, left);
	}
}

static void
strings(struct profile *p)
{
	size_t i;

	for (i = 0; i < p->strings; i++) {
		proto_text(&p->out, 6, p->string[i]);
		free(p->string[i]);
	}
}

static void
types(struct profile *p)
{
	static const char *const name[] = { "alloc_objects", "alloc_space",
	    "inuse_objects", "inuse_space" };
	struct buf m = { 0 };
	size_t i;

	for (i = 0; i < TYPES; i++) {
		proto_number(&m, 1, string(p, name[i]));
		proto_number(&m, 2, string(p, i % 2 == 0 ? "count" : "bytes"));
		proto_message(&p->out, 1, &m);
	}
	buf_free(&m);
	proto_number(&p->out, 9, 1000 * (uint64_t)(p->which + 1));
}

/* Tables and samples in any order, strings before or behind them. */
struct buf
invent_profile(const struct program *program, int which)
{
	static struct parts parts;
	struct profile p = { .program = program, .which = which,
	    .value = program->value[which],
	    .salt = below(2) == 0 ? 0 : below(UINT64_MAX) | 1 };
	size_t i, other;

	parts.n = 0;
	(void)string(&p, "");
	types(&p);
	mappings(&p, &parts);
	functions(&p, &parts);
	locations(&p, &parts);
	samples(&p, &parts);
	if (below(2) == 0) {
		strings(&p);
		p.strings = 0;
	}
	for (i = 0; i < parts.n; i++) {
		struct buf one = parts.part[other = i + below(parts.n - i)];
		unsigned int field = parts.field[other];

		parts.part[other] = parts.part[i];
		parts.field[other] = parts.field[i];
		proto_message(&p.out, field, &one);
		buf_free(&one);
	}
	strings(&p);
	return (p.out);
}
