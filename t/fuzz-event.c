/* covers: common/event.c common/event_edit.c */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "event.h"
#include "must.h"
#include "tags.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * An event is edited with tags of ours. In whatever pieces it comes the result
 * must be the same; where nothing was to change it is the event, byte for
 * byte; and edited once more with the same tags it does not change.
 */
static const struct tag ours[] = { { "k", "v", 0 }, { "host", "h\"1", 1 },
    { "key", "", 0 }, { "a", "b", 1 }, { "\xc3\xa4", "\xff", 1 } };

#define OURS	(sizeof(ours) / sizeof(ours[0]))

static int
on_out(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

static int
on_tags(void *arg)
{
	return (buf_adds(arg, "a:b"));
}

/* 0, and the event edited to out; 1: nothing changes; -1: it is none. */
static int
edit(const char *p, size_t len, size_t step, int anew, struct buf *out)
{
	struct event_change change = { .out = on_out, .arg = out,
	    .write_tags = anew ? on_tags : NULL, .members = "\"x\":1",
	    .members_len = anew ? 5 : 0 };
	struct tags *t = tags_new(ours, OURS);
	struct event_scan *s;
	struct event_edit *e;
	const char *why;
	uint64_t at;
	size_t i, n;
	int result = -1;

	must(tags_know(t, "service") == 0 && tags_know(t, "k") == 0);
	s = event_scan_new(t, !anew);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		if (event_scan_feed(s, p + i, n) == -1)
			break;
	}
	if (event_scan_finish(s, &why, &at) == -1) {
		must(why != NULL && at <= len);
		goto out;
	}
	result = !tags_decide(t);
	e = event_edit_new(s, t, &change);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		must(event_edit_feed(e, p + i, n) == 0);
	}
	must(event_edit_finish(e) == 0);
	event_edit_free(e);
out:
	event_scan_free(s);
	tags_free(t);
	return (result);
}

static int
same(const char *p, size_t len, const struct buf *b)
{
	return (b->len == len && memcmp(b->p, p, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in;
	struct buf whole = { 0 }, other = { 0 };
	int result, anew;

	for (anew = 0; anew < 2; anew++) {
		result = edit(p, len, len + 1, anew, &whole);
		if (result == 1 && !anew)
			must(same(p, len, &whole));
		must(edit(p, len, 1, anew, &other) == result);
		must(result == -1 || same(whole.p, whole.len, &other));
		other.len = 0;
		must(edit(p, len, 2 + len % 9, anew, &other) == result);
		must(result == -1 || same(whole.p, whole.len, &other));
		other.len = 0;
		if (result != -1)
			must(edit(whole.p, whole.len, 7, anew, &other) ==
			    (anew ? result : 1));
		other.len = whole.len = 0;
	}
	buf_free(&whole);
	buf_free(&other);
	return (0);
}
