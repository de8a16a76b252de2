/* parts: t/proto.o t/spell.o */
#include "pprof.h"

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

static int
is(struct pprof_text t, const char *s)
{
	return (pprof_text_is(&t, s));
}

static int
head_is_told(const struct pprof_head *h)
{
	return (h->types == 2 && is(h->type[0].type, "main") &&
	    is(h->type[0].unit, "") && is(h->type[1].type, "cpu") &&
	    is(h->type[1].unit, "nanoseconds") && h->time == 1000 &&
	    h->duration == 50 && h->period == 10 && h->samples == 2 &&
	    is(h->period_type.type, "cpu") && is(h->default_type, "main") &&
	    is(h->period_type.unit, "nanoseconds") &&
	    is(h->drop_frames, "work") && is(h->keep_frames, "main.c") &&
	    is(h->doc_url, "b1d"));
}

static int
sums_are_told(const struct buf *b)
{
	struct pprof_sums s;
	const char *why;

	return (pprof_sums(b->p, b->len, &limits, &s, &why) == 0 &&
	    head_is_told(&s.head) && s.sum[0] == 7 && s.sum[1] == -10 &&
	    s.negative && pprof_find(&s.head, "cpu") == 1 &&
	    pprof_find(&s.head, "gpu") == 2);
}

static int
tables_are_told(const struct pprof *p)
{
	const struct pprof_mapping *m = p->mapping;
	const struct pprof_function *f = p->function;
	const struct pprof_location *l = p->location;

	return (p->strings == 11 && is(p->string[10], "ms") &&
	    p->mappings == 1 && m->start == 2 && m->limit == 3 &&
	    m->offset == 4 && m->file == 5 && m->build_id == 6 &&
	    m->has == 3 && p->functions == 2 && f[0].name == 3 &&
	    f[0].system_name == 4 && f[0].filename == 5 &&
	    f[0].start_line == 6 && f[1].name == 0 && p->locations == 2 &&
	    l[0].address == 0x1234 && l[0].mapping == 0 && !l[0].folded &&
	    l[0].lines == 2 && l[0].line == 0 && l[1].lines == 0 &&
	    l[1].mapping == PPROF_NONE && l[1].folded && p->lines == 2 &&
	    p->line[0].function == 0 && p->line[0].line == 11 &&
	    p->line[1].function == 1 && p->line[1].column == 5 &&
	    p->comments == 1 && p->comment[0] == 6);
}

static int
samples_are_told(struct pprof *p)
{
	struct pprof_sample s;
	const char *why;

	return (pprof_next(p, &s, &why) == 1 && s.depth == 2 &&
	    s.location[0] == 1 && s.location[1] == 0 && s.value[0] == 3 &&
	    s.value[1] == 30 && s.labels == 3 && s.label[0].key == 8 &&
	    s.label[0].str == 9 && s.label[0].num == 0 &&
	    s.label[1].key == 0 && s.label[1].unit == 10 &&
	    s.label[2].key == 8 && s.label[2].str == 0 &&
	    s.label[2].num == 7 && s.label[2].unit == 10 &&
	    pprof_next(p, &s, &why) == 1 && s.depth == 1 && s.location[0] == 0 && s.value[0] == 4 &&
	    s.value[1] == -40 && pprof_next(p, &s, &why) == 0);
}

static int
whole_is_told(const struct buf *b)
{
	const char *why;
	struct pprof *p = pprof_open(b->p, b->len, &limits, &why);
	int holds = p != NULL && head_is_told(&p->head) &&
	    tables_are_told(p) && samples_are_told(p) && samples_are_told(p);

	pprof_free(p);
	return (holds);
}

static void
orders(void)
{
	static const char *const order[] = { "tsmlfSh", "Shtfmls", "hSlmfst",
	    "sltShfm", "?t?s?m?l?f?S?h?" };
	struct buf b;
	size_t i;
	int summed = 1, opened = 1;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		b = spell_all(order[i]);
		summed &= sums_are_told(&b);
		opened &= whole_is_told(&b);
		buf_free(&b);
	}
	ok(summed, "sums are the same in whatever order fields come");
	ok(opened, "so are tables, samples and what they refer to");
}

/* A whole profile, and bytes behind it. */
static struct buf
and(const char *bytes, size_t len)
{
	struct buf b = spell_all("tsmlfSh");

	buf_add(&b, bytes, len);
	return (b);
}

static void
wires(void)
{
	static const char number[] = "a number is cut short or over 64 bits";
	static const char cut[] = "a field is cut short";
	static const char field[] = "a field number is out of range";
	static const char type[] = "a field has an unknown wire type";
	static const char wrong[] = "a field has the wrong wire type";
	struct buf b = { 0 };

	ok(refused(b, "empty", "empty"), "nothing is no profile");
	ok(refused(and("\x60", 1), number, number) &&
	    refused(and("\x60\xff", 2), number, number) &&
	    refused(and("\x60\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02", 11),
	    number, number) && refused(and("\x60\xff\xff\xff\xff\xff\xff\xff"
	    "\xff\xff\x81\x01", 12), number, number),
	    "a number that does not end or has over 64 bits is refused");
	ok(refused(and("\x60\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11),
	    "", ""), "one of 64 bits is not");
	ok(refused(and("\x32\x05" "abcd", 6), cut, cut) &&
	    refused(and("\xf9\x04" "1234567", 9), cut, cut) &&
	    refused(and("\xfd\x04" "123", 5), cut, cut),
	    "a field that is longer than what is there is refused");
	ok(refused(and("\x02\x00", 2), field, field) &&
	    refused(and("\x80\x80\x80\x80\x10\x00", 6), field, field),
	    "field number 0, and one over 29 bits, are refused");
	ok(refused(and("\x0b\x0c", 2), type, type) &&
	    refused(and("\x7e\x00", 2), type, type),
	    "groups and wire types that there are not are refused");
	ok(refused(and("\x08\x01", 2), wrong, wrong) &&
	    refused(and("\x10\x01", 2), wrong, wrong) &&
	    refused(and("\x30\x01", 2), wrong, wrong) &&
	    refused(and("\x62\x00", 2), wrong, wrong) &&
	    refused(and("\x69" "12345678", 9), wrong, wrong),
	    "a known field of a wire type that is not its own is refused");
}

static struct buf
swap(const char *order, char by, unsigned int field, struct buf message)
{
	struct buf b = { 0 };

	for (; *order != '\0'; order++)
		if (*order == by)
			proto_message(&b, field, &message);
		else
			spell(&b, *order);
	buf_free(&message);
	return (b);
}

static struct buf
numbers(const unsigned int *pair, size_t n)
{
	struct buf m = { 0 };
	size_t i;

	for (i = 0; i < n; i++)
		proto_number(&m, pair[2 * i], pair[2 * i + 1]);
	return (m);
}

/* The profile with a sample whose label has this number in this field. */
static struct buf
labelled(unsigned int field, uint64_t v)
{
	struct buf b = spell_all("tmlfSh"), m = { 0 }, l = { 0 };

	proto_numbers(&m, 2, (const uint64_t[]){ 1, 2 }, 2, 1);
	proto_number(&l, field, v);
	proto_message(&m, 3, &l);
	proto_message(&b, 2, &m);
	buf_free(&m);
	buf_free(&l);
	return (b);
}

#define NUMBERS(...)	numbers((const unsigned int []){ __VA_ARGS__ },	\
	sizeof((const unsigned int []){ __VA_ARGS__ }) / 8)

static void
references(void)
{
	static const char string[] = "a string's number is out of range";
	static const char zero[] = "an id is 0";
	static const char twice[] = "two entries have one id";

	ok(refused(spell_all("tsmlfh"), string, string) &&
	    refused(swap("t?sSmlfh", '?', 1, NUMBERS(1, 11)), string, string)
	    && refused(and("\x70\x0b", 2), string, string),
	    "a type whose name is not there is refused");
	ok(refused(and("\x68\x0b", 2), "", string) &&
	    refused(swap("tslfS?h", '?', 3, NUMBERS(1, 9, 5, 11)), "", string)
	    && refused(swap("tslfS?h", '?', 3, NUMBERS(1, 9, 6, 11)), "",
	    string) && refused(swap("tsmlfS?h", '?', 5, NUMBERS(1, 9, 4, 11)), "",
	    string), "so are names of mappings, functions and comments");
	ok(refused(swap("t?mlfSh", '?', 2, NUMBERS(1, 8, 2, 1, 2, 1)), "",
	    "a sample's location is not there"),
	    "a sample without its location is refused");
	ok(refused(swap("tsmlfS?h", '?', 4, NUMBERS(1, 5)), "", "") &&
	    refused(swap("tsmlfS?h", '?', 4, NUMBERS(1, 0)), "", zero) &&
	    refused(swap("tsmlfS?h", '?', 5, NUMBERS(1, 0)), "", zero) &&
	    refused(swap("tsmlfS?h", '?', 3, NUMBERS(1, 0)), "", zero),
	    "an id of 0 is refused");
	ok(refused(swap("tsmlfS?h", '?', 4, NUMBERS(1, 7)), "", twice) &&
	    refused(swap("tsmlfS?h", '?', 5, NUMBERS(1, 2)), "", twice) &&
	    refused(swap("tsmlfS?h", '?', 3, NUMBERS(1, 900)), "", twice),
	    "an id that comes twice is refused");
	ok(refused(swap("tSmlfs", 'f', 5, NUMBERS(1, 1)), "",
	    "a line's function is not there"),
	    "a line without its function is refused");
	ok(refused(labelled(1, 11), "", string) &&
	    refused(labelled(2, 11), "", string) &&
	    refused(labelled(4, 11), "", string) &&
	    refused(labelled(4, 10), "", ""),
	    "a label whose text is not there is refused");
	ok(refused(spell_all("tsmlfShh"), "two profiles, one behind the other",
	    "two profiles, one behind the other"),
	    "two profiles, one behind the other, are refused");
	ok(refused(spell_all("?StsmlfhS"), "", ""), "strings may come in two runs");
}

int
main(void)
{
	orders();
	wires();
	references();
	return (failed);
}
