#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "http_chunk.h"
#include "ok.h"

/*
 * The body of a chunked text fed in pieces of step bytes, as a string to free;
 * NULL: malformed or not complete. *why as the parser left it.
 */
static char *
decode(const char *p, size_t len, size_t step, size_t *rest, const char **why)
{
	struct http_chunk c = { 0 };
	struct buf b = { 0 };
	const char *body = NULL;
	size_t n, piece;
	ssize_t took;

	*why = NULL;
	while (len > 0 && !http_chunk_done(&c)) {
		piece = len < step ? len : step;
		took = http_chunk_feed(&c, p, piece, &body, &n, why);
		if (took == -1 || buf_add(&b, body, n) == -1) {
			buf_free(&b);
			return (NULL);
		}
		p += took;
		len -= (size_t)took;
	}
	*rest = len;
	if (!http_chunk_done(&c)) {
		buf_free(&b);
		return (NULL);
	}
	return (buf_str(&b));
}

static void
gives(const char *text, const char *want, const char *fact)
{
	const char *why;
	size_t step, rest;
	char *got;
	int holds = 1;

	for (step = 1; step < 9; step++) {
		got = decode(text, strlen(text), step, &rest, &why);
		holds &= got != NULL && strcmp(got, want) == 0 && rest == 0;
		free(got);
	}
	ok(holds, fact);
}

static void
refused(const char *text, const char *want, const char *fact)
{
	const char *why;
	size_t rest;
	char *got = decode(text, strlen(text), 1000, &rest, &why);

	ok(got == NULL && why != NULL && strcmp(why, want) == 0, fact);
	free(got);
}

static void
sizes(void)
{
	static const char digits[] = "a chunk size is not hexadecimal digits "
	    "and CRLF";

	gives("3\r\nabc\r\n0\r\n\r\n", "abc", "one chunk");
	gives("1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n", "abc", "tiny chunks");
	gives("A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n",
	    "01234567890123456789a", "digits of both cases");
	gives("0\r\n\r\n", "", "an empty body");
	gives("5\r\n\r\n0\r\n\r\n0\r\n\r\n", "\r\n0\r\n",
	    "what looks like a last chunk in a body is body");
	refused("0x3\r\nabc\r\n0\r\n\r\n", digits, "0x is refused");
	refused("+3\r\nabc\r\n0\r\n\r\n", digits, "a sign is refused");
	refused("-3\r\nabc\r\n0\r\n\r\n", digits, "a minus is refused");
	refused(" 3\r\nabc\r\n0\r\n\r\n", digits, "a leading space is refused");
	refused("3 \r\nabc\r\n0\r\n\r\n", digits, "a space behind is refused");
	refused("\r\nabc\r\n0\r\n\r\n", digits, "an empty size is refused");
	refused("3;a=b\r\nabc\r\n0\r\n\r\n", "a chunk has an extension",
	    "an extension is refused");
	refused("3\nabc\n0\n\n", digits, "a bare LF is refused");
	refused("3\rabc", "a chunk is not ended by CRLF",
	    "a bare CR is refused");
	refused("3\r\nabcd\r\n0\r\n\r\n", "a chunk is not ended by CRLF",
	    "a chunk longer than its size is refused");
	refused("4\r\nabc\r\n0\r\n\r\n", "a chunk is not ended by CRLF",
	    "a chunk shorter than its size is refused");
}

/* The size line's limit, and that of 64 bits. */
static void
size_limits(void)
{
	char line[64];
	int digits;

	for (digits = 29; digits <= 31; digits++) {
		snprintf(line, sizeof(line), "%0*d\r\nabc\r\n0\r\n\r\n", digits,
		    3);
		if (digits <= 30)
			gives(line, "abc", "a size line up to 32 bytes");
		else
			refused(line, "a chunk size is too long",
			    "a size line of 33 bytes is refused");
	}
	refused("fffffffffffffffff\r\nabc", "a chunk size is too long",
	    "a size over 64 bits is refused");
}

static void
totals(void)
{
	static const char one[] = "ffffffffffffffff\r\na";
	static const char two[] = "2\r\nab\r\nfffffffffffffffe\r\na";
	struct http_chunk c = { 0 };
	const char *body = NULL, *why = NULL;
	size_t n, at = 0;

	ok(http_chunk_feed(&c, one, strlen(one), &body, &n, &why) == 19 &&
	    n == 1 && c.total == UINT64_MAX,
	    "a size of 64 bits is announced in full");
	memset(&c, 0, sizeof(c));
	at = (size_t)http_chunk_feed(&c, two, strlen(two), &body, &n, &why);
	ok(at == 5 && n == 2 && c.total == 2, "a run ends with its chunk");
	ok(http_chunk_feed(&c, two + at, strlen(two) - at, &body, &n, &why) ==
	    21 && n == 1 && c.total == UINT64_MAX,
	    "a sum over 64 bits stops at the top");
}

static void
trailers(void)
{
	static const char bad[] = "a trailer is malformed";
	char text[HTTP_CHUNK_TRAILERS + 64], want[64];
	int extra;

	gives("1\r\na\r\n0\r\nContent-Length: 9\r\nX:\r\n\r\n", "a",
	    "trailers are read and ignored");
	refused("0\r\nX\r\n\r\n", bad, "a trailer without a colon is refused");
	refused("0\r\nX : a\r\n\r\n", bad,
	    "a space before a colon is refused");
	refused("0\r\nX: a\r\n b\r\n\r\n", bad, "a folded trailer is refused");
	refused("0\r\nX: a\n\r\n", bad, "a bare LF in a trailer is refused");
	refused("0\r\nX: a\rb\r\n\r\n", bad,
	    "a bare CR in a trailer is refused");
	refused("0\r\n\n", bad, "a bare LF at the end is refused");
	for (extra = -1; extra <= 1; extra++) {
		/* "X:" VALUE CRLF and the last CRLF are 6 bytes and VALUE. */
		snprintf(text, sizeof(text), "0\r\nX:%0*d\r\n\r\n",
		    HTTP_CHUNK_TRAILERS - 6 + extra, 0);
		snprintf(want, sizeof(want), "trailers of the limit%+d bytes",
		    extra);
		if (extra <= 0)
			gives(text, "", want);
		else
			refused(text, "the trailers are too long", want);
	}
}

int
main(void)
{
	static const char two[] = "1\r\na\r\n0\r\n\r\nGET /";
	const char *why;
	size_t rest;
	char *got;

	sizes();
	size_limits();
	totals();
	trailers();
	got = decode(two, strlen(two), 100, &rest, &why);
	ok(got != NULL && rest == 5, "bytes behind the last chunk are left");
	free(got);
	got = decode("0\r\n\r", 4, 100, &rest, &why);
	ok(got == NULL && why == NULL, "a body cut short is not complete");
	return (failed);
}
