#include "outdraft.h"

#include <sys/file.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"

#define TMP	".tmp"
#define PIECE	65536

struct outdraft {
	int	tmp;		/* the directory of all drafts */
	int	dir;		/* this one's, flocked */
	char	name[64];
	int	moved;		/* whole */
	uint64_t bytes;		/* on disk, of its files */
	uint64_t moved_bytes;
};

static int
open_dir(int at, const char *name)
{
	return (openat(at, name,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
}

static int
open_tmp(int root)
{
	int tmp = open_dir(root, TMP);

	if (tmp != -1 || errno != ENOENT)
		return (tmp);
	if (mkdirat(root, TMP, 0700) == -1 && errno != EEXIST)
		return (-1);
	return (open_dir(root, TMP));
}

static void
draft_name(char name[64], const char *id)
{
	snprintf(name, 64, "%s.%08x", id, arc4random());
}

/* Empty the directory open as fd, which is of files only, and remove it. */
static void
remove_dir(int at, const char *name, int fd)
{
	const char *file;
	int copy = dup(fd);
	DIR *dir;

	if (copy == -1 || (dir = fdopendir(copy)) == NULL) {
		if (copy != -1)
			close(copy);
		return;
	}
	rewinddir(dir);
	while (file_next(dir, &file) == 1)
		unlinkat(fd, file, 0);
	closedir(dir);
	unlinkat(at, name, AT_REMOVEDIR);
}

struct outdraft *
outdraft_new(int root, const char *id)
{
	struct outdraft *d;
	int saved;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->tmp = d->dir = -1;
	if ((d->tmp = open_tmp(root)) == -1)
		goto fail;
	draft_name(d->name, id);
	if (mkdirat(d->tmp, d->name, 0777) == -1 ||
	    (d->dir = open_dir(d->tmp, d->name)) == -1 ||
	    flock(d->dir, LOCK_EX | LOCK_NB) == -1)
		goto fail;
	return (d);
fail:
	saved = errno;
	outdraft_free(d);
	errno = saved;
	return (NULL);
}

int
outdraft_file(struct outdraft *d, const char *name, outdraft_read *from,
    void *arg, uint64_t off, uint64_t len)
{
	char piece[PIECE];
	int fd, result = -1, saved;
	struct stat st;
	size_t n;

	fd = openat(d->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0666);
	if (fd == -1)
		return (-1);
	for (; len > 0; off += n, len -= n) {
		n = len < PIECE ? (size_t)len : PIECE;
		if (from(arg, off, piece, n) == -1 ||
		    file_write(fd, piece, n) == -1)
			goto out;
	}
	/* What it occupies is known once it is on disk. */
	if (fsync(fd) == -1 || fstat(fd, &st) == -1)
		goto out;
	d->bytes += (uint64_t)st.st_blocks * 512;
	result = 0;
out:
	saved = errno;
	if (close(fd) == -1 && result == 0) {
		result = -1;
		saved = errno;
	}
	errno = saved;
	return (result);
}

int
outdraft_move(struct outdraft *d, const char *file, int dir, const char *name)
{
	int from = file != NULL ? d->dir : d->tmp;
	struct stat st = { .st_blocks = 0 };

	if (file == NULL && (fsync(d->dir) == -1 || fstat(d->dir, &st) == -1))
		return (-1);
	if (renameat2(from, file != NULL ? file : d->name, dir, name,
	    RENAME_NOREPLACE) == 0) {
		d->moved = file == NULL;
		d->moved_bytes = d->bytes + (uint64_t)st.st_blocks * 512;
	} else if (errno != EEXIST)
		return (-1);
	return (file_sync_fd(dir));
}

uint64_t
outdraft_moved(const struct outdraft *d)
{
	return (d->moved_bytes);
}

void
outdraft_free(struct outdraft *d)
{
	if (d == NULL)
		return;
	if (!d->moved && d->dir != -1)
		remove_dir(d->tmp, d->name, d->dir);
	if (d->dir != -1)
		close(d->dir);
	if (d->tmp != -1)
		close(d->tmp);
	free(d);
}

int
outdraft_remove(int root, const char *id, int dir, const char *name)
{
	int tmp, fd, result = -1, saved;
	char moved[64];

	if ((tmp = open_tmp(root)) == -1)
		return (-1);
	draft_name(moved, id);
	/* Locked before it is moved: or a sweeper would help us. */
	if ((fd = open_dir(dir, name)) != -1 &&
	    flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    renameat2(dir, name, tmp, moved, RENAME_NOREPLACE) == 0) {
		remove_dir(tmp, moved, fd);
		result = 0;
	}
	saved = errno;
	if (fd != -1)
		close(fd);
	close(tmp);
	errno = saved;
	return (result);
}

void
outdraft_sweep(int root)
{
	const char *draft;
	int tmp, fd;
	DIR *dir;

	if ((tmp = open_dir(root, TMP)) == -1)
		return;
	if ((dir = fdopendir(tmp)) == NULL) {
		close(tmp);
		return;
	}
	while (file_next(dir, &draft) == 1) {
		if (draft[0] == '.' || (fd = open_dir(tmp, draft)) == -1)
			continue;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			remove_dir(tmp, draft, fd);
		close(fd);
	}
	closedir(dir);
}
