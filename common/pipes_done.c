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
	struct buf	 lines;
};

/* Write what fits, a line at a time: several in one write could be cut. */
static void
done_flush(struct pipes_done *d)
{
	size_t at = 0, len;
	ssize_t n;
	char *end;

	while (at < d->lines.len) {
		end = memchr(d->lines.p + at, '\n', d->lines.len - at);
		len = (size_t)(end + 1 - (d->lines.p + at));
		do
			n = write(d->fd, d->lines.p + at, len);
		while (n == -1 && errno == EINTR);
		if (n == -1)
			break;
		at += len;
	}
	buf_drop(&d->lines, at);
	if (d->lines.len != 0)
		event_add(d->room, NULL);
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
	if ((d->room = event_new(base, fd, EV_WRITE, on_room, d)) == NULL) {
		free(d);
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
	event_free(d->room);
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
