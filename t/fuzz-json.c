/* covers: common/json.c common/json_text.c */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * In whatever pieces a text comes, it must give the same members or the same
 * error; a member's value, alone in an object, must be taken too, and a string
 * must come back from being decoded and escaped.
 */
struct seen {
	const char	*text;
	struct buf	 said;
	int		 deep;	/* look into the values, too */
};

static void
ignore(const struct json_member *m, void *arg)
{
	(void)m;
	(void)arg;
}

static void
again(const char *p, size_t len)
{
	struct json *j = json_new(20, ignore, NULL);
	const char *why;
	uint64_t at;

	must(json_feed(j, "{\"\":", 4) == 0 && json_feed(j, p, len) == 0 &&
	    json_feed(j, "}", 1) == 0 && json_finish(j, &why, &at) == 0);
	json_free(j);
}

static void
text_again(const char *p, size_t len)
{
	struct buf a = { 0 }, b = { 0 }, c = { 0 };

	must(json_unescape(&a, p, len) == 0);
	must(json_escape(&b, a.p, a.len) == 0);
	must(json_unescape(&c, b.p, b.len) == 0);
	/* Escaping repairs UTF-8 and never shortens: once is enough. */
	must(c.len >= a.len);
	a.len = 0;
	must(json_escape(&a, c.p, c.len) == 0);
	must(a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0));
	must(c.len == 0 || json_unfinished(c.p, c.len) == 0);
	buf_free(&a);
	buf_free(&b);
	buf_free(&c);
}

static void
on_begin(const struct json_member *m, void *arg)
{
	struct seen *s = arg;

	buf_addf(&s->said, "%s %d <", m->key, (int)m->type);
}

static void
on_text(const char *p, size_t len, void *arg)
{
	struct seen *s = arg;

	buf_add(&s->said, p, len);
}

static void
on_member(const struct json_member *m, void *arg)
{
	struct seen *s = arg;

	buf_addf(&s->said, "> %llu %llu\n", (unsigned long long)m->start,
	    (unsigned long long)m->end);
	if (!s->deep)
		return;
	again(s->text + m->start, m->end - m->start);
	if (m->type == JSON_STRING)
		text_again(s->text + m->start + 1, m->end - m->start - 2);
}

static struct buf
run(const char *p, size_t len, size_t step)
{
	struct seen s = { p, { 0 }, step > len };
	struct json *j = json_new(16, on_member, &s);
	const char *why;
	uint64_t at;
	size_t i, n;

	json_watch(j, on_begin, on_text);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		if (json_feed(j, p + i, n) == -1)
			break;
	}
	if (json_finish(j, &why, &at) == -1)
		buf_addf(&s.said, "%s %llu", why, (unsigned long long)at);
	else
		must(p[json_close(j)] == '}');
	json_free(j);
	return (s.said);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in;
	struct buf whole = run(p, len, len + 1), pieces;
	size_t step;

	for (step = 1; step < 14; step += 1 + len % 11) {
		pieces = run(p, len, step);
		must(whole.len == pieces.len && (whole.len == 0 ||
		    memcmp(whole.p, pieces.p, whole.len) == 0));
		buf_free(&pieces);
	}
	buf_free(&whole);
	return (0);
}
