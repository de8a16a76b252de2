#include "httpd.h"

#include <errno.h>
#include <event2/event.h>
#include <event2/listener.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access.h"
#include "httpd_conn.h"
#include "httpd_socket.h"

/* How long accepting rests when there are no descriptors for it. */
static const struct timeval rest = { 0, 250000 };

/* One listening socket. */
struct door {
	LIST_ENTRY(door) entry;
	struct httpd_doors *doors;
	struct evconnlistener *listener;
	struct httpd_entrance in;
	char	*path;			/* of a unix socket; NULL: TCP */
	dev_t	 dev;			/* what we put there */
	ino_t	 ino;
};

struct httpd_doors {
	LIST_HEAD(door_list, door) all;
	struct httpd *httpd;
	struct event *rested;
	int	 spare;			/* descriptor to give up for a moment */
	unsigned int count;		/* of httpd_listen */
};

static void
on_rested(int fd, short what, void *arg)
{
	struct httpd_doors *doors = arg;
	struct door *d;

	(void)fd;
	(void)what;
	for (d = LIST_FIRST(&doors->all); d != NULL; d = LIST_NEXT(d, entry))
		evconnlistener_enable(d->listener);
}

static void
on_accept(struct evconnlistener *listener, int fd, struct sockaddr *sa,
    int len, void *arg)
{
	struct door *d = arg;

	(void)listener;
	(void)len;
	httpd_admit(d->doors->httpd, &d->in, fd, sa);
}

/*
 * Mostly there are no descriptors left. The listener would go off again at
 * once and for ever, so accepting rests; with the spare descriptor one of
 * those who wait is told so.
 */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
	static const char sorry[] = "HTTP/1.1 503 Service Unavailable\r\n"
	    "Content-Length: 0\r\nRetry-After: 5\r\nConnection: close\r\n\r\n";
	struct door *d = arg;
	struct httpd_doors *doors = d->doors;
	struct httpd *h = doors->httpd;
	int fd;

	for (d = LIST_FIRST(&doors->all); d != NULL; d = LIST_NEXT(d, entry))
		evconnlistener_disable(d->listener);
	evtimer_add(doors->rested, &rest);
	if (doors->spare != -1)
		close(doors->spare);
	fd = accept4(evconnlistener_get_fd(listener), NULL, NULL,
	    SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd != -1) {
		h->stats->refused++;
		h->calls->on_refused("unknown", 503,
		    "no descriptors left for connections", h->arg);
		(void)!send(fd, sorry, sizeof(sorry) - 1, MSG_NOSIGNAL);
		close(fd);
	}
	doors->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

struct httpd_doors *
httpd_doors_new(struct httpd *h)
{
	struct httpd_doors *doors;

	if ((doors = calloc(1, sizeof(*doors))) == NULL)
		return (NULL);
	LIST_INIT(&doors->all);
	doors->httpd = h;
	doors->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
	doors->rested = evtimer_new(h->base, on_rested, doors);
	if (doors->spare == -1 || doors->rested == NULL) {
		httpd_doors_free(doors);
		return (NULL);
	}
	return (doors);
}

/* The path is removed only while our own socket still stands there. */
static void
door_free(struct door *d)
{
	struct stat st;

	if (d->path != NULL && lstat(d->path, &st) == 0 &&
	    st.st_dev == d->dev && st.st_ino == d->ino)
		unlink(d->path);
	if (d->listener != NULL)
		evconnlistener_free(d->listener);
	free(d->path);
	free(d);
}

void
httpd_doors_free(struct httpd_doors *doors)
{
	struct door *d;

	if (doors == NULL)
		return;
	while ((d = LIST_FIRST(&doors->all)) != NULL) {
		LIST_REMOVE(d, entry);
		door_free(d);
	}
	if (doors->rested != NULL)
		event_free(doors->rested);
	if (doors->spare != -1)
		close(doors->spare);
	free(doors);
}

/* Listen on fd, which is taken over also when this fails. */
static int
door_add(struct httpd_doors *doors, const struct httpd_entrance *in, int fd,
    const char *path)
{
	struct stat st;
	struct door *d;

	if ((d = calloc(1, sizeof(*d))) == NULL ||
	    (d->listener = evconnlistener_new(doors->httpd->base, on_accept,
	    d, LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0,
	    fd)) == NULL) {
		close(fd);
		free(d);
		errno = ENOMEM;
		return (-1);
	}
	if (path != NULL && ((d->path = strdup(path)) == NULL ||
	    lstat(path, &st) == -1)) {
		door_free(d);
		return (-1);
	}
	if (path != NULL) {
		d->dev = st.st_dev;
		d->ino = st.st_ino;
	}
	d->doors = doors;
	d->in = *in;
	evconnlistener_set_error_cb(d->listener, on_accept_error);
	LIST_INSERT_HEAD(&doors->all, d, entry);
	return (0);
}

/*
 * Its sockets in fds, and in *path that of one which is ours to remove. How
 * many; -1 with errno and *why.
 */
static int
sockets_open(struct httpd *h, const char *address, int fds[HTTPD_SOCKETS],
    const char **path, char *bound, size_t size, const char **why)
{
	int n;

	if (h->passed != NULL && (n = httpd_socket_passed(address,
	    h->doors->count + 1, h->passed, fds, bound, size)) > 0)
		return (n);
	if (strncmp(address, "unix:", 5) != 0)
		return (httpd_socket_tcp(address, h->passed, fds, bound, size,
		    why));
	*path = address + 5;
	snprintf(bound, size, "%s", address);
	fds[0] = httpd_socket_unix(*path, why);
	return (fds[0] == -1 ? -1 : 1);
}

/* How those come in who come by this address. */
static enum access_by
address_by(const char *address)
{
	if (strncmp(address, "unix:", 5) == 0)
		return (ACCESS_UNIX);
	return (strncmp(address, "https://", 8) == 0 ? ACCESS_TLS :
	    ACCESS_TCP);
}

int
httpd_listen(struct httpd *h, const char *address, struct access *access,
    char *bound, size_t size, const char **why)
{
	struct httpd_entrance in = { h->doors->count, address_by(address),
	    access };
	const char *path = NULL;
	int fds[HTTPD_SOCKETS], i, n, result = 0;

	if (in.by == ACCESS_TLS && (access == NULL ||
	    access_tls(access) == NULL)) {
		*why = "there is no certificate for TLS";
		errno = EINVAL;
		return (-1);
	}
	if ((n = sockets_open(h, address, fds, &path, bound, size,
	    why)) == -1)
		return (-1);
	for (i = 0; i < n; i++)
		if (door_add(h->doors, &in, fds[i], path) == -1) {
			*why = "out of memory";
			result = -1;
		}
	h->doors->count++;
	return (result);
}

void
httpd_inherit(struct httpd *h, struct passed *passed)
{
	h->passed = passed;
}

/* One who waits to be accepted. 0: nobody does. */
static int
door_admit(struct door *d)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	int fd = accept4(evconnlistener_get_fd(d->listener), (void *)&ss,
	    &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd == -1)
		return (0);
	httpd_admit(d->doors->httpd, &d->in, fd, (void *)&ss);
	return (1);
}

void
httpd_doors_empty(struct httpd_doors *doors)
{
	struct door *d;
	int n;

	for (d = LIST_FIRST(&doors->all); d != NULL; d = LIST_NEXT(d, entry))
		for (n = 0; n < HTTPD_BACKLOG && door_admit(d); n++)
			;
}
