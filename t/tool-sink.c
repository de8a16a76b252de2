/*
 * sink - an HTTP destination for tests: keeps what it gets, misbehaves as told
 *
 * usage:  sink [-dh] [-n fd] [-p port] [-r seed] DIR
 *         -d  keep no files, only the log (for load)
 *         -n  write a newline there when ready
 *         -p  listen on that port of 127.0.0.1 (0: any)
 *         -r  seed of what is left to chance in DIR/mode (1)
 * reads:  requests with a Content-Length or chunked; DIR/mode (t/mode.h)
 * writes: DIR/address     127.0.0.1:PORT
 *         DIR/ID.N.head   of the N-th request with that X-Prof-Id ("none"
 *         DIR/ID.N.body   where there is none); the body without chunks
 *         DIR/log         a line a request, before it is answered:
 *                         TIME STATUS ID N OPEN BYTES CRC32C METHOD TARGET
 *                         with unix seconds, when its head was there; the
 *                         status, or hang, deaf, close, reset, and torn
 *                         where the client went away;
 *                         N is 0 with -d; OPEN counts the requests under way
 * exits:  0 on SIGTERM; 2 usage, or DIR/mode makes no sense; 111 else
 */
/* parts: t/entry.o t/framing.o t/mode.o */
#include <sys/socket.h>
#include <sys/stat.h>

#include <netinet/in.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "entry.h"
#include "file.h"
#include "framing.h"
#include "mode.h"

#define HEAD_MAX	65536

struct sink {
	struct event_base	*base;
	struct mode_file	 mode;
	const char		*dir;
	int			 log;
	int			 discard;
	unsigned int		 open;
};

enum state { HEAD, BODY, ANSWERING };

struct client {
	struct sink		*sink;
	struct bufferevent	*bev;
	struct ev_token_bucket_cfg *rate;
	struct event		*timer;
	enum state		 state;
	struct mode		 mode;
	struct entry		 entry;
	struct framing		 framing;
	int			 counted;	/* in sink->open */
	int			 answered;	/* early */
	int			 bye;
};

static void
client_free(struct client *c)
{
	if (c->counted)
		c->sink->open--;
	entry_close(&c->entry);
	event_free(c->timer);
	bufferevent_free(c->bev);
	if (c->rate != NULL)
		ev_token_bucket_cfg_free(c->rate);
	free(c);
}

static void
client_log(const struct client *c, const char *status)
{
	if (entry_log(&c->entry, c->sink->log, status, c->sink->open) == -1)
		err(111, "log");
}

/* Give the request up; a reset is seen by the client as one. */
static void
client_drop(struct client *c, const char *status, int reset)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	client_log(c, status);
	if (reset)
		setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER,
		    &now, sizeof(now));
	client_free(c);
}

static void
client_answer(struct client *c)
{
	const struct mode *m = &c->mode;
	const char *body = m->body[0] != '\0' ? m->body : "{}";
	char status[16];

	snprintf(status, sizeof(status), "%d", m->status);
	client_log(c, status);
	evbuffer_add_printf(bufferevent_get_output(c->bev),
	    "HTTP/1.1 %d Told\r\nContent-Length: %zu\r\n%s%s%s%s\r\n%s",
	    m->status, strlen(body), m->retry_after[0] != '\0' ?
	    "Retry-After: " : "", m->retry_after, m->retry_after[0] != '\0' ?
	    "\r\n" : "", c->bye ? "Connection: close\r\n" : "", body);
	c->answered = 1;
}

/* Close our side when the last answer is out; the client closes its own. */
static void
on_written(struct bufferevent *bev, void *arg)
{
	struct client *c = arg;

	if (c->bye && c->answered && !c->counted &&
	    evbuffer_get_length(bufferevent_get_output(bev)) == 0)
		shutdown(bufferevent_getfd(bev), SHUT_WR);
}

/* The answer stands in the output: the next request, or the end. */
static void
client_next(struct client *c)
{
	c->counted = 0;
	c->sink->open--;
	entry_close(&c->entry);
	c->state = c->bye ? ANSWERING : HEAD;
	if (c->bye)
		on_written(c->bev, c);
	else
		bufferevent_trigger(c->bev, EV_READ,
		    BEV_TRIG_DEFER_CALLBACKS);
}

static void
on_delay(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;

	(void)fd;
	(void)what;
	client_answer(c);
	client_next(c);
}

/* The whole request is here. */
static void
client_end(struct client *c)
{
	struct timeval delay = { c->mode.delay / 1000,
	    c->mode.delay % 1000 * 1000 };

	c->state = ANSWERING;
	if (c->answered)
		client_next(c);
	else if (c->mode.act == MODE_HANG)
		client_log(c, "hang");
	else if (c->mode.delay != 0)
		event_add(c->timer, &delay);
	else
		on_delay(-1, 0, c);
}

static void
client_slow(struct client *c)
{
	struct timeval tick = { 0, 100000 };
	size_t rate = (size_t)(c->mode.rate + 9) / 10;

	if (c->mode.rate == 0 || c->rate != NULL)
		return;
	c->rate = ev_token_bucket_cfg_new(rate, rate, EV_RATE_LIMIT_MAX,
	    EV_RATE_LIMIT_MAX, &tick);
	bufferevent_set_rate_limit(c->bev, c->rate);
}

/* The head is complete. -1: c is gone. */
static int
client_begin(struct client *c, const char *head, size_t len)
{
	char value[256];

	if (entry_open(&c->entry, c->sink->discard ? NULL : c->sink->dir, head,
	    len) == -1)
		err(111, "%s", c->sink->dir);
	c->mode = mode_pick(&c->sink->mode, head);
	framing_begin(&c->framing, head);
	c->answered = 0;
	c->counted = 1;
	c->sink->open++;
	c->bye = c->mode.bye || (entry_field(head, "Connection", value,
	    sizeof(value)) == 0 && strcasecmp(value, "close") == 0);
	if (c->mode.act == MODE_CLOSE) {
		client_drop(c, "close", 0);
		return (-1);
	}
	c->state = BODY;
	if (c->mode.act == MODE_DEAF) {
		/* Its end will not be seen: no longer under way. */
		client_log(c, "deaf");
		bufferevent_disable(c->bev, EV_READ);
		c->state = ANSWERING;
		c->counted = 0;
		c->sink->open--;
	} else if (c->mode.early)
		client_answer(c);
	else if (entry_field(head, "Expect", value, sizeof(value)) == 0)
		bufferevent_write(c->bev, "HTTP/1.1 100 Continue\r\n\r\n", 25);
	client_slow(c);
	return (0);
}

/* These take a step on what has come. 1: go on; 0: wait; -1: c is gone. */
static int
step_head(struct client *c, struct evbuffer *in)
{
	struct evbuffer_ptr end = evbuffer_search(in, "\r\n\r\n", 4, NULL);
	char *head;
	size_t len;
	int r;

	if (end.pos == -1)
		return (0);
	len = (size_t)end.pos + 4;
	if ((head = calloc(1, len + 1)) == NULL)
		err(111, "head");
	evbuffer_remove(in, head, len);
	r = client_begin(c, head, len);
	free(head);
	return (r == -1 ? -1 : 1);
}

static int
step_body(struct client *c, struct evbuffer *in)
{
	size_t n;

	while ((n = framing_next(&c->framing, in)) != 0) {
		if (entry_write(&c->entry, evbuffer_pullup(in, (ev_ssize_t)n),
		    n) == -1)
			err(111, "%s", c->sink->dir);
		evbuffer_drain(in, n);
		framing_took(&c->framing, n);
		if (c->mode.act == MODE_RESET &&
		    c->entry.bytes >= c->framing.length / 2) {
			client_drop(c, "reset", 1);
			return (-1);
		}
	}
	if (!framing_done(&c->framing))
		return (0);
	client_end(c);
	return (1);
}

static void
on_read(struct bufferevent *bev, void *arg)
{
	struct evbuffer *in = bufferevent_get_input(bev);
	struct client *c = arg;
	int more = 1;

	while (more == 1 && c->state != ANSWERING)
		more = c->state == HEAD ? step_head(c, in) : step_body(c, in);
}

static void
on_gone(struct bufferevent *bev, short what, void *arg)
{
	struct client *c = arg;

	(void)bev;
	(void)what;
	if (c->counted && !c->answered && c->mode.act == MODE_ANSWER)
		client_log(c, "torn");
	client_free(c);
}

static void
on_connection(struct evconnlistener *l, evutil_socket_t fd,
    struct sockaddr *sa, int len, void *arg)
{
	struct sink *s = arg;
	struct client *c;

	(void)l;
	(void)sa;
	(void)len;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		err(111, "client");
	c->sink = s;
	c->entry.fd = -1;
	c->timer = evtimer_new(s->base, on_delay, c);
	c->bev = bufferevent_socket_new(s->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (c->timer == NULL || c->bev == NULL)
		err(111, "client");
	bufferevent_setcb(c->bev, on_read, on_written, on_gone, c);
	bufferevent_setwatermark(c->bev, EV_READ, 0, HEAD_MAX);
	bufferevent_enable(c->bev, EV_READ | EV_WRITE);
}

/* Listen, and say where. */
static void
sink_listen(struct sink *s, int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
	    .sin_port = htons((uint16_t)port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct evconnlistener *l;
	socklen_t len = sizeof(in);
	char address[64];
	int dir;

	l = evconnlistener_new_bind(s->base, on_connection, s,
	    LEV_OPT_REUSEABLE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_CLOSE_ON_FREE,
	    -1, (struct sockaddr *)&in, sizeof(in));
	if (l == NULL || getsockname(evconnlistener_get_fd(l),
	    (struct sockaddr *)&in, &len) == -1)
		err(111, "port %d", port);
	snprintf(address, sizeof(address), "127.0.0.1:%d\n",
	    ntohs(in.sin_port));
	if ((dir = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) == -1 ||
	    file_replace(dir, "address", address, strlen(address), 0) == -1)
		err(111, "%s", s->dir);
	close(dir);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	event_base_loopbreak(arg);
}

int
main(int argc, char **argv)
{
	struct sink s = { 0 };
	char path[4096], mode[4096];
	int c, ready = -1, port = 0;

	while ((c = getopt(argc, argv, "dhn:p:r:")) != -1)
		switch (c) {
		case 'd': s.discard = 1; break;
		case 'n': ready = atoi(optarg); break;
		case 'p': port = atoi(optarg); break;
		case 'r': srandom((unsigned int)atoi(optarg)); break;
		default: argc = 0; break;
		}
	if (argc - optind != 1) {
		fprintf(stderr,
		    "usage: sink [-dh] [-n fd] [-p port] [-r seed] DIR\n");
		return (2);
	}
	s.dir = argv[optind];
	if (mkdir(s.dir, 0755) == -1 && errno != EEXIST)
		err(111, "%s", s.dir);
	snprintf(path, sizeof(path), "%s/log", s.dir);
	s.log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	snprintf(mode, sizeof(mode), "%s/mode", s.dir);
	s.mode.path = mode;
	if (s.log == -1 || (s.base = event_base_new()) == NULL)
		err(111, "%s", path);
	signal(SIGPIPE, SIG_IGN);
	sink_listen(&s, port);
	event_add(evsignal_new(s.base, SIGTERM, on_term, s.base), NULL);
	if (ready != -1 && (file_write(ready, "\n", 1) == -1 ||
	    close(ready) == -1))
		err(111, "readiness");
	return (event_base_dispatch(s.base) == -1 ? 111 : 0);
}
