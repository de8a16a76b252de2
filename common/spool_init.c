/* Making a spool: every directory and pipe that the others take for granted. */
#include "spool.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

/* Modes are those of separate users (prof.7); as one user they do no harm. */
static const struct {
	const char	*name;
	mode_t		 mode;
} dirs[] = {
	{ SPOOL_TMP, 0755 },
	{ SPOOL_TMP "/recv", 02770 },
	{ SPOOL_TMP "/pull", 02770 },
	{ SPOOL_TMP "/pyro", 02770 },
	{ SPOOL_TMP "/metrics", 02770 },
	{ SPOOL_TMP "/spool", 02770 },
	{ SPOOL_NEW, 03770 },
	{ SPOOL_QUEUE, 0750 },
	{ SPOOL_DEAD, 0750 },
	{ SPOOL_DEAD "/" SPOOL_NONE, 0750 },
	{ SPOOL_KEEP, 0755 },
	{ SPOOL_KEEP "/pull", 02770 },
	{ SPOOL_KEEP "/pyro", 02770 },
	{ SPOOL_LEDGER, 0700 },
	{ SPOOL_STAT, 0755 },
	{ SPOOL_LOCK, 0755 },
	{ SPOOL_PIPE, 0755 },
};

static int
init_dir(int root, const char *name, mode_t mode)
{
	if (mkdirat(root, name, mode) == -1)
		return (errno == EEXIST ? 0 : -1);
	return (fchmodat(root, name, mode, 0));
}

static int
init_fifo(int root, const char *name, mode_t mode)
{
	if (mkfifoat(root, name, mode) == -1)
		return (errno == EEXIST ? 0 : -1);
	return (fchmodat(root, name, mode, 0));
}

int
spool_init_queue(int root, const char *queue)
{
	char name[SPOOL_NAME_MAX + 16];

	if (strlen(queue) > SPOOL_NAME_MAX) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	snprintf(name, sizeof(name), SPOOL_QUEUE "/%s", queue);
	if (init_dir(root, name, 0750) == -1)
		return (-1);
	snprintf(name, sizeof(name), SPOOL_DEAD "/%s", queue);
	if (init_dir(root, name, 0750) == -1)
		return (-1);
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.todo", queue);
	if (init_fifo(root, name, 0660) == -1)
		return (-1);
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.done", queue);
	if (init_fifo(root, name, 0660) == -1)
		return (-1);
	if (file_sync_dir(root, SPOOL_QUEUE) == -1)
		return (-1);
	return (file_sync_dir(root, SPOOL_DEAD));
}

/* mkdir -p */
static int
init_root(const char *path)
{
	char copy[4096], *p;

	if (strlen(path) >= sizeof(copy)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	strcpy(copy, path);
	for (p = copy + 1; *p != '\0'; p++)
		if (*p == '/') {
			*p = '\0';
			if (mkdir(copy, 0755) == -1 && errno != EEXIST)
				return (-1);
			*p = '/';
		}
	if (mkdir(copy, 0751) == -1)
		return (errno == EEXIST ? 0 : -1);
	return (chmod(copy, 0751));
}

int
spool_init(const char *path, const char *const *queues, size_t n)
{
	size_t i;
	int root, result = -1, saved;

	if (init_root(path) == -1)
		return (-1);
	if ((root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (-1);
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		if (init_dir(root, dirs[i].name, dirs[i].mode) == -1)
			goto out;
	if (init_fifo(root, SPOOL_PIPE "/spool", 0620) == -1 ||
	    init_fifo(root, SPOOL_PIPE "/ctl", 0600) == -1)
		goto out;
	for (i = 0; i < n; i++)
		if (spool_init_queue(root, queues[i]) == -1)
			goto out;
	result = fsync(root);
out:
	saved = errno;
	close(root);
	errno = saved;
	return (result);
}
