#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"

static char begun[300];

static void
on_begin(const struct json_member *m, void *arg)
{
	snprintf(begun, sizeof(begun), "%s", m->key);
	buf_addf(arg, "%s:%d@%llu<", m->key, (int)m->type,
	    (unsigned long long)m->start);
}

static void
on_text(const char *p, size_t len, void *arg)
{
	buf_add(arg, p, len);
}

static void
on_member(const struct json_member *m, void *arg)
{
	buf_addf(arg, ">%llu%s ", (unsigned long long)m->end,
	    strcmp(m->key, begun) == 0 ? "" : " of another");
}

/* What the checker says of a text fed in pieces of step bytes. */
static char *
told(unsigned int depth, const char *p, size_t len, size_t step)
{
	struct buf b = { 0 };
	struct json *j = json_new(depth, on_member, &b);
	const char *why;
	uint64_t at;
	size_t n;

	json_watch(j, on_begin, on_text);
	for (; len > 0; p += n, len -= n) {
		n = len < step ? len : step;
		if (json_feed(j, p, n) == -1)
			break;
	}
	if (json_finish(j, &why, &at) == -1)
		buf_addf(&b, "! %s at %llu", why, (unsigned long long)at);
	else
		buf_addf(&b, "close %llu%s", (unsigned long long)json_close(j),
		    json_empty(j) ? " empty" : "");
	json_free(j);
	return (buf_str(&b));
}

static int
says(unsigned int depth, const char *text, const char *expected)
{
	size_t step, len = strlen(text);
	char *s;
	int good = 1;

	for (step = 1; step <= len + 1 && good; step++) {
		s = told(depth, text, len, step);
		if ((good = strcmp(s, expected) == 0) == 0)
			printf("# %s in pieces of %zu:\n#  %s\n#  %s\n", text,
			    step, s, expected);
		free(s);
	}
	return (good);
}

static void
members(void)
{
	ok(says(9, " {} \n", "close 2 empty"), "an empty object is one");
	ok(says(9, "{\"a\":\"b\\\"c\\u00e4\",\"d\":-0.5e+10 , \"\":null}",
	    "a:0@5<b\\\"c\\u00e4>17 d:1@22<>30 :6@36<>40 close 40"),
	    "members are told with their type and where they stand");
	ok(says(9, "{\"o\":{\"k\":[1,{\"l\":\"x\"}],\"m\":\"y\"},"
	    "\"a\":[\"z\",[]],\"t\":true,\"f\":false}",
	    "o:2@5<>32 a:3@37<>45 t:4@50<>54 f:5@59<>64 close 64"),
	    "what is nested is not told");
	ok(says(9, "{\"\\u0061\\ud83d\\ude00\\ud83d\":0,\"a\\u0000b\":1}",
	    "a\xf0\x9f\x98\x80\xef\xbf\xbd:1@28<>29 a\\u0000b:1@41<>42 "
	    "close 42"), "keys are decoded, but no NUL cuts one short");
	ok(says(9, "{\"a\":1,\"a\":2}", "a:1@5<>6 a:1@11<>12 close 12"),
	    "a key that stands twice is told twice");
	ok(says(9, "{\"a\":\"\xff\xc3\"}", "a:0@5<\xff\xc3>9 close 9"),
	    "bytes that are no UTF-8 are let through");
}

static void
keys(void)
{
	struct buf text = { 0 };
	char *s;
	int i;

	buf_adds(&text, "{\"");
	for (i = 0; i < 300; i++)
		buf_addc(&text, 'k');
	buf_adds(&text, "\":1}");
	s = told(9, text.p, text.len, 7);
	ok(strspn(s, "k") == 255, "a key over 255 bytes is cut");
	free(s);
	buf_free(&text);
}

static void
refusals(void)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "", "! not a JSON object at 0" },
		{ "  ", "! not a JSON object at 2" },
		{ "[]", "! not a JSON object at 0" },
		{ "\xef\xbb\xbf{}", "! not a JSON object at 0" },
		{ "{", "! the object does not end at 1" },
		{ "{}x", "! bytes after the object at 2" },
		{ "{}{}", "! bytes after the object at 2" },
		{ "{a:1}", "! a key was expected at 1" },
		{ "{\"a\" 1}", "! a colon was expected at 5" },
		{ "{\"a\":}", "! a value was expected at 5" },
		{ "{\"a\":1,}", "a:1@5<>6 ! a key was expected at 7" },
		{ "{,}", "! a key was expected at 1" },
		{ "{\"a\":1 2}", "a:1@5<>6 ! a comma or an end was expected "
		    "at 7" },
		{ "{\"a\":[1,]}", "a:3@5<! a value was expected at 8" },
		{ "{\"a\":[,]}", "a:3@5<! a value was expected at 6" },
		{ "{\"a\":[1}}", "a:3@5<! wrong bracket at 7" },
		{ "{\"a\":1]", "a:1@5<>6 ! wrong bracket at 6" },
		{ "{\"a\":tru}", "a:4@5<! a value was expected at 8" },
		{ "{\"a\":nul", "a:6@5<! the object does not end at 8" },
		{ "{\"a\":'b'}", "! a value was expected at 5" },
		{ "{\"a\":01}", "a:1@5<>6 ! a comma or an end was expected "
		    "at 6" },
		{ "{\"a\":-01}", "a:1@5<>7 ! a comma or an end was expected "
		    "at 7" },
		{ "{\"a\":-}", "a:1@5<! malformed number at 6" },
		{ "{\"a\":1.}", "a:1@5<! malformed number at 7" },
		{ "{\"a\":1e}", "a:1@5<! malformed number at 7" },
		{ "{\"a\":1e+}", "a:1@5<! malformed number at 8" },
		{ "{\"a\":.5}", "! a value was expected at 5" },
		{ "{\"a\":\"\n\"}", "a:0@5<! control byte in a string at 6" },
		{ "{\"a\":\"\\x\"}", "a:0@5<\\! malformed escape at 7" },
		{ "{\"a\":\"\\u12g4\"}",
		    "a:0@5<\\u12! malformed escape at 10" },
		{ "{\"a\":\"", "a:0@5<! the object does not end at 6" },
	};
	size_t i;
	int all = 1;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		all &= says(9, cases[i].text, cases[i].expected);
	ok(all, "what is malformed is refused at the byte that is wrong");
	ok(says(2, "{\"a\":[]}", "a:3@5<>7 close 7") &&
	    says(3, "{\"a\":[{}]}", "a:3@5<>9 close 9"),
	    "as many levels as the limit are taken");
	ok(says(1, "{\"a\":[]}", "a:3@5<! nested too deeply at 5") &&
	    says(2, "{\"a\":[{}]}", "a:3@5<! nested too deeply at 6"),
	    "a level over the limit is refused");
}

static int
on_unit(const char *raw, size_t raw_len, const char *text, size_t len,
    void *arg)
{
	if (raw == text)
		return (buf_addf(arg, "(%.*s)", (int)len, text));
	return (buf_addf(arg, "(%.*s=%.*s)", (int)raw_len, raw, (int)len,
	    text));
}

static void
units(void)
{
	static const char text[] = "a\\n\\ud83dx\\ud83d\\n\\ud83d\\ud83d\\ude00"
	    "\\ude00\\u0041\\ud83d\\u0041b\\ud83d";
	static const char expected[] = "(a)(\\n=\n)(\\ud83d=\xef\xbf\xbd)(x)"
	    "(\\ud83d=\xef\xbf\xbd)(\\n=\n)(\\ud83d=\xef\xbf\xbd)"
	    "(\\ud83d\\ude00=\xf0\x9f\x98\x80)(\\ude00=\xef\xbf\xbd)"
	    "(\\u0041=A)(\\ud83d=\xef\xbf\xbd)(\\u0041=A)(b)"
	    "(\\ud83d=\xef\xbf\xbd)";
	struct json_text t;
	struct buf b = { 0 };
	size_t step, i, n, len = strlen(text);
	int good = 1;

	for (step = 1; step <= len; step++) {
		memset(&t, 0, sizeof(t));
		for (i = 0; i < len; i += n) {
			n = len - i < step ? len - i : step;
			json_text_feed(&t, text + i, n, on_unit, &b);
		}
		json_text_end(&t, on_unit, &b);
		good &= strcmp(buf_str(&b), expected) == 0;
		b.len = 0;
	}
	ok(good, "escapes come whole, pairs of surrogates as one");
	memset(&t, 0, sizeof(t));
	errno = 0;
	ok(json_text_feed(&t, "\\u00", 4, on_unit, &b) == 0 &&
	    json_text_end(&t, on_unit, &b) == -1 && errno == EINVAL,
	    "half an escape is malformed");
	buf_free(&b);
}

static void
texts(void)
{
	struct buf b = { 0 }, back = { 0 };
	static const char odd[] = "a\"b\\c/\n\t\r\b\f\001\177\xc3\xa4"
	    "\xf0\x9f\x98\x80";

	json_escape(&b, odd, sizeof(odd));
	ok(strcmp(buf_str(&b), "a\\\"b\\\\c/\\n\\t\\r\\b\\f\\u0001\177\xc3\xa4"
	    "\xf0\x9f\x98\x80\\u0000") == 0, "a text is escaped");
	ok(json_unescape(&back, b.p, b.len) == 0 && back.len == sizeof(odd) &&
	    memcmp(back.p, odd, sizeof(odd)) == 0, "and comes back");
	b.len = 0;
	json_escape(&b, "\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\xe2\x82", 12);
	ok(b.len == 36 && strncmp(buf_str(&b), "\xef\xbf\xbd\xef\xbf\xbd",
	    6) == 0, "what is no UTF-8 becomes U+FFFD, byte by byte");
	ok(json_unfinished("a\xe2\x82", 3) == 2 &&
	    json_unfinished("a\xf0", 2) == 1 &&
	    json_unfinished("\xf0\x9f\x98", 3) == 3 &&
	    json_unfinished("\xe2\x82\xac", 3) == 0 &&
	    json_unfinished("a\xff", 2) == 0 && json_unfinished("", 0) == 0,
	    "an unfinished sequence is told from a wrong one");
	back.len = 0;
	ok(json_unescape(&back, "\\/\\x", 4) == -1 && errno == EINVAL &&
	    json_unescape(&back, "\\u00zz", 6) == -1 &&
	    json_unescape(&back, "\\", 1) == -1,
	    "a malformed escape is not decoded");
	buf_free(&b);
	buf_free(&back);
}

int
main(void)
{
	members();
	keys();
	refusals();
	units();
	texts();
	return (failed);
}
