#include "trial.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "file.h"
#include "log.h"
#include "spool.h"

/* As file_replace's, which fsck knows if it is left over. */
#define NAME	".trial.tmp"
#define FROM	SPOOL_TMP "/spool/" NAME
#define PATH	(SPOOL_NAME_MAX + 32)

/* Can trying again help? */
static int
refused(int error)
{
	return (error == EACCES || error == EPERM || error == EROFS ||
	    error == EXDEV || error == EOPNOTSUPP || error == EMLINK);
}

/* It was not possible in the directory dir. */
static int
trial_say(struct spool *s, const char *act, const char *dir, int error)
{
	struct stat st = { 0 };

	(void)fstatat(spool_dir(s), dir, &st, AT_SYMLINK_NOFOLLOW);
	log_err(NULL, "refused by the spool", "act=%s path=%s mode=%04o "
	    "owner=%u:%u error=%s hint=\"prof-spool fsck -y as root mends it\"",
	    act, dir, st.st_mode & 07777, st.st_uid, st.st_gid,
	    log_quote(strerror(error)));
	return (-1);
}

/* As a record is admitted to a queue, and dies. */
static int
trial_queue(struct spool *s, const char *queue)
{
	char linked[PATH], moved[PATH], dir[PATH], dead[PATH];
	const char *act = "link", *where = dir;
	int root = spool_dir(s), error = 0;

	snprintf(dir, sizeof(dir), SPOOL_QUEUE "/%s", queue);
	snprintf(dead, sizeof(dead), SPOOL_DEAD "/%s", queue);
	snprintf(linked, sizeof(linked), "%.*s/" NAME, SPOOL_NAME_MAX + 6,
	    dir);
	snprintf(moved, sizeof(moved), "%.*s/" NAME, SPOOL_NAME_MAX + 5,
	    dead);
	(void)unlinkat(root, linked, 0);
	if (linkat(root, FROM, root, linked, 0) == -1 ||
	    (act = "fsync", file_sync_dir(root, dir)) == -1 ||
	    (act = "rename", where = dead,
	    renameat(root, linked, root, moved)) == -1)
		error = errno;
	(void)unlinkat(root, linked, 0);
	(void)unlinkat(root, moved, 0);
	/* What is not there yet is made with the mode it needs. */
	return (refused(error) ? trial_say(s, act, where, error) : 0);
}

/* A producer's drafts are swept, and its records linked, by our group. */
static int
trial_producer(struct spool *s, const char *dir)
{
	if (faccessat(spool_dir(s), dir, W_OK | X_OK, AT_EACCESS) == -1 &&
	    refused(errno))
		return (trial_say(s, "unlink", dir, errno));
	return (0);
}

static int
trial_producers(struct spool *s)
{
	size_t i;

	for (i = 0; i < SPOOL_PARTS; i++)
		if (strchr(spool_parts[i].name, '/') != NULL &&
		    S_ISDIR(spool_parts[i].mode) &&
		    trial_producer(s, spool_parts[i].name) == -1)
			return (-1);
	return (trial_producer(s, SPOOL_NEW));
}

int
trial(struct spool *s, const struct conf *conf)
{
	int fd, root = spool_dir(s), result = 0;
	size_t i;

	if (trial_producers(s) == -1)
		return (-1);
	fd = openat(root, FROM, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
	    SPOOL_RECORD_MODE);
	if (fd == -1)
		return (refused(errno) ?
		    trial_say(s, "open", SPOOL_TMP "/spool", errno) : 0);
	close(fd);
	for (i = 0; result == 0 && i < conf->ndestinations; i++)
		result = trial_queue(s, conf->destinations[i].name);
	if (result == 0 && conf->generate_metrics)
		result = trial_queue(s, "metrics");
	(void)unlinkat(root, FROM, 0);
	return (result);
}
