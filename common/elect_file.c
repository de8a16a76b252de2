/*
 * Who holds a lock on a file that all candidates see is elected. The lock goes
 * with the process that holds it; who it was stands in the file. Beside the
 * loop, since the file may be another machine's: while that does not answer
 * nobody can take the lock over, but nobody can say that we have it, either.
 */
#include "elect_backend.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "file.h"
#include "pool.h"
#include "when.h"

#define PERIOD	1	/* seconds */
#define LEASE	(10 * WHEN_SECOND)

struct elect_lock {
	struct elect	*elect;
	struct event	*again;
	struct pool	*pool;
	char		*path;
	char		*candidate;
	int		 fd;		/* locked; -1: it is not ours */
	/* Of the job under way, and what it found: */
	int64_t		 asked;
	int		 back;
	char		 holder[200];	/* "": it is not known */
	char		 why[256];
};

/* Does the path still lead to the file that is locked? */
static int
lock_stands(const struct elect_lock *l, int fd)
{
	struct stat named, held;

	if (stat(l->path, &named) == -1 || fstat(fd, &held) == -1)
		return (0);
	errno = ESTALE;
	return (named.st_dev == held.st_dev && named.st_ino == held.st_ino);
}

/* The last one who held it, as it has written. */
static void
lock_holder(int fd, char *out, size_t size)
{
	ssize_t n = pread(fd, out, size - 1, 0);

	out[n > 0 ? n : 0] = '\0';
	out[strcspn(out, "\n")] = '\0';
}

/* It is ours: say so in it, so that whoever is next knows who was before. */
static int
lock_sign(struct elect_lock *l, int fd)
{
	char holder[1024], line[1024];
	size_t len;

	lock_holder(fd, holder, sizeof(holder));
	l->back = strcmp(holder, l->candidate) == 0;
	if (l->back)
		return (0);
	len = (size_t)snprintf(line, sizeof(line), "%s\n", l->candidate);
	if (len >= sizeof(line)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	return (ftruncate(fd, 0) == -1 ||
	    file_pwrite(fd, line, len, 0) == -1 || fsync(fd) == -1 ? -1 : 0);
}

static int
lock_take(struct elect_lock *l)
{
	int fd;

	l->holder[0] = '\0';
	fd = open(l->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0664);
	if (fd == -1) {
		snprintf(l->why, sizeof(l->why), "the file cannot be opened: "
		    "%s", strerror(errno));
		return (-1);
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		lock_holder(fd, l->holder, sizeof(l->holder));
		snprintf(l->why, sizeof(l->why), "another is elected: %s",
		    l->holder);
	} else if (lock_stands(l, fd) && lock_sign(l, fd) == 0)
		return (fd);
	else
		snprintf(l->why, sizeof(l->why), "the file cannot be "
		    "written: %s", strerror(errno));
	close(fd);
	return (-1);
}

/* In a thread. */
static void
lock_work(void *arg)
{
	struct elect_lock *l = arg;

	if (l->fd == -1) {
		l->fd = lock_take(l);
		return;
	}
	/* Whoever makes the file anew locks another one. */
	if (lock_stands(l, l->fd)) {
		l->back = 1;
		return;
	}
	snprintf(l->why, sizeof(l->why), "the file was replaced");
	close(l->fd);
	l->fd = -1;
}

static void
lock_done(void *arg)
{
	static const struct timeval period = { .tv_sec = PERIOD };
	struct elect_lock *l = arg;

	(void)evtimer_add(l->again, &period);
	elect_led_by(l->elect, l->fd != -1 ? l->candidate : l->holder);
	if (l->fd != -1)
		elect_hold(l->elect, l->asked + LEASE, l->back,
		    "the file is locked");
	else
		elect_lose(l->elect, l->why);
}

static void
on_again(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval period = { .tv_sec = PERIOD };
	struct elect_lock *l = arg;

	(void)fd;
	(void)what;
	l->asked = when_mono();
	if (pool_run(l->pool, lock_work, lock_done, l) == -1)
		(void)evtimer_add(l->again, &period);
}

static int
lock_busy(const void *own)
{
	const struct elect_lock *l = own;

	return (pool_busy(l->pool) > 0);
}

static void
lock_end(void *own)
{
	struct elect_lock *l = own;

	pool_free(l->pool);
	if (l->again != NULL)
		event_free(l->again);
	if (l->fd != -1)
		close(l->fd);
	free(l->path);
	free(l->candidate);
	free(l);
}

static void *
lock_begin(struct elect *e, struct event_base *base, const struct conf *conf,
    const struct elect_candidate *candidate, const char **why)
{
	static const struct timeval soon = { 0 };
	struct elect_lock *l;
	int saved;

	(void)why;
	if ((l = calloc(1, sizeof(*l))) == NULL)
		return (NULL);
	l->elect = e;
	l->fd = -1;
	l->path = strdup(conf->election_file);
	l->candidate = strdup(candidate->name);
	l->pool = pool_new(base, 1);
	l->again = evtimer_new(base, on_again, l);
	if (l->path != NULL && l->candidate != NULL && l->pool != NULL &&
	    l->again != NULL && evtimer_add(l->again, &soon) == 0)
		return (l);
	saved = errno;
	lock_end(l);
	errno = saved;
	return (NULL);
}

const struct elect_backend elect_file = {
	"file", lock_begin, lock_end, lock_busy
};
