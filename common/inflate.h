#ifndef INFLATE_H
#define INFLATE_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Compressed bytes of any client, told by their magic and inflated, at once or
 * as they come. Formats:
 *
 *   gzip  RFC 1952: any header flags, header and content checksums compared,
 *         several members
 *   zlib  RFC 1950, of a 32 KiB window and without dictionary (78 01, 78 5e,
 *         78 9c, 78 da): shorter magic would find it in text
 *   lz4   the frame format 1.6.x: linked and independent blocks, content size,
 *         checksums, skippable frames, several frames
 *   zstd  RFC 8878: skippable frames, several frames; no dictionary
 *   zip   APPNOTE.TXT: the first entry, stored or deflated, with a data
 *         descriptor (deflated only: a stored one would not tell its end) or
 *         zip64 sizes
 *
 * What inflates to one of them is inflated once more (lz4 around gzip); a
 * third layer is left as it is, and so is what is none of them. Bytes behind
 * the last member or frame that begin no other are ignored, as gzip(1) does
 * with a warning, zeros or not.
 */
enum inflate_format { INFLATE_NONE, INFLATE_GZIP, INFLATE_ZLIB, INFLATE_LZ4,
    INFLATE_ZSTD, INFLATE_ZIP };

#define INFLATE_FLOOR	(1024 * 1024)

/*
 * What a layer may give: at most bytes, and at most ratio times the outermost
 * input and INFLATE_FLOOR bytes, so that a small profile full of zeros passes.
 */
struct inflate_limits {
	uint64_t	bytes;
	unsigned int	ratio;	/* 0: any */
};

/*
 * By the first 4 bytes; fewer do where a magic is shorter. A skippable frame,
 * which lz4 and zstd share, is INFLATE_ZSTD.
 */
enum inflate_format inflate_format(const char *p, size_t len);

/*
 * Append what p inflates to. -1: out holds what it held before, and *why is
 * one of these sentences:
 *
 *   out of memory
 *   compressed bytes are cut short
 *   compressed bytes are malformed
 *   checksum does not match
 *   inflates to more bytes than the limit
 *   inflates by more than the ratio allowed
 *   zstd window is over the limit (8 MiB, or bytes if that is more; 128 MiB)
 *   zip method is not supported
 *   zip entry is encrypted
 *   zip entry does not tell its length
 *
 * Memory besides out: as much again where there are two layers. Takes twice
 * as long as inflating where a gzip lies about its size or has several members.
 */
int	inflate_whole(const char *p, size_t len, const struct inflate_limits *,
	    struct buf *out, const char **why);

/* The same of the outermost layer alone, as HTTP's Content-Encoding is one. */
int	inflate_once(const char *p, size_t len, const struct inflate_limits *,
	    struct buf *out, const char **why);

/*
 * As inflate_whole, of what comes in pieces of any size. A layer needs about
 * 100 KiB; of lz4 also two blocks (of 4 MiB at most), of zstd 160 KiB and the
 * window. The ratio is judged by what was fed so far: what begins with
 * megabytes of zeros may be refused in pieces only. sink gets what it inflates
 * to and returns -1 to end it: "refused by its reader". NULL: ENOMEM.
 */
struct inflate;

struct inflate *inflate_new(const struct inflate_limits *,
	    int (*sink)(const char *p, size_t len, void *arg), void *arg);

/* -1: *why says it, now and at every later call. */
int	inflate_feed(struct inflate *, const char *p, size_t len,
	    const char **why);

/* That was all; what was held back goes to sink. -1: as above. */
int	inflate_end(struct inflate *, const char **why);

void	inflate_free(struct inflate *);

#endif
