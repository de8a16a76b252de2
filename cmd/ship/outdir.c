#include "outdir.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KNOWN	64	/* directories remembered */
#define NAME	512

struct outdir {
	int		 root;
	pthread_mutex_t	 lock;		/* of what follows */
	char		*known[KNOWN];
	unsigned int	 turn;
};

static int
open_dir(int at, const char *name, int flags)
{
	return (openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags));
}

/*
 * A directory below at, which is fsynced if it was not there, and, unless
 * trusted, even if it was: whoever made it may have crashed before the fsync.
 */
static int
make_below(int at, const char *name, int trusted)
{
	int dir;

	if (trusted && (dir = open_dir(at, name, O_NOFOLLOW)) != -1)
		return (dir);
	if ((mkdirat(at, name, 0777) == -1 && errno != EEXIST) ||
	    fsync(at) == -1)
		return (-1);
	return (open_dir(at, name, O_NOFOLLOW));
}

/* Is it remembered? With remember: now it is. */
static int
outdir_known(struct outdir *o, const char *name, int remember)
{
	int known = 0;
	size_t i;

	pthread_mutex_lock(&o->lock);
	for (i = 0; i < KNOWN && !known; i++)
		known = o->known[i] != NULL && strcmp(o->known[i], name) == 0;
	if (!known && remember) {
		free(o->known[o->turn]);
		o->known[o->turn] = strdup(name);
		o->turn = (o->turn + 1) % KNOWN;
	}
	pthread_mutex_unlock(&o->lock);
	return (known);
}

int
outdir_make(struct outdir *o, const char *first, const char *second)
{
	int trusted, dir, below, saved;
	char name[NAME];

	snprintf(name, sizeof(name), "%s/%s", first,
	    second != NULL ? second : "");
	trusted = outdir_known(o, name, 0);
	if ((dir = make_below(o->root, first, trusted)) == -1)
		return (-1);
	if (second != NULL) {
		below = make_below(dir, second, trusted);
		saved = errno;
		close(dir);
		errno = saved;
		if ((dir = below) == -1)
			return (-1);
	}
	outdir_known(o, name, 1);
	return (dir);
}

/* mkdir -p, each new one made durable by an fsync of the one above it. */
static int
make_path(const char *path)
{
	char *copy = strdup(path), *p;
	int fd, below, result = -1;

	if (copy == NULL)
		return (-1);
	if ((fd = open_dir(AT_FDCWD, *path == '/' ? "/" : ".", 0)) == -1)
		goto out;
	for (p = strtok(copy, "/"); p != NULL; p = strtok(NULL, "/")) {
		if (mkdirat(fd, p, 0777) == 0) {
			if (fsync(fd) == -1)
				goto out;
		} else if (errno != EEXIST)
			goto out;
		if ((below = open_dir(fd, p, 0)) == -1)
			goto out;
		close(fd);
		fd = below;
	}
	result = fd;
	fd = -1;
out:
	if (fd != -1)
		close(fd);
	free(copy);
	return (result);
}

struct outdir *
outdir_open(const char *path)
{
	struct outdir *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	pthread_mutex_init(&o->lock, NULL);
	if ((o->root = make_path(path)) == -1) {
		outdir_close(o);
		return (NULL);
	}
	return (o);
}

void
outdir_close(struct outdir *o)
{
	int saved = errno;
	size_t i;

	if (o == NULL)
		return;
	if (o->root != -1)
		close(o->root);
	for (i = 0; i < KNOWN; i++)
		free(o->known[i]);
	pthread_mutex_destroy(&o->lock);
	free(o);
	errno = saved;
}

int
outdir_root(const struct outdir *o)
{
	return (o->root);
}
