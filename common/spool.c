#include "spool.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dirsync.h"
#include "fifo.h"
#include "file.h"
#include "owners.h"
#include "spare.h"

#define BELL		SPOOL_PIPE "/spool"
#define FULL_SECONDS	60	/* an older `full` is forgotten by its maker */

struct spool {
	char		*path;
	int		 dir;
	struct dirsync	*new;		/* shared by committing threads */
	pthread_mutex_t	 bell_lock;
	int		 bell;		/* -1: nobody reads, or not yet open */
	pthread_mutex_t	 spare_lock;
	struct spare	*spare;		/* NULL: none, or not yet asked for */
	int		 spare_asked;
	struct owners	*owners;	/* NULL: it is one user's */
};

struct spool *
spool_open(const char *path)
{
	struct spool *s;
	int saved;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->dir = s->bell = -1;
	pthread_mutex_init(&s->bell_lock, NULL);
	pthread_mutex_init(&s->spare_lock, NULL);
	if ((s->path = realpath(path, NULL)) == NULL ||
	    (s->dir = open(s->path, O_PATH | O_DIRECTORY | O_CLOEXEC)) == -1 ||
	    faccessat(s->dir, SPOOL_NEW, F_OK, 0) == -1 ||
	    (s->new = dirsync_new(s->dir, SPOOL_NEW)) == NULL)
		goto fail;
	return (s);
fail:
	saved = errno;
	spool_close(s);
	errno = saved;
	return (NULL);
}

void
spool_close(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->dir != -1)
		close(s->dir);
	if (s->bell != -1)
		close(s->bell);
	pthread_mutex_destroy(&s->bell_lock);
	pthread_mutex_destroy(&s->spare_lock);
	spare_close(s->spare);
	owners_free(s->owners);
	dirsync_free(s->new);
	free(s->path);
	free(s);
}

const char *
spool_path(const struct spool *s)
{
	return (s->path);
}

int
spool_dir(const struct spool *s)
{
	return (s->dir);
}

void
spool_set_owners(struct spool *s, struct owners *o)
{
	struct stat st;

	if (o != NULL && (fstat(s->dir, &st) == -1 ||
	    st.st_uid != owners_user(o, "spool"))) {
		owners_free(o);
		o = NULL;
	}
	owners_free(s->owners);
	s->owners = o;
}

const struct owners *
spool_owners(const struct spool *s)
{
	return (s->owners);
}

int
spool_sync_new(struct spool *s)
{
	return (dirsync_wait(s->new));
}

int
spool_lock(struct spool *s, const char *prog)
{
	char name[sizeof(SPOOL_LOCK) + 64];
	int fd, saved;

	snprintf(name, sizeof(name), SPOOL_LOCK "/%s", prog);
	/* fs.protected_regular grudges even root an O_CREAT of what is there;
	 * and who can open it can keep it locked. */
	fd = openat(s->dir, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
	if (fd == -1 && errno == ENOENT)
		fd = openat(s->dir, name, O_RDWR | O_CREAT | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
	if (fd == -1)
		return (-1);
	if (flock(fd, LOCK_EX | LOCK_NB) == -1) {
		saved = errno;
		close(fd);
		errno = saved;
		return (-1);
	}
	return (fd);
}

int
spool_free(const struct spool *s, uint64_t *bytes)
{
	struct statvfs v;

	if (fstatvfs(s->dir, &v) == -1)
		return (-1);
	*bytes = (uint64_t)v.f_bavail * v.f_frsize;
	return (0);
}

int
spool_is_full(const struct spool *s)
{
	struct stat st;

	return (fstatat(s->dir, SPOOL_FULL, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    time(NULL) - st.st_mtime < FULL_SECONDS);
}

void
spool_ring(struct spool *s, const char *id)
{
	int attempt;

	pthread_mutex_lock(&s->bell_lock);
	/* The reader of a bell held open may have been replaced: once more. */
	for (attempt = 0; attempt < 2; attempt++) {
		if (s->bell == -1 &&
		    (s->bell = fifo_writer(s->dir, BELL)) == -1)
			break;
		if (fifo_put(s->bell, "%s", id) == 0 || errno == EAGAIN)
			break;
		close(s->bell);
		s->bell = -1;
	}
	pthread_mutex_unlock(&s->bell_lock);
}

int
spool_spare(struct spool *s, const char *prog, const char *to)
{
	int fd = -1;

	pthread_mutex_lock(&s->spare_lock);
	if (!s->spare_asked)
		s->spare = spare_open(s->dir, prog);
	s->spare_asked = 1;
	if (s->spare != NULL)
		fd = spare_take(s->spare, to);
	pthread_mutex_unlock(&s->spare_lock);
	return (fd);
}

int
spool_stat(struct spool *s, const char *prog, const char *text, size_t len)
{
	int dir, result, saved;

	dir = openat(s->dir, SPOOL_STAT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir == -1)
		return (-1);
	result = file_replace(dir, prog, text, len, 0);
	saved = errno;
	close(dir);
	errno = saved;
	return (result);
}

void
spool_name(char out[SPOOL_FILE_MAX], const char *id, unsigned int attempts,
    int64_t due)
{
	if (attempts == 0)
		snprintf(out, SPOOL_FILE_MAX, "%s", id);
	else
		snprintf(out, SPOOL_FILE_MAX, "%s~%u~%lld", id, attempts,
		    (long long)due);
}

/* A decimal number without sign or leading zero, up to the byte stop. */
static const char *
spool_number(const char *p, char stop, int64_t *out)
{
	int64_t v = 0;

	if (*p < '1' || *p > '9')
		return (NULL);
	for (; *p >= '0' && *p <= '9'; p++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *p - '0', &v))
			return (NULL);
	*out = v;
	return (*p == stop ? p + 1 : NULL);
}

int
spool_name_parse(const char *name, char id[UUID_TEXT], unsigned int *attempts,
    int64_t *due)
{
	int64_t n;

	if (strnlen(name, UUID_LEN) < UUID_LEN)
		return (-1);
	memcpy(id, name, UUID_LEN);
	id[UUID_LEN] = '\0';
	if (!uuid_valid(id))
		return (-1);
	*attempts = 0;
	*due = 0;
	name += UUID_LEN;
	if (*name == '\0')
		return (0);
	if (*name != '~' || (name = spool_number(name + 1, '~', &n)) == NULL ||
	    n > 1000000000 || spool_number(name, '\0', due) == NULL)
		return (-1);
	*attempts = (unsigned int)n;
	return (0);
}
