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
const struct spool_part spool_parts[SPOOL_PARTS] = {
	{ SPOOL_TMP, "", S_IFDIR | 0755 },
	{ SPOOL_TMP "/recv", "", S_IFDIR | 02770 },
	{ SPOOL_TMP "/pull", "", S_IFDIR | 02770 },
	{ SPOOL_TMP "/pyro", "", S_IFDIR | 02770 },
	{ SPOOL_TMP "/metrics", "", S_IFDIR | 02770 },
	{ SPOOL_TMP "/spool", "", S_IFDIR | 02770 },
	{ SPOOL_NEW, "", S_IFDIR | 03770 },
	{ SPOOL_QUEUE, "", S_IFDIR | 0750 },
	{ SPOOL_DEAD, "", S_IFDIR | 0750 },
	{ SPOOL_DEAD "/" SPOOL_NONE, "", S_IFDIR | 0750 },
	{ SPOOL_KEEP, "", S_IFDIR | 0755 },
	{ SPOOL_KEEP "/pull", "", S_IFDIR | 02770 },
	{ SPOOL_KEEP "/pyro", "", S_IFDIR | 02770 },
	{ SPOOL_SPARE, "", S_IFDIR | 0755 },
	{ SPOOL_SPARE "/recv", "", S_IFDIR | 02770 },
	{ SPOOL_SPARE "/pull", "", S_IFDIR | 02770 },
	{ SPOOL_SPARE "/pyro", "", S_IFDIR | 02770 },
	{ SPOOL_SPARE "/metrics", "", S_IFDIR | 02770 },
	{ SPOOL_LEDGER, "", S_IFDIR | 0700 },
	{ SPOOL_STAT, "", S_IFDIR | 0755 },
	{ SPOOL_LOCK, "", S_IFDIR | 0755 },
	{ SPOOL_PIPE, "", S_IFDIR | 0755 },
	{ SPOOL_PIPE "/spool", "", S_IFIFO | 0620 },
	{ SPOOL_PIPE "/ctl", "", S_IFIFO | 0600 },
	{ SPOOL_PIPE "/recv.spare", "", S_IFIFO | 0660 },
	{ SPOOL_PIPE "/pull.spare", "", S_IFIFO | 0660 },
	{ SPOOL_PIPE "/pyro.spare", "", S_IFIFO | 0660 },
	{ SPOOL_PIPE "/metrics.spare", "", S_IFIFO | 0660 },
};

const struct spool_part spool_queue_parts[SPOOL_QUEUE_PARTS] = {
	{ SPOOL_QUEUE "/", "", S_IFDIR | 0750 },
	{ SPOOL_DEAD "/", "", S_IFDIR | 0750 },
	{ SPOOL_PIPE "/", ".todo", S_IFIFO | 0660 },
	{ SPOOL_PIPE "/", ".done", S_IFIFO | 0660 },
};

int
spool_init_part(int root, const char *name, mode_t mode)
{
	mode_t bits = mode & 07777;
	int result;

	result = S_ISDIR(mode) ? mkdirat(root, name, bits) :
	    mkfifoat(root, name, bits);
	if (result == -1)
		return (errno == EEXIST ? 0 : -1);
	return (fchmodat(root, name, bits, 0));
}

int
spool_init_queue(int root, const char *queue)
{
	const struct spool_part *part;
	char name[SPOOL_NAME_MAX + 16];

	if (strlen(queue) > SPOOL_NAME_MAX) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	for (part = spool_queue_parts;
	    part < spool_queue_parts + SPOOL_QUEUE_PARTS; part++) {
		snprintf(name, sizeof(name), "%s%s%s", part->name, queue,
		    part->suffix);
		if (spool_init_part(root, name, part->mode) == -1)
			return (-1);
	}
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
	if (mkdir(copy, SPOOL_MODE) == -1)
		return (errno == EEXIST ? 0 : -1);
	return (chmod(copy, SPOOL_MODE));
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
	for (i = 0; i < SPOOL_PARTS; i++)
		if (spool_init_part(root, spool_parts[i].name,
		    spool_parts[i].mode) == -1)
			goto out;
	for (i = 0; i < n; i++)
		if (spool_init_queue(root, queues[i]) == -1)
			goto out;
	result = file_sync_fd(root);
out:
	saved = errno;
	close(root);
	errno = saved;
	return (result);
}
