#include "ready.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

/* Connected to $NOTIFY_SOCKET by ready_prepare. -1: not. */
static int prepared = -1;

/* A socket's path, or with a leading @ an abstract name. */
static int
ready_connect(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd, saved;

	if (len == 0 || len >= sizeof(sun.sun_path)) {
		errno = EINVAL;
		return (-1);
	}
	memcpy(sun.sun_path, path, len);
	if (path[0] == '@')
		sun.sun_path[0] = '\0';
	if ((fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) == -1)
		return (-1);
	if (connect(fd, (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) == 0)
		return (fd);
	saved = errno;
	close(fd);
	errno = saved;
	return (-1);
}

void
ready_prepare(void)
{
	const char *path = getenv("NOTIFY_SOCKET");

	if (path != NULL && prepared == -1)
		prepared = ready_connect(path);
}

/* One datagram. */
static int
ready_send(const char *path, const char *state)
{
	int fd, result, saved;

	fd = prepared != -1 ? prepared : ready_connect(path);
	prepared = -1;
	if (fd == -1)
		return (-1);
	result = file_write(fd, state, strlen(state));
	saved = errno;
	close(fd);
	errno = saved;
	return (result);
}

int
ready_notify(int fd)
{
	const char *path = getenv("NOTIFY_SOCKET");
	int result = 0, saved = 0;

	if (fd != -1) {
		if (file_write(fd, "\n", 1) == -1) {
			result = -1;
			saved = errno;
		}
		if (close(fd) == -1 && result == 0) {
			result = -1;
			saved = errno;
		}
	}
	if (path != NULL && ready_send(path, "READY=1") == -1) {
		result = -1;
		saved = errno;
	}
	if (result == -1)
		errno = saved;
	return (result);
}
