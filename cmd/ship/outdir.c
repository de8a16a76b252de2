#include "outdir.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

#define KNOWN	32	/* directories remembered */
#define NAME	512

struct outdir {
	char		*path;
	int		 root;
	pthread_mutex_t	 lock;		/* of what follows */
	int		 known[KNOWN];	/* open, or -1 */
	unsigned int	 turn;
};

static int
open_dir(int at, const char *name, int flags)
{
	return (openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | flags));
}

/*
 * A directory below at. That is fsynced even if the directory was there:
 * whoever made it may have crashed before the fsync.
 */
static int
make_below(int at, const char *name)
{
	if (mkdirat(at, name, 0777) == -1 && errno != EEXIST)
		return (-1);
	if (file_sync_fd(at) == -1)
		return (-1);
	return (open_dir(at, name, O_NOFOLLOW));
}

/* The directory of that name if it is the very one that is remembered, or -1. */
static int
outdir_recall(struct outdir *o, const char *name)
{
	struct stat now, then;
	int fd = open_dir(o->root, name, O_NOFOLLOW), known = 0;
	size_t i;

	if (fd == -1 || fstat(fd, &now) == -1)
		goto out;
	pthread_mutex_lock(&o->lock);
	for (i = 0; i < KNOWN && !known; i++)
		known = o->known[i] != -1 &&
		    fstat(o->known[i], &then) == 0 &&
		    then.st_ino == now.st_ino && then.st_dev == now.st_dev;
	pthread_mutex_unlock(&o->lock);
out:
	if (!known && fd != -1) {
		close(fd);
		fd = -1;
	}
	return (fd);
}

/* Held open, its inode is no other's, even if it is removed and made again. */
static void
outdir_remember(struct outdir *o, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	if (copy == -1)
		return;
	pthread_mutex_lock(&o->lock);
	if (o->known[o->turn] != -1)
		close(o->known[o->turn]);
	o->known[o->turn] = copy;
	o->turn = (o->turn + 1) % KNOWN;
	pthread_mutex_unlock(&o->lock);
}

int
outdir_make(struct outdir *o, const char *first, const char *second)
{
	char name[NAME];
	int dir, below, saved;

	snprintf(name, sizeof(name), "%s/%s", first, second);
	if ((below = outdir_recall(o, name)) != -1)
		return (below);
	if ((dir = make_below(o->root, first)) == -1)
		return (-1);
	below = make_below(dir, second);
	saved = errno;
	close(dir);
	errno = saved;
	if (below != -1)
		outdir_remember(o, below);
	return (below);
}

/* mkdir -p, each new one made durable by an fsync of the one above it. */
static int
make_path(const char *path)
{
	char *copy, *p;
	int fd, below, result = -1;

	/* On the way to it there may be what is not ours to read. */
	if ((fd = open_dir(AT_FDCWD, path, 0)) != -1 || errno != ENOENT)
		return (fd);
	if ((copy = strdup(path)) == NULL)
		return (-1);
	if ((fd = open_dir(AT_FDCWD, *path == '/' ? "/" : ".", 0)) == -1)
		goto out;
	for (p = strtok(copy, "/"); p != NULL; p = strtok(NULL, "/")) {
		if (mkdirat(fd, p, 0777) == 0) {
			if (file_sync_fd(fd) == -1)
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
	size_t i;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	pthread_mutex_init(&o->lock, NULL);
	for (i = 0; i < KNOWN; i++)
		o->known[i] = -1;
	o->root = -1;
	if ((o->path = strdup(path)) == NULL ||
	    (o->root = make_path(path)) == -1) {
		outdir_close(o);
		return (NULL);
	}
	return (o);
}

int
outdir_renew(struct outdir *o)
{
	int fd, result = 0;
	struct stat st;

	if (fstat(o->root, &st) == -1)
		return (-1);
	if (st.st_nlink != 0)
		return (0);
	if ((fd = make_path(o->path)) == -1)
		return (-1);
	/* Whoever borrowed the descriptor has the new one. */
	if (dup3(fd, o->root, O_CLOEXEC) == -1)
		result = -1;
	close(fd);
	return (result);
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
		if (o->known[i] != -1)
			close(o->known[i]);
	pthread_mutex_destroy(&o->lock);
	free(o->path);
	free(o);
	errno = saved;
}

int
outdir_root(const struct outdir *o)
{
	return (o->root);
}
