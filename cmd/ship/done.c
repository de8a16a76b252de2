#include "done.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "fifo.h"
#include "log.h"

struct done {
	int		 fd;
	struct event	*room;
	struct buf	 lines;
};

/* Write what fits, a line at a time: several in one write could be cut. */
static void
done_flush(struct done *d)
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

struct done *
done_new(struct event_base *base, int fd)
{
	struct done *d;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->fd = fd;
	if ((d->room = event_new(base, fd, EV_WRITE, on_room, d)) == NULL) {
		free(d);
		return (NULL);
	}
	return (d);
}

void
done_free(struct done *d)
{
	if (d == NULL)
		return;
	event_free(d->room);
	buf_free(&d->lines);
	free(d);
}

void
done_say(struct done *d, const char *fmt, ...)
{
	char line[FIFO_LINE];
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	len = strlen(line);
	line[len++] = '\n';
	if (buf_add(&d->lines, line, len) == -1) {
		log_err(NULL, "out of memory", "");
		exit(111);
	}
	done_flush(d);
}

size_t
done_waiting(const struct done *d)
{
	return (d->lines.len);
}
