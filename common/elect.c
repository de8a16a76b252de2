#include "elect.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "elect_backend.h"
#include "elect_members.h"
#include "when.h"

#define TOLD	(60 * WHEN_SECOND)	/* between troubles of two kinds */

struct elect {
	const struct elect_backend *backend;	/* NULL: none is asked */
	void		*own;			/* the backend's */
	struct event	*end;			/* of what it was told */
	int64_t		 until;
	int		 decided;
	struct elect_members *members;		/* NULL: all is one's */
	int64_t		 since;			/* of until or none */
	int64_t		 leader_since;
	char		 why[256];
	char		 trouble[256];
	char		 stale[256];
	int64_t		 told;			/* when_mono */
	char		 leader[256];
	void		(*on_change)(enum elect_change, void *);
	void		*arg;
};

static const struct elect_backend *const backends[] = { &elect_file,
    &elect_dataway, &elect_etcd };

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
elect_mine(const struct elect *e, uint64_t hash)
{
	const struct elect_member *owner;

	if (e->until == 0 || e->members == NULL)
		return (e->until != 0);
	owner = elect_members_owner(e->members, hash);
	return (owner != NULL && owner->self);
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

const char *
elect_trouble(const struct elect *e)
{
	return (e->trouble);
}

const char *
elect_stale(const struct elect *e)
{
	return (e->stale);
}

const char *
elect_leader(const struct elect *e)
{
	return (e->leader);
}

size_t
elect_members(const struct elect *e)
{
	return (e->members != NULL ? e->members->n : 0);
}

int64_t
elect_since(const struct elect *e)
{
	return (e->since);
}

int64_t
elect_leader_since(const struct elect *e)
{
	return (e->leader_since);
}

int64_t
elect_bound(int64_t sent, int64_t lease)
{
	return (sent + lease - lease / 10);
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
	tv = when_timeval(left);
	if (evtimer_add(e->end, &tv) == -1) {
		elect_lose(e, "out of memory");
		return;
	}
	e->until = until;
	e->decided = 1;
	snprintf(e->why, sizeof(e->why), "%s", why);
	if (had)
		return;
	e->since = when_mono();
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
	if (!had)
		return;
	e->since = when_mono();
	e->on_change(ELECT_LOST, e->arg);
}

void
elect_share(struct elect *e, struct elect_members *members)
{
	struct elect_members *old = e->members;

	e->members = members;
	if (old == NULL || !elect_members_same(old, members))
		e->on_change(ELECT_SHARED, e->arg);
	free(old);
}

void
elect_led_by(struct elect *e, const char *leader)
{
	if (strncmp(e->leader, leader, sizeof(e->leader) - 1) == 0)
		return;
	snprintf(e->leader, sizeof(e->leader), "%s", leader);
	e->leader_since = when_mono();
	e->on_change(ELECT_LEADER, e->arg);
}

void
elect_fail(struct elect *e, const char *why)
{
	int told = e->trouble[0] != '\0';

	if (strncmp(e->trouble, why, sizeof(e->trouble) - 1) == 0)
		return;
	snprintf(e->trouble, sizeof(e->trouble), "%s", why);
	/* Where several are asked in turn each may have a reason of its own. */
	if (!told || when_mono() - e->told >= TOLD) {
		e->told = when_mono();
		e->on_change(ELECT_TROUBLE, e->arg);
	}
	/* Nobody knows whom to wait for. */
	if (!e->decided)
		elect_lose(e, why);
}

void
elect_answered(struct elect *e)
{
	if (e->trouble[0] == '\0')
		return;
	e->trouble[0] = '\0';
	e->on_change(ELECT_ANSWERED, e->arg);
}

void
elect_files(struct elect *e, const char *why)
{
	snprintf(e->stale, sizeof(e->stale), "%s", why != NULL ? why : "");
	e->on_change(ELECT_FILES, e->arg);
}

/* Nothing was heard for as long as the last answer was good for. */
static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct elect *e = arg;

	(void)fd;
	(void)what;
	elect_lose(e, e->trouble[0] != '\0' ? e->trouble :
	    "no answer in time");
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
elect_start(struct elect *e, struct event_base *base, const struct conf *conf,
    const char *id, const char **why)
{
	struct elect_candidate who = { .id = id };
	char *name;
	size_t i;

	if (asprintf(&name, "%s %s", id, conf->cache_path) == -1)
		return (-1);
	who.name = name;
	errno = EINVAL;
	for (i = 0; i < sizeof(backends) / sizeof(backends[0]); i++)
		if (strcmp(backends[i]->name, conf->election_backend) == 0) {
			e->backend = backends[i];
			e->own = e->backend->begin(e, base, conf, &who, why);
		}
	free(name);
	return (e->own != NULL ? 0 : -1);
}

static int
elect_begin(struct elect *e, struct event_base *base, const struct conf *conf,
    const char **why)
{
	char host[256] = "";
	const char *id = conf->election_id;

	e->since = e->leader_since = when_mono();
	if (!conf->election || !conf->profile_election ||
	    strcmp(conf->election_backend, "none") == 0) {
		e->until = INT64_MAX;
		e->decided = 1;
		snprintf(e->why, sizeof(e->why), "there is no election");
		return (0);
	}
	if (gethostname(host, sizeof(host) - 1) == -1)
		return (-1);
	if (id == NULL)
		id = host;
	if (!listed(&conf->node_whitelist, id)) {
		e->decided = 1;
		snprintf(e->why, sizeof(e->why),
		    "banned: this host is not in node_whitelist");
		return (0);
	}
	snprintf(e->why, sizeof(e->why), "not decided yet");
	return (elect_start(e, base, conf, id, why));
}

struct elect *
elect_new(struct event_base *base, const struct conf *conf,
    void (*on_change)(enum elect_change, void *), void *arg, const char **why)
{
	struct elect *e;
	int saved;

	*why = NULL;
	if ((e = calloc(1, sizeof(*e))) == NULL)
		return (NULL);
	e->on_change = on_change;
	e->arg = arg;
	errno = ENOMEM;
	if ((e->end = evtimer_new(base, on_end, e)) == NULL ||
	    elect_begin(e, base, conf, why) == -1) {
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
	free(e->members);
	free(e);
}

int
elect_busy(const struct elect *e)
{
	return (e->own != NULL && e->backend->busy(e->own));
}
