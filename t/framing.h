#ifndef FRAMING_H
#define FRAMING_H

#include <stddef.h>
#include <stdint.h>

struct evbuffer;

/* Where the body of a request ends: by its Content-Length, or in chunks. */
struct framing {
	int		 state;
	uint64_t	 left;		/* of the body or the chunk */
	uint64_t	 length;	/* of the body; 0: chunked, or none */
};

/* Begin behind a complete head, a string. */
void	framing_begin(struct framing *, const char *head);

/*
 * How many bytes at the front of in, in one piece, belong to the body; what
 * stands around chunks is drained. 0: done, or more must come.
 */
size_t	framing_next(struct framing *, struct evbuffer *in);

/* So many of them were taken. */
void	framing_took(struct framing *, size_t n);

int	framing_done(const struct framing *);

#endif
