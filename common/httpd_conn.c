#include "httpd_conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access.h"
#include "http_h2.h"
#include "httpd.h"
#include "httpd_request.h"
#include "tls.h"
#include "when.h"

/* What a step of a connection comes to. */
enum step {
	STEP_WAIT,		/* for bytes, an answer, or its writing */
	STEP_ON,
	STEP_END
};

static void
enter(struct httpd_conn *c, enum httpd_state state)
{
	c->state = state;
	c->began = when_mono();
}

static void
input_drain(struct httpd_conn *c, size_t n)
{
	evbuffer_drain(bufferevent_get_input(c->bev), n);
}

/* The request is over: tell the owner, if it knows of it. */
static void
request_end(struct httpd_conn *c)
{
	int told = c->told;

	c->told = 0;
	if (told)
		c->httpd->calls->on_gone(c->request, c->httpd->arg);
	httpd_request_free(c->request);
	c->request = NULL;
}

void
httpd_conn_refuse(struct httpd_conn *c, int status, const char *why)
{
	struct httpd *h = c->httpd;

	c->close = 1;
	if (!c->answered) {
		h->stats->refused++;
		h->calls->on_refused(c->remote, status, why, h->arg);
		httpd_conn_error(c, status, why);
	}
	request_end(c);
	enter(c, HTTPD_STATE_FLUSH);
}

static enum step
refuse(struct httpd_conn *c, const struct httpd_refusal *no)
{
	httpd_conn_refuse(c, no->status, no->why);
	return (STEP_ON);
}

/* More bytes are needed: a client that sends no more has broken off. */
static enum step
starved(struct httpd_conn *c)
{
	if (!c->eof)
		return (STEP_WAIT);
	httpd_conn_refuse(c, 400, "the client broke off in a request");
	return (STEP_ON);
}

static enum step
step_idle(struct httpd_conn *c)
{
	const char *p;
	size_t len;

	if ((len = httpd_conn_peek(c, &p)) == 0)
		return (c->eof ? STEP_END : STEP_WAIT);
	if (httpd_stranger_is(c, p, len)) {
		enter(c, HTTPD_STATE_STRANGER);
		return (STEP_ON);
	}
	if ((c->request = httpd_request_new(c)) == NULL)
		return (STEP_END);
	c->answered = c->close = c->continued = 0;
	enter(c, HTTPD_STATE_HEAD);
	return (STEP_ON);
}

static enum step
step_stranger(struct httpd_conn *c)
{
	struct httpd *h = c->httpd;

	switch (httpd_stranger_talk(c)) {
	case 0:
		return (c->eof ? STEP_END : STEP_WAIT);
	case 1:
		h->stats->refused++;
		h->calls->on_refused(c->remote, 505, h->h2_text, h->arg);
		c->close = 1;
		enter(c, HTTPD_STATE_FLUSH);
		return (STEP_ON);
	default:
		return (STEP_END);
	}
}

/* The head is complete: the owner's turn. */
static enum step
begin(struct httpd_conn *c)
{
	struct httpd *h = c->httpd;
	static const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";

	h->stats->requests++;
	c->received = c->wasted = 0;
	c->told = 1;
	enter(c, HTTPD_STATE_BODY);
	c->asked = c->began;
	h->calls->on_head(c->request, h->arg);
	if (!c->answered && httpd_request_waits(c->request)) {
		c->continued = 1;
		if (bufferevent_write(c->bev, go, sizeof(go) - 1) == -1)
			return (STEP_END);
	}
	return (STEP_ON);
}

static enum step
step_head(struct httpd_conn *c)
{
	struct httpd_refusal no = { 0 };
	const char *p;
	size_t len;
	ssize_t n;

	if ((len = httpd_conn_peek(c, &p)) == 0)
		return (starved(c));
	n = httpd_request_head(c->request, c->httpd->limits, p, len, &no);
	if (n == -1)
		return (refuse(c, &no));
	input_drain(c, (size_t)n);
	return (httpd_request_begun(c->request) ? begin(c) : STEP_ON);
}

static enum step
step_body(struct httpd_conn *c)
{
	struct httpd_refusal no = { 0 };
	int took;

	if (httpd_request_done(c->request)) {
		enter(c, c->answered ? HTTPD_STATE_FLUSH : HTTPD_STATE_OWED);
		if (!c->answered)
			c->httpd->calls->on_end(c->request, c->httpd->arg);
		return (STEP_ON);
	}
	if (c->paused)
		return (STEP_WAIT);
	if ((took = httpd_conn_body(c, &no)) == 0)
		return (starved(c));
	if (took == -1)
		return (refuse(c, &no));
	if (c->wasted > HTTPD_AWAY) {
		c->close = 1;
		enter(c, HTTPD_STATE_FLUSH);
	}
	return (STEP_ON);
}

/* Once the answer is written: on to the next request, or to the end. */
static enum step
step_flush(struct httpd_conn *c)
{
	if (evbuffer_get_length(bufferevent_get_output(c->bev)) > 0)
		return (STEP_WAIT);
	request_end(c);
	if (!c->close && !c->httpd->stopping) {
		c->used = 1;
		enter(c, HTTPD_STATE_IDLE);
		return (STEP_ON);
	}
	if (c->by == ACCESS_TLS)
		tls_close(c->bev);
	if (c->eof || shutdown(bufferevent_getfd(c->bev), SHUT_WR) == -1)
		return (STEP_END);
	c->wasted = 0;
	enter(c, HTTPD_STATE_LINGER);
	return (STEP_ON);
}

static enum step
step_linger(struct httpd_conn *c)
{
	size_t n = evbuffer_get_length(bufferevent_get_input(c->bev));

	input_drain(c, n);
	c->wasted += n;
	return (c->eof || c->wasted > HTTPD_LINGER ? STEP_END : STEP_WAIT);
}

static enum step
step(struct httpd_conn *c)
{
	switch (c->state) {
	case HTTPD_STATE_IDLE:
		return (step_idle(c));
	case HTTPD_STATE_HEAD:
		return (step_head(c));
	case HTTPD_STATE_BODY:
		return (step_body(c));
	case HTTPD_STATE_FLUSH:
		return (step_flush(c));
	case HTTPD_STATE_LINGER:
		return (step_linger(c));
	case HTTPD_STATE_STRANGER:
		return (step_stranger(c));
	default:
		return (STEP_WAIT);
	}
}

void
httpd_conn_run(struct httpd_conn *c)
{
	enum step s;

	c->turn = 0;
	while ((s = step(c)) == STEP_ON)
		;
	if (s == STEP_END) {
		httpd_conn_free(c);
		return;
	}
	httpd_conn_hold(c);
	httpd_conn_arm(c);
}

static void
on_read(struct bufferevent *bev, void *conn)
{
	struct httpd_conn *c = conn;

	(void)bev;
	c->last = when_mono();
	httpd_conn_run(c);
}

static void
on_write(struct bufferevent *bev, void *conn)
{
	(void)bev;
	httpd_conn_run(conn);
}

static void
on_event(struct bufferevent *bev, short what, void *conn)
{
	struct httpd_conn *c = conn;

	(void)bev;
	if (c->state == HTTPD_STATE_SHAKE) {
		httpd_shake_event(c, what);
		return;
	}
	if ((what & BEV_EVENT_EOF) == 0) {
		httpd_conn_free(c);
		return;
	}
	c->eof = 1;
	httpd_conn_run(c);
}

int
httpd_conn_attach(struct httpd_conn *c, struct bufferevent *bev)
{
	c->bev = bev;
	bufferevent_setcb(bev, on_read, on_write, on_event, c);
	if (c->by != ACCESS_TLS)
		bufferevent_setwatermark(bev, EV_READ, 0, HTTPD_READ_AHEAD);
	return (bufferevent_enable(bev, EV_READ | EV_WRITE));
}

/* As its address wants it. NULL: ENOMEM. */
static struct bufferevent *
bev_new(struct httpd *h, const struct httpd_entrance *in, int fd)
{
	if (in->by == ACCESS_TLS)
		return (tls_accept(access_tls(in->access), h->base, fd));
	return (bufferevent_socket_new(h->base, fd, BEV_OPT_CLOSE_ON_FREE));
}

struct httpd_conn *
httpd_conn_new(struct httpd *h, const struct httpd_entrance *in, int fd,
    const char *remote, uint64_t peer)
{
	struct bufferevent *bev = NULL;
	struct httpd_conn *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		goto fail;
	c->httpd = h;
	c->door = in->number;
	c->by = in->by;
	c->peer = peer;
	snprintf(c->remote, sizeof(c->remote), "%s", remote);
	if ((c->timer = evtimer_new(h->base, httpd_conn_late, c)) == NULL ||
	    (bev = bev_new(h, in, fd)) == NULL ||
	    httpd_conn_attach(c, bev) == -1)
		goto fail;
	LIST_INSERT_HEAD(&h->conns, c, entry);
	if (peer != 0)
		LIST_INSERT_HEAD(&h->peers[peer % HTTPD_PEERS], c, peers);
	h->stats->open++;
	enter(c, c->by == ACCESS_TLS ? HTTPD_STATE_SHAKE : HTTPD_STATE_IDLE);
	c->last = c->began;
	httpd_conn_arm(c);
	return (c);
fail:
	if (bev != NULL)
		bufferevent_free(bev);
	else
		close(fd);
	if (c != NULL && c->timer != NULL)
		event_free(c->timer);
	free(c);
	return (NULL);
}

void
httpd_conn_free(struct httpd_conn *c)
{
	struct httpd *h = c->httpd;

	request_end(c);
	LIST_REMOVE(c, entry);
	if (c->peer != 0)
		LIST_REMOVE(c, peers);
	h->surplus -= (unsigned int)c->surplus;
	h->stats->open--;
	http_h2_free(c->h2);
	event_free(c->timer);
	if (c->by == ACCESS_TLS)
		tls_close(c->bev);
	bufferevent_free(c->bev);
	free(c);
}
