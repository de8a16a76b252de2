#include "pipes_done.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "fifo.h"

struct pipes_done {
	int		 fd;
	struct event	*room;
	struct event	*later;
	struct buf	 lines;
};

/* Write what fits, a line at a time: several in one write could be cut. */
static void
done_flush(struct pipes_done *d)
{
	static const struct timeval pause = { .tv_sec = 1 };
	size_t at = 0, len;
	int error = 0;
	ssize_t n;
	char *end;

	while (at < d->lines.len) {
		end = memchr(d->lines.p + at, '\n', d->lines.len - at);
		len = (size_t)(end + 1 - (d->lines.p + at));
		do
			n = write(d->fd, d->lines.p + at, len);
		while (n == -1 && errno == EINTR);
		if (n == -1) {
			error = errno;
			break;
		}
		at += len;
	}
	buf_drop(&d->lines, at);
	if (d->lines.len == 0)
		return;
	/* What but want of room fails is the file system, shut down: there is
	 * room all the time. */
	if (error == EAGAIN)
		event_add(d->room, NULL);
	else
		event_add(d->later, &pause);
}

static void
on_room(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	done_flush(arg);
}

struct pipes_done *
pipes_done_new(struct event_base *base, int fd)
{
	struct pipes_done *d;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->fd = fd;
	d->room = event_new(base, fd, EV_WRITE, on_room, d);
	d->later = event_new(base, -1, 0, on_room, d);
	if (d->room == NULL || d->later == NULL) {
		pipes_done_free(d);
		errno = ENOMEM;
		return (NULL);
	}
	return (d);
}

void
pipes_done_free(struct pipes_done *d)
{
	if (d == NULL)
		return;
	if (d->room != NULL)
		event_free(d->room);
	if (d->later != NULL)
		event_free(d->later);
	buf_free(&d->lines);
	free(d);
}

int
pipes_done_say(struct pipes_done *d, const char *id, const char *fmt,
    va_list ap)
{
	char line[FIFO_LINE];
	size_t len = 0;

	if (id != NULL)
		len = (size_t)snprintf(line, sizeof(line), "%s ", id);
	vsnprintf(line + len, sizeof(line) - len, fmt, ap);
	len = strlen(line);
	line[len++] = '\n';
	if (buf_add(&d->lines, line, len) == -1)
		return (-1);
	done_flush(d);
	return (0);
}

size_t
pipes_done_waiting(const struct pipes_done *d)
{
	return (d->lines.len);
}
