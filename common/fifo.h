#ifndef FIFO_H
#define FIFO_H

#include <stddef.h>

/*
 * Named pipes that carry lines: at most FIFO_LINE bytes each with the newline,
 * one write each, so that lines of several writers never mix.
 */
#define FIFO_LINE	512

/*
 * Open dir/name without blocking, and only if it is a FIFO (EINVAL), no link
 * (ELOOP).
 * fifo_reader: O_RDWR, so that it never sees an end of file.
 * fifo_writer: O_WRONLY; ENXIO: nobody reads.
 * fifo_both:   O_RDWR, for a writer whose lines may wait for a later reader.
 */
int	fifo_reader(int dir, const char *name);
int	fifo_writer(int dir, const char *name);
int	fifo_both(int dir, const char *name);

/* Lines read from a descriptor that does not block. */
struct fifo {
	char	buf[4 * FIFO_LINE];
	size_t	len;
	size_t	taken;		/* of buf: the line given out last */
	int	skip;		/* within a line that was too long */
};

/*
 * The next whole line, NUL-terminated and without its newline, in the
 * struct's own memory until the next call; NULL with errno EAGAIN: none now;
 * 0: end of file; else an error. A line too long is dropped.
 */
char	*fifo_line(struct fifo *, int fd);

/*
 * Write a line (without a newline in it) by one write. -1 with EAGAIN: no
 * room now; EPIPE: the reader has gone; EMSGSIZE.
 */
int	fifo_put(int fd, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

#endif
