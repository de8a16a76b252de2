#include "line.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"

/* Does the last line read so? Empties out. */
static int
reads(struct buf *out, const char *expected)
{
	const char *s = buf_str(out);
	int same = strcmp(s, expected) == 0;

	if (!same)
		printf("#  %s\n#  %s\n", s, expected);
	out->len = 0;
	return (same);
}

static void
tag(struct line *l, const char *key, const char *value)
{
	line_tag(l, key, value, strlen(value));
}

static void
points(struct line *l, struct buf *out)
{
	line_begin(l, "profiling_metrics");
	tag(l, "service", "svc-1");
	tag(l, "env", "test");
	tag(l, "version", "v1");
	tag(l, "language", "golang");
	tag(l, "host", "host-1");
	line_int(l, "prof_go_blocked_time", INT64_C(21271761332));
	line_float(l, "prof_go_cpu_cores", 0.6164705882352941);
	line_bool(l, "on", 1);
	line_bool(l, "off", 0);
	line_text(l, "message", "{\"a\":\"b\\\\c\"}\n", 13);
	ok(line_end(l, INT64_C(1795341865250000000)) == 0 && reads(out,
	    "profiling_metrics,env=test,host=host-1,language=golang,"
	    "service=svc-1,version=v1 prof_go_blocked_time=21271761332i,"
	    "prof_go_cpu_cores=0.6164705882352941,on=true,off=false,"
	    "message=\"{\\\"a\\\":\\\"b\\\\\\\\c\\\"}\n\" "
	    "1795341865250000000\n"),
	    "a point is written with its tags sorted, its fields in order");
	line_begin(l, "m");
	line_int(l, "f", INT64_MIN);
	line_int(l, "g", INT64_MAX);
	ok(line_end(l, -1) == 0 && reads(out, "m f=-9223372036854775808i,"
	    "g=9223372036854775807i -1\n"),
	    "a point needs no tags; integers have all 64 bits");
	line_begin(l, "m");
	tag(l, "a", "b");
	ok(line_end(l, 1) == 0 && out->len == 0,
	    "a point without fields is not written");
	line_begin(l, "m");
	line_int(l, "left", 1);
	line_begin(l, "n");
	line_int(l, "f", 1);
	ok(line_end(l, 1) == 0 && reads(out, "n f=1i 1\n"),
	    "a point that was not ended is forgotten");
}

static void
escapes(struct line *l, struct buf *out)
{
	line_begin(l, "a, b=c\"\\d");
	tag(l, "k, =\"\\x", "v, =\"\\x");
	line_text(l, "f, =\"\\x", "t, =\"\\x\r\n\t", 10);
	ok(line_end(l, 1) == 0 && reads(out, "a\\,\\ b=c\"\\d,"
	    "k\\,\\ \\=\"\\x=v\\,\\ \\=\"\\x "
	    "f\\,\\ \\=\"\\x=\"t, =\\\"\\\\x\r\n\t\" 1\n"),
	    "each place has its own escapes");
	line_begin(l, "m\\");
	tag(l, "k\\", "v\\\\");
	tag(l, "only", "\\\\");
	tag(l, "\\", "x");
	line_text(l, "f\\\\", "t\\", 2);
	ok(line_end(l, 1) == 0 && reads(out, "m,k=v f=\"t\\\\\" 1\n"),
	    "backslashes at the end of a name go, a text's are escaped");
	line_begin(l, "m\n1");
	line_tag(l, "k\t\r", "v\0w\x7f\xc2\x80", 6);
	line_text(l, "f\x1f", "\0", 1);
	ok(line_end(l, 1) == 0 && out->len == 30 && memcmp(out->p,
	    "m\\ 1,k\\ \\ =v\\ w\\ \xc2\x80 f\\ =\"\0\" 1\n", 30) == 0,
	    "control bytes of names become spaces, a text's stay");
	out->len = 0;
	line_begin(l, "\xff");
	line_tag(l, "\xc3", "\xe2\x82\xac\xe2\x82,\xed\xa0\x80\xf0\x9f\x98\x80",
	    13);
	line_text(l, "\xc0\x80", "\xc3\xa4\xc3\"", 4);
	ok(line_end(l, 1) == 0 && reads(out, "\xef\xbf\xbd,\xef\xbf\xbd="
	    "\xe2\x82\xac\xef\xbf\xbd\xef\xbf\xbd\\,\xef\xbf\xbd\xef\xbf\xbd"
	    "\xef\xbf\xbd\xf0\x9f\x98\x80 \xef\xbf\xbd\xef\xbf\xbd="
	    "\"\xc3\xa4\xef\xbf\xbd\\\"\" 1\n"),
	    "what is no UTF-8 becomes U+FFFD, byte by byte");
}

static void
tags(struct line *l, struct buf *out)
{
	line_begin(l, "m");
	tag(l, "b", "1");
	tag(l, "", "2");
	tag(l, "c", "");
	line_tag(l, "d", NULL, 0);
	tag(l, "b\\", "3");
	tag(l, "ab", "4");
	tag(l, "a", "5");
	tag(l, "a!", "6");
	tag(l, "a b", "7");
	tag(l, "\xc3\xa4", "8");
	tag(l, "b", "");
	line_int(l, "f", 1);
	ok(line_end(l, 1) == 0 && reads(out, "m,a=5,a\\ b=7,a!=6,ab=4,b=3,"
	    "\xc3\xa4=8 f=1i 1\n"),
	    "tags are sorted by their bytes, empty ones go, the last counts");
}

static void
floats(struct line *l, struct buf *out)
{
	static const double values[] = { 0, -1.5, 3, 0.1, 1e21, 1e-7,
	    1.0 / 3, 5e-324, 1.7976931348623157e308, 123456789012345678.0,
	    4503599627370497.5 };
	size_t i;
	int same = 1;

	line_begin(l, "m");
	line_float(l, "nan", (double)NAN);
	line_float(l, "a", 2);
	line_float(l, "inf", (double)INFINITY);
	line_float(l, "minus", -(double)INFINITY);
	line_float(l, "", 3);
	line_float(l, "b", 0.1);
	line_float(l, "c", 0.1 + 0.2);
	line_float(l, "d", 1e23);
	line_float(l, "e", 100);
	ok(line_end(l, 1) == 0 && reads(out, "m a=2,b=0.1,"
	    "c=0.30000000000000004,d=1e+23,e=100 1\n"),
	    "floats are short; one that is not finite, or unnamed, goes");
	line_begin(l, "m");
	line_float(l, "nan", (double)NAN);
	ok(line_end(l, 1) == 0 && out->len == 0,
	    "and a point that has no other with it");
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		line_begin(l, "m");
		line_float(l, "f", values[i]);
		same &= line_end(l, 1) == 0 &&
		    strtod(buf_str(out) + 4, NULL) == values[i];
		out->len = 0;
	}
	ok(same, "floats read back as the same");
}

int
main(void)
{
	struct buf out = { 0 };
	struct line *l = line_new(&out);

	points(l, &out);
	escapes(l, &out);
	tags(l, &out);
	floats(l, &out);
	line_free(l);
	line_free(NULL);
	buf_free(&out);
	return (failed);
}
