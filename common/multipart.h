#ifndef MULTIPART_H
#define MULTIPART_H

#include <stddef.h>
#include <stdint.h>

/*
 * multipart/form-data (RFC 7578 over RFC 2046), taken apart as it comes, in
 * pieces of any size. Offsets count from the body's first byte.
 */
struct multipart;

struct multipart_part {
	size_t	 index;			/* 0, 1, ... */
	uint64_t start;			/* of its delimiter line ("--boundary") */
	uint64_t head;			/* of its first header */
	uint64_t body;			/* of its content */
	const char *name;		/* NULL: none; quoting undone */
	const char *filename;		/* NULL: none */
	const char *type;		/* Content-Type, NULL: none */
	uint64_t length_at;		/* of the digits of a Content-Length of */
	size_t	 length_digits;		/* its own, and how many; 0: none */
};

struct multipart_limits {
	size_t	parts;			/* at most */
	size_t	head;			/* bytes of one part's headers, with
					   the blank line; and of a preamble */
};

/* Each may be NULL. */
struct multipart_calls {
	/* A part's headers are complete. part is valid until this returns. */
	void	(*on_part)(const struct multipart_part *part, void *arg);
	/* Some of its content. */
	void	(*on_body)(const char *p, size_t len, void *arg);
	/* Its content ended; end is the offset behind its last byte. */
	void	(*on_end)(uint64_t end, void *arg);
};

/*
 * content_type is the request's header value; it must be multipart/form-data
 * (any case) with a boundary of 1 to 70 bytes, quoted or not. NULL: *why says
 * what is wrong (or ENOMEM with *why "out of memory").
 */
struct multipart *multipart_new(const char *content_type,
	    const struct multipart_limits *, const struct multipart_calls *,
	    void *arg, const char **why);

/* More of the body. -1: malformed; see multipart_why. */
int	multipart_feed(struct multipart *, const char *p, size_t len);

/* The body is complete. -1: it ended before the final boundary. */
int	multipart_finish(struct multipart *);

/* What was wrong, and at which offset. */
const char *multipart_why(const struct multipart *, uint64_t *at);

/* The boundary, without its leading "--". */
const char *multipart_boundary(const struct multipart *);

/* Offset of the final delimiter's CRLF, where another part can be put. */
uint64_t multipart_close(const struct multipart *);

void	multipart_free(struct multipart *);

#endif
