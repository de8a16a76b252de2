/* Sockets that were passed: which are taken, by address and by name. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "httpd_socket.h"
#include "passed.h"

static int failed;

static void
told(int is)
{
	printf("%sok - ", is ? "" : "not ");
	failed |= !is;
}

#define ok(what, ...) \
	(told(what), printf(__VA_ARGS__), printf("\n"))

static char path[108];
static struct sockaddr_in four;		/* what the first socket is bound to */
static struct sockaddr_un local;

static void
environment(const char *fds, const char *names, pid_t pid)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	setenv("LISTEN_PID", text, 1);
	setenv("LISTEN_FDS", fds, 1);
	if (names != NULL)
		setenv("LISTEN_FDNAMES", names, 1);
	else
		unsetenv("LISTEN_FDNAMES");
}

static void
place(int fd, int at)
{
	if (fd == -1 || (fd != at && (dup2(fd, at) == -1 || close(fd) == -1))) {
		perror("place");
		exit(1);
	}
}

/* 3 listens on IPv4, 4 is a file, 5 a socket in the file system, 6 on [::]. */
static void
fill(void)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	socklen_t len = sizeof(four);
	int fd, off = 0;

	fd = socket(AF_INET, SOCK_STREAM, 0);
	memset(&four, 0, sizeof(four));
	four.sin_family = AF_INET;
	four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (void *)&four, len) == -1 || listen(fd, 5) == -1 ||
	    getsockname(fd, (void *)&four, &len) == -1)
		exit(1);
	place(fd, 3);
	place(open("/dev/null", O_RDONLY), 4);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(path);
	local.sun_family = AF_UNIX;
	memcpy(local.sun_path, path, sizeof(path));
	if (bind(fd, (void *)&local, sizeof(local)) == -1 ||
	    listen(fd, 5) == -1)
		exit(1);
	place(fd, 5);
	/* Where IPv6 is not, 6 is no socket, and the others count. */
	fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd != -1) {
		(void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off,
		    sizeof(off));
		if (bind(fd, (void *)&six, sizeof(six)) == -1 ||
		    listen(fd, 5) == -1)
			exit(1);
		place(fd, 6);
	}
}

static int
is_open(int fd)
{
	return (fcntl(fd, F_GETFD) != -1);
}

static void
takes(void)
{
	struct passed *p;
	char name[128], wanted[128];

	fill();
	environment("3", "", getpid());
	p = passed_open();
	ok(p != NULL && passed_left(p) == 2, "what listens is found, and a "
	    "file left alone");
	ok(getenv("LISTEN_FDS") == NULL && getenv("LISTEN_PID") == NULL &&
	    getenv("LISTEN_FDNAMES") == NULL, "the environment forgets them");
	passed_name(p, 1, name, sizeof(name));
	snprintf(wanted, sizeof(wanted), "unix:%s", path);
	ok(strcmp(name, wanted) == 0, "their addresses can be said");
	ok(!passed_covers(p, (void *)&four) &&
	    passed_take(p, (void *)&four) == 3 &&
	    passed_covers(p, (void *)&four) &&
	    passed_take(p, (void *)&four) == -1, "each is taken once");
	ok((fcntl(3, F_GETFD) & FD_CLOEXEC) != 0 &&
	    (fcntl(3, F_GETFL) & O_NONBLOCK) != 0,
	    "it does not block, nor outlive an exec");
	four.sin_port = htons((in_port_t)(ntohs(four.sin_port) ^ 1));
	ok(passed_take(p, (void *)&four) == -1, "another port is another one");
	local.sun_path[strlen(local.sun_path) - 1] ^= 1;
	ok(passed_take(p, (void *)&local) == -1, "another path, too");
	passed_free(p);
	ok(is_open(3) && is_open(4) && !is_open(5),
	    "what nobody took is closed");
}

static void
both(void)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_in any = { .sin_family = AF_INET };
	socklen_t len = sizeof(six);
	struct passed *p;

	fill();
	if (getsockname(6, (void *)&six, &len) == -1 ||
	    six.sin6_family != AF_INET6) {
		printf("ok - # skip: no IPv6 here\n");
		return;
	}
	environment("4", NULL, getpid());
	p = passed_open();
	any.sin_port = six.sin6_port;
	ok(p != NULL && passed_take(p, (void *)&any) == 6 &&
	    passed_take(p, (void *)&six) == -1 &&
	    passed_covers(p, (void *)&six), "[::] for both serves 0.0.0.0");
	any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ok(!passed_covers(p, (void *)&any), "but is not 127.0.0.1");
	passed_free(p);
	close(6);
}

static void
names(void)
{
	int fds[HTTPD_SOCKETS];
	char bound[128], wanted[128];
	struct passed *p;

	fill();
	environment("3", "listen.2:x:listen.1", getpid());
	p = passed_open();
	ok(p != NULL && httpd_socket_passed("127.0.0.1:0", 1, p, fds, bound,
	    sizeof(bound)) == 1 && fds[0] == 5,
	    "port 0 has the one named after it");
	ok(httpd_socket_passed("127.0.0.1:1", 2, p, fds, bound,
	    sizeof(bound)) == 0, "a port has none but its own");
	snprintf(wanted, sizeof(wanted), "localhost:%u",
	    ntohs(four.sin_port));
	ok(httpd_socket_passed("localhost:0", 2, p, fds, bound,
	    sizeof(bound)) == 1 && fds[0] == 3 && strcmp(bound, wanted) == 0,
	    "and its real port is told");
	passed_free(p);
	fill();
	environment("3", "a", getpid());
	p = passed_open();
	ok(p != NULL && passed_take_named(p, "a") == 3 &&
	    passed_take_named(p, "") == -1, "names may be too few");
	passed_free(p);
}

static void
others(void)
{
	static const char *const wrong[] = { "", "x", "-1", "1x", "1025" };
	struct passed *p;
	size_t i;

	fill();
	environment("3", NULL, getpid() + 1);
	p = passed_open();
	ok(p != NULL && passed_left(p) == 0, "those of another process are "
	    "not ours");
	passed_free(p);
	ok(is_open(3) && is_open(5), "and stay open");
	unsetenv("LISTEN_PID");
	p = passed_open();
	ok(p != NULL && passed_left(p) == 0, "nor are nobody's");
	passed_free(p);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		environment(wrong[i], NULL, getpid());
		errno = 0;
		ok(passed_open() == NULL && errno == EINVAL,
		    "\"%s\" is no LISTEN_FDS", wrong[i]);
	}
	passed_free(NULL);
}

int
main(void)
{
	const char *dir = getenv("TMPDIR");

	snprintf(path, sizeof(path), "%s/passed.%d",
	    dir != NULL ? dir : "/tmp", (int)getpid());
	/* Bats uses some of them. */
	close(3);
	close(4);
	close(5);
	close(6);
	takes();
	both();
	names();
	others();
	unlink(path);
	return (failed);
}
