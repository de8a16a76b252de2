#include "httpd_conn.h"

#include <event2/event.h>
#include <sys/time.h>

#include "httpd.h"
#include "when.h"

/*
 * One timer a connection, set for the state's deadline. Bytes that come only
 * move a deadline on, so the timer is left alone then; when it goes off too
 * early it is set again.
 */

struct deadline {
	int64_t	 at;
	const char *why;
};

/* base + span, if span is a limit and that is sooner. */
static void
sooner(struct deadline *d, int64_t base, int64_t span, const char *why)
{
	if (span > 0 && span < d->at - base) {
		d->at = base + span;
		d->why = why;
	}
}

/* When a body of so many bytes falls behind the least rate. */
static void
sooner_rate(struct deadline *d, const struct httpd_conn *c)
{
	const struct httpd_limits *limits = c->httpd->limits;
	uint64_t seconds;

	if (limits->body_rate == 0)
		return;
	seconds = c->received / limits->body_rate;
	if (seconds > INT32_MAX)
		return;
	sooner(d, c->began + limits->body_grace, (int64_t)seconds *
	    WHEN_SECOND + (int64_t)((__extension__ (unsigned __int128)
	    (c->received % limits->body_rate)) * WHEN_SECOND /
	    limits->body_rate) + 1, "the body comes slower than body_rate");
}

static void
deadline_find(struct deadline *d, const struct httpd_conn *c)
{
	const struct httpd_limits *limits = c->httpd->limits;

	d->at = INT64_MAX;
	d->why = "";
	switch (c->state) {
	case HTTPD_STATE_SHAKE:
		sooner(d, c->began, limits->head_timeout,
		    "the handshake takes longer than head_timeout");
		return;
	case HTTPD_STATE_IDLE:
		if (c->httpd->stopping != 0)
			sooner(d, c->httpd->stopping, HTTPD_FIRST_TIME, "");
		break;
	case HTTPD_STATE_HEAD:
		sooner(d, c->began, limits->head_timeout,
		    "the head takes longer than head_timeout");
		break;
	case HTTPD_STATE_BODY:
		if (c->paused)
			return;
		sooner(d, c->began, limits->body_timeout,
		    "the body takes longer than body_timeout");
		sooner_rate(d, c);
		break;
	case HTTPD_STATE_OWED:
		return;
	case HTTPD_STATE_LINGER:
		sooner(d, c->began, HTTPD_LINGER_TIME, "");
		return;
	default:
		break;
	}
	sooner(d, c->last, limits->idle_timeout,
	    "nothing came for longer than idle_timeout");
}

void
httpd_conn_arm(struct httpd_conn *c)
{
	struct deadline d;
	struct timeval tv;
	int64_t wait;

	deadline_find(&d, c);
	if (d.at == INT64_MAX || (c->armed != 0 && c->armed <= d.at))
		return;
	/* A millisecond more, that it goes off behind and not before. */
	wait = d.at - when_mono();
	wait = (wait > 0 ? wait : 0) / 1000 + 1000;
	tv.tv_sec = (time_t)(wait / 1000000);
	tv.tv_usec = (suseconds_t)(wait % 1000000);
	c->armed = d.at;
	if (evtimer_add(c->timer, &tv) == -1) {
		c->broken = 1;
		event_active(c->timer, EV_TIMEOUT, 0);
	}
}

void
httpd_conn_late(int fd, short what, void *conn)
{
	struct httpd_conn *c = conn;
	struct deadline d;

	(void)fd;
	(void)what;
	c->armed = 0;
	deadline_find(&d, c);
	if (!c->broken && d.at > when_mono()) {
		httpd_conn_arm(c);
	} else if (!c->broken && c->state == HTTPD_STATE_SHAKE) {
		httpd_shake_late(c, d.why);
	} else if (!c->broken && (c->state == HTTPD_STATE_HEAD ||
	    c->state == HTTPD_STATE_BODY)) {
		httpd_conn_refuse(c, 408, d.why);
		httpd_conn_run(c);
	} else {
		httpd_conn_free(c);
	}
}
