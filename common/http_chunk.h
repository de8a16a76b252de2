#ifndef HTTP_CHUNK_H
#define HTTP_CHUNK_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The chunked coding (RFC 9112, 7.1) taken off as the bytes come. Sizes are
 * hexadecimal digits and nothing else: chunk extensions are refused, for no
 * client of ours sends any and parsers disagree on where they end. Trailers
 * are checked, bounded and ignored.
 */

#define HTTP_CHUNK_LINE		32	/* bytes of a size line, CRLF in */
#define HTTP_CHUNK_TRAILERS	4096	/* bytes of all trailers, CRLFs in */

/* All zeros: before the first chunk. */
struct http_chunk {
	int	 state;
	size_t	 line;		/* bytes so far of a size line, of trailers */
	uint64_t left;		/* of the chunk's bytes */
	uint64_t total;		/* of all chunks announced; stops at the top */
};

/*
 * Take bytes up to the end of the first run of body among them, or all. How
 * many were taken is returned, the run is *body and *n (0: none came). -1: the
 * coding is malformed. Nothing is taken when done.
 */
ssize_t	http_chunk_feed(struct http_chunk *, const char *p, size_t len,
	    const char **body, size_t *n, const char **why);

/* Has the body ended, trailers and all? */
int	http_chunk_done(const struct http_chunk *);

#endif
