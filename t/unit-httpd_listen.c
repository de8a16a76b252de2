/* parts: t/served.o */
#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "httpd.h"
#include "served.h"

#define LONG	5000		/* milliseconds for what must come */

static const char get[] = "GET / HTTP/1.0\r\n\r\n";
static struct served s, other;
static char bound[128];
static const char *why;

static int
hears(const char *address)
{
	why = "";
	errno = 0;
	return (httpd_listen(s.httpd, address, NULL, bound, sizeof(bound),
	    &why));
}

/* Is a request answered at the address? */
static int
serves(struct served *at, int local)
{
	struct talk t = { 0 };
	int fd = served_connect(at, local), served;

	served_talk(at, fd, &t, get, strlen(get), 1, LONG);
	served = t.answers == 1 && t.status[0] == 200;
	close(fd);
	talk_clear(&t);
	return (served);
}

static void
addresses(void)
{
	static const char *const wrong[] = { "", "localhost", "localhost:",
	    "localhost:x", "localhost:65536", "localhost:-1", "localhost:+1",
	    "::1:80", "[]:80", "[::1:80", "[::1]80", "unix:" };
	char tcp[128], again[128];
	size_t i;

	memcpy(tcp, s.tcp, sizeof(tcp));
	ok(hears("localhost:0") == 0 && strncmp(bound, "localhost:", 10) == 0 &&
	    atoi(bound + 10) > 0, "a name keeps its form, with the port");
	memcpy(again, bound, sizeof(again));
	snprintf(s.tcp, sizeof(s.tcp), "%s", bound);
	ok(serves(&s, 0), "localhost is served at 127.0.0.1");
	ok(hears(":0") == 0 && bound[0] == ':' && atoi(bound + 1) > 0,
	    "no name is any address");
	snprintf(s.tcp, sizeof(s.tcp), "%s", bound);
	ok(serves(&s, 0), "loopback is one of them");
	ok(hears(again) == -1 && errno == EADDRINUSE,
	    "a port in use is EADDRINUSE");
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(hears(wrong[i]) == -1 && errno == EINVAL && *why != '\0',
		    "\"%s\" is no address", wrong[i]);
	if (hears("[::1]:0") == -1)
		printf("ok - # skip: no IPv6 here\n");
	else
		ok(strncmp(bound, "[::1]:", 6) == 0, "IPv6 in brackets");
	memcpy(s.tcp, tcp, sizeof(tcp));
}

static void
socket_leave(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(un.sun_path, sizeof(un.sun_path), "%s", path);
	if (bind(fd, (void *)&un, sizeof(un)) == -1)
		perror(path);
	close(fd);
}

static void
sockets(void)
{
	char path[200], address[256], longer[256];
	struct stat st;
	FILE *f;

	ok(stat(s.local + 5, &st) == 0 && (st.st_mode & 0777) == 0666 &&
	    S_ISSOCK(st.st_mode), "a unix socket is there for all");
	ok(hears(s.local) == -1 && errno == EADDRINUSE && serves(&s, 1),
	    "a live socket is EADDRINUSE, and goes on living");
	snprintf(path, sizeof(path), "%s2", s.local + 5);
	snprintf(address, sizeof(address), "unix:%s", path);
	socket_leave(path);
	ok(hears(address) == 0 && strcmp(bound, address) == 0,
	    "a stale socket is replaced");
	snprintf(other.local, sizeof(other.local), "%.120s", s.local);
	snprintf(s.local, sizeof(s.local), "%.120s", address);
	ok(serves(&s, 1), "and serves");
	snprintf(s.local, sizeof(s.local), "%.120s", other.local);
	/* Somebody takes the name: then it is not ours to remove. */
	unlink(path);
	socket_leave(path);
	httpd_stop(s.httpd);
	ok(stat(s.local + 5, &st) == -1 && stat(path, &st) == 0,
	    "a stop removes our sockets and no others");
	unlink(path);
	served_stop(&s);

	served_start(&s, &served_limits);
	snprintf(path, sizeof(path), "%s2", s.local + 5);
	snprintf(address, sizeof(address), "unix:%s", path);
	if ((f = fopen(path, "w")) != NULL)
		fclose(f);
	ok(hears(address) == -1 && errno == EEXIST && stat(path, &st) == 0,
	    "what is no socket is left alone");
	unlink(path);
	snprintf(longer, sizeof(longer), "%s/%0100d", s.local, 0);
	ok(hears(longer) == -1 && errno == ENAMETOOLONG, "a path too long");
	snprintf(longer, sizeof(longer), "unix:%s/x/y", path);
	ok(hears(longer) == -1 && errno == ENOENT, "a folder that is missing");
	served_stop(&s);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	served_start(&s, &served_limits);
	addresses();
	sockets();
	return (served_failed);
}
