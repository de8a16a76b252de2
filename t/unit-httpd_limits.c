/* parts: t/served.o */
#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "buf.h"
#include "httpd.h"
#include "served.h"
#include "when.h"

#define HOST	"Host: a\r\n"
#define LONG	5000		/* milliseconds for what must come */
#define SHORT	50		/* and for what must not */
#define MS	INT64_C(1000000)

static struct served s;
static struct talk t;
static struct httpd_limits limits;

/* A server of these limits, which change() has changed. */
static void
start(void)
{
	served_start(&s, &limits);
	limits = served_limits;
}

static void
once(const char *text, size_t len)
{
	int fd = served_connect(&s, 0);

	talk_clear(&t);
	served_talk(&s, fd, &t, text, len, 1, LONG);
	served_talk(&s, fd, &t, NULL, 0, 2, SHORT);
	close(fd);
}

/* Where one answer ends the connection and one does not. */
static int
answered(int status, int closed)
{
	return (t.answers == 1 && t.status[0] == status && t.eof == closed);
}

static void
heads(void)
{
	static const char fields[] = "GET / HTTP/1.1\r\n" HOST
	    "a:\r\na:\r\na:\r\na:\r\na:\r\n";
	char text[512];
	int extra, n;

	limits.head_bytes = 200;
	limits.head_fields = 5;
	start();
	for (extra = -1; extra <= 1; extra++) {
		n = snprintf(text, sizeof(text), "GET / HTTP/1.1\r\n" HOST
		    "X: %0*d\r\n\r\n", 168 + extra, 0);
		once(text, (size_t)n);
		ok(n == 200 + extra && answered(extra <= 0 ? 200 : 431,
		    extra > 0), "a head of the limit%+d bytes", extra);
	}
	once(text, 201 - 4);
	ok(t.answers == 0, "below the limit the head's end is awaited");
	for (extra = -1; extra <= 1; extra++) {
		snprintf(text, sizeof(text), "%.*s\r\n",
		    (int)sizeof(fields) - 1 - 4 * (1 - extra), fields);
		once(text, strlen(text));
		ok(answered(extra <= 0 ? 200 : 431, extra > 0),
		    "the limit%+d fields", extra);
	}
	served_stop(&s);
}

static void
bodies(void)
{
	static char body[1001];
	struct buf b = { 0 };
	size_t len;
	int extra;

	limits.body_bytes = 1000;
	start();
	for (extra = -1; extra <= 1; extra++) {
		len = extra < 0 ? 999 : 1000 + (size_t)extra;
		buf_addf(&b, "POST / HTTP/1.1\r\n" HOST "Content-Length: %zu"
		    "\r\n\r\n", len);
		if (extra <= 0)
			buf_add(&b, body, len);
		once(b.p, b.len);
		ok(answered(extra <= 0 ? 200 : 413, extra > 0),
		    "a body of the limit%+d bytes", extra);
		buf_free(&b);
		/* The chunk that goes over is refused at its size. */
		buf_addf(&b, "POST / HTTP/1.1\r\n" HOST
		    "Transfer-Encoding: chunked\r\n\r\n3e7\r\n");
		buf_add(&b, body, 999);
		buf_adds(&b, "\r\n");
		if (extra >= 0)
			buf_addf(&b, "%d\r\n", extra + 1);
		if (extra == 0)
			buf_adds(&b, "a\r\n");
		if (extra <= 0)
			buf_adds(&b, "0\r\n\r\n");
		once(b.p, b.len);
		ok(answered(extra <= 0 ? 200 : 413, extra > 0),
		    "a chunked body of the limit%+d bytes", extra);
		buf_free(&b);
	}
	ok(s.gone == s.heads, "a body that grows too long ends its request");
	served_stop(&s);
}

/*
 * Send first, then byte after byte every 20 ms for ms milliseconds or till the
 * connection ends, and await the end. Returns how long it lasted in ns.
 */
static int64_t
drip(const char *first, int ms)
{
	int64_t began = when_mono();
	int fd = served_connect(&s, 0);

	talk_clear(&t);
	served_talk(&s, fd, &t, first, strlen(first), 0, LONG);
	while (!t.eof && when_mono() < began + ms * MS) {
		served_talk(&s, fd, &t, "a", 1, t.answers, LONG);
		served_talk(&s, fd, &t, NULL, 0, 2, 20);
	}
	served_talk(&s, fd, &t, NULL, 0, 2, LONG);
	close(fd);
	return (when_mono() - began);
}

#define POST	"POST / HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n"
#define FIFTEEN	"POST / HTTP/1.1\r\n" HOST "Content-Length: 15\r\n" \
		"Connection: close\r\n\r\nabcdefghij"

static void
times(void)
{
	int64_t took;

	limits.head_timeout = 300 * MS;
	start();
	took = drip("GET / HTTP/1.1\r\nX: ", LONG);
	ok(answered(408, 1) && took >= 300 * MS &&
	    strcmp(s.why, "the head takes longer than head_timeout") == 0,
	    "a dripping head is 408 when its time is over");
	drip("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 0);
	ok(answered(200, 1), "a head in time is taken");
	served_stop(&s);

	limits.body_timeout = 600 * MS;
	start();
	took = drip(POST, LONG);
	ok(answered(408, 1) && took >= 600 * MS && s.gone == 1 &&
	    strcmp(s.why, "the body takes longer than body_timeout") == 0,
	    "a dripping body is 408 when its time is over");
	drip(FIFTEEN, LONG);
	ok(answered(200, 1), "a body in time is taken");
	served_stop(&s);

	limits.idle_timeout = 300 * MS;
	start();
	took = drip("", 0);
	ok(t.answers == 0 && t.eof && !t.reset && took >= 300 * MS &&
	    s.refusals == 0, "a silent client is closed without a word");
	took = drip("GET / HTTP/1.1\r\n" HOST "\r\n", 0);
	ok(answered(200, 1) && took >= 300 * MS && s.refusals == 0,
	    "so is one between two requests");
	took = drip("GET / HT", 0);
	ok(answered(408, 1) && took >= 300 * MS, "silence in a head is 408");
	took = drip(POST "abc", 0);
	ok(answered(408, 1) && took >= 300 * MS, "silence in a body is 408");
	drip("POST / HTTP/1.1\r\n" HOST "Connection: close\r\n"
	    "Content-Length: 30\r\n\r\n", LONG);
	ok(answered(200, 1), "a client that is not silent is not idle");
	served_stop(&s);
}

static void
rates(void)
{
	static char body[32768];
	struct buf b = { 0 };
	int64_t took;
	int fd;

	limits.body_rate = 1000;
	limits.body_grace = 600 * MS;
	start();
	took = drip(POST, LONG);
	ok(answered(408, 1) && took >= 600 * MS &&
	    strcmp(s.why, "the body comes slower than body_rate") == 0,
	    "a body below the least rate is 408 after the grace");
	drip(FIFTEEN, LONG);
	ok(answered(200, 1), "within the grace any rate will do");
	/* 32 KiB at 1000 a second may take half a minute. */
	buf_addf(&b, "POST / HTTP/1.1\r\n" HOST "Content-Length: %zu\r\n\r\n",
	    sizeof(body) + 1);
	buf_add(&b, body, sizeof(body));
	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, b.p, b.len, 1, 900);
	served_talk(&s, fd, &t, "a", 1, 1, LONG);
	ok(answered(200, 0), "a body above the least rate is taken");
	close(fd);
	buf_free(&b);
	served_stop(&s);

	/* Some 80 runs of body with 10 ms of pause each, then a real wait. */
	limits.body_timeout = limits.idle_timeout = 600 * MS;
	start();
	buf_addf(&b, "POST /pause HTTP/1.1\r\n" HOST "Transfer-Encoding: "
	    "chunked\r\n\r\n");
	while (b.len < 550)
		buf_adds(&b, "1\r\na\r\n");
	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, b.p, b.len, 1, 1050);
	served_talk(&s, fd, &t, "0\r\n\r\n", 5, 1, LONG);
	ok(answered(200, 0), "the owner's pauses are not the client's time");
	close(fd);
	buf_free(&b);
	served_stop(&s);
}

#define CLIENTS	4

static void
connections(void)
{
	static const char get[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
	int fds[CLIENTS], i;

	limits.connections = CLIENTS - 1;
	start();
	for (i = 0; i < CLIENTS; i++) {
		fds[i] = served_connect(&s, i & 1);
		talk_clear(&t);
		served_talk(&s, fds[i], &t, get, strlen(get), 1, LONG);
		served_talk(&s, fds[i], &t, NULL, 0, 2, SHORT);
		ok(i < CLIENTS - 1 ? answered(200, 0) : answered(503, 1) &&
		    strstr(t.text, "Retry-After: ") != NULL,
		    "connection %d of at most %d", i + 1, CLIENTS - 1);
	}
	close(fds[0]);
	fds[0] = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fds[0], &t, get, strlen(get), 1, LONG);
	ok(t.answers == 1 && t.status[0] == 200,
	    "a connection that ended makes room");
	for (i = 0; i < CLIENTS; i++)
		close(fds[i]);
	served_stop(&s);
}

/* Give lo another address, one that is not loopback; -1: not permitted. */
static int
address_add(const char *address)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct ifreq r = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), result = -1;

	inet_pton(AF_INET, address, &in.sin_addr);
	r.ifr_flags = IFF_UP | IFF_LOOPBACK | IFF_RUNNING;
	if (ioctl(fd, SIOCSIFFLAGS, &r) == 0) {
		strcpy(r.ifr_name, "lo:1");
		memcpy(&r.ifr_addr, &in, sizeof(in));
		result = ioctl(fd, SIOCSIFADDR, &r);
	}
	close(fd);
	return (result);
}

static int
connect_from(const char *address)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, address, &in.sin_addr);
	if (bind(fd, (void *)&in, sizeof(in)) == -1)
		perror("bind");
	in.sin_port = htons((uint16_t)atoi(strrchr(s.tcp, ':') + 1));
	inet_pton(AF_INET, "127.0.0.1", &in.sin_addr);
	if (connect(fd, (void *)&in, sizeof(in)) == -1)
		perror("connect");
	return (fd);
}

/* In a network namespace of our own, so that nothing of the host changes. */
static void
per_address(void)
{
	static const char get[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
	int fds[6], i;

	if ((unshare(CLONE_NEWNET) == -1 &&
	    unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1) ||
	    address_add("192.0.2.1") == -1) {
		printf("ok - # skip: no network namespace for per_address\n");
		return;
	}
	limits.per_address = 2;
	start();
	for (i = 0; i < 6; i++) {
		fds[i] = i < 3 ? connect_from("192.0.2.1") :
		    served_connect(&s, 0);
		talk_clear(&t);
		served_talk(&s, fds[i], &t, get, strlen(get), 1, LONG);
		served_talk(&s, fds[i], &t, NULL, 0, 2, SHORT);
		ok(i != 2 ? answered(200, 0) : answered(503, 1),
		    i < 3 ? "connection %d of at most 2 of an address" :
		    "connection %d, of loopback, has no such limit", i + 1);
	}
	for (i = 0; i < 6; i++)
		close(fds[i]);
	served_stop(&s);
}

/* Without descriptors one client is told so, and the others wait. */
static void
descriptors(void)
{
	static const char get[] = "GET / HTTP/1.1\r\n" HOST "\r\n";
	struct rlimit was, none;
	struct talk first = { 0 };
	int fds[3], fill, i;

	start();
	for (i = 0; i < 3; i++)
		fds[i] = served_connect(&s, 0);
	fill = dup(fds[0]);
	close(fill);
	getrlimit(RLIMIT_NOFILE, &was);
	none = was;
	none.rlim_cur = (rlim_t)fill;
	setrlimit(RLIMIT_NOFILE, &none);
	served_talk(&s, fds[0], &first, NULL, 0, 2, 150);
	ok(first.answers == 1 && first.status[0] == 503 && first.eof &&
	    s.refusals == 1 && s.status == 503,
	    "without descriptors one client is told so, then accepting rests");
	setrlimit(RLIMIT_NOFILE, &was);
	talk_clear(&t);
	served_talk(&s, fds[1], &t, get, strlen(get), 1, LONG);
	ok(answered(200, 0), "with descriptors again the others are served");
	for (i = 0; i < 3; i++)
		close(fds[i]);
	talk_clear(&first);
	served_stop(&s);
}

/* New limits count for connections that are there, too. */
static void
changing(void)
{
	static const char post[] = "POST / HTTP/1.1\r\n" HOST
	    "Content-Length: 3\r\n\r\n";
	struct httpd_limits less = served_limits;
	int fd;

	start();
	fd = served_connect(&s, 0);
	talk_clear(&t);
	served_talk(&s, fd, &t, post, strlen(post), 1, SHORT);
	less.body_bytes = 2;
	httpd_set_limits(s.httpd, &less);
	served_talk(&s, fd, &t, "abc", 3, 1, LONG);
	served_talk(&s, fd, &t, post, strlen(post), 2, LONG);
	ok(t.answers == 2 && t.status[0] == 200 && t.status[1] == 413,
	    "other limits count from the next request on");
	close(fd);
	served_stop(&s);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	limits = served_limits;
	heads();
	bodies();
	times();
	rates();
	connections();
	descriptors();
	changing();
	/* Last: the namespace stays. */
	per_address();
	talk_clear(&t);
	return (served_failed);
}
