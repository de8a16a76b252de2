/*
 * The body of a request, from the socket to the owner.
 */
#include "httpd_conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/socket.h>

#include "access.h"
#include "httpd.h"
#include "httpd_request.h"
#include "when.h"

#define STRAIGHT	65536	/* bytes read at once */
#define TURN		(1 << 20)	/* then other connections get theirs */

size_t
httpd_conn_peek(struct httpd_conn *c, const char **p)
{
	struct evbuffer_iovec v[4];
	int i, n;

	n = evbuffer_peek(bufferevent_get_input(c->bev), -1, NULL, v, 4);
	for (i = 0; i < n && i < 4; i++)
		if (v[i].iov_len > 0) {
			*p = v[i].iov_base;
			return (v[i].iov_len);
		}
	return (0);
}

/* Pass on a run of it, or throw it away behind an early answer. */
static void
body_pass(struct httpd_conn *c, const char *p, size_t n)
{
	struct httpd *h = c->httpd;

	c->received += n;
	h->stats->bytes += n;
	if (!c->answered)
		h->calls->on_body(c->request, p, n, h->arg);
}

/*
 * Take what there is of it. The owner may answer or pause at any run. How much
 * was taken; -1: refused.
 */
static ssize_t
body_take(struct httpd_conn *c, const char *p, size_t len,
    struct httpd_refusal *no)
{
	const char *body = NULL;
	size_t n, used = 0;
	ssize_t took;

	while (used < len && c->state == HTTPD_STATE_BODY && !c->paused &&
	    !httpd_request_done(c->request)) {
		took = httpd_request_body(c->request, p + used, len - used,
		    &body, &n, no);
		if (took == -1)
			return (-1);
		used += (size_t)took;
		if (n > 0)
			body_pass(c, body, n);
	}
	if (c->answered)
		c->wasted += used;
	return ((ssize_t)used);
}

/* Only the bufferevent itself may add to its input: it keeps it frozen. */
static int
body_put_back(struct httpd_conn *c, const char *p, size_t len)
{
	struct evbuffer *input = bufferevent_get_input(c->bev);
	int result;

	evbuffer_unfreeze(input, 0);
	result = evbuffer_add(input, p, len);
	evbuffer_freeze(input, 0);
	return (result);
}

/*
 * A bufferevent of libevent 2.1 reads 4 KiB at a time. Of a body take the rest
 * of what has come straight from the socket; what is not wanted now goes where
 * the bufferevent would have put it.
 */
static int
body_straight(struct httpd_conn *c, struct httpd_refusal *no)
{
	static char bytes[STRAIGHT];	/* one loop, one thread */
	ssize_t n, took;

	if (c->eof || c->by == ACCESS_TLS || c->turn >= TURN)
		return (0);
	n = recv(bufferevent_getfd(c->bev), bytes, sizeof(bytes),
	    MSG_DONTWAIT);
	/* An end or an error the bufferevent will see again. */
	if (n <= 0)
		return (0);
	c->last = when_mono();
	c->turn += (size_t)n;
	if ((took = body_take(c, bytes, (size_t)n, no)) == -1)
		return (-1);
	if (took < n && body_put_back(c, bytes + took,
	    (size_t)(n - took)) == -1) {
		no->status = 503;
		no->why = "out of memory";
		return (-1);
	}
	return (1);
}

int
httpd_conn_body(struct httpd_conn *c, struct httpd_refusal *no)
{
	ssize_t took;
	const char *p;
	size_t len;

	if ((len = httpd_conn_peek(c, &p)) == 0)
		return (body_straight(c, no));
	if ((took = body_take(c, p, len, no)) == -1)
		return (-1);
	evbuffer_drain(bufferevent_get_input(c->bev), (size_t)took);
	return (1);
}
