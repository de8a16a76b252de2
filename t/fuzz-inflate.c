#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "inflate.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * Whatever comes, as a whole or in whatever pieces, must give the same bytes
 * or be refused, within the limits; and again within an lz4 frame that has no
 * checksum to stand in the way, as a second layer.
 */

#define LIMIT	(256 * 1024)
#define BLOCK	(64 * 1024)	/* the least that lz4 has */

static int
on_piece(const char *p, size_t len, void *arg)
{
	must(len != 0);
	return (buf_add(arg, p, len));
}

static int
feed(const char *p, size_t len, size_t step,
    const struct inflate_limits *limits, struct buf *out)
{
	struct inflate *inf = inflate_new(limits, on_piece, out);
	const char *why;
	size_t at, n;
	int r = 0;

	for (at = 0; at < len && r == 0; at += n) {
		n = len - at < step ? len - at : step;
		r = inflate_feed(inf, p + at, n, &why);
	}
	if (r == 0)
		r = inflate_end(inf, &why);
	must((r == 0) == (why == NULL));
	must(out->len <= limits->bytes);
	inflate_free(inf);
	return (r);
}

static int
try(const char *p, size_t len)
{
	struct inflate_limits limits = { LIMIT, 0 };
	struct buf whole = { 0 }, pieces = { 0 };
	const char *why = NULL;
	int r = inflate_whole(p, len, &limits, &whole, &why);
	size_t steps[] = { 1, 5 + len % 7, len + 1 }, i;

	must(whole.len <= LIMIT && whole.cap <= 2 * LIMIT);
	must(r == 0 || (why != NULL && whole.len == 0));
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		pieces.len = 0;
		must(feed(p, len, steps[i], &limits, &pieces) == r);
		must(r == -1 || (pieces.len == whole.len && (whole.len == 0 ||
		    memcmp(pieces.p, whole.p, whole.len) == 0)));
	}
	/* A ratio refuses what would be taken, and never the reverse. */
	limits.bytes = UINT32_MAX;
	limits.ratio = 1;
	whole.len = 0;
	if (inflate_whole(p, len, &limits, &whole, &why) == 0)
		must(whole.len <= INFLATE_FLOOR + len);
	buf_free(&whole);
	buf_free(&pieces);
	return (r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf framed = { 0 };

	(void)try((const char *)in, len);
	if (len > BLOCK)
		return (0);
	/* Its only block is not compressed. */
	buf_add(&framed, "\x04\x22\x4d\x18\x60\x40\x82", 7);
	buf_addc(&framed, (char)len);
	buf_addc(&framed, (char)(len >> 8));
	buf_addc(&framed, (char)(len >> 16));
	buf_addc(&framed, (char)0x80);
	buf_add(&framed, in, len);
	buf_add(&framed, "\0\0\0", 4);
	must(try(framed.p, framed.len) == 0 ||
	    inflate_format((const char *)in, len) != INFLATE_NONE);
	buf_free(&framed);
	return (0);
}
