#include "json_walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"

/* Everything in a value, with a mark where each thing begins and ends. */
static void
told(struct json_walk *w, struct buf *out)
{
	struct json_raw raw;
	char c = json_walk_type(w);

	buf_addc(out, c);
	if (c == '{') {
		json_walk_enter(w);
		while (json_walk_key(w, &raw)) {
			buf_add(out, raw.p, raw.len);
			buf_addc(out, ':');
			told(w, out);
		}
		buf_addc(out, '}');
	} else if (c == '[') {
		json_walk_enter(w);
		while (json_walk_item(w))
			told(w, out);
		buf_addc(out, ']');
	} else {
		json_walk_raw(w, &raw);
		buf_add(out, raw.p, raw.len);
		buf_addc(out, ' ');
	}
}

static int
tells(const char *text, const char *expected)
{
	struct json_walk w = { text, text + strlen(text) }, skipped = w;
	struct buf out = { 0 };
	const char *why = "";
	int good;

	good = json_check(text, strlen(text), 9, &why) == 0;
	told(&w, &out);
	json_walk_skip(&skipped);
	good = good && strcmp(buf_str(&out), expected) == 0 &&
	    skipped.at == w.at;
	if (!good)
		printf("# %s: %s%s\n", text, why, out.p);
	buf_free(&out);
	return (good);
}

static void
walks(void)
{
	ok(tells("{}", "{}") && tells(" { } ", "{}"), "an empty object");
	ok(tells("{\"a\":1,\"b\":[true,false , null],\"c\":{\"d\":\"e\"}}",
	    "{a:01 b:[ttrue ffalse nnull ]c:{d:\"e }}"),
	    "keys, values and what is in them");
	ok(tells("{\"a\\\"}\":\"]\\\\\",\"\":[-1.5E+3,[],{}]}",
	    "{a\\\"}:\"]\\\\ :[--1.5E+3 []{}]}"),
	    "a bracket in a string is none");
}

static void
checks(void)
{
	const char *why = "";

	ok(json_check(NULL, 0, 9, &why) == -1 &&
	    strcmp(why, "not a JSON object") == 0, "nothing is no object");
	ok(json_check("{\"a\":[[]]}", 10, 2, &why) == -1 &&
	    strcmp(why, "nested too deeply") == 0, "depth has a limit");
}

static int
raw_is(const char *written, const char *text)
{
	struct json_raw raw = { written, strlen(written) };

	return (json_raw_is(&raw, text));
}

static void
strings(void)
{
	ok(raw_is("name", "name") && raw_is("n\\u0061me", "name") &&
	    raw_is("", ""), "a string is compared as it is meant");
	ok(!raw_is("name", "nam") && !raw_is("nam", "name") &&
	    !raw_is("a\\u0000", "a"), "and all of it");
}

static int
scales(const char *text, int digits, int result, int64_t expected)
{
	struct json_raw raw = { text, strlen(text) };
	int64_t v = 0;
	int got = json_raw_scaled(&raw, digits, &v);

	if (got == result && (got == -1 || v == expected))
		return (1);
	printf("# %s: %d, %lld\n", text, got, (long long)v);
	return (0);
}

static void
numbers(void)
{
	ok(scales("0", 0, 0, 0) && scales("-0", 9, 0, 0) &&
	    scales("42", 0, 0, 42) && scales("-7", 2, 0, -700),
	    "integers");
	ok(scales("0.01", 9, 0, 10000000) &&
	    scales("0.30000000000000004", 9, 1, 300000000) &&
	    scales("1.5", 0, 1, 2) && scales("-1.4", 0, 1, -1) &&
	    scales("2.50", 1, 0, 25), "fractions, to the nearest");
	ok(scales("1e3", 0, 0, 1000) && scales("12.5E-1", 2, 0, 125) &&
	    scales("1E-400", 9, 1, 0) && scales("0e999999999999", 0, 0, 0) &&
	    scales("1e-19", 0, 1, 0) && scales("9e-19", 0, 1, 0),
	    "exponents");
	ok(scales("9223372036854775807", 0, 0, INT64_MAX) &&
	    scales("9223372036854775808", 0, -1, 0) &&
	    scales("9223372036854775806.99", 0, 1,
	    INT64_C(9223372036854775806)) &&
	    scales("1e99999999999999999999", 0, -1, 0) &&
	    scales("10000000000000000000", 0, -1, 0) &&
	    scales("9223372037", 9, -1, 0), "none over 63 bits");
	ok(scales("0.00000000000000000000000000000000123e33", 0, 1, 1) &&
	    scales("123000000000000000000000000000000e-30", 0, 0, 123),
	    "many digits");
}

int
main(void)
{
	walks();
	checks();
	strings();
	numbers();
	return (failed);
}
