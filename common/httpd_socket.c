#include "httpd_socket.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "passed.h"

#define PORT_TRIES	16	/* for a port that is free on every address */
#define DRAFT		".new"	/* behind the path of one being made */
#define KIND		(SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC)

/* Close fd, keeping errno. Returns -1. */
static int
give_up(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return (-1);
}

static int
path_name(struct sockaddr_un *sun, const char *path, const char *suffix,
    const char **why)
{
	int n;

	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	n = snprintf(sun->sun_path, sizeof(sun->sun_path), "%s%s", path,
	    suffix);
	if (*path != '\0' && n > 0 && (size_t)n < sizeof(sun->sun_path))
		return (0);
	*why = *path == '\0' ? "the socket has no path" :
	    "the socket's path is too long";
	errno = *path == '\0' ? EINVAL : ENAMETOOLONG;
	return (-1);
}

/* May a socket take this path: is it free, or a socket nobody answers at? */
static int
path_check(const struct sockaddr_un *sun, const char **why)
{
	struct stat st;
	int fd, result;

	if (lstat(sun->sun_path, &st) == -1)
		return (errno == ENOENT ? 0 : -1);
	if (!S_ISSOCK(st.st_mode)) {
		*why = "something that is no socket stands at the path";
		errno = EEXIST;
		return (-1);
	}
	if ((fd = socket(AF_UNIX, KIND, 0)) == -1)
		return (-1);
	result = connect(fd, (const void *)sun, sizeof(*sun));
	/* ECONNREFUSED alone says that nobody listens. */
	if (result == -1 && (errno == ECONNREFUSED || errno == ENOENT)) {
		close(fd);
		return (0);
	}
	if (result == 0 || errno == EAGAIN) {
		*why = "another program listens there";
		errno = EADDRINUSE;
	}
	return (give_up(fd));
}

int
httpd_socket_unix(const char *path, const char **why)
{
	struct sockaddr_un sun, draft;
	int fd;

	*why = "the socket cannot be made";
	if (path_name(&sun, path, "", why) == -1 ||
	    path_name(&draft, path, DRAFT, why) == -1 ||
	    path_check(&sun, why) == -1)
		return (-1);
	if (unlink(draft.sun_path) == -1 && errno != ENOENT)
		return (-1);
	if ((fd = socket(AF_UNIX, KIND, 0)) == -1)
		return (-1);
	/* Named once it can serve, so that no client meets a dead one. */
	if (bind(fd, (void *)&draft, sizeof(draft)) == -1)
		return (give_up(fd));
	if (chmod(draft.sun_path, 0666) == -1 ||
	    listen(fd, HTTPD_BACKLOG) == -1 ||
	    rename(draft.sun_path, sun.sun_path) == -1) {
		give_up(fd);
		unlink(draft.sun_path);
		return (-1);
	}
	return (fd);
}

/* Split at the port's colon, scheme and brackets off: "" is any. -1: not so. */
static int
address_split(const char *address, char *host, size_t size, long *port)
{
	char *end, *digits;
	size_t len;

	if (strncmp(address, "http://", 7) == 0 ||
	    strncmp(address, "https://", 8) == 0)
		address = strstr(address, "//") + 2;
	if ((len = strlen(address)) >= size)
		return (-1);
	memcpy(host, address, len + 1);
	if ((end = strrchr(host, ':')) == NULL)
		return (-1);
	*end = '\0';
	digits = end + 1;
	*port = strtol(digits, NULL, 10);
	if (*digits == '\0' || strlen(digits) > 5 || *port > 65535 ||
	    digits[strspn(digits, "0123456789")] != '\0')
		return (-1);
	if (*host != '[')
		return (strchr(host, ':') == NULL ? 0 : -1);
	if (end - host < 3 || end[-1] != ']')
		return (-1);
	end[-1] = '\0';
	memmove(host, host + 1, strlen(host));
	return (0);
}

static in_port_t *
port_of(struct sockaddr_storage *ss)
{
	return (ss->ss_family == AF_INET6 ?
	    &((struct sockaddr_in6 *)(void *)ss)->sin6_port :
	    &((struct sockaddr_in *)(void *)ss)->sin_port);
}

/* All that are named after the number-th address, whose port is 0. */
static int
named_take(unsigned int number, struct passed *passed, int fds[HTTPD_SOCKETS])
{
	char name[32];
	int n = 0;

	snprintf(name, sizeof(name), "listen.%u", number);
	while (n < HTTPD_SOCKETS &&
	    (fds[n] = passed_take_named(passed, name)) != -1)
		n++;
	return (n);
}

int
httpd_socket_passed(const char *address, unsigned int number,
    struct passed *passed, int fds[HTTPD_SOCKETS], char *bound, size_t size)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	struct sockaddr_un sun, draft;
	char host[256];
	const char *why;
	long port;
	int n;

	memset(&ss, 0, sizeof(ss));
	if (strncmp(address, "unix:", 5) == 0) {
		if (path_name(&sun, address + 5, "", &why) == -1 ||
		    path_name(&draft, address + 5, DRAFT, &why) == -1)
			return (0);
		/* One of prof-listen's still has its first name. */
		if ((fds[0] = passed_take(passed, (void *)&sun)) == -1 &&
		    (fds[0] = passed_take(passed, (void *)&draft)) == -1)
			return (0);
		snprintf(bound, size, "%s", address);
		return (1);
	}
	if (address_split(address, host, sizeof(host), &port) == -1 ||
	    port != 0 || (n = named_take(number, passed, fds)) == 0 ||
	    getsockname(fds[0], (void *)&ss, &len) == -1)
		return (0);
	snprintf(bound, size, "%.*s:%u",
	    (int)(strrchr(address, ':') - address), address,
	    ntohs(*port_of(&ss)));
	return (n);
}

/*
 * A passed one that serves the address; -2: one that was taken does already.
 * -1: there is none.
 */
static int
passed_find(const struct addrinfo *ai, in_port_t port, struct passed *passed)
{
	struct sockaddr_storage ss = { 0 };
	int fd;

	if (passed == NULL || port == 0)
		return (-1);
	memcpy(&ss, ai->ai_addr, ai->ai_addrlen);
	*port_of(&ss) = port;
	if ((fd = passed_take(passed, (void *)&ss)) != -1)
		return (fd);
	return (passed_covers(passed, (void *)&ss) ? -2 : -1);
}

/* One of them; *port, in network order, is filled in where it is 0. */
static int
tcp_open(const struct addrinfo *ai, in_port_t *port)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	int fd, on = 1;

	memcpy(&ss, ai->ai_addr, ai->ai_addrlen);
	*port_of(&ss) = *port;
	if ((fd = socket(ai->ai_family, KIND, 0)) == -1)
		return (-1);
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == -1 ||
	    (ai->ai_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6,
	    IPV6_V6ONLY, &on, sizeof(on)) == -1) ||
	    bind(fd, (void *)&ss, ai->ai_addrlen) == -1 ||
	    listen(fd, HTTPD_BACKLOG) == -1 ||
	    getsockname(fd, (void *)&ss, &len) == -1)
		return (give_up(fd));
	*port = *port_of(&ss);
	return (fd);
}

/* Why nobody can listen there, for who has to change that. */
static const char *
trouble(int error)
{
	switch (error) {
	case EADDRINUSE:
		return ("another program listens there");
	case EADDRNOTAVAIL:
	case EAFNOSUPPORT:
		return ("this host has no such address");
	case EACCES:
		return ("this user may not; below 1024 only root may");
	default:
		return ("the address cannot be listened on");
	}
}

/* A hosts file may give the same address twice. */
static int
seen_before(const struct addrinfo *first, const struct addrinfo *ai)
{
	const struct addrinfo *p;

	for (p = first; p != ai; p = p->ai_next)
		if (p->ai_addrlen == ai->ai_addrlen &&
		    memcmp(p->ai_addr, ai->ai_addr, ai->ai_addrlen) == 0)
			return (1);
	return (0);
}

/*
 * All of them, on *port. A family that this host does not have is passed over
 * while another is there: localhost is ::1 too where IPv6 is switched off.
 */
static int
tcp_open_all(const struct addrinfo *all, struct passed *passed,
    int fds[HTTPD_SOCKETS], in_port_t *port)
{
	const struct addrinfo *ai;
	int fd, n = 0;

	for (ai = all; ai != NULL && n < HTTPD_SOCKETS; ai = ai->ai_next) {
		if (seen_before(all, ai) ||
		    (fd = passed_find(ai, *port, passed)) == -2)
			continue;
		if (fd != -1 || (fd = tcp_open(ai, port)) != -1) {
			fds[n++] = fd;
			continue;
		}
		if (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL)
			continue;
		while (n > 0)
			give_up(fds[--n]);
		return (-1);
	}
	return (n > 0 ? n : -1);
}

int
httpd_socket_tcp(const char *address, struct passed *passed,
    int fds[HTTPD_SOCKETS], char *bound, size_t size, const char **why)
{
	struct addrinfo hints = { .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	    .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	char host[256];
	long wanted;
	in_port_t port = 0;
	int n, tries, e;

	*why = "the address is not HOST:PORT, [V6]:PORT, :PORT or unix:PATH";
	errno = EINVAL;
	if (address_split(address, host, sizeof(host), &wanted) == -1)
		return (-1);
	e = getaddrinfo(*host != '\0' ? host : NULL, "0", &hints, &all);
	if (e != 0) {
		*why = gai_strerror(e);
		errno = e == EAI_SYSTEM ? errno : EADDRNOTAVAIL;
		return (-1);
	}
	for (tries = 0; tries < PORT_TRIES; tries++) {
		port = htons((in_port_t)wanted);
		n = tcp_open_all(all, passed, fds, &port);
		if (n != -1 || wanted != 0 || errno != EADDRINUSE)
			break;
	}
	if (n == -1)
		*why = trouble(errno);
	freeaddrinfo(all);
	if (n != -1)
		snprintf(bound, size, "%.*s:%u",
		    (int)(strrchr(address, ':') - address), address,
		    ntohs(port));
	return (n);
}
