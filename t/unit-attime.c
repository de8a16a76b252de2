#include "attime.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ok.h"

/* When attime.json was made; it took less than a millisecond. */
static const int64_t then = INT64_C(1795342918841562040);

static int
is(const char *text, int64_t expected)
{
	int64_t ns = -1;

	if (attime_parse(text, strlen(text), then, &ns) == 0 && ns == expected)
		return (1);
	printf("# %s: %lld, not %lld\n", text, (long long)ns,
	    (long long)expected);
	return (0);
}

static int
wrong(const char *text)
{
	int64_t ns;

	return (attime_parse(text, strlen(text), then, &ns) == -1);
}

/* What the reference's own code made of the same texts. */
static void
oracle(void)
{
	const char *data = getenv("DATA"), *text;
	char path[4096];
	json_t *cases, *c;
	int64_t ns, off;
	size_t i;
	int good = 1;

	snprintf(path, sizeof(path), "%s/oracle/pyroscope/attime.json",
	    data != NULL ? data : "t/data");
	cases = json_load_file(path, 0, NULL);
	ok(json_array_size(cases) == 28, "there are 28 texts");
	json_array_foreach(cases, i, c) {
		text = json_string_value(json_object_get(c, "in"));
		off = INT64_MAX;
		if (attime_parse(text, strlen(text), then, &ns) == 0)
			off = ns - json_integer_value(json_object_get(c,
			    "unix_ns"));
		if (off < -1000000 || off > 1000000) {
			printf("# %s is off by %lld\n", text, (long long)off);
			good = 0;
		}
	}
	ok(good, "each is the reference's time");
	json_decref(cases);
}

static void
digits(void)
{
	ok(is("1795341719", INT64_C(1795341719000000000)) &&
	    is("0", 0) && is("100000000", INT64_C(100000000000000000)),
	    "digits are seconds");
	ok(is("1795341719123", INT64_C(1795341719123000000)) &&
	    is("1795341719123456", INT64_C(1795341719123456000)) &&
	    is("1795341719123456789", INT64_C(1795341719123456789)),
	    "13, 16 and 19 are milli, micro and nanoseconds");
	ok(is("20260131", INT64_C(1769817600000000000)) &&
	    is("20240229", INT64_C(1709164800000000000)), "8 are a day");
	ok(is("20230229", INT64_C(20230229000000000)) &&
	    is("19001231", INT64_C(19001231000000000)) &&
	    is("22620101", INT64_C(22620101000000000)),
	    "a day that never was is seconds");
	ok(is(" 1_795,341 719", INT64_C(1795341719000000000)),
	    "blanks, _ and , do not count");
}

static void
offsets(void)
{
	const int64_t second = INT64_C(1000000000);

	ok(is("", then) && is("now", then) && is("x", then), "all else is now");
	ok(is("now-2d", then - 172800 * second) &&
	    is("now+1w", then + 604800 * second) &&
	    is("now-1mon", then - 2592000 * second) &&
	    is("now-1M", then - 2592000 * second) &&
	    is("now-1m", then - 60 * second) &&
	    is("now-7s", then - 7 * second) &&
	    is("now-1y", then - 31536000 * second), "with an offset");
	ok(is("a-1h+2s", then + 2 * second) &&
	    is("now-5", then) && is("now-h", then) && is("+", then),
	    "of the first plus, else the first minus");
}

static void
bounds(void)
{
	ok(wrong("9223372037") && wrong("99999999999999999999") &&
	    is("9223372036", INT64_C(9223372036000000000)) &&
	    wrong("9223372036854775808") &&
	    is("9223372036854775807", INT64_MAX) &&
	    wrong("9999999999999999"), "no number wraps around");
	ok(wrong("now-300y") && wrong("now-99999999999999999999s") &&
	    wrong("now+9223372036s"), "and no offset");
	ok(is("                                                              "
	    "                now", then) &&
	    wrong("nownownownownownownownownownownownownownownownownownownow"
	    "nownownow"), "at most 64 bytes count");
}

int
main(void)
{
	oracle();
	digits();
	offsets();
	bounds();
	return (failed);
}
