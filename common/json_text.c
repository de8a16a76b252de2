#include "json.h"

#include <errno.h>
#include <string.h>

#include "buf.h"

/* Four hexadecimal digits, or -1. */
static long
json_hex(const char *p)
{
	long v = 0;
	int i;

	for (i = 0; i < 4; i++, p++) {
		v *= 16;
		if (*p >= '0' && *p <= '9')
			v += *p - '0';
		else if (*p >= 'a' && *p <= 'f')
			v += *p - 'a' + 10;
		else if (*p >= 'A' && *p <= 'F')
			v += *p - 'A' + 10;
		else
			return (-1);
	}
	return (v);
}

static size_t
json_encode(char out[4], long c)
{
	if (c < 0x80) {
		out[0] = (char)c;
		return (1);
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return (2);
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return (3);
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return (4);
}

/* Hand on the first n bytes of the escape held: a whole one, or a pair. */
static int
json_unit_out(struct json_text *t, size_t n, json_unit *on_unit, void *arg)
{
	static const char names[] = "\"\\/bfnrt", bytes[] = "\"\\/\b\f\n\r\t";
	char raw[sizeof(t->escape)], text[4];
	const char *s;
	size_t len = 1;
	long c, low;

	memcpy(raw, t->escape, n);
	memmove(t->escape, t->escape + n, t->n - n);
	t->n -= n;
	if (n == 2) {
		if ((s = strchr(names, raw[1])) == NULL || *s == '\0') {
			errno = EINVAL;
			return (-1);
		}
		text[0] = bytes[s - names];
	} else {
		if ((c = json_hex(raw + 2)) == -1) {
			errno = EINVAL;
			return (-1);
		}
		if (n == 12) {
			low = json_hex(raw + 8);
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		} else if (c >= 0xd800 && c <= 0xdfff)
			c = 0xfffd;
		len = json_encode(text, c);
	}
	return (on_unit(raw, n, text, len, arg));
}

static int
json_surrogate(const char *p, long first)
{
	long c = json_hex(p);

	return (c >= first && c < first + 0x400);
}

/* The length of what of the escape held is known to be complete, or 0. */
static size_t
json_complete(const struct json_text *t)
{
	if (t->n == 2 && t->escape[1] != 'u')
		return (2);
	if (t->n == 6 && !json_surrogate(t->escape + 2, 0xd800))
		return (6);
	/* A high surrogate waits for a low one, as long as one can follow. */
	if (t->n == 8 && t->escape[7] != 'u')
		return (6);
	if (t->n == 12)
		return (json_surrogate(t->escape + 8, 0xdc00) ? 12 : 6);
	return (0);
}

int
json_text_feed(struct json_text *t, const char *p, size_t len,
    json_unit *on_unit, void *arg)
{
	const char *end, *s;
	size_t n;

	if (len == 0)
		return (0);
	for (end = p + len; p < end;) {
		if (t->n == 0) {
			s = memchr(p, '\\', (size_t)(end - p));
			n = s != NULL ? (size_t)(s - p) : (size_t)(end - p);
			if (n != 0 && on_unit(p, n, p, n, arg) == -1)
				return (-1);
			p += n;
			if (s == NULL)
				break;
		} else if (t->n == 6 && *p != '\\') {
			if (json_unit_out(t, 6, on_unit, arg) == -1)
				return (-1);
			continue;
		}
		t->escape[t->n++] = *p++;
		/* Behind a lone surrogate another escape may be complete. */
		while ((n = json_complete(t)) != 0)
			if (json_unit_out(t, n, on_unit, arg) == -1)
				return (-1);
	}
	return (0);
}

int
json_text_end(struct json_text *t, json_unit *on_unit, void *arg)
{
	if (t->n == 0)
		return (0);
	if (t->n == 6)
		return (json_unit_out(t, 6, on_unit, arg));
	errno = EINVAL;
	return (-1);
}

static int
json_decoded(const char *raw, size_t raw_len, const char *text, size_t len,
    void *arg)
{
	(void)raw;
	(void)raw_len;
	return (buf_add(arg, text, len));
}

int
json_unescape(struct buf *b, const char *p, size_t len)
{
	struct json_text t = { .n = 0 };

	if (json_text_feed(&t, p, len, json_decoded, b) == -1)
		return (-1);
	return (json_text_end(&t, json_decoded, b));
}

int
json_sequence(const char *p, size_t len)
{
	const unsigned char *u = (const unsigned char *)p;
	unsigned int low = 0x80, high = 0xbf;
	size_t i, n;

	if (u[0] < 0x80)
		return (1);
	if (u[0] < 0xc2 || u[0] > 0xf4)
		return (0);
	n = u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;
	if (u[0] == 0xe0)
		low = 0xa0;
	else if (u[0] == 0xed)
		high = 0x9f;
	else if (u[0] == 0xf0)
		low = 0x90;
	else if (u[0] == 0xf4)
		high = 0x8f;
	for (i = 1; i < n; i++) {
		if (i == len)
			return (-1);
		if (u[i] < low || u[i] > high)
			return (0);
		low = 0x80;
		high = 0xbf;
	}
	return ((int)n);
}

size_t
json_unfinished(const char *p, size_t len)
{
	size_t n;

	for (n = 1; n <= 3 && n <= len; n++)
		if (json_sequence(p + len - n, n) == -1)
			return (n);
	return (0);
}

static int
json_escape_one(struct buf *b, unsigned char c)
{
	static const char names[] = "\"\\bfnrt", bytes[] = "\"\\\b\f\n\r\t";
	const char *s = strchr(bytes, c);

	if (c != '\0' && s != NULL)
		return (buf_addf(b, "\\%c", names[s - bytes]));
	return (buf_addf(b, "\\u%04x", c));
}

int
json_escape(struct buf *b, const char *p, size_t len)
{
	const char *end, *from;
	int n;

	if (len == 0)
		return (0);
	for (end = p + len; p < end;) {
		for (from = p; p < end; p++)
			if ((unsigned char)*p < 0x20 || *p == '"' ||
			    *p == '\\' || (unsigned char)*p >= 0x80)
				break;
		if (buf_add(b, from, (size_t)(p - from)) == -1)
			return (-1);
		if (p == end)
			break;
		if ((unsigned char)*p < 0x80) {
			if (json_escape_one(b, (unsigned char)*p++) == -1)
				return (-1);
			continue;
		}
		n = json_sequence(p, (size_t)(end - p));
		if (n <= 0) {
			if (buf_add(b, "\xef\xbf\xbd", 3) == -1)
				return (-1);
			n = 1;
		} else if (buf_add(b, p, (size_t)n) == -1)
			return (-1);
		p += n;
	}
	return (0);
}
