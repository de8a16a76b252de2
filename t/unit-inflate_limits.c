/* parts: t/inflated.o t/packed.o */
#include "inflate.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "deflate.h"
#include "inflated.h"
#include "ok.h"
#include "packed.h"

#define MIB	((size_t)1024 * 1024)

static const char *text;

static void
pack(struct buf *b, int format, const char *p, size_t len)
{
	switch (format) {
	case INFLATE_GZIP:
		packed_gzip(b, p, len, 0, 0);
		break;
	case INFLATE_ZLIB:
		packed_zlib(b, p, len, 6);
		break;
	case INFLATE_LZ4:
		packed_lz4(b, p, len, PACKED_LINKED | PACKED_SUM);
		break;
	case INFLATE_ZSTD:
		packed_zstd(b, p, len, PACKED_SUM, 0);
		break;
	case INFLATE_ZIP:
		packed_zip(b, p, len, PACKED_STREAMED);
		break;
	default:
		buf_add(b, p, len);
	}
}

static void
nested(struct buf *b)
{
	struct buf inner = { 0 }, middle = { 0 };
	int i, j, good = 1, third = 1, cut = 1;

	for (i = INFLATE_GZIP; i <= INFLATE_ZIP; i++)
		for (j = INFLATE_GZIP; j <= INFLATE_ZIP; j++) {
			inner.len = middle.len = 0;
			pack(&inner, i, text, 5000);
			pack(b, j, inner.p, inner.len);
			good &= inflated_gives(b, text, 5000);
			pack(&middle, j, inner.p, inner.len);
			pack(b, INFLATE_GZIP, middle.p, middle.len);
			third &= inflated_gives(b, inner.p, inner.len);
			pack(b, j, inner.p, inner.len - 50);
			cut &= inflated_refuses(b, INFLATED_SHORT);
		}
	ok(good, "one format in another is inflated twice");
	ok(cut, "what is within may be cut short, too");
	ok(third, "a third layer is left as it is");
	pack(b, INFLATE_ZSTD, "\x1f", 1);
	ok(inflated_gives(b, "\x1f", 1), "what is within may be short");
	pack(b, INFLATE_LZ4, "", 0);
	ok(inflated_gives(b, "", 0), "or nothing");
	buf_free(&inner);
	buf_free(&middle);
}

static void
bytes(struct buf *b)
{
	struct inflate_limits limits = { 50000, 0 };
	int format, good = 1, bad = 1;

	for (format = INFLATE_NONE; format <= INFLATE_ZIP; format++) {
		pack(b, format, text, 50000);
		good &= inflated_within(&limits, b, text, 50000, NULL);
		pack(b, format, text, 50001);
		bad &= inflated_within(&limits, b, NULL, 0, INFLATED_OVER);
	}
	ok(good, "as many bytes as the limit are taken");
	ok(bad, "a byte over the limit is refused");
	packed_gzip(b, text, 50000, 0, 0);
	packed_gzip(b, text, 1, 0, 0);
	ok(inflated_within(&limits, b, NULL, 0, INFLATED_OVER),
	    "also where it is in a second member");
	limits.bytes = 0;
	packed_gzip(b, text, 0, 0, 0);
	good = inflated_within(&limits, b, text, 0, NULL);
	packed_gzip(b, text, 1, 0, 0);
	ok(good && inflated_within(&limits, b, NULL, 0, INFLATED_OVER),
	    "the limit may be no byte at all");
}

static void
ratios(struct buf *b)
{
	struct inflate_limits limits = { 64 * MIB, 1 };
	struct buf inner = { 0 }, zeros = { 0 };
	int format, good = 1, bad = 1;

	buf_reserve(&zeros, 8 * MIB);
	memset(zeros.p, 0, 8 * MIB);
	for (format = INFLATE_GZIP; format <= INFLATE_ZIP; format++) {
		pack(b, format, zeros.p, INFLATE_FLOOR);
		good &= inflated_within(&limits, b, zeros.p, INFLATE_FLOOR,
		    NULL);
		pack(b, format, zeros.p, 8 * MIB);
		bad &= inflated_within(&limits, b, NULL, 0, INFLATED_RATIO);
	}
	ok(good, "what is small may have any ratio");
	ok(bad, "what is large may not");
	limits.ratio = 100;
	packed_gzip(&inner, zeros.p, 8 * MIB, 0, 0);
	packed_gzip(b, inner.p, inner.len, 0, 0);
	ok(inflated_within(&limits, b, NULL, 0, INFLATED_RATIO),
	    "the ratio is that of both layers");
	limits.ratio = UINT32_MAX;
	packed_zstd(b, zeros.p, 8 * MIB, 0, 0);
	ok(inflated_within(&limits, b, zeros.p, 8 * MIB, NULL),
	    "any ratio can be allowed");
	buf_free(&inner);
	buf_free(&zeros);
}

/* Is in refused, with room made only for what may come? Empties in. */
static int
holds(struct buf *in, size_t most, const char *expected)
{
	struct inflate_limits limits = { 64 * MIB, 10 };
	struct buf out = { 0 };
	const char *why = NULL;
	int good = inflate_whole(in->p, in->len, &limits, &out, &why) == -1 &&
	    strcmp(why, expected) == 0 && out.len == 0 && out.cap <= most;

	if (!good)
		printf("# %s, %zu\n", why != NULL ? why : "taken", out.cap);
	buf_free(&out);
	in->len = 0;
	return (good);
}

static void
lies(struct buf *b)
{
	packed_gzip(b, text, 1000, 0, 0);
	memset(b->p + b->len - 4, 0xff, 4);
	ok(holds(b, 2 * MIB, INFLATED_CHECKSUM),
	    "gzip: a length of 4 GiB that is a lie costs no memory");
	packed_zstd(b, text, 70000, PACKED_SIZE, 0);
	/* 4 bytes of length behind the magic and two others. */
	memset(b->p + 6, 0xff, 4);
	ok(holds(b, 2 * MIB, "zstd window is over the limit"),
	    "zstd: a length of 4 GiB that is a lie costs no memory");
	packed_zstd(b, text, 70000, PACKED_SIZE, 0);
	memcpy(b->p + 6, "\0\0\0\2", 4);
	ok(holds(b, 2 * MIB, INFLATED_MALFORMED), "zstd: nor one of 32 MiB");
	packed_lz4(b, text, 150000, 0);
	b->p[b->len - 1] = 'x';
	ok(holds(b, 2 * MIB, INFLATED_MALFORMED), "lz4: nor a block of 2 GiB");
}

static int
on_some(const char *p, size_t len, void *arg)
{
	(void)p;
	(void)len;
	return (--*(int *)arg == 0 ? -1 : 0);
}

static void
readers(struct buf *b)
{
	const struct inflate_limits limits = { 64 * MIB, 0 };
	const char *why = NULL;
	struct inflate *inf;
	int left = 2, r;

	pack(b, INFLATE_ZSTD, text, INFLATED_TEXT);
	inf = inflate_new(&limits, on_some, &left);
	r = inflate_feed(inf, b->p, b->len, &why);
	ok(r == -1 && strcmp(why, "refused by its reader") == 0 && left == 0,
	    "a reader can end it");
	r = inflate_feed(inf, b->p, b->len, &why);
	ok(r == -1 && strcmp(why, "refused by its reader") == 0 && left == 0,
	    "and is not asked again");
	inflate_free(inf);
	inflate_free(NULL);
	b->len = 0;
}

static void
nothing(struct buf *b)
{
	const struct inflate_limits limits = { MIB, 0 };
	struct buf out = { 0 };
	const char *why;
	int format, good = 1;

	for (format = INFLATE_NONE; format <= INFLATE_ZIP; format++) {
		b->len = 0;
		pack(b, format, "", 0);
		good &= inflate_whole(b->p, b->len, &limits, &out, &why) == 0 &&
		    out.len == 0;
		buf_free(&out);
	}
	ok(good, "what is empty inflates into an empty buffer");
	b->len = 0;
}

/* Does it come back, with nothing in its header that changes? */
static int
deflates(struct buf *b, size_t len, int level)
{
	struct buf again = { 0 };
	int good;

	b->len = 0;
	good = deflate_gzip(text, len, level, b) == 0 &&
	    deflate_gzip(text, len, level, &again) == 0 &&
	    b->len == again.len && memcmp(b->p, again.p, b->len) == 0 &&
	    memcmp(b->p, "\x1f\x8b\x08\0\0\0\0\0", 8) == 0 &&
	    inflated_gives(b, text, len);
	buf_free(&again);
	return (good);
}

static void
deflate(struct buf *b)
{
	int level, good = 1;

	for (level = 1; level <= 12; level++)
		good &= deflates(b, 20000, level);
	ok(good && deflates(b, 0, 6) && deflates(b, 1, 6) &&
	    deflates(b, INFLATED_TEXT, 1),
	    "what was deflated comes back, and is the same each time");
	deflate_gzip(text, 10, 1, b);
	deflate_gzip(text + 10, 10, 1, b);
	ok(inflated_gives(b, text, 20), "it is appended");
	errno = 0;
	good = deflate_gzip(text, 10, 0, b) == -1 && errno == EINVAL;
	errno = 0;
	ok(good && deflate_gzip(text, 10, 13, b) == -1 && errno == EINVAL &&
	    b->len == 0, "no other level is taken");
}

int
main(void)
{
	struct buf b = { 0 };

	text = inflated_text();
	nested(&b);
	bytes(&b);
	ratios(&b);
	lies(&b);
	readers(&b);
	nothing(&b);
	deflate(&b);
	buf_free(&b);
	return (failed);
}
