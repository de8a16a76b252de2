/* http_h2: what a client of HTTP/2 is told. */
#include "http_h2.h"

#include <string.h>

#include "buf.h"
#include "ok.h"

#define TEXT	"speak HTTP/1.1"

/* A frame with an empty payload, or one of len zeros. */
static void
frame(struct buf *b, int type, int flags, int stream, size_t len)
{
	static const char zeros[20000];

	buf_addf(b, "%c%c%c%c%c%c%c%c%c", (int)(len >> 16), (int)(len >> 8),
	    (int)len, type, flags, 0, 0, 0, stream);
	buf_add(b, zeros, len);
}

/* What these bytes, in pieces, are answered with; the last result. */
static int
fed(const struct buf *in, size_t piece, struct buf *out)
{
	struct http_h2 *h = http_h2_new(TEXT);
	size_t at, n;
	int result = 0;

	out->len = 0;
	for (at = 0; at < in->len && result == 0; at += n) {
		n = in->len - at < piece ? in->len - at : piece;
		result = http_h2_feed(h, in->p + at, n, out);
	}
	http_h2_free(h);
	return (result);
}

int
main(void)
{
	/* SETTINGS, ACK; HEADERS that end the stream, RST_STREAM, GOAWAY. */
	static const char answer[] = "\0\0\0\4\0\0\0\0\0" "\0\0\0\4\1\0\0\0\0"
	    "\0\0\x4d\1\5\0\0\0\3" "\x88"
	    "\0\x0c" "content-type\x10" "application/grpc"
	    "\0\x0bgrpc-status\2" "12" "\0\x0cgrpc-message\x0e" TEXT
	    "\0\0\4\3\0\0\0\0\3" "\0\0\0\0"
	    "\0\0\x8\7\0\0\0\0\0" "\0\0\0\3\0\0\0\0";
	struct buf in = { 0 }, out = { 0 };
	size_t piece;
	int same = 1;

	buf_adds(&in, HTTP_H2_PREFACE);
	frame(&in, 4, 0, 0, 18);
	frame(&in, 8, 0, 0, 4);
	frame(&in, 1, 4, 3, 100);
	frame(&in, 0, 1, 3, 5000);
	for (piece = 1; piece < 200; piece++)
		same &= fed(&in, piece, &out) == 1 &&
		    out.len == sizeof(answer) - 1 &&
		    memcmp(out.p, answer, out.len) == 0;
	ok(same, "a request is answered, in pieces of any size");
	in.len = HTTP_H2_PREFACE_LEN + 9 + 18;
	ok(fed(&in, 1000, &out) == 0 && out.len == 18,
	    "without one there are only settings");
	in.p[20] = 'x';
	ok(fed(&in, 1000, &out) == -1 && fed(&in, 1, &out) == -1,
	    "another preface is refused");
	in.len = 0;
	buf_adds(&in, HTTP_H2_PREFACE);
	frame(&in, 9, 0, 0, 16385);
	ok(fed(&in, 100, &out) == -1, "a frame that is too large is refused");
	in.len = 0;
	buf_adds(&in, HTTP_H2_PREFACE);
	for (piece = 0; piece < 8000; piece++)
		frame(&in, 6, 1, 0, 8);
	ok(fed(&in, 1000, &out) == -1, "frames without end are refused");
	buf_free(&in);
	buf_free(&out);
	return (failed);
}
