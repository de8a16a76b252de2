#include "served.h"

#include <arpa/inet.h>
#include <errno.h>
#include <event2/event.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "httpd.h"
#include "when.h"

#define MS	INT64_C(1000000)

/* What the owner keeps of a request. */
struct body {
	uint64_t len;
	uint32_t sum;
	struct event *resume;
};

const struct httpd_limits served_limits = {
	.head_bytes = 16384, .head_fields = 100, .body_bytes = 32 << 20,
	.head_timeout = 60000 * MS, .body_timeout = 60000 * MS,
	.idle_timeout = 60000 * MS,
};

int served_failed;

void
ok(int holds, const char *fmt, ...)
{
	va_list ap;

	printf("%s - ", holds ? "ok" : "not ok");
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	served_failed |= !holds;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

uint32_t
served_sum(uint32_t sum, uint64_t at, const char *p, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		sum += (uint32_t)(at + i + 1) * (unsigned char)p[i];
	return (sum);
}

static int
asked(const struct httpd_request *r, const char *path)
{
	return (strcmp(httpd_path(r), path) == 0);
}

static void
on_resume(int fd, short what, void *r)
{
	(void)fd;
	(void)what;
	httpd_resume(r);
}

static void
on_head(struct httpd_request *r, void *arg)
{
	struct served *s = arg;
	struct body *b = calloc(1, sizeof(*b));

	if (b == NULL || (b->resume = evtimer_new(s->base, on_resume,
	    r)) == NULL)
		die("on_head");
	s->heads++;
	httpd_set_own(r, b);
	if (asked(r, "/early"))
		httpd_reply_error(r, 404, NULL, "no \"such\" path\n", 0);
}

static void
on_body(struct httpd_request *r, const char *p, size_t len, void *arg)
{
	static const struct timeval moment = { 0, 10000 };
	struct body *b = httpd_own(r);

	(void)arg;
	b->sum = served_sum(b->sum, b->len, p, len);
	b->len += len;
	if (asked(r, "/pause")) {
		httpd_pause(r);
		evtimer_add(b->resume, &moment);
	}
	if (asked(r, "/middle"))
		httpd_reply_error(r, 503, "Retry-After: 1\r\n", "full", 0);
}

static void
on_end(struct httpd_request *r, void *arg)
{
	struct served *s = arg;
	struct body *b = httpd_own(r);
	char text[64];
	int n;

	s->ends++;
	if (asked(r, "/owed")) {
		s->owed = r;
		return;
	}
	n = snprintf(text, sizeof(text), "%llu %u",
	    (unsigned long long)b->len, b->sum);
	httpd_reply(r, 200, "text/plain", NULL, text, (size_t)n, 0);
}

static void
on_gone(struct httpd_request *r, void *arg)
{
	struct served *s = arg;
	struct body *b = httpd_own(r);

	s->gone++;
	if (s->owed == r)
		s->owed = NULL;
	event_free(b->resume);
	free(b);
}

static void
on_refused(const char *remote, int status, const char *why, void *arg)
{
	struct served *s = arg;

	(void)remote;
	s->refusals++;
	s->status = status;
	s->why = why;
}

void
served_start(struct served *s, const struct httpd_limits *limits)
{
	static const struct httpd_calls calls = { on_head, on_body, on_end,
	    on_gone, on_refused, NULL };
	char path[] = "/tmp/served-XXXXXX", address[64];
	const char *why = "";

	memset(s, 0, sizeof(*s));
	if (mkdtemp(path) == NULL || (s->base = event_base_new()) == NULL ||
	    (s->httpd = httpd_new(s->base, limits, &calls, s)) == NULL)
		die("served_start");
	snprintf(address, sizeof(address), "unix:%s/s", path);
	if (httpd_listen(s->httpd, "127.0.0.1:0", NULL, s->tcp,
	    sizeof(s->tcp), &why) == -1 || httpd_listen(s->httpd, address,
	    NULL, s->local, sizeof(s->local), &why) == -1)
		die(why);
}

void
served_stop(struct served *s)
{
	httpd_free(s->httpd);
	event_base_free(s->base);
	*strrchr(s->local, '/') = '\0';
	if (rmdir(s->local + 5) == -1)
		die(s->local + 5);
}

int
served_connect(struct served *s, int local)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd, result;

	in.sin_port = htons((uint16_t)atoi(strrchr(s->tcp, ':') + 1));
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	snprintf(un.sun_path, sizeof(un.sun_path), "%.100s", s->local + 5);
	fd = socket(local ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1)
		die("socket");
	result = local ? connect(fd, (void *)&un, sizeof(un)) :
	    connect(fd, (void *)&in, sizeof(in));
	if (result == -1)
		die("connect");
	return (fd);
}

/* Count what is complete in t. */
static void
talk_count(struct talk *t)
{
	const char *p = t->text, *end, *length;
	int status;

	t->answers = 0;
	t->continues = 0;
	while (p != NULL && (end = strstr(p, "\r\n\r\n")) != NULL &&
	    sscanf(p, "HTTP/1.1 %d", &status) == 1) {
		length = strstr(p, "Content-Length: ");
		p = end + 4;
		if (status == 100) {
			t->continues++;
			continue;
		}
		if (length != NULL && length < end)
			p += atoi(length + 16);
		if (p > t->text + t->len || t->answers == TALK_ANSWERS)
			break;
		t->status[t->answers++] = status;
	}
}

static void
talk_read(struct talk *t, int fd)
{
	char piece[65536];
	ssize_t n = recv(fd, piece, sizeof(piece), MSG_DONTWAIT);

	if (n == 0)
		t->eof = 1;
	if (n == -1 && errno == ECONNRESET)
		t->eof = t->reset = 1;
	if (n <= 0)
		return;
	if ((t->text = realloc(t->text, t->len + (size_t)n + 1)) == NULL)
		die("talk_read");
	memcpy(t->text + t->len, piece, (size_t)n);
	t->len += (size_t)n;
	t->text[t->len] = '\0';
	talk_count(t);
}

void
served_talk(struct served *s, int fd, struct talk *t, const void *bytes,
    size_t len, size_t n, int ms)
{
	const char *p = bytes;
	int64_t until = when_mono() + ms * MS;
	struct pollfd poller = { .fd = fd, .events = POLLIN };
	ssize_t sent;

	while (when_mono() < until && !t->eof && (len > 0 || t->answers < n)) {
		sent = 0;
		if (len > 0)
			sent = send(fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent == -1 && errno != EAGAIN)
			len = 0;	/* closed: an answer may be there yet */
		if (sent > 0) {
			p += sent;
			len -= (size_t)sent;
		}
		event_base_loop(s->base, EVLOOP_NONBLOCK);
		talk_read(t, fd);
		if (sent <= 0 && poll(&poller, 1, 0) == 0)
			usleep(200);
	}
}

void
talk_clear(struct talk *t)
{
	free(t->text);
	memset(t, 0, sizeof(*t));
}

void
served_run(struct served *s, int ms)
{
	int64_t until = when_mono() + ms * MS;

	while (when_mono() < until) {
		event_base_loop(s->base, EVLOOP_NONBLOCK);
		usleep(200);
	}
}

void
served_until(struct served *s, const unsigned int *count, unsigned int want)
{
	int64_t until = when_mono() + 5000 * MS;

	while (*count != want && when_mono() < until) {
		event_base_loop(s->base, EVLOOP_NONBLOCK);
		usleep(200);
	}
}
