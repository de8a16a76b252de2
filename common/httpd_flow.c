/*
 * When a connection is read from, and when its bytes are left to the kernel.
 */
#include "httpd_conn.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>

#include "access.h"
#include "httpd.h"
#include "httpd_request.h"
#include "when.h"

void
httpd_conn_hold(struct httpd_conn *c)
{
	int full = evbuffer_get_length(bufferevent_get_input(c->bev)) >=
	    HTTPD_READ_AHEAD;

	if (c->by != ACCESS_TLS || full == c->held)
		return;
	c->held = full;
	if (full)
		bufferevent_disable(c->bev, EV_READ);
	else if (!c->paused && !c->eof)
		bufferevent_enable(c->bev, EV_READ);
}

void
httpd_pause(struct httpd_request *r)
{
	struct httpd_conn *c = httpd_request_conn(r);

	if (c->state != HTTPD_STATE_BODY || c->answered || c->paused)
		return;
	c->paused = 1;
	c->stopped = when_mono();
	bufferevent_disable(c->bev, EV_READ);
}

void
httpd_resume(struct httpd_request *r)
{
	struct httpd_conn *c = httpd_request_conn(r);
	int64_t rest;

	if (!c->paused)
		return;
	/* The client is not charged for the time that we took. */
	rest = when_mono() - c->stopped;
	c->began += rest;
	c->last += rest;
	c->paused = 0;
	if (!c->eof && !c->held)
		bufferevent_enable(c->bev, EV_READ);
	bufferevent_trigger(c->bev, EV_READ, BEV_OPT_DEFER_CALLBACKS);
}
