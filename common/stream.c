#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "record.h"

#define PIECE	65536

struct stream {
	int		 fd;
	struct buf	 read;		/* what was read and not yet used */
};

struct stream *
stream_new(int fd)
{
	struct stream *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->fd = fd;
	return (s);
}

void
stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	buf_free(&s->read);
	free(s);
}

/* Read some more. 0: the end; -1 with errno. */
static ssize_t
stream_read(struct stream *s)
{
	ssize_t n;

	if (buf_reserve(&s->read, PIECE) == -1)
		return (-1);
	do
		n = read(s->fd, s->read.p + s->read.len, PIECE);
	while (n == -1 && errno == EINTR);
	if (n > 0)
		s->read.len += (size_t)n;
	return (n);
}

/* 1: how long the next record is; 0: the end; -1. */
static int
stream_head(struct stream *s, uint64_t *len, const char **why)
{
	struct record r;
	ssize_t n;
	int result;

	for (;;) {
		result = s->read.len == 0 ? 1 :
		    record_parse(&r, s->read.p, s->read.len, why);
		if (result == 0) {
			*len = r.head + r.length;
			record_clear(&r);
			return (1);
		}
		if (result == -1) {
			errno = 0;
			return (-1);
		}
		if ((n = stream_read(s)) == -1) {
			*why = "cannot read";
			return (-1);
		}
		if (n == 0) {
			*why = "header is cut short";
			errno = 0;
			return (s->read.len == 0 ? 0 : -1);
		}
	}
}

/* Copy len bytes to fd. */
static int
stream_copy(struct stream *s, int fd, uint64_t len, const char **why)
{
	size_t piece;
	ssize_t n;

	while (len > 0) {
		piece = s->read.len < len ? s->read.len : (size_t)len;
		*why = "cannot write a copy to $TMPDIR";
		if (file_write(fd, s->read.p, piece) == -1)
			return (-1);
		buf_drop(&s->read, piece);
		len -= piece;
		if (len == 0)
			break;
		*why = "cannot read";
		if ((n = stream_read(s)) == -1)
			return (-1);
		if (n == 0) {
			*why = "record is cut short";
			errno = 0;
			return (-1);
		}
	}
	return (0);
}

int
stream_next(struct stream *s, int *fd, const char **why)
{
	uint64_t len;
	int result, saved;

	if ((result = stream_head(s, &len, why)) != 1)
		return (result);
	*why = "cannot make a copy in $TMPDIR";
	if ((*fd = file_temp()) == -1)
		return (-1);
	if (stream_copy(s, *fd, len, why) == 0)
		return (1);
	saved = errno;
	close(*fd);
	errno = saved;
	return (-1);
}
