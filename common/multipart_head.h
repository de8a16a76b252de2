#ifndef MULTIPART_HEAD_H
#define MULTIPART_HEAD_H

#include <stddef.h>
#include <stdint.h>

/* The head of one part of a form, line by line. All zeros is an empty one. */
struct multipart_head {
	char	*name;			/* NULL: none; so the next two */
	char	*filename;
	char	*type;
	uint64_t length_at;		/* of the digits of Content-Length */
	size_t	 length_digits;		/* 0: there is none */
	int	 disposed;		/* Content-Disposition was there */
};

/*
 * Take a header line without its CRLF, but with a NUL behind it; at is its
 * offset in the body. NULL, or what is wrong.
 */
const char *multipart_head_line(struct multipart_head *, const char *p,
	    size_t len, uint64_t at);

/* Free what it holds; it is an empty one. */
void	multipart_head_clear(struct multipart_head *);

#endif
