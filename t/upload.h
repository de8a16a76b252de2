#ifndef UPLOAD_H
#define UPLOAD_H

#include <stddef.h>
#include <stdint.h>

#include "buf.h"

/*
 * The request that load sends: a form made from a number as it goes out. The
 * event has that number as the tag "number", and metrics.json as that of
 * goroutines. The attachment that makes up the size is called cpu.pprof and is
 * lines of 16 bytes, the number and the line's own as seven hexadecimal digits
 * each ("%07x %07x\n"), the last one cut, so that t/delivered.py can tell a
 * body that is torn or mixed.
 */
struct upload {
	struct buf	front;		/* head, event, the part's headers */
	uint64_t	number;
	uint64_t	content;	/* bytes of the attachment */
	uint64_t	length;		/* of the whole request */
};

/* size: of the body. -1: ENOMEM, or EINVAL where the form alone is larger. */
int	upload_open(struct upload *, uint64_t number, uint64_t size,
	    int keep_alive);

/* Or len bytes that the caller has, and does not read from here. */
void	upload_raw(struct upload *, uint64_t number, uint64_t len);

/* At most len bytes of the request at off; how many. */
size_t	upload_read(const struct upload *, uint64_t off, char *p, size_t len);

void	upload_close(struct upload *);

#endif
