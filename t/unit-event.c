#include "event.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "tags.h"

#define OURS	8

/* Our tags from "o k v" and "f k v" texts. */
static size_t
ours(struct tag *t, const char *const *text)
{
	size_t n;
	char *s;

	for (n = 0; n < OURS && text[n] != NULL; n++) {
		s = strdup(text[n]);
		t[n].fill = s[0] == 'f';
		t[n].key = s + 2;
		t[n].value = strchr(s + 2, ' ') + 1;
		*strchr(s + 2, ' ') = '\0';
	}
	return (n);
}

static void
ours_free(struct tag *t, size_t n)
{
	while (n-- > 0)
		free((char *)(size_t)t[n].key - 2);
}

static int
on_out(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

/* An event edited, in pieces of step bytes: "=" if nothing changes. */
static char *
edited(const char *event, const char *const *text, const char *members,
    size_t step)
{
	struct tag tag[OURS];
	struct buf out = { 0 };
	struct event_change change = { .out = on_out, .arg = &out,
	    .members = members, .members_len = strlen(members) };
	size_t i, k, n = ours(tag, text), len = strlen(event);
	struct tags *t = tags_new(tag, n);
	struct event_scan *s;
	struct event_edit *e;
	const char *why;
	uint64_t at;
	int changed;

	tags_know(t, "service");
	s = event_scan_new(t, 1);
	for (i = 0; i < len; i += k) {
		k = len - i < step ? len - i : step;
		event_scan_feed(s, event + i, k);
	}
	if (event_scan_finish(s, &why, &at) == -1) {
		buf_addf(&out, "! %s at %llu", why, (unsigned long long)at);
		goto out;
	}
	changed = tags_decide(t);
	e = event_edit_new(s, t, &change);
	for (i = 0; i < len; i += k) {
		k = len - i < step ? len - i : step;
		event_edit_feed(e, event + i, k);
	}
	if (event_edit_finish(e) == -1)
		buf_adds(&out, " unfinished");
	event_edit_free(e);
	if (!changed && (out.len != len || memcmp(out.p, event, len) != 0))
		buf_adds(&out, " changed without a change");
	if (!changed)
		buf_adds(&out, " =");
	if (tags_value(t, "service") != NULL)
		buf_addf(&out, " (%s)", tags_value(t, "service"));
out:
	event_scan_free(s);
	tags_free(t);
	ours_free(tag, n);
	return (buf_str(&out));
}

static int
gives(const char *event, const char *const *text, const char *members,
    const char *expected)
{
	size_t step, len = strlen(event);
	char *s;
	int good = 1;

	for (step = 1; step <= len + 1 && good; step++) {
		s = edited(event, text, members, step);
		if ((good = strcmp(s, expected) == 0) == 0)
			printf("# %s in pieces of %zu:\n#  %s\n#  %s\n", event,
			    step, s, expected);
		free(s);
	}
	return (good);
}

/* The same of a list alone. */
static int
lists(const char *list, const char *const *text, const char *expected)
{
	struct buf event = { 0 }, out = { 0 };
	int good;

	buf_addf(&event, "{\"tags_profiler\":\"%s\"}", list);
	buf_addf(&out, "{\"tags_profiler\":\"%s", expected);
	/* What is said behind a list stands behind the event. */
	if (strchr(expected, ' ') == NULL)
		buf_adds(&out, "\"}");
	else {
		out.len -= strlen(strchr(expected, ' '));
		buf_addf(&out, "\"}%s", strchr(expected, ' '));
	}
	good = gives(buf_str(&event), text, "", buf_str(&out));
	buf_free(&event);
	buf_free(&out);
	return (good);
}

#define T(...)	((const char *const []){ __VA_ARGS__, NULL })

static void
merging(void)
{
	ok(lists("a:b,c:d", T("o k v"), "a:b,c:d,k:v"),
	    "ours come behind the client's");
	ok(lists("a:b,k:x,c:d", T("o k v"), "a:b,c:d,k:v") &&
	    lists("k:x,c:d", T("o k v"), "c:d,k:v") &&
	    lists("c:d,k:x", T("o k v"), "c:d,k:v") &&
	    lists("k:x", T("o k v"), "k:v") &&
	    lists("k,a,k:,k:z", T("o k v"), "a,k:v"),
	    "what is overridden vanishes from its place");
	ok(lists("a:b,k:v,c:d", T("o k v"), "a:b,k:v,c:d =") &&
	    lists("k:", T("o k "), "k: =") && lists("k", T("o k "), "k ="),
	    "an override equal to the client's tag changes nothing");
	ok(lists("k:v,a:b,k:v", T("o k v"), "a:b,k:v") &&
	    lists("k:x,k:v", T("o k v"), "k:v"),
	    "unless the client sent it twice");
	ok(lists("k:vv", T("o k v"), "k:v") && lists("k:v", T("o k vv"),
	    "k:vv"), "a longer or shorter value is another");
	ok(lists("a:b", T("f h x"), "a:b,h:x") &&
	    lists("h:y", T("f h x"), "h:y =") &&
	    lists("h:,a:b", T("f h x"), "h:,a:b =") &&
	    lists("h", T("f h x"), "h ="),
	    "a global tag fills a gap, and an empty value is none");
	ok(lists("a:b", T("o z 1", "f y 2", "o x 3", "f a 4"),
	    "a:b,z:1,y:2,x:3"), "ours keep their order");
	ok(lists("a:b", T("f k 1", "o k 2", "o k 3"), "a:b,k:2"),
	    "of two of ours the override counts, and the first");
	ok(lists("", T("o k v"), "k:v") && lists(",", T("o k v"), ",k:v") &&
	    lists("a:b,", T("o k v"), "a:b,k:v") &&
	    lists("a:b,,k:x,", T("o k v"), "a:b,,k:v"),
	    "empty tags need no comma more");
	ok(lists(":k:x", T("o k v"), ":k:x,k:v") &&
	    lists(":k", T("o k v"), ":k,k:v") &&
	    lists("kk:x,k:y:z", T("o k v"), "kk:x,k:v") &&
	    lists(":,::", T("o k v"), ":,::,k:v") &&
	    lists(":k:x", T("o :k v"), ":k:x,:k:v") &&
	    lists(":k:x", T("f :k:x v"), ":k:x ="),
	    "a colon in front makes the whole text a key");
	ok(lists("service:a", T("o k v"), "service:a,k:v (a)") &&
	    lists("service:a,service:b:c", T("o k v"),
	    "service:a,service:b:c,k:v (b:c)") &&
	    lists("service:a", T("o service v"), "service:v (v)") &&
	    lists("service", T("f service v"), "service = ()") &&
	    lists("a", T("f service v"), "a,service:v (v)"),
	    "a final value is ours or the client's last");
}

static void
escapes(void)
{
	ok(lists("a\\u003ab\\u002c\\u006b:x,c\\\"\\n:d", T("o k v"),
	    "a\\u003ab,c\\\"\\n:d,k:v"), "escapes are understood and kept");
	ok(lists("\\u006b\\u003av", T("o k v"), "\\u006b\\u003av =") &&
	    lists("k\\u002cl", T("o l v"), "k,l:v"),
	    "keys, colons and commas may be escaped");
	ok(lists("\\ud83d\\ude00:x,a", T("o \xf0\x9f\x98\x80 v"),
	    "a,\xf0\x9f\x98\x80:v"), "and be outside of ASCII");
	ok(lists("k\\u0000:x", T("o k v\"\\"), "k\\u0000:x,k:v\\\"\\\\"),
	    "a NUL makes another key, and ours are escaped");
	ok(lists("service:a\\u0000b", T("f k v"), "service:a\\u0000b,k:v"),
	    "a value with a NUL is not told");
}

static void
members(void)
{
	ok(gives("{}", T("o k v"), "", "{\"tags_profiler\":\"k:v\"}") &&
	    gives(" { } ", T("o k v"), "\"a\":1",
	    " { \"tags_profiler\":\"k:v\",\"a\":1} "),
	    "an empty event gets its first members");
	ok(gives("{\"x\": [1.0, 1e2] \n}\n", T("o k v"), "\"a\":1",
	    "{\"x\": [1.0, 1e2],\"tags_profiler\":\"k:v\",\"a\":1 \n}\n"),
	    "new members stand behind the last, other bytes stay");
	ok(gives("{\"tags_profiler\":\"k:x\",\"y\":null}", T("o k v"),
	    "\"a\":1", "{\"tags_profiler\":\"k:v\",\"y\":null,\"a\":1}") &&
	    gives("{\"y\":0,\"tags_profiler\" : \"k:x\" }", T("o k v"),
	    "\"a\":1", "{\"y\":0,\"tags_profiler\" : \"k:v\",\"a\":1 }"),
	    "tags are edited in their place");
	ok(gives("{\"tags_profiler\":null,\"y\":1}", T("o k v"), "",
	    "{\"tags_profiler\":\"k:v\",\"y\":1}") &&
	    gives("{\"tags_profiler\":[\"k:x\"]}", T("f k v"), "",
	    "{\"tags_profiler\":\"k:v\"}"),
	    "tags_profiler that is no string counts as absent");
	ok(gives("{\"tags_profiler\":null}", T("f k v", "o k v"), "",
	    "{\"tags_profiler\":\"k:v\"}") &&
	    gives("{\"tags_profiler\":null}", (const char *const []){ NULL },
	    "", "{\"tags_profiler\":null} ="),
	    "and stays where there is nothing to write");
	ok(gives("{\"tags_profiler\":\"k:x\",\"tags_profiler\":\"l:y\"}",
	    T("o k v"), "",
	    "{\"tags_profiler\":\"k:x\",\"tags_profiler\":\"l:y,k:v\"}") &&
	    gives("{\"tags_profiler\":\"k:x\",\"tags_profiler\":1}",
	    T("f k v"), "",
	    "{\"tags_profiler\":\"k:x\",\"tags_profiler\":\"k:v\"}"),
	    "of two tags_profiler the last counts");
	ok(gives("{\"a\":{\"tags_profiler\":\"k:x\"}}", T("o k v"), "",
	    "{\"a\":{\"tags_profiler\":\"k:x\"},\"tags_profiler\":\"k:v\"}"),
	    "a nested tags_profiler is none");
	ok(gives("{\"tags_profiler\":\"k:x,l:y\",\"sub_custom_tags\":\"k:x\"}",
	    T("o k v", "o l w"), "",
	    "{\"tags_profiler\":\"k:x,l:w\",\"sub_custom_tags\":\"k:x\"}") &&
	    gives("{\"sub_custom_tags\":\"a,k:\",\"tags_profiler\":\"l:y\"}",
	    T("o k v", "f k w"), "", "{\"sub_custom_tags\":\"a,k:\","
	    "\"tags_profiler\":\"l:y,k:w\"}"),
	    "a key in sub_custom_tags is not overridden, but a gap filled");
	ok(gives("[]", T("o k v"), "", "! not a JSON object at 0") &&
	    gives("{\"tags_profiler\":\"k:x", T("o k v"), "",
	    "! the object does not end at 21"), "no event is edited");
}

static void
facts(void)
{
	static const char text[] = "{\"format\":\"p\\u0070rof\",\"start\":null,"
	    "\"end\":\"x\",\"end\":\"y\",\"family\":\"a\\u0000\","
	    "\"attachments\":[],\"profiler\":\"r\"";
	struct tags *t = tags_new(NULL, 0);
	struct event_scan *s = event_scan_new(t, 1);
	const struct event_facts *f = event_facts(s);
	struct buf value = { 0 };
	const char *why;
	uint64_t at;

	while (value.len < EVENT_VALUE)
		buf_addc(&value, 'v');
	event_scan_feed(s, text, strlen(text));
	event_scan_feed(s, ",\"runtime\":\"", 12);
	event_scan_feed(s, value.p, value.len);
	event_scan_feed(s, "\",\"language\":\"+", 15);
	event_scan_feed(s, value.p, value.len);
	event_scan_feed(s, "\"}", 2);
	ok(event_scan_finish(s, &why, &at) == 0 &&
	    strcmp(f->format, "pprof") == 0 && strcmp(f->end, "y") == 0 &&
	    strcmp(f->profiler, "r") == 0, "the values of an event are told");
	ok(f->has_format && f->has_start && f->has_attachments &&
	    !f->has_tags && f->start == NULL,
	    "and which keys there are, whatever their type");
	ok(f->runtime != NULL && strlen(f->runtime) == EVENT_VALUE &&
	    f->language == NULL && f->has_language,
	    "a value over 1024 bytes is not");
	ok(f->family == NULL, "nor is one with a NUL");
	event_scan_free(s);
	tags_free(t);
	buf_free(&value);
}

static void
halves(void)
{
	struct tags *t = tags_new(NULL, 0);

	tags_know(t, "service");
	tags_begin(t, TAGS_CLIENT);
	tags_feed(t, "service:a,ser", 13);
	tags_begin(t, TAGS_CLIENT);
	ok(tags_value(t, "service") == NULL,
	    "a list begun anew forgets the one before");
	tags_feed(t, "service:b", 9);
	tags_end(t);
	ok(strcmp(tags_value(t, "service"), "b") == 0, "even half a tag of it");
	tags_free(t);
}

/* Repeat piece n times, to both passes. What comes out is only counted. */
static int
on_count(const char *p, size_t len, void *arg)
{
	size_t *n = arg;

	(void)p;
	*n += len;
	return (0);
}

static size_t
huge(const char *piece, size_t n, size_t *held)
{
	static const char head[] = "{\"tags_profiler\":\"", tail[] = "\"}";
	struct tag tag = { "k", "v", 0 };
	struct tags *t = tags_new(&tag, 1);
	struct event_scan *s = event_scan_new(t, 1);
	size_t count = 0, i, before = mallinfo2().uordblks;
	struct event_change change = { .out = on_count, .arg = &count };
	struct event_edit *e;
	const char *why;
	uint64_t at;

	event_scan_feed(s, head, strlen(head));
	for (i = 0; i < n; i++)
		event_scan_feed(s, piece, strlen(piece));
	event_scan_feed(s, tail, strlen(tail));
	event_scan_finish(s, &why, &at);
	tags_decide(t);
	e = event_edit_new(s, t, &change);
	event_edit_feed(e, head, strlen(head));
	for (i = 0; i < n; i++)
		event_edit_feed(e, piece, strlen(piece));
	event_edit_feed(e, tail, strlen(tail));
	*held = mallinfo2().uordblks - before;
	if (event_edit_finish(e) == -1)
		count = 0;
	event_edit_free(e);
	event_scan_free(s);
	tags_free(t);
	return (count - strlen(head) - strlen(tail));
}

static void
sizes(void)
{
	struct buf mib = { 0 };
	size_t held, most = 0;

	while (mib.len < 1 << 20)
		buf_adds(&mib, "0123456789abcdef");
	ok(huge(buf_str(&mib), 32, &held) == (32 << 20) + 4,
	    "a tag of 32 MiB that is all key goes through");
	most = held > most ? held : most;
	mib.p[2] = ':';
	ok(huge(mib.p, 32, &held) == (32 << 20) + 4,
	    "a tag of 32 MiB goes through");
	most = held > most ? held : most;
	ok(huge("key:value,", 100000, &held) == 1000000 + 3,
	    "100,000 tags go through");
	most = held > most ? held : most;
	ok(huge("k:v,", 1000000, &held) == 3,
	    "1,000,000 overridden tags become one");
	most = held > most ? held : most;
	ok(huge("\\u006b\\u003a\\u0076\\u002c", 1000000, &held) == 3,
	    "also where every byte is escaped");
	most = held > most ? held : most;
	printf("# %zu bytes held at most\n", most);
	ok(most < 16384, "memory does not depend on an event's size");
	buf_free(&mib);
}

int
main(void)
{
	merging();
	escapes();
	members();
	facts();
	halves();
	sizes();
	return (failed);
}
