#include "move.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "spool.h"

#define PATH_LEN	192
#define ASIDE_MAX	100000	/* records of one id: more is a plot */

static const char *
path(char out[PATH_LEN], const char *dir, const char *queue, const char *name)
{
	snprintf(out, PATH_LEN, "%s%s%s/%s", dir, *queue != '\0' ? "/" : "",
	    queue, name);
	return (out);
}

int
move_link(int root, const char *id, const char *queue)
{
	char from[PATH_LEN], to[PATH_LEN];

	return (linkat(root, path(from, SPOOL_NEW, "", id), root,
	    path(to, SPOOL_QUEUE, queue, id), 0));
}

int
move_sync(int root, const char *queue)
{
	char dir[PATH_LEN];

	return (file_sync_dir(root, path(dir, SPOOL_QUEUE, queue, ".")));
}

int
move_admitted(int root, const char *id)
{
	char name[PATH_LEN];

	path(name, SPOOL_NEW, "", id);
	return (unlinkat(root, name, 0) == -1 ? move_failed(root, name) : 0);
}

int
move_failed(int root, const char *path)
{
	const char *end = strrchr(path, '/');
	char dir[PATH_LEN];

	if (errno != ENOENT || end == NULL)
		return (-1);
	snprintf(dir, sizeof(dir), "%.*s", (int)(end - path), path);
	if (faccessat(root, dir, F_OK, 0) == -1)
		errno = ENOTDIR;
	else
		errno = ENOENT;
	return (-1);
}

int
move_delivered(int root, const char *queue, const char *name)
{
	char full[PATH_LEN];

	path(full, SPOOL_QUEUE, queue, name);
	return (unlinkat(root, full, 0) == -1 ? move_failed(root, full) : 0);
}

int
move_spared(int root, const char *queue, const char *name, const char *prog,
    const char *id)
{
	char from[PATH_LEN], to[PATH_LEN];

	return (renameat2(root, path(from, SPOOL_QUEUE, queue, name), root,
	    path(to, SPOOL_SPARE, prog, id), RENAME_NOREPLACE));
}

int
move_unspared(int root, const char *prog, const char *id)
{
	char full[PATH_LEN];

	return (unlinkat(root, path(full, SPOOL_SPARE, prog, id), 0));
}

int
move_removed(int root, const char *state, const char *queue, const char *name)
{
	char full[PATH_LEN], why[SPOOL_FILE_MAX + 8], reason[PATH_LEN];

	if (unlinkat(root, path(full, state, queue, name), 0) == -1)
		return (move_failed(root, full));
	snprintf(why, sizeof(why), "%s.why", name);
	if (unlinkat(root, path(reason, state, queue, why), 0) == -1 &&
	    errno != ENOENT)
		return (-1);
	return (0);
}

/* What is no longer dead needs no reason; one left behind does no harm. */
static void
drop_reason(int root, const char *queue, const char *name)
{
	char why[SPOOL_FILE_MAX + 8], full[PATH_LEN];

	snprintf(why, sizeof(why), "%s.why", name);
	unlinkat(root, path(full, SPOOL_DEAD, queue, why), 0);
}

int
move_revived(int root, const char *queue, const char *id)
{
	char from[PATH_LEN], to[PATH_LEN];

	if (renameat2(root, path(from, SPOOL_DEAD, queue, id), root,
	    path(to, SPOOL_QUEUE, queue, id), RENAME_NOREPLACE) == -1)
		return (-1);
	drop_reason(root, queue, id);
	return (0);
}

int
move_readmitted(int root, const char *name)
{
	char from[PATH_LEN], to[PATH_LEN], id[UUID_TEXT];

	snprintf(id, sizeof(id), "%s", name);
	if (renameat2(root, path(from, SPOOL_DEAD, SPOOL_NONE, name), root,
	    path(to, SPOOL_NEW, "", id), RENAME_NOREPLACE) == -1)
		return (-1);
	drop_reason(root, SPOOL_NONE, name);
	return (0);
}

int
move_renamed(int root, const char *queue, const char *from, const char *to)
{
	char old[PATH_LEN], new[PATH_LEN];

	if (renameat2(root, path(old, SPOOL_QUEUE, queue, from), root,
	    path(new, SPOOL_QUEUE, queue, to), RENAME_NOREPLACE) == -1)
		return (move_failed(root, old));
	return (0);
}

/* The reason first, and durable: a record is never dead without one. */
int
move_dead(int root, const char *dir, const char *name, const char *queue,
    const char *to, const char *why, size_t len)
{
	char dead[PATH_LEN], full[PATH_LEN], from[PATH_LEN], reason[PATH_LEN];
	int fd, result, saved;

	snprintf(full, sizeof(full), SPOOL_DEAD "/%s/%s", queue, to);
	if (faccessat(root, full, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return (-1);
	}
	snprintf(dead, sizeof(dead), SPOOL_DEAD "/%s", queue);
	fd = openat(root, dead, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return (move_failed(root, full));
	snprintf(reason, sizeof(reason), "%s.why", to);
	result = file_replace(fd, reason, why, len, 1);
	saved = errno;
	close(fd);
	errno = saved;
	if (result == -1)
		return (-1);
	if (renameat2(root, path(from, dir, "", name), root, full,
	    RENAME_NOREPLACE) == -1)
		return (move_failed(root, from));
	return (0);
}

int
move_aside(int root, const char *dir, const char *name, const char *id,
    const char *why, size_t len)
{
	char to[SPOOL_FILE_MAX];
	int n, result = -1;

	for (n = 1; n < ASIDE_MAX; n++) {
		snprintf(to, sizeof(to), "%s~%d", id, n);
		result = move_dead(root, dir, name, SPOOL_NONE, to, why, len);
		if (result == 0 || errno != EEXIST)
			break;
	}
	return (result);
}

int
move_lost(int root, const char *from, const char *id, const char *why,
    size_t len)
{
	char full[PATH_LEN], reason[UUID_TEXT + 8];
	int fd, result = -1, saved;

	fd = openat(root, SPOOL_LOST, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	snprintf(reason, sizeof(reason), "%s.why", id);
	if (file_replace(fd, reason, why, len, 1) == -1)
		goto out;
	result = renameat2(root, from, root, path(full, SPOOL_LOST, "", id),
	    RENAME_NOREPLACE);
	if (result == 0)
		result = file_sync_fd(fd);
	else {
		saved = errno;
		unlinkat(fd, reason, 0);
		errno = saved;
	}
out:
	saved = errno;
	close(fd);
	errno = saved;
	return (result);
}

int
move_over(int root, const char *from, const char *to, const char *id)
{
	char link[PATH_LEN];
	int saved;

	path(link, SPOOL_TMP, "spool", id);
	if (linkat(root, from, root, link, 0) == -1)
		return (-1);
	if (renameat(root, link, root, to) == 0)
		return (0);
	saved = errno;
	unlinkat(root, link, 0);
	errno = saved;
	return (-1);
}
