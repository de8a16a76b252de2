/* Making a spool: every directory and pipe that the others take for granted. */
#include "spool.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "owners.h"

/*
 * Modes and owners are those of separate users (prof.7); as one user the modes
 * do no harm. Behind a producer's parts stands its name.
 */
#define SHARED(dir, prog) \
	{ dir "/" prog, "", S_IFDIR | 02770, prog, "spool" }

const struct spool_part spool_parts[SPOOL_PARTS] = {
	{ SPOOL_TMP, "", S_IFDIR | 0755, "spool", "spool" },
	SHARED(SPOOL_TMP, "recv"),
	SHARED(SPOOL_TMP, "pull"),
	SHARED(SPOOL_TMP, "pyro"),
	SHARED(SPOOL_TMP, "metrics"),
	SHARED(SPOOL_TMP, "spool"),
	{ SPOOL_NEW, "", S_IFDIR | 03770, "spool", "producers" },
	{ SPOOL_QUEUE, "", S_IFDIR | 0750, "spool", "consumers" },
	{ SPOOL_DEAD, "", S_IFDIR | 0750, "spool", "consumers" },
	{ SPOOL_DEAD "/" SPOOL_NONE, "", S_IFDIR | 0750, "spool",
	    "consumers" },
	{ SPOOL_KEEP, "", S_IFDIR | 0755, "spool", "spool" },
	SHARED(SPOOL_KEEP, "pull"),
	SHARED(SPOOL_KEEP, "pyro"),
	{ SPOOL_SPARE, "", S_IFDIR | 0755, "spool", "spool" },
	SHARED(SPOOL_SPARE, "recv"),
	SHARED(SPOOL_SPARE, "pull"),
	SHARED(SPOOL_SPARE, "pyro"),
	SHARED(SPOOL_SPARE, "metrics"),
	{ SPOOL_LEDGER, "", S_IFDIR | 0700, "spool", "spool" },
	{ SPOOL_STAT, "", S_IFDIR | 03775, "spool", "programs" },
	{ SPOOL_LOCK, "", S_IFDIR | 03775, "spool", "programs" },
	{ SPOOL_PIPE, "", S_IFDIR | 0755, "spool", "spool" },
	{ SPOOL_PIPE "/spool", "", S_IFIFO | 0620, "spool", "producers" },
	{ SPOOL_PIPE "/ctl", "", S_IFIFO | 0600, "spool", "spool" },
	{ SPOOL_PIPE "/recv.spare", "", S_IFIFO | 0660, "spool", "recv" },
	{ SPOOL_PIPE "/pull.spare", "", S_IFIFO | 0660, "spool", "pull" },
	{ SPOOL_PIPE "/pyro.spare", "", S_IFIFO | 0660, "spool", "pyro" },
	{ SPOOL_PIPE "/metrics.spare", "", S_IFIFO | 0660, "spool",
	    "metrics" },
};

const struct spool_part spool_queue_parts[SPOOL_QUEUE_PARTS] = {
	{ SPOOL_QUEUE "/", "", S_IFDIR | 0750, "spool", "" },
	{ SPOOL_DEAD "/", "", S_IFDIR | 0750, "spool", "" },
	{ SPOOL_PIPE "/", ".todo", S_IFIFO | 0660, "spool", "" },
	{ SPOOL_PIPE "/", ".done", S_IFIFO | 0660, "spool", "" },
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

void
spool_consumer(char out[SPOOL_CONSUMER], const char *queue)
{
	if (strcmp(queue, "metrics") == 0)
		snprintf(out, SPOOL_CONSUMER, "%s", queue);
	else
		snprintf(out, SPOOL_CONSUMER, "ship.%.*s", SPOOL_NAME_MAX,
		    queue);
}

static int
init_owner(int root, const char *name, const struct spool_part *part,
    const char *consumer, const struct owners *o)
{
	if (o == NULL)
		return (0);
	return (spool_own(root, name, owners_user(o, part->user),
	    owners_group(o, *part->group != '\0' ? part->group : consumer),
	    part->mode & 07777));
}

int
spool_init_queue(int root, const char *queue, const struct owners *o)
{
	char name[SPOOL_NAME_MAX + 16], consumer[SPOOL_CONSUMER];
	const struct spool_part *part;
	int result = 0;

	if (strlen(queue) > SPOOL_NAME_MAX) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	spool_consumer(consumer, queue);
	for (part = spool_queue_parts;
	    part < spool_queue_parts + SPOOL_QUEUE_PARTS; part++) {
		snprintf(name, sizeof(name), "%s%s%s", part->name, queue,
		    part->suffix);
		if (spool_init_part(root, name, part->mode) == -1)
			return (-1);
		if (init_owner(root, name, part, consumer, o) == -1)
			result = 1;
	}
	/* Whose it is nobody knows who was not there at the start. */
	if (o != NULL && owners_group(o, consumer) == (gid_t)-1)
		result = 1;
	if (file_sync_dir(root, SPOOL_QUEUE) == -1 ||
	    file_sync_dir(root, SPOOL_DEAD) == -1)
		return (-1);
	return (result);
}

/*
 * A lock and a stat file of a program's own: in a directory where all may make
 * files, nobody else has made it first.
 */
static int
init_program(int root, const char *prog, const struct owners *o)
{
	static const struct {
		const char	*dir;
		mode_t		 bits;
	} files[] = { { SPOOL_LOCK, 0600 }, { SPOOL_STAT, 0644 } };
	char name[SPOOL_CONSUMER + 8];
	size_t i;
	int fd;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(name, sizeof(name), "%s/%s", files[i].dir, prog);
		fd = openat(root, name, O_RDONLY | O_CREAT | O_EXCL |
		    O_NOFOLLOW | O_CLOEXEC, files[i].bits);
		if (fd != -1)
			close(fd);
		else if (errno != EEXIST)
			return (-1);
		if (spool_own(root, name, owners_user(o, prog),
		    owners_group(o, prog), files[i].bits) == -1)
			return (-1);
	}
	return (0);
}

static int
init_programs(int root, const char *const *queues, size_t n,
    const struct owners *o)
{
	static const char *const progs[] = { "spool", "recv", "pull", "pyro",
	    "metrics" };
	char prog[SPOOL_CONSUMER];
	size_t i;

	for (i = 0; i < sizeof(progs) / sizeof(progs[0]); i++)
		if (init_program(root, progs[i], o) == -1)
			return (-1);
	for (i = 0; i < n; i++) {
		spool_consumer(prog, queues[i]);
		if (init_program(root, prog, o) == -1)
			return (-1);
	}
	return (spool_own(root, ".", owners_user(o, "spool"),
	    owners_group(o, "spool"), SPOOL_MODE));
}

static int
init_parts(int root, const char *const *queues, size_t n,
    const struct owners *o)
{
	const struct spool_part *part;
	size_t i;

	for (part = spool_parts; part < spool_parts + SPOOL_PARTS; part++)
		if (spool_init_part(root, part->name, part->mode) == -1 ||
		    init_owner(root, part->name, part, "", o) == -1)
			return (-1);
	for (i = 0; i < n; i++)
		if (spool_init_queue(root, queues[i], o) != 0)
			return (-1);
	if (o != NULL && init_programs(root, queues, n, o) == -1)
		return (-1);
	return (file_sync_fd(root));
}

int
spool_init(const char *path, const char *const *queues, size_t n,
    const struct owners *o)
{
	int root, result, saved;

	if ((result = file_mkdirs(path, SPOOL_MODE)) == -1 ||
	    (result == 1 && chmod(path, SPOOL_MODE) == -1))
		return (-1);
	if ((root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (-1);
	result = init_parts(root, queues, n, o);
	saved = errno;
	close(root);
	errno = saved;
	return (result);
}
