#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "file.h"
#include "spool.h"

int
scratch_open(const struct spool *s)
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
