/* Giving the parts of a spool to their owners. */
#include "spool.h"

#include <sys/stat.h>
#include <sys/syscall.h>

#include <linux/openat2.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* A FIFO is not waited for. */
static int
open_part(int root, const char *name)
{
	struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS
	};

	return ((int)syscall(SYS_openat2, root, name, &how, sizeof(how)));
}

static int
own(int fd, uid_t uid, gid_t gid, mode_t bits)
{
	struct stat st;

	if (fstat(fd, &st) == -1)
		return (-1);
	if (!S_ISDIR(st.st_mode) && st.st_nlink != 1) {
		errno = EMLINK;
		return (-1);
	}
	if ((uid != (uid_t)-1 && uid != st.st_uid) ||
	    (gid != (gid_t)-1 && gid != st.st_gid)) {
		/* It takes bits of the mode along. */
		if (fchown(fd, uid, gid) == -1)
			return (-1);
	} else if ((st.st_mode & 07777) == bits)
		return (0);
	return (fchmod(fd, bits));
}

int
spool_own(int root, const char *name, uid_t uid, gid_t gid, mode_t bits)
{
	int fd, result, saved;

	if ((fd = open_part(root, name)) == -1)
		return (-1);
	result = own(fd, uid, gid, bits);
	saved = errno;
	close(fd);
	errno = saved;
	return (result);
}
