#ifndef PACKED_H
#define PACKED_H

#include <stddef.h>

struct buf;

/*
 * Compressed bytes for tests, as their formats allow and libraries seldom
 * write them. All append to b and exit when there is no memory.
 */

/* A gzip member (RFC 1952) with the header flags given; wrong: of FHCRC. */
enum { PACKED_FHCRC = 2, PACKED_FEXTRA = 4, PACKED_FNAME = 8,
    PACKED_FCOMMENT = 16 };
void	packed_gzip(struct buf *b, const char *p, size_t len, int flags,
	    int wrong);

/* A zlib stream: level 0 to 9 for its four headers. */
void	packed_zlib(struct buf *b, const char *p, size_t len, int level);

/* An lz4 frame. */
enum { PACKED_LINKED = 1, PACKED_SIZE = 2, PACKED_SUM = 4,
    PACKED_BLOCK_SUMS = 8 };
void	packed_lz4(struct buf *b, const char *p, size_t len, int flags);

/*
 * A zstd frame, with PACKED_SIZE (else made as it came) and PACKED_SUM. window
 * is a power of two; 0: as libzstd likes.
 */
void	packed_zstd(struct buf *b, const char *p, size_t len, int flags,
	    int window);

/* A skippable frame of len bytes; which is 0 to 15. */
void	packed_skip(struct buf *b, int which, size_t len);

/* A zip's first entry (APPNOTE.TXT) and the beginning of another. */
enum { PACKED_STREAMED = 1, PACKED_UNSIGNED = 2, PACKED_ZIP64 = 4,
    PACKED_EXTRA = 8, PACKED_STORED = 16, PACKED_HEADED = 32 };
void	packed_zip(struct buf *b, const char *p, size_t len, int flags);

#endif
