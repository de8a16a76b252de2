/*
 * The handshake of a connection with TLS, and who comes without one.
 */
#include "httpd_conn.h"

#include <fcntl.h>
#include <unistd.h>

#include <event2/bufferevent.h>

#include "access.h"
#include "httpd.h"
#include "tls.h"
#include "when.h"

_Static_assert((int)TLS_ENDS == HTTPD_ENDS, "every end is counted");

/* The end of one that nothing can be told. */
static void
failed(struct httpd_conn *c, enum tls_end end, const char *why)
{
	struct httpd *h = c->httpd;

	h->calls->on_handshake(c->remote, (int)end, why, h->arg);
	httpd_conn_free(c);
}

/*
 * Go on without TLS, to tell in plain what is wrong; what has come is lost.
 * -1: that cannot be done.
 */
static int
unwrap(struct httpd_conn *c)
{
	struct bufferevent *wrapped = c->bev, *bev;
	int fd = fcntl(bufferevent_getfd(wrapped), F_DUPFD_CLOEXEC, 0);

	if (fd == -1)
		return (-1);
	bev = bufferevent_socket_new(c->httpd->base, fd,
	    BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL) {
		close(fd);
		return (-1);
	}
	bufferevent_free(wrapped);
	c->by = ACCESS_TCP;
	return (httpd_conn_attach(c, bev));
}

/* The way is free for requests, or for a refusal. */
static void
done(struct httpd_conn *c)
{
	c->httpd->stats->handshakes++;
	c->state = HTTPD_STATE_IDLE;
	c->began = c->last = when_mono();
	if (c->why != NULL)
		httpd_conn_refuse(c, c->status, c->why);
	httpd_conn_run(c);
}

void
httpd_shake_event(struct httpd_conn *c, short what)
{
	char why[TLS_WHY];
	enum tls_end end;

	if (what & BEV_EVENT_CONNECTED) {
		done(c);
		return;
	}
	end = tls_failed(c->bev, why);
	c->httpd->stats->failed[end]++;
	if (end != TLS_HTTP || unwrap(c) == -1) {
		failed(c, end, why);
		return;
	}
	httpd_conn_refuse(c, 400, why);
	httpd_conn_run(c);
}

void
httpd_shake_late(struct httpd_conn *c, const char *why)
{
	c->httpd->stats->failed[TLS_LATE]++;
	failed(c, TLS_LATE, why);
}
