#include "station.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "buf.h"
#include "committer.h"
#include "conf.h"
#include "httpd.h"
#include "intake.h"
#include "intake_tally.h"
#include "log.h"
#include "passed.h"
#include "sandbox.h"
#include "signals.h"
#include "station_door.h"
#include "vitals.h"
#include "when.h"

#define STAT_SECONDS	10
#define RENEW_SECONDS	2	/* between looks at access files */
#define STOP_SECONDS	30	/* for what is in flight at SIGTERM */
#define ADDRESS_TEXT	128

enum { DRAIN, STAT, RENEW, EVENTS };

struct station {
	struct event_base *base;
	struct intake	*in;
	struct station_calls calls;
	struct signals	*signals;
	struct event	*events[EVENTS];
	struct httpd	*httpd;		/* NULL: closed */
	struct httpd_stats stats;	/* the last seen */
	struct vitals	 vitals;
	struct station_doors *doors;	/* of the addresses */
	char		**addresses;	/* listened on */
	unsigned int	 naddresses;
	int		 stale;		/* it ends, to be started again */
	int		 serving;	/* stat/PROG is ours, */
	int		 untold;	/* and could not be written */
	int64_t		 deadline;	/* when_mono; 0: not stopping */
};

static void
limits_fill(struct httpd_limits *l, const struct intake *in)
{
	const struct conf *conf = in->conf;

	l->head_bytes = (size_t)conf->head_bytes;
	l->head_fields = (size_t)conf->head_fields;
	l->body_bytes = conf->body_size_limit;
	/* What alone is larger than the spool may be is too large as well. */
	if (in->spool != NULL && conf->cache_capacity < l->body_bytes)
		l->body_bytes = conf->cache_capacity;
	l->head_timeout = conf->head_timeout;
	l->body_timeout = conf->body_timeout;
	l->idle_timeout = conf->idle_timeout;
	l->body_rate = conf->body_rate;
	l->body_grace = conf->body_grace;
	l->connections = (unsigned int)conf->connections;
	l->per_address = (unsigned int)conf->per_address;
}

static void
stat_write(struct station *s)
{
	const struct intake *in = s->in;
	struct buf text = { 0 };
	int failed;

	if (in->spool == NULL)
		return;
	if (s->httpd != NULL)
		httpd_stats(s->httpd, &s->stats);
	failed = intake_tally_print(in->tally, in->prog, &s->stats,
	    s->addresses, s->naddresses, &text) == -1 ||
	    station_doors_print(s->doors, in->prog, &s->stats, s->addresses,
	    &text) == -1 ||
	    (s->calls.print != NULL &&
	    s->calls.print(&text, s->calls.arg) == -1) ||
	    vitals_write(&s->vitals, in->spool, in->prog, &text) == -1;
	if (failed && !s->untold)
		log_warn(NULL, "cannot write statistics", "error=%s",
		    log_quote(strerror(errno)));
	s->untold = failed;
	buf_free(&text);
}

static void
on_stat(evutil_socket_t fd, short what, void *arg)
{
	struct station *s = arg;

	(void)fd;
	(void)what;
	stat_write(s);
	if (!s->stale && sandbox_stale()) {
		s->stale = 1;
		raise(SIGTERM);
	}
}

static void
on_renew(evutil_socket_t fd, short what, void *arg)
{
	struct station *s = arg;

	(void)fd;
	(void)what;
	station_doors_renew(s->doors);
}

static int
station_busy(const struct station *s)
{
	return (committer_busy(s->in->committer) > 0 ||
	    (s->calls.busy != NULL && s->calls.busy(s->calls.arg)));
}

static void
on_drain(evutil_socket_t fd, short what, void *arg)
{
	struct station *s = arg;

	(void)fd;
	(void)what;
	if ((httpd_open(s->httpd) == 0 && !station_busy(s)) ||
	    when_mono() >= s->deadline)
		event_base_loopbreak(s->base);
}

/* The second one does not wait. */
static void
on_term(void *arg)
{
	static const struct timeval often = { .tv_usec = 20000 };
	struct station *s = arg;

	if (s->deadline != 0) {
		s->deadline = when_mono();
		return;
	}
	s->deadline = when_mono() + STOP_SECONDS * WHEN_SECOND;
	log_info(NULL, "stopping", "connections=%u", httpd_open(s->httpd));
	httpd_stop(s->httpd);
	event_add(s->events[DRAIN], &often);
}

static void
on_hup(void *arg)
{
	struct station *s = arg;

	s->calls.on_hup(s->calls.arg);
}

static void
on_head(struct httpd_request *request, void *arg)
{
	const struct station *s = arg;

	if (!station_doors_refuse(s->doors, request, s->in->tally))
		s->calls.on_head(request, s->calls.arg);
}

static void
on_body(struct httpd_request *request, const char *p, size_t len, void *arg)
{
	const struct station *s = arg;

	if (httpd_own(request) != NULL)
		s->calls.on_body(httpd_own(request), p, len);
}

static void
on_end(struct httpd_request *request, void *arg)
{
	const struct station *s = arg;

	if (httpd_own(request) != NULL)
		s->calls.on_end(httpd_own(request));
}

static void
on_gone(struct httpd_request *request, void *arg)
{
	const struct station *s = arg;

	if (httpd_own(request) != NULL)
		s->calls.on_gone(httpd_own(request));
}

static void
on_refused(const char *remote, int status, const char *why, void *arg)
{
	const struct station *s = arg;

	intake_tally_answer(s->in->tally, status, -1);
	log_warn(NULL, "request refused", "remote=%s status=%d reason=%s",
	    remote, status, log_quote(why));
}


static const struct httpd_calls http_calls = {
	on_head, on_body, on_end, on_gone, on_refused,
	station_doors_handshake
};

static int
events_begin(struct station *s)
{
	static const struct timeval period = { .tv_sec = STAT_SECONDS };
	static const struct timeval renew = { .tv_sec = RENEW_SECONDS };
	struct event **e = s->events;

	s->signals = signals_new(s->base, on_term, on_hup, s);
	e[DRAIN] = event_new(s->base, -1, EV_PERSIST, on_drain, s);
	e[STAT] = event_new(s->base, -1, EV_PERSIST, on_stat, s);
	e[RENEW] = event_new(s->base, -1, EV_PERSIST, on_renew, s);
	return (s->signals == NULL || e[DRAIN] == NULL || e[STAT] == NULL ||
	    e[RENEW] == NULL || event_add(e[STAT], &period) == -1 ||
	    event_add(e[RENEW], &renew) == -1 ? -1 : 0);
}

/* Those among passed may have been meant for another configuration. */
static void
unused_say(const struct passed *passed)
{
	char address[ADDRESS_TEXT];
	unsigned int i;

	for (i = 0; i < passed_left(passed); i++) {
		passed_name(passed, i, address, sizeof(address));
		log_warn(NULL, "passed socket not used", "address=%s",
		    log_quote(address));
	}
}

static int
station_hear(struct station *s, const char *address, struct passed *passed)
{
	unsigned int taken = passed_left(passed);
	struct access *access;
	const char *why = NULL;
	char *bound;

	access = station_doors_add(s->doors, s->calls.access(s->in->conf,
	    s->naddresses));
	if (access == NULL)
		return (-1);
	if ((bound = malloc(ADDRESS_TEXT)) == NULL)
		return (-1);
	s->addresses[s->naddresses++] = bound;
	if (httpd_listen(s->httpd, address, access, bound, ADDRESS_TEXT,
	    &why) == -1) {
		log_err(NULL, "cannot listen", "address=%s error=%s why=%s "
		    "hint=\"make it free, or configure another\"",
		    log_quote(address), log_quote(strerror(errno)),
		    log_quote(why != NULL ? why : ""));
		return (-1);
	}
	taken -= passed_left(passed);
	if (taken > 0)
		log_info(NULL, "listening", "address=%s passed=%u", bound,
		    taken);
	else
		log_info(NULL, "listening", "address=%s", bound);
	return (0);
}

static int
station_listen(struct station *s, const struct conf_list *listen)
{
	struct passed *passed;
	int result = -1;
	size_t i;

	if ((passed = passed_open()) == NULL) {
		log_err(NULL, "cannot listen", "error=%s variable=LISTEN_FDS",
		    log_quote(strerror(errno)));
		return (-1);
	}
	httpd_inherit(s->httpd, passed);
	s->doors = station_doors_new();
	s->addresses = calloc(listen->n + 1, sizeof(*s->addresses));
	if (s->doors == NULL || s->addresses == NULL)
		goto out;
	for (i = 0; i < listen->n; i++)
		if (station_hear(s, listen->v[i], passed) == -1)
			goto out;
	unused_say(passed);
	result = 0;
out:
	httpd_inherit(s->httpd, NULL);
	passed_free(passed);
	return (result);
}

struct station *
station_new(struct event_base *base, struct intake *in,
    const struct conf_list *addresses, const struct station_calls *calls)
{
	struct httpd_limits limits;
	struct station *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->base = base;
	s->in = in;
	s->calls = *calls;
	limits_fill(&limits, in);
	s->httpd = httpd_new(base, &limits, &http_calls, s);
	if (s->httpd == NULL || events_begin(s) == -1) {
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(strerror(errno)));
		goto fail;
	}
	httpd_tell_h2(s->httpd, calls->h2_text);
	if (station_listen(s, addresses) == -1)
		goto fail;
	sandbox_enter(in->prog, in->conf, in->spool != NULL);
	s->serving = 1;
	stat_write(s);
	return (s);
fail:
	station_free(s);
	return (NULL);
}

/* Of the configuration in force. */
static const struct conf_access *
section(void *arg, unsigned int door)
{
	const struct station *s = arg;

	return (s->calls.access(s->in->conf, door));
}

void
station_change(struct station *s)
{
	struct httpd_limits limits;

	(void)sandbox_change(s->in->conf);
	station_doors_change(s->doors, section, s);
	limits_fill(&limits, s->in);
	httpd_set_limits(s->httpd, &limits);
}

static void
station_close(struct station *s)
{
	if (s->httpd == NULL)
		return;
	httpd_stats(s->httpd, &s->stats);
	httpd_free(s->httpd);
	s->httpd = NULL;
}

int
station_run(struct station *s)
{
	if (event_base_dispatch(s->base) == -1)
		return (-1);
	station_close(s);
	/* Nobody was told 200. */
	if (station_busy(s)) {
		log_warn(NULL, "stopped before the disk answered",
		    "commits=%u", committer_busy(s->in->committer));
		return (1);
	}
	return (s->stale ? -1 : 0);
}

void
station_free(struct station *s)
{
	unsigned int i;

	if (s == NULL)
		return;
	station_close(s);
	if (s->serving)
		stat_write(s);
	signals_free(s->signals);
	for (i = 0; i < EVENTS; i++)
		if (s->events[i] != NULL)
			event_free(s->events[i]);
	station_doors_free(s->doors);
	for (i = 0; i < s->naddresses; i++)
		free(s->addresses[i]);
	free(s->addresses);
	free(s);
}
