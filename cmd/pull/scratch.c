#include "scratch.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "file.h"
#include "spool.h"

/* Bytes of all that are in memory. */
static atomic_uint_least64_t held;

int
scratch_open(void)
{
	return (memfd_create("pull", MFD_CLOEXEC | MFD_ALLOW_SEALING));
}

/* Is it in memory? Files of a tmpfs cannot be sealed. */
static int
in_memory(int fd)
{
	return (fcntl(fd, F_GET_SEALS) == 0);
}

static int
on_disk(const struct spool *s)
{
	char name[sizeof(SPOOL_TMP) + sizeof("/pull/.") + UUID_TEXT];
	char id[UUID_TEXT];
	int fd;

	if (s == NULL)
		return (file_temp());
	fd = openat(spool_dir(s), SPOOL_TMP "/pull",
	    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd != -1 || errno != EOPNOTSUPP)
		return (fd);
	/* Some file systems, and overlayfs before Linux 6.1, have none. */
	uuid_v7(id);
	snprintf(name, sizeof(name), SPOOL_TMP "/pull/.%s", id);
	fd = openat(spool_dir(s), name,
	    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd != -1)
		unlinkat(spool_dir(s), name, 0);
	return (fd);
}

/* Put what is in fd, len bytes of memory, into a file that takes its number. */
static int
move(int fd, const struct spool *s, size_t len)
{
	char *p = malloc(len + 1);
	int to = -1, result = -1, saved;

	if (p != NULL && file_pread(fd, p, len, 0) == 0 &&
	    (to = on_disk(s)) != -1 && file_write(to, p, len) == 0 &&
	    dup3(to, fd, O_CLOEXEC) != -1) {
		atomic_fetch_sub(&held, len);
		result = 0;
	}
	saved = errno;
	if (to != -1)
		close(to);
	free(p);
	errno = saved;
	return (result);
}

int
scratch_write(int fd, const struct spool *s, uint64_t at, const void *p,
    size_t len)
{
	if (at > SCRATCH_SMALL || !in_memory(fd))
		return (file_write(fd, p, len));
	if (at + len > SCRATCH_SMALL || held + len > SCRATCH_MEMORY)
		return (move(fd, s, (size_t)at) == -1 ? -1 :
		    file_write(fd, p, len));
	atomic_fetch_add(&held, len);
	return (file_write(fd, p, len));
}

void
scratch_close(int fd)
{
	struct stat st;

	if (fd == -1)
		return;
	if (in_memory(fd) && fstat(fd, &st) == 0)
		atomic_fetch_sub(&held, (uint64_t)st.st_size);
	close(fd);
}
