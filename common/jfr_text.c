#include "jfr_text.h"

#include <string.h>

#include "buf.h"
#include "jfr.h"
#include "jfr_cursor.h"

/*
 * A run of characters, each of which is an integer of its own. Where they are
 * bytes below 0x80, as those of nearly all names are, they are UTF-8 as well.
 */
static int
chars_read(struct jfr_cursor *c, struct jfr_text *t)
{
	size_t n;

	if (jfr_cursor_count(c, &n) == -1)
		return (-1);
	t->p = (const char *)c->p;
	if (c->plain) {
		t->form = JFR_PLAIN_CHARS;
		if (jfr_cursor_skip(c, 2 * (uint64_t)n) == -1)
			return (-1);
	} else if (jfr_cursor_skip_packed(c, n) == -1)
		return (-1);
	t->len = (size_t)((const char *)c->p - t->p);
	if (t->len == n && t->form == JFR_CHARS)
		t->form = JFR_UTF8;
	return (0);
}

int
jfr_text_read(struct jfr_cursor *c, struct jfr_text *t)
{
	memset(t, 0, sizeof(*t));
	if (c->p == c->end || *c->p > JFR_LATIN1)
		return (-1);
	t->form = (enum jfr_form)*c->p++;
	switch (t->form) {
	case JFR_POOLED:
		return (jfr_cursor_integer(c, 8, &t->key));
	case JFR_UTF8:
	case JFR_LATIN1:
		if (jfr_cursor_count(c, &t->len) == -1)
			return (-1);
		t->p = (const char *)c->p;
		return (jfr_cursor_skip(c, t->len));
	case JFR_CHARS:
		return (chars_read(c, t));
	default:
		return (0);
	}
}

int
jfr_text_skip(struct jfr_cursor *c)
{
	struct jfr_text ignored;

	return (jfr_text_read(c, &ignored));
}

/* The next character of it, or unit of UTF-16; -1: it is over. */
static int
text_next(struct jfr_cursor *c, enum jfr_form form)
{
	uint64_t u;

	if (c->p == c->end)
		return (-1);
	if (form != JFR_CHARS && form != JFR_PLAIN_CHARS)
		return (*c->p++);
	if (form == JFR_CHARS)
		return (jfr_cursor_packed(c, &u) == -1 ? -1 :
		    (int)(u & 0xffff));
	u = jfr_cursor_big(c->p, 2);
	c->p += 2;
	return ((int)u);
}

static struct jfr_cursor
text_begin(const struct jfr_text *t)
{
	const unsigned char *p = (const unsigned char *)t->p;

	return ((struct jfr_cursor){ p, t->len == 0 ? p : p + t->len, 0 });
}

int
jfr_text_same(const struct jfr_text *t, const char *s, size_t n)
{
	struct jfr_cursor c;

	if (t->form != JFR_CHARS && t->form != JFR_PLAIN_CHARS)
		return (t->form != JFR_NULL && t->form != JFR_POOLED &&
		    n == t->len && (n == 0 || memcmp(t->p, s, n) == 0));
	for (c = text_begin(t); n > 0; n--, s++)
		if (text_next(&c, t->form) != *s)
			return (0);
	return (c.p == c.end);
}

int
jfr_text_is(const struct jfr_text *t, const char *s)
{
	return (jfr_text_same(t, s, strlen(s)));
}

int
jfr_text_number(const struct jfr_text *t, int64_t *v)
{
	struct jfr_cursor c = text_begin(t);
	int u = text_next(&c, t->form), sign = 1;

	if (u == '-') {
		sign = -1;
		u = text_next(&c, t->form);
	}
	if (u == -1)
		return (-1);
	for (*v = 0; u != -1; u = text_next(&c, t->form))
		if (u < '0' || u > '9' || __builtin_mul_overflow(*v, 10, v) ||
		    __builtin_add_overflow(*v, sign * (u - '0'), v))
			return (-1);
	return (0);
}

int
jfr_text_order(const struct jfr_text *a, const struct jfr_text *b)
{
	struct jfr_cursor x = text_begin(a), y = text_begin(b);
	int u, v;

	do {
		u = text_next(&x, a->form);
		v = text_next(&y, b->form);
	} while (u == v && u != -1);
	return (u - v);
}

static int
utf8_add(struct buf *out, uint32_t c)
{
	char s[4];
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = n - 1; i > 0; i--, c >>= 6)
		s[i] = (char)(0x80 | (c & 0x3f));
	s[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xf0) | c);
	return (buf_add(out, s, n));
}

int
jfr_text_utf8(const struct jfr_text *t, struct buf *out)
{
	struct jfr_cursor c = text_begin(t), ahead;
	int u, low;

	if (t->form == JFR_UTF8)
		return (buf_add(out, t->p, t->len));
	while ((u = text_next(&c, t->form)) != -1) {
		if (u >= 0xd800 && u < 0xdc00) {
			ahead = c;
			low = text_next(&ahead, t->form);
			if (low >= 0xdc00 && low < 0xe000) {
				u = 0x10000 + ((u - 0xd800) << 10) +
				    (low - 0xdc00);
				c = ahead;
			}
		}
		/* Half of a pair stands for nothing. */
		if (u >= 0xd800 && u < 0xe000)
			u = 0xfffd;
		if (utf8_add(out, (uint32_t)u) == -1)
			return (-1);
	}
	return (0);
}
