#include "passed.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST	3		/* SD_LISTEN_FDS_START */
#define MOST	1024

union address {
	struct sockaddr		sa;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	struct sockaddr_un	un;
};

struct socket {
	int		 fd;		/* -1: taken */
	int		 both;		/* [::] that takes IPv4, too */
	char		*name;		/* NULL: none */
	union address	 address;
};

struct passed {
	struct socket	*v;
	size_t		 n;
};

/* A number of the environment. -1: it is none, or over the limit. */
static long
number(const char *text, long most)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 10);
	return (end == text || *end != '\0' || n < 0 || n > most ||
	    errno != 0 ? -1 : n);
}

/* How many descriptors are meant for this process. -1: EINVAL. */
static long
count(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");
	long n;

	if (pid == NULL || fds == NULL || number(pid, INT32_MAX) != getpid())
		return (0);
	if ((n = number(fds, MOST)) == -1)
		errno = EINVAL;
	return (n);
}

/* -1: it is no socket that listens. */
static int
socket_look(struct socket *s, int fd)
{
	socklen_t len = sizeof(s->address), size = sizeof(int);
	int listens = 0, alone = 1, flags;

	memset(&s->address, 0, sizeof(s->address));
	if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == -1 ||
	    !listens || getsockname(fd, &s->address.sa, &len) == -1 ||
	    (flags = fcntl(fd, F_GETFL)) == -1 ||
	    fcntl(fd, F_SETFL, flags | O_NONBLOCK) == -1 ||
	    fcntl(fd, F_SETFD, FD_CLOEXEC) == -1)
		return (-1);
	size = sizeof(alone);
	if (s->address.sa.sa_family == AF_INET6 &&
	    IN6_IS_ADDR_UNSPECIFIED(&s->address.in6.sin6_addr))
		(void)getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &alone, &size);
	s->both = !alone;
	s->fd = fd;
	return (0);
}

struct passed *
passed_open(void)
{
	const char *said = getenv("LISTEN_FDNAMES");
	char *names = NULL, *rest, *name;
	struct passed *p;
	long n = count(), i;

	if (n == -1 || (p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	if ((p->v = calloc((size_t)n + 1, sizeof(*p->v))) == NULL ||
	    (said != NULL && (names = strdup(said)) == NULL)) {
		passed_free(p);
		return (NULL);
	}
	for (rest = names, i = 0; i < n; i++) {
		name = strsep(&rest, ":");
		if (socket_look(&p->v[p->n], (int)(FIRST + i)) == -1)
			continue;
		if (name != NULL)
			p->v[p->n].name = strdup(name);
		p->n++;
	}
	free(names);
	unsetenv("LISTEN_PID");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_FDNAMES");
	return (p);
}

void
passed_free(struct passed *p)
{
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->n; i++) {
		if (p->v[i].fd != -1)
			close(p->v[i].fd);
		free(p->v[i].name);
	}
	free(p->v);
	free(p);
}

unsigned int
passed_left(const struct passed *p)
{
	unsigned int left = 0;
	size_t i;

	for (i = 0; i < p->n; i++)
		left += p->v[i].fd != -1;
	return (left);
}

static int
same(const union address *a, const struct sockaddr *sa)
{
	const union address *b = (const void *)sa;

	if (a->sa.sa_family != sa->sa_family)
		return (0);
	switch (sa->sa_family) {
	case AF_INET:
		return (a->in.sin_port == b->in.sin_port &&
		    a->in.sin_addr.s_addr == b->in.sin_addr.s_addr);
	case AF_INET6:
		return (a->in6.sin6_port == b->in6.sin6_port &&
		    memcmp(&a->in6.sin6_addr, &b->in6.sin6_addr,
		    sizeof(a->in6.sin6_addr)) == 0);
	default:
		return (strncmp(a->un.sun_path, b->un.sun_path,
		    sizeof(a->un.sun_path)) == 0);
	}
}

static int
socket_take(struct socket *s)
{
	int fd = s->fd;

	s->fd = -1;
	return (fd);
}

/* A socket of [::] that is not for IPv6 alone has the port of 0.0.0.0. */
static int
serves(const struct socket *s, const struct sockaddr *sa)
{
	const struct sockaddr_in *in = (const void *)sa;

	return (same(&s->address, sa) ||
	    (s->both && sa->sa_family == AF_INET &&
	    in->sin_addr.s_addr == INADDR_ANY &&
	    in->sin_port == s->address.in6.sin6_port));
}

int
passed_take(struct passed *p, const struct sockaddr *sa)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].fd != -1 && serves(&p->v[i], sa))
			return (socket_take(&p->v[i]));
	return (-1);
}

int
passed_covers(const struct passed *p, const struct sockaddr *sa)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].fd == -1 && serves(&p->v[i], sa))
			return (1);
	return (0);
}

int
passed_take_named(struct passed *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->n; i++)
		if (p->v[i].fd != -1 && p->v[i].name != NULL &&
		    strcmp(p->v[i].name, name) == 0)
			return (socket_take(&p->v[i]));
	return (-1);
}

/* As an address of the configuration. */
static void
print(const union address *a, char *out, size_t size)
{
	char host[INET6_ADDRSTRLEN] = "";

	if (a->sa.sa_family == AF_UNIX) {
		snprintf(out, size, "unix:%.*s", (int)sizeof(a->un.sun_path),
		    a->un.sun_path);
	} else if (a->sa.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &a->in6.sin6_addr, host, sizeof(host));
		snprintf(out, size, "[%s]:%u", host, ntohs(a->in6.sin6_port));
	} else {
		inet_ntop(AF_INET, &a->in.sin_addr, host, sizeof(host));
		snprintf(out, size, "%s:%u", host, ntohs(a->in.sin_port));
	}
}

void
passed_name(const struct passed *p, unsigned int i, char *out, size_t size)
{
	size_t j;

	*out = '\0';
	for (j = 0; j < p->n; j++)
		if (p->v[j].fd != -1 && i-- == 0)
			print(&p->v[j].address, out, size);
}
