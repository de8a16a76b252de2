#include "service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "buf.h"
#include "committer.h"
#include "conf.h"
#include "httpd.h"
#include "intake.h"
#include "log.h"
#include "spool.h"
#include "tally.h"

#define STAT_SECONDS	10
#define ADDRESS_TEXT	128

struct service {
	struct intake	*in;
	struct httpd	*httpd;		/* NULL: closed */
	struct httpd_stats stats;	/* the last seen */
	struct event	*stat;
	char		**addresses;	/* listened on */
	unsigned int	 naddresses;
	int		 serving;	/* stat/recv is ours, */
	int		 untold;	/* and could not be written */
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
stat_write(struct service *s)
{
	struct buf text = { 0 };
	int failed;

	if (s->in->spool == NULL)
		return;
	if (s->httpd != NULL)
		httpd_stats(s->httpd, &s->stats);
	failed = tally_print(s->in->tally, &s->stats, s->addresses,
	    s->naddresses, &text) == -1 ||
	    spool_stat(s->in->spool, "recv", text.p, text.len) == -1;
	if (failed && !s->untold)
		log_warn(NULL, "stat", "error=%s", log_quote(strerror(errno)));
	s->untold = failed;
	buf_free(&text);
}

static void
on_stat(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	stat_write(arg);
}

static int
service_listen(struct service *s, const struct conf_list *listen)
{
	const char *why = NULL;
	char *bound;
	size_t i;

	s->addresses = calloc(listen->n + 1, sizeof(*s->addresses));
	if (s->addresses == NULL)
		return (-1);
	for (i = 0; i < listen->n; i++) {
		if ((bound = malloc(ADDRESS_TEXT)) == NULL)
			return (-1);
		s->addresses[s->naddresses++] = bound;
		if (httpd_listen(s->httpd, listen->v[i], bound, ADDRESS_TEXT,
		    &why) == -1) {
			log_err(NULL, "listen", "address=%s error=%s why=%s",
			    log_quote(listen->v[i]),
			    log_quote(strerror(errno)),
			    log_quote(why != NULL ? why : ""));
			return (-1);
		}
		log_info(NULL, "listening", "address=%s", bound);
	}
	return (0);
}

struct service *
service_new(struct event_base *base, struct intake *in)
{
	static const struct timeval period = { .tv_sec = STAT_SECONDS };
	struct httpd_limits limits;
	struct service *s;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->in = in;
	limits_fill(&limits, in);
	s->httpd = httpd_new(base, &limits, &intake_calls, in);
	s->stat = event_new(base, -1, EV_PERSIST, on_stat, s);
	if (s->httpd == NULL || s->stat == NULL ||
	    event_add(s->stat, &period) == -1) {
		log_err(NULL, "start", "error=%s", log_quote(strerror(errno)));
		goto fail;
	}
	if (service_listen(s, &in->conf->listen) == -1)
		goto fail;
	s->serving = 1;
	stat_write(s);
	return (s);
fail:
	service_free(s);
	return (NULL);
}

void
service_limit(struct service *s)
{
	struct httpd_limits limits;

	limits_fill(&limits, s->in);
	httpd_set_limits(s->httpd, &limits);
}

void
service_stop(struct service *s)
{
	log_info(NULL, "stopping", "connections=%u", httpd_open(s->httpd));
	httpd_stop(s->httpd);
}

int
service_idle(const struct service *s)
{
	return (httpd_open(s->httpd) == 0 &&
	    committer_busy(s->in->committer) == 0);
}

void
service_close(struct service *s)
{
	if (s->httpd == NULL)
		return;
	httpd_stats(s->httpd, &s->stats);
	httpd_free(s->httpd);
	s->httpd = NULL;
}

void
service_free(struct service *s)
{
	unsigned int i;

	if (s == NULL)
		return;
	service_close(s);
	if (s->serving)
		stat_write(s);
	if (s->stat != NULL)
		event_free(s->stat);
	for (i = 0; i < s->naddresses; i++)
		free(s->addresses[i]);
	free(s->addresses);
	free(s);
}
