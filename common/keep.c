#include "keep.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dirsync.h"
#include "file.h"
#include "spool.h"
#include "uuid.h"

#define NAME	256
#define PIECE	65536
#define MODE	0755		/* of a change's directory */
#define GONE	'-'		/* in front of the name of old state that goes:
				   an empty file of the change */

struct keep {
	struct spool	*spool;
	char		 prog[SPOOL_NAME_MAX + 1];
	char		 tmp[64];	/* tmp/PROG, keep/PROG */
	char		 kept[64];
	struct dirsync	*tmp_sync;
	struct dirsync	*kept_sync;
};

struct keep_change {
	struct keep	*keep;
	char		 id[UUID_TEXT];
	char		 name[128];	/* tmp/PROG/ID */
	struct draft	*draft;		/* NULL: none, or it was sealed */
};

struct keep *
keep_open(struct spool *s, const char *prog)
{
	struct keep *k;

	if ((k = calloc(1, sizeof(*k))) == NULL)
		return (NULL);
	k->spool = s;
	snprintf(k->prog, sizeof(k->prog), "%s", prog);
	snprintf(k->tmp, sizeof(k->tmp), SPOOL_TMP "/%s", k->prog);
	snprintf(k->kept, sizeof(k->kept), SPOOL_KEEP "/%s", k->prog);
	k->tmp_sync = dirsync_new(spool_dir(s), k->tmp);
	k->kept_sync = dirsync_new(spool_dir(s), k->kept);
	if (k->tmp_sync == NULL || k->kept_sync == NULL) {
		keep_close(k);
		errno = ENOMEM;
		return (NULL);
	}
	return (k);
}

void
keep_close(struct keep *k)
{
	if (k == NULL)
		return;
	dirsync_free(k->tmp_sync);
	dirsync_free(k->kept_sync);
	free(k);
}

int
keep_read(const struct keep *k, const char *name)
{
	int dir, fd, saved;

	dir = openat(spool_dir(k->spool), k->kept,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1) {
		if (errno == ENOENT)
			errno = EIO;
		return (-1);
	}
	fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	saved = errno;
	close(dir);
	errno = saved;
	return (fd);
}

int
keep_place(struct keep *k, struct draft *d, const char *name)
{
	char path[NAME];
	int saved;

	snprintf(path, sizeof(path), "%s/%s", k->kept, name);
	if (draft_keep(d, path) == -1)
		return (-1);
	if (dirsync_wait(k->kept_sync) == 0)
		return (0);
	saved = errno;
	(void)unlinkat(spool_dir(k->spool), path, 0);
	errno = saved;
	return (-1);
}

int
keep_prune(struct keep *k, int (*stays)(const char *, int64_t, void *),
    void *arg, unsigned int *removed)
{
	const char *name;
	struct stat st;
	int more = 0, result = 0;
	DIR *dir;

	*removed = 0;
	if ((dir = file_opendir(spool_dir(k->spool), k->kept)) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &name)) == 1)
		if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) &&
		    !stays(name, time(NULL) - st.st_mtime, arg)) {
			result = unlinkat(dirfd(dir), name, 0);
			*removed += result == 0;
		}
	closedir(dir);
	if (more == -1 || result == -1)
		return (-1);
	return (*removed == 0 ? 0 : dirsync_wait(k->kept_sync));
}

/* Remove the directory root/name and the files in it. */
static int
remove_all(int root, const char *name)
{
	const char *file;
	DIR *dir;

	if ((dir = file_opendir(root, name)) == NULL)
		return (errno == ENOENT ? 0 : -1);
	/* What stays is in the directory's way. */
	while (file_next(dir, &file) == 1)
		unlinkat(dirfd(dir), file, 0);
	closedir(dir);
	return (unlinkat(root, name, AT_REMOVEDIR));
}

struct keep_change *
keep_begin(struct keep *k, const char *id)
{
	struct keep_change *c;
	int saved;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	c->keep = k;
	memcpy(c->id, id, UUID_LEN);
	snprintf(c->name, sizeof(c->name), "%s/%s", k->tmp, c->id);
	if (mkdirat(spool_dir(k->spool), c->name, MODE) == -1) {
		saved = errno;
		free(c);
		errno = saved;
		return (NULL);
	}
	return (c);
}

static int
copy_all(int from, int to)
{
	char *p = malloc(PIECE);
	off_t off = 0;
	ssize_t n = -1;

	while (p != NULL && (n = pread(from, p, PIECE, off)) > 0) {
		if (file_write(to, p, (size_t)n) == -1) {
			n = -1;
			break;
		}
		off += n;
	}
	free(p);
	return (n == 0 ? 0 : -1);
}

int
keep_put(struct keep_change *c, const char *name, int from)
{
	char path[NAME + 128];
	int fd, saved;

	snprintf(path, sizeof(path), "%s/%s", c->name, name);
	fd = openat(spool_dir(c->keep->spool), path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	if (fd == -1)
		return (-1);
	if (copy_all(from, fd) == 0 && fsync(fd) == 0)
		return (close(fd));
	saved = errno;
	close(fd);
	errno = saved;
	return (-1);
}

int
keep_drop(struct keep_change *c, const char *name)
{
	char path[NAME + 128];
	int fd;

	snprintf(path, sizeof(path), "%s/%c%s", c->name, GONE, name);
	fd = openat(spool_dir(c->keep->spool), path,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
	return (fd == -1 ? -1 : close(fd));
}

struct draft *
keep_record(struct keep_change *c, struct record *r)
{
	c->draft = draft_new_within(c->keep->spool, c->keep->prog, r);
	return (c->draft);
}

void
keep_discard(struct keep_change *c)
{
	if (c == NULL)
		return;
	draft_discard(c->draft);
	(void)remove_all(spool_dir(c->keep->spool), c->name);
	free(c);
}

/* All of it is durable and in one directory; the rename is the commit. */
static int
commit(struct keep_change *c)
{
	struct draft *draft = c->draft;
	int root = spool_dir(c->keep->spool);
	char to[128];

	c->draft = NULL;
	snprintf(to, sizeof(to), "%s/%s", c->keep->kept, c->id);
	if ((draft != NULL && draft_seal(draft) == -1) ||
	    file_sync_dir(root, c->name) == -1)
		return (-1);
	return (renameat2(root, c->name, root, to, RENAME_NOREPLACE));
}

int
keep_commit(struct keep_change *c)
{
	struct keep *k = c->keep;
	char id[UUID_TEXT];
	int saved;

	if (commit(c) == -1) {
		saved = errno;
		keep_discard(c);
		errno = saved;
		return (-1);
	}
	memcpy(id, c->id, sizeof(id));
	free(c);
	if (dirsync_wait(k->tmp_sync) == -1 || keep_finish(k, id) == -1)
		return (1);
	return (0);
}

/* The state called name in dir takes the old one's place in kept. */
static int
move_one(int kept, DIR *dir, const char *name)
{
	if (name[0] == GONE)
		return (unlinkat(kept, name + 1, 0) == -1 && errno != ENOENT ?
		    -1 : 0);
	if (renameat(dirfd(dir), name, kept, name) == -1)
		return (-1);
	/* Of two names of one file rename leaves both. */
	(void)unlinkat(dirfd(dir), name, 0);
	return (0);
}

static int
move_state(int kept, DIR *dir, const char *id)
{
	const char *name;
	int more;

	while ((more = file_next(dir, &name)) == 1)
		if (strcmp(name, id) != 0 && move_one(kept, dir, name) == -1)
			return (-1);
	return (more);
}

/*
 * The record in dir, if it is there still, goes to new/. Is it there, too, a
 * power cut left both names of a rename.
 */
static int
move_record(struct keep *k, DIR *dir, const char *id)
{
	char to[sizeof(SPOOL_NEW) + UUID_TEXT];
	int here = dirfd(dir);

	snprintf(to, sizeof(to), SPOOL_NEW "/%s", id);
	if (faccessat(here, id, F_OK, AT_SYMLINK_NOFOLLOW) == -1) {
		if (errno != ENOENT)
			return (-1);
	} else if (renameat2(here, id, spool_dir(k->spool), to,
	    RENAME_NOREPLACE) == -1 &&
	    (errno != EEXIST || unlinkat(here, id, 0) == -1))
		return (-1);
	/* Also where it went before: perhaps this is what failed then. */
	if (spool_sync_new(k->spool) == -1)
		return (-1);
	spool_ring(k->spool, id);
	return (0);
}

int
keep_finish(struct keep *k, const char *id)
{
	int kept, result = -1, saved;
	DIR *dir;

	/* In one keep/PROG to the end, whatever is moved away or back. */
	kept = openat(spool_dir(k->spool), k->kept,
	    O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (kept == -1)
		return (-1);
	if ((dir = file_opendir(kept, id)) == NULL) {
		result = errno == ENOENT ? 0 : -1;
		goto out;
	}
	/*
	 * The commit is durable before any of its files leaves, the new state
	 * before the record: where the record is seen, nothing makes it again.
	 */
	if (dirsync_wait(k->kept_sync) == 0 && move_state(kept, dir, id) == 0 &&
	    dirsync_wait(k->kept_sync) == 0 && move_record(k, dir, id) == 0)
		result = remove_all(kept, id);
out:
	saved = errno;
	if (dir != NULL)
		closedir(dir);
	close(kept);
	errno = saved;
	return (result);
}

/* Say of every id that is a directory in root/name, and count it. */
static int
each_change(struct keep *k, const char *name,
    int (*say)(struct keep *, const char *), unsigned int *n)
{
	const char *id;
	struct stat st;
	int more = 0, result = 0;
	DIR *dir;

	*n = 0;
	if ((dir = file_opendir(spool_dir(k->spool), name)) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &id)) == 1) {
		if (!uuid_valid(id) || fstatat(dirfd(dir), id, &st,
		    AT_SYMLINK_NOFOLLOW) == -1 || !S_ISDIR(st.st_mode))
			continue;
		result = say(k, id);
		*n += result == 0;
	}
	closedir(dir);
	return (more == -1 ? -1 : result);
}

static int
forget_change(struct keep *k, const char *id)
{
	char name[128];

	snprintf(name, sizeof(name), "%s/%.*s", k->tmp, UUID_LEN, id);
	return (remove_all(spool_dir(k->spool), name));
}

int
keep_replay(struct keep *k, unsigned int *finished, unsigned int *removed)
{
	if (each_change(k, k->kept, keep_finish, finished) == -1)
		return (-1);
	return (each_change(k, k->tmp, forget_change, removed));
}
