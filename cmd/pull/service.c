#include "service.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "elect.h"
#include "fetch.h"
#include "keep.h"
#include "log.h"
#include "plan.h"
#include "pool.h"
#include "pull.h"
#include "roster.h"
#include "sandbox.h"
#include "spool.h"
#include "tenant.h"
#include "when.h"

#define KEPT		1024L	/* connections, between rounds */
#define DIGESTS		2	/* profiles in memory at a time */
#define STAT_SECONDS	10
#define STOP_SECONDS	30	/* for what is in flight at SIGTERM */

static void
stat_write(struct pull *p)
{
	struct buf text = { 0 };
	int failed;

	if (p->spool == NULL || p->roster == NULL || p->once)
		return;
	failed = tally_print(p, &text) == -1 ||
	    vitals_write(&p->vitals, p->spool, "pull", &text) == -1;
	if (failed && !p->untold)
		log_warn(NULL, "cannot write statistics", "error=%s",
		    log_quote(strerror(errno)));
	p->untold = failed;
	buf_free(&text);
}

static void
on_stat(evutil_socket_t fd, short what, void *arg)
{
	struct pull *p = arg;

	(void)fd;
	(void)what;
	stat_write(p);
	if (sandbox_stale() && !p->stopping)
		service_stop(p);
	p->on_idle(p);
}

static int
stays_none(const char *name, int64_t age, void *arg)
{
	(void)name;
	(void)age;
	(void)arg;
	return (0);
}

/* In a thread. */
static void
on_forget(void *arg)
{
	struct pull *p = arg;
	unsigned int removed;

	p->forget_error = keep_prune(p->keep, stays_none, NULL,
	    &removed) == -1 ? errno : 0;
}

static void
on_forgotten(void *arg)
{
	struct pull *p = arg;

	p->forgetting = p->forget_error != 0 ? FORGET_WANTED : FORGET_NOTHING;
	if (p->forget_error != 0)
		log_err(NULL, "cannot remove old baselines", "error=%s",
		    log_quote(strerror(p->forget_error)));
	else
		p->on_idle(p);
}

/* Forget all baselines, when no round is under way that may put one there. */
static void
forget(struct pull *p)
{
	if (p->tally.running > 0)
		return;
	if (p->keep == NULL) {
		roster_forget(p->roster);
		p->forgetting = FORGET_NOTHING;
	} else if (pool_run(p->commits, on_forget, on_forgotten, p) == 0)
		p->forgetting = FORGET_UNDER_WAY;
}

/* Something is over: see to what waited for it. */
static void
on_idle(struct pull *p)
{
	if (p->forgetting == FORGET_WANTED)
		forget(p);
	if (p->forgetting == FORGET_NOTHING && elect_decided(p->elect) &&
	    !p->stopping)
		roster_start(p->roster);
	if (p->broken && !p->stopping)
		service_stop(p);
	if (p->stopping ? p->tally.running == 0 :
	    p->once && p->forgetting == FORGET_NOTHING &&
	    elect_decided(p->elect) && roster_idle(p->roster))
		event_base_loopbreak(p->base);
}

/* Who is elected, or whose each target is, has changed. */
static void
elected(struct pull *p, enum elect_change change)
{
	if (change == ELECT_SHARED)
		log_info(NULL, "shares", "members=%zu",
		    elect_members(p->elect));
	else
		log_info(NULL, change == ELECT_LOST ? "not elected" :
		    "elected", "reason=%s", log_quote(elect_why(p->elect)));
	/* Another has pulled since what is kept here was fetched, and has sent
	 * what grew since then. Where each has its share the targets know. */
	if (change == ELECT_WON && elect_members(p->elect) == 0)
		p->forgetting = FORGET_WANTED;
	roster_share(p->roster);
}

/* Those that the elector is reached with. */
static void
files(const char *stale)
{
	if (stale[0] == '\0')
		log_info(NULL, "access files read again",
		    "files=certificate of=election");
	else
		log_err(NULL, "access files not taken",
		    "files=certificate of=election in_force=old reason=%s",
		    log_quote(stale));
}

static void
on_change(enum elect_change change, void *arg)
{
	struct pull *p = arg;

	p->tally.elections[change]++;
	switch (change) {
	case ELECT_LEADER:
		log_info(NULL, "leader", "name=%s",
		    log_quote(elect_leader(p->elect)));
		break;
	case ELECT_TROUBLE:
		log_warn(NULL, "election in doubt", "reason=%s",
		    log_quote(elect_trouble(p->elect)));
		break;
	case ELECT_ANSWERED:
		log_info(NULL, "election answered again", "elected=%d",
		    elect_may(p->elect));
		break;
	case ELECT_FILES:
		files(elect_stale(p->elect));
		break;
	default:
		elected(p, change);
	}
	stat_write(p);
	on_idle(p);
}

/* The spool, and what a crash has left in it. */
static int
spool_begin(struct pull *p)
{
	const char *path = p->plan->conf->cache_path;
	unsigned int finished = 0, removed = 0;

	if ((p->spool = tenant_open(path, "pull")) == NULL)
		return (-1);
	if ((p->keep = keep_open(p->spool, "pull")) == NULL) {
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(strerror(errno)));
		return (-1);
	}
	/* Held until the process ends. */
	if (spool_lock(p->spool, "pull") == -1) {
		log_err(NULL, "cannot lock the spool", "spool=%s error=%s",
		    log_quote(path), log_quote(errno == EWOULDBLOCK ?
		    "another prof-pull has it" : strerror(errno)));
		return (-1);
	}
	if (keep_replay(p->keep, &finished, &removed) == -1) {
		log_err(NULL, "cannot end the commits of a crash",
		    "spool=%s error=%s", log_quote(path),
		    log_quote(strerror(errno)));
		return (-1);
	}
	if (finished + removed > 0)
		log_info(NULL, "commits of a crash", "ended=%u removed=%u",
		    finished, removed);
	return (0);
}

int
service_begin(struct pull *p)
{
	const struct conf *conf = p->plan->conf;
	unsigned int n = (unsigned int)conf->commits;
	const char *why = NULL;

	p->on_idle = on_idle;
	if (p->output == -1 && spool_begin(p) == -1)
		return (-1);
	/* By hand it is as free as who runs it. */
	sandbox_also(p->plan->by_hand);
	if (!p->once)
		sandbox_enter("pull", conf, p->spool != NULL);
	/* One thread to an output: records must not mix in it. */
	if ((p->fetcher = fetcher_new(p->base, p->spool, KEPT)) == NULL ||
	    (p->digests = pool_new(p->base, DIGESTS)) == NULL ||
	    (p->commits = pool_new(p->base, p->output != -1 ? 1 : n)) ==
	    NULL ||
	    (p->elect = elect_new(p->base, conf, on_change, p,
	    &why)) == NULL ||
	    (p->stat = event_new(p->base, -1, EV_PERSIST, on_stat, p)) ==
	    NULL || (p->roster = roster_new(p)) == NULL) {
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(why != NULL ? why : strerror(errno)));
		return (-1);
	}
	if (p->spool != NULL && !p->once && roster_prune(p->roster) == -1)
		log_warn(NULL, "cannot remove old baselines", "error=%s",
		    log_quote(strerror(errno)));
	stat_write(p);
	return (0);
}

int
service_run(struct pull *p)
{
	static const struct timeval period = { .tv_sec = STAT_SECONDS };

	if (event_add(p->stat, &period) == -1)
		return (-1);
	if (p->once && roster_targets(p->roster) == 0) {
		log_warn(NULL, "nothing to pull", "reason=%s",
		    log_quote("no target is configured: -u names one"));
		return (0);
	}
	if (elect_decided(p->elect) && !elect_may(p->elect))
		log_info(NULL, "not elected", "reason=%s",
		    log_quote(elect_why(p->elect)));
	/* A round that can only be missed is no use to the one of -1. */
	if (!p->once || elect_decided(p->elect))
		roster_start(p->roster);
	return (event_base_dispatch(p->base));
}

static void
on_deadline(evutil_socket_t fd, short what, void *arg)
{
	struct pull *p = arg;

	(void)fd;
	(void)what;
	event_base_loopbreak(p->base);
}

void
service_stop(struct pull *p)
{
	struct timeval bound = { .tv_sec = p->stopping ? 0 : STOP_SECONDS };

	if (!p->stopping)
		log_info(NULL, "stopping", "rounds=%u", p->tally.running);
	p->stopping = 1;
	roster_stop(p->roster);
	(void)event_base_once(p->base, -1, EV_TIMEOUT, on_deadline, p,
	    &bound);
	on_idle(p);
}

void
service_change(struct pull *p)
{
	roster_change(p->roster);
	stat_write(p);
	sandbox_also(p->plan->by_hand);
	if (sandbox_change(p->plan->conf))
		service_stop(p);
}

int
service_end(struct pull *p)
{
	stat_write(p);
	/* A disk that hangs must not hang the end. */
	if (p->tally.running > 0 || (p->elect != NULL && elect_busy(p->elect))) {
		log_warn(NULL, "stopped before the disk answered",
		    "rounds=%u", p->tally.running);
		return (-1);
	}
	pool_free(p->commits);
	pool_free(p->digests);
	elect_free(p->elect);
	roster_free(p->roster);
	fetcher_free(p->fetcher);
	if (p->stat != NULL)
		event_free(p->stat);
	keep_close(p->keep);
	spool_close(p->spool);
	plan_drop(p->plan);
	return (0);
}
