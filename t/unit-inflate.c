/* parts: t/inflated.o t/packed.o */
#include "inflate.h"

#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "inflated.h"
#include "ok.h"
#include "packed.h"

#define SMALL		INFLATED_SMALL
#define MALFORMED	INFLATED_MALFORMED
#define SHORT		INFLATED_SHORT
#define CHECKSUM	INFLATED_CHECKSUM

static const char *text;

static void
plain(struct buf *b)
{
	static const char *const texts[] = { "", "x", "\x1f", "PK\3", "x\x9d" };
	size_t i;
	int good = 1;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_adds(b, texts[i]);
		good &= inflated_gives(b, texts[i], strlen(texts[i]));
	}
	ok(good, "what is too short for any magic passes");
	buf_add(b, text, INFLATED_TEXT);
	ok(inflated_gives(b, text, INFLATED_TEXT),
	    "what is not compressed passes");
	buf_adds(b, "h\xc3 zlib has other windows, and x\xbb dictionaries");
	ok(inflate_format(b->p, b->len) == INFLATE_NONE &&
	    inflate_format("x\xbb", 2) == INFLATE_NONE,
	    "what could be text is not taken for zlib");
	b->len = 0;
}

static void
gzip(struct buf *b)
{
	int flags, good = 1, bad = 1;

	for (flags = 0; flags < 32; flags++) {
		packed_gzip(b, text, SMALL, flags, 0);
		good &= inflated_gives(b, text, SMALL);
		if (flags & PACKED_FHCRC) {
			packed_gzip(b, text, SMALL, flags, 1);
			bad &= inflated_refuses(b, CHECKSUM);
		}
		packed_gzip(b, text, SMALL, flags, 0);
		good &= inflated_cuts(b, 2);
	}
	ok(good, "gzip: any header flags; and cut short anywhere");
	ok(bad, "gzip: a wrong header checksum is refused");
	packed_gzip(b, text, INFLATED_TEXT, 0, 0);
	ok(inflated_gives(b, text, INFLATED_TEXT), "gzip: a large one");
	packed_gzip(b, text, SMALL, 0, 0);
	b->p[b->len - 5] ^= 1;
	ok(inflated_refuses(b, CHECKSUM), "gzip: a wrong checksum is refused");
	packed_gzip(b, text, SMALL, 0, 0);
	b->p[b->len - 1] ^= 0x40;
	ok(inflated_refuses(b, CHECKSUM), "gzip: a wrong length is refused");
	packed_gzip(b, text, SMALL, 0, 0);
	b->p[10] |= 6;
	ok(inflated_refuses(b, MALFORMED),
	    "gzip: a block of no type is refused");
	buf_add(b, "\x1f\x8b\7\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
	ok(inflated_refuses(b, MALFORMED), "gzip: another method is refused");
}

static void
members(struct buf *b)
{
	static const char *const behind[] = { "\0", "\0\0\0\0\0\0\0\0",
	    "\0\0\0x", "garbage", "\x1f", "\x1f\x8c", "\0\x1f\x8b\x08" };
	static const size_t lens[] = { 1, 8, 4, 7, 1, 2, 4 };
	size_t i;
	int good = 1;

	packed_gzip(b, text, SMALL, PACKED_FHCRC, 0);
	packed_gzip(b, text + SMALL, 0, 0, 0);
	packed_gzip(b, text + SMALL, 50000, 0, 0);
	packed_gzip(b, text + SMALL + 50000, 20, PACKED_FNAME, 0);
	ok(inflated_gives(b, text, SMALL + 50020),
	    "gzip: several members, one empty");
	for (i = 0; i < 1000; i++)
		packed_gzip(b, text + i, 1, 0, 0);
	ok(inflated_gives(b, text, 1000), "gzip: a thousand members");
	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		packed_gzip(b, text, SMALL, 0, 0);
		buf_add(b, behind[i], lens[i]);
		good &= inflated_gives(b, text, SMALL);
	}
	ok(good, "gzip: zeros and garbage behind it are ignored");
	packed_gzip(b, text, SMALL, 0, 0);
	buf_add(b, "\x1f\x8b\x08", 3);
	ok(inflated_refuses(b, SHORT), "gzip: a second member is cut short");
	packed_gzip(b, text, SMALL, 0, 0);
	packed_gzip(b, text, SMALL, 0, 0);
	b->p[b->len - 8] ^= 1;
	ok(inflated_refuses(b, CHECKSUM),
	    "gzip: a second member's checksum counts");
}

static void
zlib(struct buf *b)
{
	static const int levels[] = { 0, 1, 5, 6, 9 };
	size_t i;
	int good = 1;

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		packed_zlib(b, text, 2000, levels[i]);
		good &= inflate_format(b->p, b->len) == INFLATE_ZLIB;
		buf_adds(b, "behind it");
		good &= inflated_gives(b, text, 2000);
		packed_zlib(b, text, INFLATED_TEXT, levels[i]);
		good &= inflated_gives(b, text, INFLATED_TEXT);
	}
	ok(good, "zlib: any level");
	packed_zlib(b, text, SMALL, 6);
	packed_gzip(b, text, SMALL, 0, 0);
	ok(inflated_gives(b, text, SMALL),
	    "zlib: one stream, whatever follows");
	packed_zlib(b, text, SMALL, 6);
	ok(inflated_cuts(b, 2), "zlib: cut short anywhere");
	packed_zlib(b, text, SMALL, 6);
	b->p[b->len - 1] ^= 1;
	ok(inflated_refuses(b, CHECKSUM), "zlib: a wrong checksum is refused");
}

static void
lz4(struct buf *b)
{
	int flags, good = 1, bad = 1;

	for (flags = 0; flags < 16; flags++) {
		packed_lz4(b, text, INFLATED_TEXT, flags);
		good &= inflated_gives(b, text, INFLATED_TEXT);
		packed_lz4(b, text, SMALL, flags);
		good &= inflated_cuts(b, 4);
		packed_lz4(b, text, SMALL, flags);
		b->p[b->len - 9] ^= 1;
		if (flags & (PACKED_SUM | PACKED_BLOCK_SUMS))
			bad &= inflated_refuses(b, CHECKSUM);
		b->len = 0;
	}
	ok(good, "lz4: blocks linked or not, with size and checksums or not");
	ok(bad, "lz4: wrong checksums are refused");
	packed_lz4(b, text, SMALL, PACKED_SIZE);
	b->p[6] ^= 1;
	ok(inflated_refuses(b, CHECKSUM),
	    "lz4: a wrong header checksum is refused");
}

static void
zstd(struct buf *b)
{
	int good = 1, flags;

	for (flags = 0; flags < 8; flags += 2) {
		packed_zstd(b, text, INFLATED_TEXT, flags, 0);
		good &= inflated_gives(b, text, INFLATED_TEXT);
		packed_zstd(b, text, SMALL, flags, 0);
		good &= inflated_cuts(b, 4);
	}
	ok(good, "zstd: with size and checksum or not");
	packed_zstd(b, text, SMALL, PACKED_SUM | PACKED_SIZE, 0);
	b->p[b->len - 1] ^= 1;
	ok(inflated_refuses(b, CHECKSUM), "zstd: a wrong checksum is refused");
	packed_zstd(b, text, SMALL, 0, 0);
	b->p[b->len - 1] = (char)0xff;
	ok(inflated_refuses(b, MALFORMED),
	    "zstd: malformed blocks are refused");
}

static void
windows(struct buf *b)
{
	struct inflate_limits small = { 16 * 1024 * 1024, 0 };

	packed_zstd(b, text, INFLATED_TEXT, 0, 24);
	ok(inflated_within(&small, b, text, INFLATED_TEXT, NULL),
	    "zstd: a window as large as the limit is taken");
	packed_zstd(b, text, INFLATED_TEXT, 0, 25);
	ok(inflated_within(&small, b, NULL, 0, "zstd window is over the limit"),
	    "zstd: a larger one is refused");
	small.bytes = INFLATED_TEXT;
	packed_zstd(b, text, INFLATED_TEXT, 0, 23);
	ok(inflated_within(&small, b, text, INFLATED_TEXT, NULL),
	    "zstd: one of 8 MiB is taken in any case");
}

static void
frames(struct buf *b)
{
	packed_skip(b, 0, 10);
	packed_lz4(b, text, 1000, PACKED_SUM);
	packed_skip(b, 15, 0);
	packed_lz4(b, text + 1000, 0, 0);
	packed_lz4(b, text + 1000, 70000, PACKED_LINKED);
	packed_skip(b, 3, 300);
	ok(inflated_gives(b, text, 71000), "lz4: several frames, some to skip");
	packed_skip(b, 5, 100);
	packed_zstd(b, text, 1000, PACKED_SIZE, 0);
	packed_skip(b, 1, 0);
	packed_zstd(b, text + 1000, 0, PACKED_SUM, 0);
	packed_zstd(b, text + 1000, 70000, 0, 0);
	buf_adds(b, "behind it");
	ok(inflated_gives(b, text, 71000),
	    "zstd: several frames, some to skip");
	packed_skip(b, 5, 100);
	ok(inflated_cuts(b, 4), "a frame to skip is cut short");
	packed_skip(b, 5, 100);
	packed_skip(b, 0, 0);
	ok(inflated_gives(b, "", 0), "frames to skip alone are empty");
	/* From its fifth byte on this frame looks like one to skip. */
	buf_add(b, "\x28\xb5\x2f\xfd\x53\x2a\x4d\x18\0\0\0\0\0\0\0", 15);
	ok(inflated_refuses(b, MALFORMED), "zstd: a frame is read as one");
}

/* HTTP's Content-Encoding around a profile that is compressed itself. */
static void
once(struct buf *b)
{
	struct inflate_limits limits = { 1000, 0 };
	struct buf outer = { 0 }, out = { 0 };
	const char *why;

	packed_gzip(b, text, SMALL, 0, 0);
	packed_gzip(&outer, b->p, b->len, 0, 0);
	ok(inflate_once(outer.p, outer.len, &limits, &out, &why) == 0 &&
	    out.len == b->len && memcmp(out.p, b->p, b->len) == 0,
	    "the outermost layer alone can be taken off");
	out.len = 0;
	ok(inflate_once(text, SMALL, &limits, &out, &why) == 0 &&
	    out.len == SMALL && memcmp(out.p, text, SMALL) == 0,
	    "where there is none, the bytes pass");
	out.len = 1;
	ok(inflate_once(outer.p, 20, &limits, &out, &why) == -1 &&
	    strcmp(why, SHORT) == 0 && out.len == 1,
	    "and one that is cut short is refused");
	buf_free(&outer);
	buf_free(&out);
	b->len = 0;
}

int
main(void)
{
	struct buf b = { 0 };

	text = inflated_text();
	plain(&b);
	gzip(&b);
	members(&b);
	zlib(&b);
	lz4(&b);
	zstd(&b);
	windows(&b);
	frames(&b);
	once(&b);
	buf_free(&b);
	return (failed);
}
