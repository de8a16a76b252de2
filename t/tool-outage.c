/*
 * outage - cut the power of a file system, as far as it can tell
 *
 * usage:  outage DIR
 *         DIR is where it is mounted: ext4, xfs and others that know the call
 * writes: nothing: what is not on the disk yet, journal and all, is thrown
 *         away, and every call on it fails from now on until it is mounted
 *         again
 * exits:  0 it is cut; 2 usage; 111 it cannot be (EPERM, ENOTTY)
 */
#include <sys/ioctl.h>

#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

/* FS_IOC_SHUTDOWN of newer headers; xfs had it first, as XFS_IOC_GOINGDOWN. */
#define SHUTDOWN	_IOR('X', 125, uint32_t)
#define NO_LOG_FLUSH	2

int
main(int argc, char *argv[])
{
	uint32_t how = NO_LOG_FLUSH;
	int fd;

	if (argc != 2) {
		fprintf(stderr, "usage: outage DIR\n");
		return (2);
	}
	if ((fd = open(argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1 ||
	    ioctl(fd, SHUTDOWN, &how) == -1)
		err(111, "%s", argv[1]);
	close(fd);
	return (0);
}
