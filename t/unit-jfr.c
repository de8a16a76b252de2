/* parts: t/recording.o t/recorded.o */
#include "jfr.h"

#include "ok.h"
#include "recorded.h"
#include "recording.h"

static const struct jfr_wish all_kinds[] = { { "app.Kinds", { "long", "int",
    "short", "char", "byte", "boolean", "float", "double" } } };

static void
put_kinds(struct recording *r, int64_t l, int32_t i, int s, int c, int b)
{
	recording_event(r, 50);
	recording_long(r, l);
	recording_int(r, i);
	recording_short(r, s);
	recording_short(r, c);
	recording_byte(r, b);
	recording_byte(r, 1);
	recording_real(r, 0.5, 4);
	recording_real(r, -1e300, 8);
	recording_over(r);
}

static void
kinds(int plain)
{
	struct recording r = { 0 };

	recording_begin(&r, SECOND, plain);
	recording_types(&r, RECORDED_BASES "event 50 app.Kinds\n"
	    " field long 1\n field int 2\n field short 3\n field char 4\n"
	    " field byte 5\n field boolean 6\n field float 7\n"
	    " field double 8\n");
	put_kinds(&r, 127, 128, 0, 65, 2);
	put_kinds(&r, INT64_MIN, -1, -1, 0xffff, 0xff);
	put_kinds(&r, INT64_MAX, INT32_MIN, 0x7fff, 0x80, 0x80);
	put_kinds(&r, INT64_C(1) << 56, INT32_MAX, -0x8000, 0, 0);
	put_kinds(&r, -(INT64_C(1) << 56), 0x4000, 0, 0, 0);
	recording_end(&r);
	ok(recorded_is(&r, all_kinds, 1,
	    "127 128 0 65 2 1 0.5(0) -1e+300(-9223372036854775808) ; "
	    "-9223372036854775808 -1 -1 65535 -1 1 0.5(0) "
	    "-1e+300(-9223372036854775808) ; "
	    "9223372036854775807 -2147483648 32767 128 -128 1 0.5(0) "
	    "-1e+300(-9223372036854775808) ; "
	    "72057594037927936 2147483647 -32768 0 0 1 0.5(0) "
	    "-1e+300(-9223372036854775808) ; "
	    "-72057594037927936 16384 0 0 0 1 0.5(0) "
	    "-1e+300(-9223372036854775808) ; "), plain ?
	    "integers that are not compressed are read, with their sign" :
	    "compressed integers are read, with their sign, up to 9 bytes");
	recording_free(&r);
}

static void
units(int64_t clock, const char *expected, const char *fact)
{
	static const struct jfr_wish wishes[] = {
		{ "app.Spans", { "ticks", "ns", "us", "ms", "s", "none", "odd",
		    "real" } },
		{ "app.Times", { "ticks", "ms", "s", "ns", "none" } },
		{ "app.Rest", { "bytes", "bits", "old", "hertz", "share",
		    "address", "u1", "u8" } },
		{ "app.Rest", { "x" } } };
	struct recording r = { 0 };
	int i;

	recording_begin(&r, clock, 0);
	recording_types(&r, RECORDED_BASES
	    "event 50 app.Spans\n field ticks 1 @27=Ticks @20=TICKS\n"
	    " field ns 1 @20=NANOSECONDS\n field us 1 @20=MICROSECONDS\n"
	    " field ms 1 @20=MILLISECONDS\n field s 1 @20=SECONDS\n"
	    " field none 1 @20\n field odd 1 @20=FORTNIGHTS\n"
	    " field real 7 @20=TICKS\n"
	    "event 51 app.Times\n field ticks 1 @21=TICKS\n"
	    " field ms 1 @21=MILLISECONDS_SINCE_EPOCH\n"
	    " field s 1 @21=SECONDS_SINCE_EPOCH\n"
	    " field ns 1 @21=NANOSECONDS_SINCE_EPOCH\n"
	    " field none 1 @21\n"
	    "event 52 app.Rest\n field bytes 1 @23 @22=BYTES\n"
	    " field bits 1 @22=BITS\n field old 1 @28\n"
	    " field hertz 7 @24\n field share 7 @25\n"
	    " field address 1 @26\n field u1 5 @23\n field u8 1 @23\n" RECORDED_NOTES);
	recording_event(&r, 50);
	for (i = 0; i < 7; i++)
		recording_long(&r, 5000000001);
	recording_real(&r, 3, 4);
	recording_over(&r);
	recording_event(&r, 51);
	recording_long(&r, 999);
	recording_long(&r, 1795342140000);
	recording_long(&r, 1795342140);
	recording_long(&r, 1795342140000000001);
	recording_long(&r, INT64_MAX / 2);
	recording_over(&r);
	recording_event(&r, 52);
	for (i = 0; i < 3; i++)
		recording_long(&r, 4096);
	recording_real(&r, 2.5, 4);
	recording_real(&r, 0.25, 4);
	recording_long(&r, -1);
	recording_byte(&r, 0xff);
	recording_long(&r, -1);
	recording_over(&r);
	recording_end(&r);
	ok(recorded_is(&r, wishes, 4, expected), fact);
	recording_free(&r);
}

#define UNITS(ticks, real, at)						\
	ticks "ns 5000000001ns 5000000001000ns 5000000001000000ns "	\
	"5000000001000000000ns 5000000001ns 5000000001 " real "ns ; "	\
	"1:" at "@ 1795342140000000000@ 1795342140000000000@ "		\
	"1795342140000000001@ 9223372036854775807@ ; "			\
	"2:4096B 4096b 4096B 2.5(2)Hz 0.25(0)% -1& 255 "		\
	"9223372036854775807 ; "

static void
clocks(void)
{
	units(SECOND, UNITS("5000000001", "3(3)", "1795342139999999999"),
	    "units are what the annotations say, or their defaults");
	units(3 * SECOND, UNITS("1666666667", "1(1)", "1795342140000000000"),
	    "ticks are converted by the chunk's clock, and truncated");
	units(24000000, UNITS("208333333375", "125(125)",
	    "1795342139999999959"), "by a slow clock");
	units(1, UNITS("5000000001000000000", "3e+09(3000000000)",
	    "1795342139000000000"), "by a clock of seconds");
	units(INT64_MAX, UNITS("0", "3.25261e-10(0)", "1795342140000000000"),
	    "by one that nobody has");
}

static const struct jfr_wish texts[] = { { "app.Text", { "a", "b.name",
    "b.owner.name" } } };

/* Constants before or behind their use, in one checkpoint or in several. */
static void
put_constants(struct recording *r, int nth)
{
	recording_checkpoint(r, nth == 0 ? 2 : 1);
	recording_pool(r, 60, 1);
	recording_long(r, 7 + nth);
	recording_text(r, 3, nth == 0 ? "thread" : "other");
	recording_long(r, nth == 0 ? 8 : 99);
	if (nth == 0) {
		recording_pool(r, 9, 2);
		recording_long(r, 70);
		recording_text(r, 5, "pooled");
		recording_long(r, 71);
		recording_text(r, 2, "70");
	}
	recording_over(r);
}

static void
put_text(struct recording *r, int form, const char *text, int64_t key)
{
	recording_event(r, 50);
	recording_text(r, form, text);
	recording_long(r, key);
	recording_over(r);
}

static void
strings(int plain, int first, const char *fact)
{
	struct recording r = { 0 };

	recording_begin(&r, SECOND, plain);
	if (first == 0) {
		put_constants(&r, 0);
		put_constants(&r, 1);
	}
	recording_types(&r, RECORDED_BASES "event 50 app.Text\n field a 9\n"
	    " field b 60 pooled\n"
	    "type 60 app.Thread\n field name 9\n field owner 60 pooled\n");
	if (first == 1)
		put_constants(&r, 0);
	put_text(&r, 0, "", 7);
	put_text(&r, 1, "", 8);
	put_text(&r, 2, "70", 9);
	put_text(&r, 2, "71", 0);
	put_text(&r, 2, "72", 7);
	put_text(&r, 3, "\xc3\xa9t\xc3\xa9", 7);
	put_text(&r, 4, "\xe9t\xe9", 7);
	put_text(&r, 4, "ete", 7);
	put_text(&r, 5, "\xe9t\xe9", 7);
	if (first == 2)
		put_constants(&r, 0);
	if (first != 0)
		put_constants(&r, 1);
	recording_end(&r);
	ok(recorded_is(&r, texts, 1, "null 'thread' 'other' ; '' 'other' - ; "
	    "'pooled' - - ; - - - ; - 'thread' 'other' ; "
	    "'\xc3\xa9t\xc3\xa9' 'thread' 'other' ; "
	    "'\xc3\xa9t\xc3\xa9' 'thread' 'other' ; "
	    "'ete' 'thread' 'other' ; "
	    "'\xc3\xa9t\xc3\xa9' 'thread' 'other' ; "), fact);
	recording_free(&r);
}

/* Of two constants with one key the one further on counts. */
static void
later(void)
{
	static const struct jfr_wish wish = { "app.Text", { "a" } };
	struct recording r = { 0 };
	int i;

	recording_begin(&r, SECOND, 0);
	recording_types(&r, RECORDED_BASES
	    "event 50 app.Text\n field a 9\n");
	for (i = 0; i < 2; i++) {
		recording_checkpoint(&r, 1);
		recording_pool(&r, 9, 1);
		recording_long(&r, 70);
		recording_text(&r, 3, i == 0 ? "before" : "behind");
		recording_over(&r);
	}
	recording_event(&r, 50);
	recording_text(&r, 2, "70");
	recording_over(&r);
	recording_end(&r);
	ok(recorded_is(&r, &wish, 1, "'behind' ; "),
	    "of two constants with one key the later one counts");
	recording_free(&r);
}

/* A text of UTF-16, whole pairs and halves of them. */
static void
pairs(int plain)
{
	static const int units[] = { 0x20ac, 0xd83d, 0xde00, 0xde00, 0xd83d,
	    'x', 0xd83d };
	static const struct jfr_wish wish = { "app.Text", { "a" } };
	struct recording r = { 0 };
	size_t i, n = sizeof(units) / sizeof(units[0]);

	recording_begin(&r, SECOND, plain);
	recording_types(&r, RECORDED_BASES
	    "event 50 app.Text\n field a 9\n");
	recording_event(&r, 50);
	recording_byte(&r, 4);
	recording_int(&r, (int32_t)n);
	for (i = 0; i < n; i++)
		recording_short(&r, units[i]);
	recording_over(&r);
	recording_end(&r);
	ok(recorded_is(&r, &wish, 1, "'\xe2\x82\xac\xf0\x9f\x98\x80"
	    "\xef\xbf\xbd\xef\xbf\xbdx\xef\xbf\xbd' ; "), plain ?
	    "and where they are not compressed" :
	    "pairs of UTF-16 are one character, halves none");
	recording_free(&r);
}

/* Whatever stands before a field is stepped over. */
static void
skipping(int plain)
{
	static const struct jfr_wish wish = { "app.Deep", { "last",
	    "in.y.z", "list", "in", "no.such", "last.x" } };
	struct recording r = { 0 };
	int i;

	recording_begin(&r, SECOND, plain);
	recording_types(&r, RECORDED_BASES "event 50 app.Deep\n field list 2 array\n"
	    " field bytes 5 array\n field names 9 array\n"
	    " field in 61\n field refs 9 array pooled\n"
	    " field many 61 array\n field last 1\n field behind 99\n"
	    "type 61 app.In\n field x 9\n field y 62\n field ref 63 pooled\n"
	    "type 62 app.Y\n field w 8\n field z 3\n field none 1 array\n");
	recording_event(&r, 50);
	recording_int(&r, 3);
	for (i = 0; i < 3; i++)
		recording_int(&r, -i);
	recording_int(&r, 2);
	recording_short(&r, plain ? 0 : -1);
	if (!plain)
		r.out.len--;
	recording_int(&r, 2);
	recording_text(&r, 4, "two");
	recording_text(&r, 0, "");
	for (i = 0; i < 3; i++) {
		recording_text(&r, 5, "x");
		recording_real(&r, 1, 8);
		recording_short(&r, 40 + i);
		recording_int(&r, 1);
		recording_long(&r, INT64_MIN);
		recording_long(&r, INT64_MAX);
		if (i == 0) {
			recording_int(&r, 1);
			recording_long(&r, 70);
			recording_int(&r, 2);
		}
	}
	recording_long(&r, 4711);
	recording_over(&r);
	recording_end(&r);
	ok(recorded_is(&r, &wish, 1, "4711 40 - - - - ; "), plain ?
	    "and where integers are not compressed" :
	    "arrays, and what is nested, are stepped over or into");
	recording_free(&r);
}

int
main(void)
{
	kinds(0);
	kinds(1);
	clocks();
	strings(0, 0, "texts of every encoding, and constants before their "
	    "use");
	strings(0, 1, "constants that refer to one further on");
	strings(0, 2, "constants behind their use, in two checkpoints");
	strings(1, 2, "and where integers are not compressed");
	later();
	pairs(0);
	pairs(1);
	skipping(0);
	skipping(1);
	return (failed);
}
