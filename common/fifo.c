#include "fifo.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
fifo_open(int dir, const char *name, int flags)
{
	struct stat st;
	int fd;

	fd = openat(dir, name, flags | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return (-1);
	/* open succeeds on a plain file put in the FIFO's place. */
	if (fstat(fd, &st) == -1 || !S_ISFIFO(st.st_mode)) {
		close(fd);
		errno = EINVAL;
		return (-1);
	}
	return (fd);
}

int
fifo_reader(int dir, const char *name)
{
	return (fifo_open(dir, name, O_RDWR));
}

int
fifo_writer(int dir, const char *name)
{
	return (fifo_open(dir, name, O_WRONLY));
}

int
fifo_both(int dir, const char *name)
{
	return (fifo_open(dir, name, O_RDWR));
}

char *
fifo_line(struct fifo *f, int fd)
{
	char *newline;
	ssize_t n;

	/* The line given last time lies before taken; make room for more. */
	memmove(f->buf, f->buf + f->taken, f->len - f->taken);
	f->len -= f->taken;
	f->taken = 0;
	for (;;) {
		newline = memchr(f->buf, '\n', f->len);
		if (newline != NULL) {
			size_t whole = (size_t)(newline - f->buf) + 1;

			if (!f->skip && whole <= FIFO_LINE) {
				*newline = '\0';
				f->taken = whole;
				return (f->buf);
			}
			memmove(f->buf, f->buf + whole, f->len - whole);
			f->len -= whole;
			f->skip = 0;
			continue;
		}
		if (f->len == sizeof(f->buf)) {
			f->len = 0;
			f->skip = 1;
		}
		n = read(fd, f->buf + f->len, sizeof(f->buf) - f->len);
		if (n == 0)
			errno = 0;
		if (n == -1 && errno == EINTR)
			continue;
		if (n <= 0)
			return (NULL);
		f->len += (size_t)n;
	}
}

int
fifo_put(int fd, const char *fmt, ...)
{
	char line[FIFO_LINE + 1];
	va_list ap;
	ssize_t n;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (len < 0 || len >= FIFO_LINE) {
		errno = EMSGSIZE;
		return (-1);
	}
	line[len++] = '\n';
	do
		n = write(fd, line, (size_t)len);
	while (n == -1 && errno == EINTR);
	return (n == -1 ? -1 : 0);
}
