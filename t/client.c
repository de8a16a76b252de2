#include "client.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BODY_KEPT	65536
#define HEAD_MAX	65536

enum { ANSWER_HEAD, ANSWER_BODY, ANSWER_CHUNK_LINE, ANSWER_DONE };

static int
client_unix(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(sun.sun_path)) {
		errno = EINVAL;
		return (-1);
	}
	memcpy(sun.sun_path, path, strlen(path) + 1);
	if ((fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) == -1)
		return (-1);
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1) {
		close(fd);
		return (-1);
	}
	return (fd);
}

int
client_connect(const char *address)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *all, *a;
	const char *colon = strrchr(address, ':');
	char host[256];
	size_t len;
	int fd = -1, on = 1;

	if (strncmp(address, "unix:", 5) == 0)
		return (client_unix(address + 5));
	errno = EINVAL;
	if (colon == NULL)
		return (-1);
	len = (size_t)(colon - address);
	if (len >= 2 && address[0] == '[' && address[len - 1] == ']') {
		address++;
		len -= 2;
	}
	if (len >= sizeof(host))
		return (-1);
	memcpy(host, address, len);
	host[len] = '\0';
	if (getaddrinfo(len != 0 ? host : "127.0.0.1", colon + 1, &hints,
	    &all) != 0) {
		errno = EINVAL;
		return (-1);
	}
	for (a = all; a != NULL && fd == -1; a = a->ai_next) {
		fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, 0);
		if (fd != -1 && connect(fd, a->ai_addr, a->ai_addrlen) == -1) {
			int saved = errno;

			close(fd);
			fd = -1;
			errno = saved;
		}
	}
	freeaddrinfo(all);
	/* As real clients do; else a body's last piece waits for an answer
	 * to the one before. */
	if (fd != -1)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return (fd);
}

/* The value of a header field in a complete head, or NULL. */
static const char *
answer_field(const struct answer *a, const char *name)
{
	const char *p = a->head.p;
	size_t len = strlen(name);

	while ((p = strstr(p, "\r\n")) != NULL) {
		p += 2;
		if (strncasecmp(p, name, len) == 0 && p[len] == ':') {
			p += len + 1;
			return (p + strspn(p, " \t"));
		}
	}
	return (NULL);
}

/* The head is complete: what follows it? */
static int
answer_begin(struct answer *a)
{
	const char *v;

	if (buf_str(&a->head) == NULL ||
	    strncmp(a->head.p, "HTTP/1.", 7) != 0 || a->head.len < 12)
		return (-1);
	a->status = atoi(a->head.p + 9);
	if (a->status < 100 || a->status > 599)
		return (-1);
	if (a->status < 200) {
		a->status = 0;
		a->head.len = 0;
		return (0);
	}
	v = answer_field(a, "Connection");
	a->close = v != NULL ? strncasecmp(v, "close", 5) == 0 :
	    a->head.p[7] == '0';
	a->state = ANSWER_BODY;
	if (answer_field(a, "Transfer-Encoding") != NULL) {
		a->chunked = 1;
		a->state = ANSWER_CHUNK_LINE;
	} else if ((v = answer_field(a, "Content-Length")) != NULL) {
		a->left = strtoll(v, NULL, 10);
		if (a->left == 0)
			a->state = ANSWER_DONE;
	} else if (a->status == 204 || a->status == 304)
		a->state = ANSWER_DONE;
	else
		a->left = -1;
	return (0);
}

static int
answer_head_byte(struct answer *a, char c)
{
	if (a->head.len == HEAD_MAX || buf_addc(&a->head, c) == -1)
		return (-1);
	if (a->head.len >= 4 &&
	    memcmp(a->head.p + a->head.len - 4, "\r\n\r\n", 4) == 0)
		return (answer_begin(a));
	return (0);
}

/* A byte of a line between chunks: a size, what ends a chunk, a trailer. */
static int
answer_line_byte(struct answer *a, char c)
{
	int empty;

	if (c != '\n')
		return (a->line.len < 256 ? buf_addc(&a->line, c) : -1);
	if (buf_str(&a->line) == NULL)
		return (-1);
	empty = a->line.p[0] == '\r' || a->line.p[0] == '\0';
	if (a->trailer && empty)
		a->state = ANSWER_DONE;
	else if (!a->trailer && !empty) {
		a->left = strtoll(a->line.p, NULL, 16);
		a->trailer = a->left == 0;
		a->state = a->left == 0 ? ANSWER_CHUNK_LINE : ANSWER_BODY;
	}
	a->line.len = 0;
	return (0);
}

static long
answer_body(struct answer *a, const char *p, size_t len)
{
	size_t n = len, keep;

	if (a->left != -1 && n > (uint64_t)a->left)
		n = (size_t)a->left;
	keep = BODY_KEPT - a->body.len;
	if (buf_add(&a->body, p, n < keep ? n : keep) == -1)
		return (-1);
	if (a->left != -1 && (a->left -= (int64_t)n) == 0)
		a->state = a->chunked ? ANSWER_CHUNK_LINE : ANSWER_DONE;
	return ((long)n);
}

long
answer_feed(struct answer *a, const char *p, size_t len)
{
	size_t i = 0;
	long n = 1;

	while (i < len && a->state != ANSWER_DONE) {
		if (a->state == ANSWER_BODY)
			n = answer_body(a, p + i, len - i);
		else if (a->state == ANSWER_HEAD)
			n = answer_head_byte(a, p[i]) == 0 ? 1 : -1;
		else
			n = answer_line_byte(a, p[i]) == 0 ? 1 : -1;
		if (n == -1)
			return (-1);
		i += (size_t)n;
	}
	return ((long)i);
}

int
answer_done(const struct answer *a)
{
	return (a->state == ANSWER_DONE);
}

int
answer_eof(struct answer *a)
{
	if (a->state == ANSWER_BODY && !a->chunked && a->left == -1)
		a->state = ANSWER_DONE;
	return (a->state == ANSWER_DONE ? 0 : -1);
}

void
answer_clear(struct answer *a)
{
	buf_free(&a->head);
	buf_free(&a->body);
	buf_free(&a->line);
	memset(a, 0, sizeof(*a));
}

int
answer_id(const struct answer *a, char *id, size_t size)
{
	static const char key[] = "\"ProfileID\":\"";
	const char *p, *end;

	if ((p = memmem(a->body.p, a->body.len, key, sizeof(key) - 1)) == NULL)
		return (-1);
	p += sizeof(key) - 1;
	end = memchr(p, '"', a->body.len - (size_t)(p - a->body.p));
	if (end == NULL || (size_t)(end - p) >= size)
		return (-1);
	memcpy(id, p, (size_t)(end - p));
	id[end - p] = '\0';
	return (0);
}
