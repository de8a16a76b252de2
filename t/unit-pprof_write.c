/* parts: t/written.o */
#include "pprof_write.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "pprof.h"
#include "pprof_wire.h"
#include "written.h"

static int
is(const struct pprof *p, uint32_t string, const char *s)
{
	return (pprof_text_is(&p->string[string], s));
}

/* One of everything, with a value in every field. */
static void
put_fields(struct pprof_write *w)
{
	struct pprof_mapping m = { .start = 1, .limit = UINT64_MAX,
	    .offset = 3, .has = 5 };
	struct pprof_function f = { .start_line = -4 };
	struct pprof_location l = { .address = UINT64_MAX, .folded = 1,
	    .lines = 2 };
	struct pprof_line line[2] = { { 0, -1, 7 }, { 0, INT64_MAX, 0 } };
	struct pprof_label label[2] = { { 0 } };
	const int64_t value[] = { INT64_MIN, -1 };
	struct pprof_sample s = { .value = value, .label = label, .labels = 2 };
	uint64_t moved;
	uint32_t at;

	m.file = pprof_write_string(w, "/bin/p", 6);
	m.build_id = pprof_write_string(w, "id", 2);
	f.name = pprof_write_string(w, "f", 1);
	f.system_name = pprof_write_string(w, "_f", 2);
	f.filename = pprof_write_string(w, "f.c", 3);
	l.mapping = pprof_write_mapping(w, &m, &moved);
	line[0].function = line[1].function = pprof_write_function(w, &f);
	at = pprof_write_location(w, &l, line);
	label[0].key = label[1].key = pprof_write_string(w, "key", 3);
	label[0].num = INT64_MIN;
	label[0].unit = pprof_write_string(w, "ms", 2);
	label[1].str = pprof_write_string(w, "v\0w", 3);
	s.location = &at;
	s.depth = 1;
	pprof_write_sample(w, &s);
	pprof_write_comment(w, "c1", 2);
	pprof_write_comment(w, "c2", 2);
	pprof_write_comment(w, "c1", 2);
}

/* What put_fields put, and written_begin before it. */
static void
see_fields(struct pprof *p)
{
	struct pprof_sample s;
	const char *why;

	ok(p->head.types == 2 && p->head.time == 1000 &&
	    p->head.duration == 20 && p->head.period == 10 &&
	    p->head.samples == 1 &&
	    pprof_text_is(&p->head.type[1].type, "cpu") &&
	    pprof_text_is(&p->head.type[0].unit, "count") &&
	    pprof_text_is(&p->head.period_type.unit, "ns") &&
	    pprof_text_is(&p->head.default_type, "cpu") &&
	    pprof_text_is(&p->head.drop_frames, "d") &&
	    pprof_text_is(&p->head.keep_frames, "k") &&
	    pprof_text_is(&p->head.doc_url, "u"), "the head comes back");
	ok(p->comments == 2 && is(p, p->comment[0], "c1") &&
	    is(p, p->comment[1], "c2"), "comments do, each once");
	ok(p->mappings == 1 && p->mapping->start == 1 &&
	    p->mapping->limit == UINT64_MAX && p->mapping->offset == 3 &&
	    p->mapping->has == 5 && is(p, p->mapping->file, "/bin/p") &&
	    is(p, p->mapping->build_id, "id"), "a mapping does");
	ok(p->functions == 1 && is(p, p->function->name, "f") &&
	    is(p, p->function->system_name, "_f") &&
	    is(p, p->function->filename, "f.c") &&
	    p->function->start_line == -4, "a function does");
	ok(p->locations == 1 && p->location->mapping == 0 &&
	    p->location->address == UINT64_MAX && p->location->folded &&
	    p->lines == 2 && p->line[0].line == -1 &&
	    p->line[0].column == 7 && p->line[1].line == INT64_MAX,
	    "a location and its lines do");
	ok(pprof_next(p, &s, &why) == 1 && s.depth == 1 &&
	    s.value[0] == INT64_MIN && s.value[1] == -1 && s.labels == 2 &&
	    s.label[0].num == INT64_MIN && is(p, s.label[0].unit, "ms") &&
	    p->string[s.label[1].str].len == 3 &&
	    memcmp(p->string[s.label[1].str].p, "v\0w", 3) == 0 &&
	    is(p, s.label[1].key, "key"), "a sample and its labels do");
}

static void
fields(void)
{
	struct pprof_write *w = written_begin(0, 0);
	struct buf out = { 0 }, again = { 0 };
	struct pprof *p;

	put_fields(w);
	p = written_end(w, &out);
	ok(p != NULL, "one of everything is written");
	if (p != NULL)
		see_fields(p);
	pprof_free(p);
	ok(written_again(&out, 0, &again) == 0 && again.len == out.len &&
	    memcmp(out.p, again.p, out.len) == 0,
	    "written again all of it is the same");
	buf_free(&out);
	buf_free(&again);
}

/* Are the ids of these messages 1, 2, ... n? */
static int
dense(const struct buf *b, uint32_t field, uint64_t n)
{
	struct pprof_wire w = { (const unsigned char *)b->p,
	    (const unsigned char *)b->p + b->len };
	struct pprof_field f;
	uint64_t id, next = 1;
	const char *why;

	while (pprof_field(&w, &f, &why) == 1)
		if (f.number == field && (pprof_scalars(f.in, &id, 1, &why)
		    == -1 || id != next++))
			return (0);
	return (next == n + 1);
}

/* Samples with two locations and two values, one field each? */
static int
packed(const struct buf *b)
{
	struct pprof_wire w = { (const unsigned char *)b->p,
	    (const unsigned char *)b->p + b->len };
	struct pprof_field f, in;
	const char *why;

	while (pprof_field(&w, &f, &why) == 1)
		if (f.number == PPROF_SAMPLE && (pprof_field(&f.in, &in, &why)
		    != 1 || in.number != 1 || in.type != PPROF_BYTES ||
		    in.in.end - in.in.at != 2 ||
		    pprof_field(&f.in, &in, &why) != 1 || in.number != 2 ||
		    in.type != PPROF_BYTES || in.in.end - in.in.at != 2 ||
		    f.in.at != f.in.end))
			return (0);
	return (1);
}

static void
tables(void)
{
	struct pprof_write *w = written_begin(0, 0);
	struct pprof_mapping m = { .limit = 4096 };
	struct pprof_location l = { .lines = 0 };
	struct buf out = { 0 };
	uint32_t stack[2], i, unused;
	uint64_t moved;
	struct pprof *p;
	char name[20];

	(void)pprof_write_mapping(w, &m, &moved);
	for (i = 0; i < 20; i++) {
		m.offset = i + 1;
		snprintf(name, sizeof(name), "unused%u", i);
		l.mapping = pprof_write_mapping(w, &m, &moved);
		l.address = i;
		unused = pprof_write_location(w, &l, NULL);
		(void)pprof_write_frame(w, name, strlen(name));
	}
	stack[0] = pprof_write_frame(w, "leaf", 4);
	stack[1] = unused;
	written_sample(w, stack, 2, 1, 2);
	written_sample(w, stack, 2, 0, 0);
	written_sample(w, stack, 2, 1, 2);
	p = written_end(w, &out);
	ok(p != NULL && p->locations == 2 && p->functions == 1 &&
	    p->mappings == 2 && p->strings == 9,
	    "tables have only what samples refer to, and the first mapping");
	ok(p != NULL && dense(&out, PPROF_LOCATION, 2) &&
	    dense(&out, PPROF_FUNCTION, 1) && dense(&out, PPROF_MAPPING, 2),
	    "ids count from 1");
	ok(p != NULL && packed(&out), "locations and values are packed");
	ok(p != NULL && p->head.samples == 3,
	    "without merge samples stay as they are");
	ok(p != NULL && p->location[0].lines == 1 && is(p,
	    p->function[p->line[p->location[0].line].function].name, "leaf") &&
	    p->location[0].mapping == PPROF_NONE,
	    "a frame is a location of nothing but a function");
	pprof_free(p);
	buf_free(&out);
}

static void
equals(void)
{
	struct pprof_write *w = written_begin(0, 0);
	struct pprof_mapping m = { .start = 0x1000, .limit = 0x3000,
	    .offset = 64 }, other = m;
	uint32_t first, id = pprof_write_string(w, "id", 2);
	uint64_t moved;

	ok(pprof_write_string(w, "", 0) == 0 && id != 0 &&
	    pprof_write_string(w, "id", 2) == id &&
	    pprof_write_string(w, "ie", 2) != id &&
	    pprof_write_string(w, "i", 1) != id, "strings are kept once");
	m.build_id = id;
	first = pprof_write_mapping(w, &m, &moved);
	other.build_id = id;
	other.start = 0x5000;
	other.limit = 0x6001;
	other.file = pprof_write_string(w, "elsewhere", 9);
	ok(moved == 0 && pprof_write_mapping(w, &other, &moved) == first &&
	    moved == (uint64_t)0x1000 - 0x5000,
	    "mappings are equal by build id, offset and pages, and move");
	other.file = id;
	other.build_id = 0;
	ok(pprof_write_mapping(w, &other, &moved) == first,
	    "or by file where there is no build id");
	other.limit = 0x7001;
	ok(pprof_write_mapping(w, &other, &moved) != first && moved == 0,
	    "not with more pages");
	pprof_write_free(w);
}

/*
 * Is a location like this one another than the usual? Tried twice: where it is
 * looked up, and where the one that was found last comes before the usual.
 */
static int
differs(const struct pprof_location *l, const struct pprof_line *line)
{
	static const struct pprof_location usual = { .address = 1,
	    .mapping = PPROF_NONE, .lines = 1 };
	static const struct pprof_location first = { .mapping = PPROF_NONE };
	static const struct pprof_line own = { 0, 1, 1 };
	struct pprof_write *w = written_begin(0, 0);
	uint32_t i, before;
	int holds;

	before = pprof_write_location(w, &first, NULL);
	i = pprof_write_location(w, &usual, &own);
	holds = pprof_write_location(w, &first, NULL) == before &&
	    pprof_write_location(w, l, line) != i;
	pprof_write_free(w);
	w = written_begin(0, 0);
	i = pprof_write_location(w, &usual, &own);
	holds = holds && pprof_write_location(w, l, line) != i &&
	    pprof_write_location(w, &usual, &own) == i;
	pprof_write_free(w);
	return (holds);
}

static void
locations(void)
{
	static const struct pprof_location usual = { .address = 1,
	    .mapping = PPROF_NONE, .lines = 1 };
	static const struct pprof_line own = { 0, 1, 1 };
	struct pprof_location l = usual;
	struct pprof_line line = own;

	l.line = 77;
	ok(!differs(&l, &own), "locations are equal by what they are");
	line.column = 2;
	ok(differs(&usual, &line), "not by another column");
	line = own;
	line.line = 2;
	ok(differs(&usual, &line), "line");
	line = own;
	line.function = 1;
	ok(differs(&usual, &line), "function");
	l = usual;
	l.folded = 1;
	ok(differs(&l, &own), "fold");
	l = usual;
	l.address = 2;
	ok(differs(&l, &own), "address");
	l = usual;
	l.mapping = 0;
	ok(differs(&l, &own), "mapping");
	l = usual;
	l.lines = 0;
	ok(differs(&l, &own), "or fewer lines");
}

static void
functions(void)
{
	const struct pprof_function f[] = { { 1, 2, 3, 4 }, { 2, 2, 3, 4 },
	    { 1, 1, 3, 4 }, { 1, 2, 2, 4 }, { 1, 2, 3, 5 } };
	struct pprof_write *w;
	uint32_t i, one, two;
	int holds = 1;

	for (i = 1; i < 5; i++) {
		w = written_begin(0, 0);
		one = pprof_write_function(w, &f[i]);
		two = pprof_write_function(w, &f[0]);
		holds &= one != two && pprof_write_function(w, &f[i]) == one
		    && pprof_write_function(w, &f[0]) == two &&
		    pprof_write_function(w, &f[i]) == one &&
		    pprof_write_function(w, &f[i]) == one;
		pprof_write_free(w);
	}
	ok(holds, "functions are equal by all that they have");
}

static void
large(void)
{
	struct pprof_write *w = written_begin(0, 0);
	struct buf out = { 0 }, again = { 0 };
	uint32_t i, frame[40000], stack[2];
	struct pprof *p;
	int same = 1;
	char name[20];

	for (i = 0; i < 40000; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		frame[i] = pprof_write_frame(w, name, strlen(name));
		stack[0] = frame[i];
		stack[1] = frame[i / 2];
		written_sample(w, stack, 2, i, i);
	}
	/* Not in order, so that each must be looked up. */
	for (i = 40000; i-- > 0;) {
		snprintf(name, sizeof(name), "f%u", i);
		same &= pprof_write_frame(w, name, strlen(name)) == frame[i];
	}
	ok(same, "40000 frames are found again");
	p = written_end(w, &out);
	ok(p != NULL && p->head.samples == 40000 && p->functions == 40000,
	    "and written");
	pprof_free(p);
	ok(written_again(&out, 0, &again) == 0 && again.len == out.len &&
	    memcmp(out.p, again.p, out.len) == 0,
	    "what is read and written again is the same");
	buf_free(&out);
	buf_free(&again);
}

int
main(void)
{
	fields();
	tables();
	equals();
	locations();
	functions();
	large();
	return (failed);
}
