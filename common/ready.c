#include "ready.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

/* One datagram to a socket: a path, or with a leading @ an abstract name. */
static int
ready_send(const char *path, const char *state)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	ssize_t n;
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
	do
		n = sendto(fd, state, strlen(state), MSG_NOSIGNAL,
		    (struct sockaddr *)&sun,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	while (n == -1 && errno == EINTR);
	saved = errno;
	close(fd);
	errno = saved;
	return (n == -1 ? -1 : 0);
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
