#ifndef CLIENT_H
#define CLIENT_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/* What the test tools that speak HTTP to prof-recv share. */

/*
 * Connect to "HOST:PORT" or "unix:PATH"; blocking, close on exec. -1 with
 * errno, EINVAL where the address is none.
 */
int	client_connect(const char *address);

/* One answer, read as it comes. All zeros is one that has not begun. */
struct answer {
	int	 state;
	int	 status;		/* 0: its head is not complete */
	int	 close;			/* the server will close after it */
	int	 chunked;
	int	 trailer;		/* behind the last chunk */
	int64_t	 left;			/* of the body or chunk; -1: to the
					   connection's end */
	struct buf head;
	struct buf body;		/* its first 64 KiB */
	struct buf line;		/* a chunk line that is not complete */
};

/*
 * Some bytes of a connection. Returns how many belong to this answer; -1: not
 * HTTP. answer_done: complete. An interim answer (1xx) is passed over.
 */
long	answer_feed(struct answer *, const char *p, size_t len);
int	answer_done(const struct answer *);

/* The connection has ended: does that complete the answer? 0 or -1. */
int	answer_eof(struct answer *);

/* Forget it; another can be read. */
void	answer_clear(struct answer *);

/*
 * The ProfileID in its body, NUL-terminated in id, which has room for size
 * bytes. -1: none.
 */
int	answer_id(const struct answer *, char *id, size_t size);

#endif
