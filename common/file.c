#include "file.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"

int
file_write(int fd, const void *p, size_t len)
{
	const char *from = p;
	ssize_t n;

	while (len > 0) {
		if ((n = write(fd, from, len)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		from += n;
		len -= (size_t)n;
	}
	return (0);
}

int
file_pwrite(int fd, const void *p, size_t len, uint64_t off)
{
	const char *from = p;
	ssize_t n;

	while (len > 0) {
		if ((n = pwrite(fd, from, len, (off_t)off)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		from += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return (0);
}

int
file_pread(int fd, void *p, size_t len, uint64_t off)
{
	char *to = p;
	ssize_t n;

	while (len > 0) {
		if ((n = pread(fd, to, len, (off_t)off)) == -1) {
			if (errno == EINTR)
				continue;
			return (-1);
		}
		if (n == 0) {
			errno = EIO;
			return (-1);
		}
		to += n;
		off += (uint64_t)n;
		len -= (size_t)n;
	}
	return (0);
}

/* Append all of fd, which is closed. */
static int
slurp(int fd, size_t max, struct buf *b)
{
	size_t had = b->len;
	ssize_t n;
	int saved;

	if (fd == -1)
		return (-1);
	for (;;) {
		if (buf_reserve(b, 4096) == -1)
			goto fail;
		if ((n = read(fd, b->p + b->len, 4096)) == -1) {
			if (errno == EINTR)
				continue;
			goto fail;
		}
		if (n == 0)
			break;
		b->len += (size_t)n;
		if (b->len - had > max) {
			errno = EFBIG;
			goto fail;
		}
	}
	close(fd);
	return (0);
fail:
	saved = errno;
	b->len = had;
	close(fd);
	errno = saved;
	return (-1);
}

int
file_slurp(int dir, const char *name, size_t max, struct buf *b)
{
	return (slurp(openat(dir, name,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), max, b));
}

int
file_load(const char *path, size_t max, struct buf *b)
{
	return (slurp(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), max, b));
}

int
file_replace(int dir, const char *name, const void *p, size_t len, int sync)
{
	char temp[300];
	int fd, saved;

	if (snprintf(temp, sizeof(temp), ".%s.tmp", name) >=
	    (int)sizeof(temp)) {
		errno = ENAMETOOLONG;
		return (-1);
	}
	fd = openat(dir, temp,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1)
		return (-1);
	if (file_write(fd, p, len) == -1 || (sync && fsync(fd) == -1))
		goto fail;
	if (close(fd) == -1) {
		fd = -1;
		goto fail;
	}
	fd = -1;
	if (renameat(dir, temp, dir, name) == -1)
		goto fail;
	return (sync ? file_sync_dir(dir, ".") : 0);
fail:
	saved = errno;
	if (fd != -1)
		close(fd);
	unlinkat(dir, temp, 0);
	errno = saved;
	return (-1);
}

int
file_plain(const char *path)
{
	struct stat st;
	int fd, saved;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK |
	    O_NOCTTY);
	if (fd == -1) {
		/* A link; or a socket, or a device without a driver. */
		if (errno == ELOOP || errno == ENXIO)
			errno = EINVAL;
		return (-1);
	}
	if (fstat(fd, &st) == -1)
		saved = errno;
	else if (S_ISREG(st.st_mode))
		return (fd);
	else
		saved = EINVAL;
	close(fd);
	errno = saved;
	return (-1);
}

DIR *
file_opendir(int dir, const char *name)
{
	DIR *d;
	int fd, saved;

	fd = openat(dir, name,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return (NULL);
	if ((d = fdopendir(fd)) == NULL) {
		saved = errno;
		close(fd);
		errno = saved;
	}
	return (d);
}

int
file_next(DIR *dir, const char **name)
{
	struct dirent *entry;

	do {
		errno = 0;
		if ((entry = readdir(dir)) == NULL)
			return (errno != 0 ? -1 : 0);
	} while (strcmp(entry->d_name, ".") == 0 ||
	    strcmp(entry->d_name, "..") == 0);
	*name = entry->d_name;
	return (1);
}

int
file_sync_fd(int dir)
{
	struct stat st;

	return (fsync(dir) == -1 || fstat(dir, &st) == -1 ? -1 : 0);
}

int
file_mkdirs(const char *path, mode_t mode)
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
	if (mkdir(copy, mode) == -1)
		return (errno == EEXIST ? 0 : -1);
	return (1);
}

int
file_sync_dir(int dir, const char *name)
{
	int fd, result, saved;

	if ((fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1)
		return (-1);
	result = file_sync_fd(fd);
	saved = errno;
	close(fd);
	errno = saved;
	return (result);
}

int
file_temp(void)
{
	const char *dir = getenv("TMPDIR");

	return (open(dir != NULL && *dir != '\0' ? dir : "/tmp",
	    O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}
