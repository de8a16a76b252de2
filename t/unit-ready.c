/* Readiness, as s6 and systemd want to be told. */
#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ready.h"

static void
fact(int holds, const char *name)
{
	printf("%s - %s\n", holds ? "ok" : "not ok", name);
	if (!holds)
		exit(1);
}

/* A datagram socket of that name, an @ in front for an abstract one. */
static int
supervisor(const char *name)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	strncpy(sun.sun_path, name, sizeof(sun.sun_path) - 1);
	if (name[0] == '@')
		sun.sun_path[0] = '\0';
	if (fd == -1 || bind(fd, (struct sockaddr *)&sun,
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
	    strlen(name))) == -1)
		exit(1);
	setenv("NOTIFY_SOCKET", name, 1);
	return (fd);
}

static int
told(int fd)
{
	char text[32];
	ssize_t n = recv(fd, text, sizeof(text), MSG_DONTWAIT);

	return (n == 7 && memcmp(text, "READY=1", 7) == 0);
}

int
main(void)
{
	char dir[] = "/tmp/unit-ready.XXXXXX", name[64], text[4];
	int fds[2], fd;

	unsetenv("NOTIFY_SOCKET");
	fact(ready_notify(-1) == 0, "nobody to tell is no error");
	if (pipe(fds) == -1)
		return (1);
	fact(ready_notify(fds[1]) == 0 && read(fds[0], text, 4) == 1 &&
	    text[0] == '\n' && read(fds[0], text, 4) == 0,
	    "the descriptor gets a newline and is closed");
	fact(ready_notify(fds[1]) == -1 && errno == EBADF,
	    "a descriptor that is not open is an error");
	close(fds[0]);

	if (mkdtemp(dir) == NULL)
		return (1);
	snprintf(name, sizeof(name), "%s/socket", dir);
	fd = supervisor(name);
	fact(ready_notify(-1) == 0 && told(fd), "NOTIFY_SOCKET gets READY=1");
	close(fd);
	unlink(name);
	rmdir(dir);
	fact(ready_notify(-1) == -1 && errno == ENOENT,
	    "a NOTIFY_SOCKET that is gone is an error");
	snprintf(name, sizeof(name), "@unit-ready.%ld", (long)getpid());
	fd = supervisor(name);
	fact(ready_notify(-1) == 0 && told(fd),
	    "NOTIFY_SOCKET can be an abstract name");
	close(fd);
	return (0);
}
