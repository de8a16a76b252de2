/*
 * To be preloaded: every write to a file is short, as a full disk or a signal
 * may leave it, and every third is interrupted before it has begun. strace can
 * only say that a write was short, and write nothing.
 */
#include <sys/stat.h>
#include <sys/syscall.h>

#include <errno.h>
#include <stdatomic.h>
#include <unistd.h>

static atomic_uint writes;

/* How much of it to write; -1: it is interrupted. */
static ssize_t
shorten(int fd, size_t len)
{
	struct stat st;

	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode))
		return ((ssize_t)len);
	if (atomic_fetch_add(&writes, 1) % 3 == 2) {
		errno = EINTR;
		return (-1);
	}
	return ((ssize_t)(len > 1 ? len / 2 : len));
}

ssize_t
write(int fd, const void *p, size_t len)
{
	ssize_t n = shorten(fd, len);

	return (n == -1 ? -1 : syscall(SYS_write, fd, p, n));
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t off)
{
	ssize_t n = shorten(fd, len);

	return (n == -1 ? -1 : syscall(SYS_pwrite64, fd, p, n, off));
}

ssize_t
pwrite64(int fd, const void *p, size_t len, off_t off)
{
	return (pwrite(fd, p, len, off));
}
