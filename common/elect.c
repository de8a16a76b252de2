#include "elect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "elect_backend.h"
#include "when.h"

struct elect {
	const struct elect_backend *backend;	/* NULL: none is asked */
	void		*own;			/* the backend's */
	struct event	*end;			/* of what it was told */
	int64_t		 until;
	int		 decided;
	char		 why[256];
	void		(*on_change)(enum elect_change, void *);
	void		*arg;
};

static const struct elect_backend *const backends[] = { &elect_file };

int64_t
elect_until(const struct elect *e)
{
	return (e->until);
}

int
elect_may(const struct elect *e)
{
	return (when_mono() < e->until);
}

int
elect_decided(const struct elect *e)
{
	return (e->decided);
}

const char *
elect_why(const struct elect *e)
{
	return (e->why);
}

void
elect_hold(struct elect *e, int64_t until, int back, const char *why)
{
	int64_t left = until - when_mono();
	struct timeval tv;
	int had = e->until != 0;

	if (left <= 0) {
		elect_lose(e, "no answer in time");
		return;
	}
	tv.tv_sec = left / WHEN_SECOND;
	tv.tv_usec = left % WHEN_SECOND / 1000 + 1;
	if (evtimer_add(e->end, &tv) == -1) {
		elect_lose(e, "out of memory");
		return;
	}
	e->until = until;
	e->decided = 1;
	snprintf(e->why, sizeof(e->why), "%s", why);
	if (!had)
		e->on_change(back ? ELECT_BACK : ELECT_WON, e->arg);
}

void
elect_lose(struct elect *e, const char *why)
{
	int had = e->until != 0 || !e->decided;

	evtimer_del(e->end);
	e->until = 0;
	e->decided = 1;
	snprintf(e->why, sizeof(e->why), "%s", why);
	if (had)
		e->on_change(ELECT_LOST, e->arg);
}

/* Nothing was heard for as long as the last answer was good for. */
static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	elect_lose(arg, "no answer in time");
}

static int
listed(const struct conf_list *hosts, const char *host)
{
	size_t i;

	for (i = 0; i < hosts->n; i++)
		if (strcmp(hosts->v[i], host) == 0)
			return (1);
	return (hosts->n == 0);
}

/* Begin to ask whom the configuration names. */
static int
elect_begin(struct elect *e, struct event_base *base, const struct conf *conf)
{
	char host[256] = "", candidate[1024];
	size_t i;

	if (!conf->election || !conf->profile_election ||
	    strcmp(conf->election_backend, "none") == 0) {
		e->until = INT64_MAX;
		e->decided = 1;
		snprintf(e->why, sizeof(e->why), "there is no election");
		return (0);
	}
	if (gethostname(host, sizeof(host) - 1) == -1)
		return (-1);
	if (!listed(&conf->node_whitelist, host)) {
		e->decided = 1;
		snprintf(e->why, sizeof(e->why),
		    "this host is not in node_whitelist");
		return (0);
	}
	snprintf(e->why, sizeof(e->why), "not decided yet");
	/* Two may run on a host, each with its spool. */
	snprintf(candidate, sizeof(candidate), "%s %s", host,
	    conf->cache_path);
	errno = EINVAL;
	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (strcmp(backends[i]->name, conf->election_backend) == 0) {
			e->backend = backends[i];
			e->own = e->backend->begin(e, base, conf, candidate);
		}
	return (e->own != NULL ? 0 : -1);
}

struct elect *
elect_new(struct event_base *base, const struct conf *conf,
    void (*on_change)(enum elect_change, void *), void *arg)
{
	struct elect *e;
	int saved;

	if ((e = calloc(1, sizeof(*e))) == NULL)
		return (NULL);
	e->on_change = on_change;
	e->arg = arg;
	errno = ENOMEM;
	if ((e->end = evtimer_new(base, on_end, e)) == NULL ||
	    elect_begin(e, base, conf) == -1) {
		saved = errno;
		elect_free(e);
		errno = saved;
		return (NULL);
	}
	return (e);
}

static void
on_nothing(enum elect_change change, void *arg)
{
	(void)change;
	(void)arg;
}

void
elect_free(struct elect *e)
{
	if (e == NULL)
		return;
	/* The backend may still hear something. */
	e->on_change = on_nothing;
	if (e->own != NULL)
		e->backend->end(e->own);
	if (e->end != NULL)
		event_free(e->end);
	free(e);
}

int
elect_busy(const struct elect *e)
{
	return (e->own != NULL && e->backend->busy(e->own));
}
