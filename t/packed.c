#include "packed.h"

#include <err.h>
#include <lz4frame.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "buf.h"

#define ROOM(len)	((len) + (len) / 8 + 1024)

static void
must(int holds)
{
	if (!holds)
		errx(111, "packed");
}

/* n bytes of v, the lowest first. */
static void
packed_number(struct buf *b, uint64_t v, size_t n)
{
	for (; n > 0; n--, v >>= 8)
		must(buf_addc(b, (char)(v & 0xff)) == 0);
}

/* wrap: 15 zlib, -15 nothing around it. Returns how many bytes it took. */
static size_t
packed_deflate(struct buf *b, const char *p, size_t len, int level, int wrap)
{
	z_stream z = { 0 };
	size_t n;

	must(deflateInit2(&z, level, Z_DEFLATED, wrap, 8,
	    Z_DEFAULT_STRATEGY) == Z_OK && buf_reserve(b, ROOM(len)) == 0);
	z.next_in = (Bytef *)(uintptr_t)p;
	z.avail_in = (uInt)len;
	z.next_out = (Bytef *)b->p + b->len;
	z.avail_out = (uInt)ROOM(len);
	must(deflate(&z, Z_FINISH) == Z_STREAM_END);
	n = z.total_out;
	b->len += n;
	deflateEnd(&z);
	return (n);
}

static uint32_t
packed_crc(const char *p, size_t len)
{
	return ((uint32_t)crc32_z(0, (const Bytef *)p, len));
}

void
packed_gzip(struct buf *b, const char *p, size_t len, int flags, int wrong)
{
	size_t start = b->len;
	uint32_t crc;

	must(buf_add(b, "\x1f\x8b\x08", 3) == 0);
	packed_number(b, (uint64_t)flags, 1);
	must(buf_add(b, "\1\2\3\4\0\3", 6) == 0);
	if (flags & PACKED_FEXTRA)
		must(buf_add(b, "\5\0ab\1\0c", 7) == 0);
	if (flags & PACKED_FNAME)
		must(buf_add(b, "main.jfr", 9) == 0);
	if (flags & PACKED_FCOMMENT)
		must(buf_add(b, "no comment", 11) == 0);
	if (flags & PACKED_FHCRC) {
		crc = packed_crc(b->p + start, b->len - start);
		packed_number(b, wrong ? ~crc : crc, 2);
	}
	packed_deflate(b, p, len, 6, -15);
	packed_number(b, packed_crc(p, len), 4);
	packed_number(b, len, 4);
}

void
packed_zlib(struct buf *b, const char *p, size_t len, int level)
{
	packed_deflate(b, p, len, level, 15);
}

void
packed_lz4(struct buf *b, const char *p, size_t len, int flags)
{
	LZ4F_preferences_t prefs = { 0 };
	LZ4F_frameInfo_t *info = &prefs.frameInfo;
	LZ4F_cctx *c;
	size_t n, at;

	info->blockSizeID = LZ4F_max64KB;
	info->blockMode = flags & PACKED_LINKED ? LZ4F_blockLinked :
	    LZ4F_blockIndependent;
	info->contentSize = flags & PACKED_SIZE ? len : 0;
	info->contentChecksumFlag = flags & PACKED_SUM ?
	    LZ4F_contentChecksumEnabled : LZ4F_noContentChecksum;
	info->blockChecksumFlag = flags & PACKED_BLOCK_SUMS ?
	    LZ4F_blockChecksumEnabled : LZ4F_noBlockChecksum;
	prefs.autoFlush = 1;
	must(!LZ4F_isError(LZ4F_createCompressionContext(&c, LZ4F_VERSION)));
	must(buf_reserve(b, 2 * LZ4F_compressBound(len, &prefs) + 1024) == 0);
	b->len += LZ4F_compressBegin(c, b->p + b->len, b->cap - b->len, &prefs);
	/* In pieces, so that linked blocks have something to refer to. */
	for (at = 0; at < len; at += n) {
		n = len - at < 20000 ? len - at : 20000;
		b->len += LZ4F_compressUpdate(c, b->p + b->len,
		    b->cap - b->len, p + at, n, NULL);
	}
	n = LZ4F_compressEnd(c, b->p + b->len, b->cap - b->len, NULL);
	must(!LZ4F_isError(n));
	b->len += n;
	LZ4F_freeCompressionContext(c);
}

void
packed_zstd(struct buf *b, const char *p, size_t len, int flags, int window)
{
	ZSTD_CCtx *c = ZSTD_createCCtx();
	ZSTD_outBuffer out;
	ZSTD_inBuffer in = { p, len, 0 };

	must(c != NULL && buf_reserve(b, ROOM(len)) == 0);
	ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag,
	    (flags & PACKED_SUM) != 0);
	ZSTD_CCtx_setParameter(c, ZSTD_c_windowLog, window);
	out.dst = b->p + b->len;
	out.size = b->cap - b->len;
	out.pos = 0;
	if (!(flags & PACKED_SIZE))
		must(ZSTD_compressStream2(c, &out, &in, ZSTD_e_flush) == 0);
	must(ZSTD_compressStream2(c, &out, &in, ZSTD_e_end) == 0);
	b->len += out.pos;
	ZSTD_freeCCtx(c);
}

void
packed_skip(struct buf *b, int which, size_t len)
{
	packed_number(b, (uint64_t)(0x184d2a50 + which), 4);
	packed_number(b, len, 4);
	for (; len > 0; len--)
		must(buf_addc(b, (char)len) == 0);
}

/* Lengths as a local header has them: of the entry, compressed first. */
static void
zip_lengths(struct buf *b, uint64_t packed, uint64_t len, int flags)
{
	if (flags & PACKED_ZIP64)
		packed = len = UINT32_MAX;
	else if ((flags & PACKED_STREAMED) && !(flags & PACKED_HEADED))
		packed = len = 0;
	packed_number(b, packed, 4);
	packed_number(b, len, 4);
}

static void
zip_extra(struct buf *b, uint64_t packed, uint64_t len, int flags)
{
	if (flags & PACKED_EXTRA) {
		packed_number(b, 0x5455, 2);
		packed_number(b, 17, 2);
		must(buf_add(b, "\1abcdefghijklmnop", 17) == 0);
	}
	if (flags & PACKED_ZIP64) {
		packed_number(b, 1, 2);
		packed_number(b, 16, 2);
		packed_number(b, flags & PACKED_STREAMED ? 0 : len, 8);
		packed_number(b, flags & PACKED_STREAMED ? 0 : packed, 8);
	}
	if (flags & PACKED_EXTRA)
		must(buf_add(b, "\0\0\0", 3) == 0);
}

void
packed_zip(struct buf *b, const char *p, size_t len, int flags)
{
	struct buf body = { 0 }, extra = { 0 };
	size_t wide = flags & PACKED_ZIP64 ? 8 : 4;
	uint32_t crc = packed_crc(p, len);

	if (flags & PACKED_STORED)
		must(buf_add(&body, p, len) == 0);
	else
		packed_deflate(&body, p, len, 6, -15);
	zip_extra(&extra, body.len, len, flags);
	must(buf_add(b, "PK\3\4\x2d\0", 6) == 0);
	packed_number(b, flags & PACKED_STREAMED ? 8 : 0, 2);
	packed_number(b, flags & PACKED_STORED ? 0 : 8, 2);
	must(buf_add(b, "\1\2\3\4", 4) == 0);
	packed_number(b, flags & PACKED_STREAMED ? 0 : crc, 4);
	zip_lengths(b, body.len, len, flags);
	packed_number(b, 8, 2);
	packed_number(b, extra.len, 2);
	must(buf_add(b, "main.jfr", 8) == 0);
	must(buf_add(b, extra.p, extra.len) == 0 &&
	    buf_add(b, body.p, body.len) == 0);
	if (flags & PACKED_STREAMED) {
		if (!(flags & PACKED_UNSIGNED))
			must(buf_add(b, "PK\7\10", 4) == 0);
		packed_number(b, crc, 4);
		packed_number(b, body.len, wide);
		packed_number(b, len, wide);
	}
	must(buf_add(b, "PK\3\4\x2d\0", 6) == 0);
	buf_free(&body);
	buf_free(&extra);
}
