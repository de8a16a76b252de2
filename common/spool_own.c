/* Giving the parts of a spool to their owners. */
#include "spool.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * NAME or DIR/NAME, by no symbolic link. A FIFO is not waited for. openat2
 * would do, but systemd's RestrictSUIDSGID takes it away.
 */
static int
open_part(int root, const char *name)
{
	const char *slash = strchr(name, '/');
	char dir[SPOOL_NAME_MAX + 1];
	int in = root, fd, saved;

	if (slash != NULL) {
		if ((size_t)(slash - name) >= sizeof(dir)) {
			errno = ENAMETOOLONG;
			return (-1);
		}
		memcpy(dir, name, (size_t)(slash - name));
		dir[slash - name] = '\0';
		if ((in = openat(root, dir, O_PATH | O_DIRECTORY |
		    O_NOFOLLOW | O_CLOEXEC)) == -1)
			return (-1);
		name = slash + 1;
	}
	fd = openat(in, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	saved = errno;
	if (in != root)
		close(in);
	errno = saved;
	return (fd);
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
