#include "roster.h"

#include <errno.h>
#include <inttypes.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "conf.h"
#include "keep.h"
#include "listing.h"
#include "log.h"
#include "order.h"
#include "plan.h"
#include "pull.h"
#include "schedule.h"
#include "target.h"

#define LOOK	2	/* seconds, between looks at the lists */
#define GONE	86400	/* and before what was kept goes, too */

TAILQ_HEAD(targets, target);

struct roster {
	struct pull	*pull;
	struct targets	 targets;
	size_t		 n;
	void		*tree;		/* the targets by hash (tsearch) */
	struct listing	*listing;	/* one for each section; without a
					   list its path is NULL */
	size_t		 nlistings;
	struct event	*look;
	int		 started;
};

static int
by_hash(const void *a, const void *b)
{
	const struct target *x = a, *y = b;

	return ((x->hash > y->hash) - (x->hash < y->hash));
}

static struct target *
find(const struct roster *r, uint64_t hash)
{
	struct target key = { .hash = hash }, **found;

	found = tfind(&key, &r->tree, by_hash);
	return (found != NULL ? *found : NULL);
}

static int
add(struct roster *r, struct order *order, uint64_t hash)
{
	struct target *t;

	if ((t = target_new(r->pull, order, hash)) == NULL)
		return (-1);
	if (tsearch(t, &r->tree, by_hash) == NULL) {
		target_free(t);
		return (-1);
	}
	TAILQ_INSERT_TAIL(&r->targets, t, next);
	r->n++;
	t->named = 1;
	target_share(t);
	if (r->started)
		target_start(t);
	return (0);
}

/* A target of the configuration: one that is here already, or a new one. */
static int
name(struct roster *r, const struct conf_target *section, const char *url,
    const struct conf_pairs *labels)
{
	struct order *order;
	struct target *t;
	unsigned int nth;
	uint64_t hash;

	order = order_new(r->pull->plan, section, url, labels);
	if (order == NULL)
		return (-1);
	if (order->kinds == 0) {
		log_warn(NULL, "nothing to pull", "target=%s",
		    log_quote(order->shown));
		order_drop(order);
		return (0);
	}
	/* Of several with one url each is a target of its own. */
	for (nth = 0;; nth++) {
		hash = schedule_hash(url, nth);
		if ((t = find(r, hash)) == NULL)
			return (add(r, order, hash));
		if (t->named)
			continue;
		t->named = 1;
		target_change(t, order);
		return (0);
	}
}

static int
name_section(struct roster *r, size_t i)
{
	const struct conf_target *section =
	    &plan_targets(r->pull->plan)->targets[i];
	const struct listing *l = &r->listing[i];
	size_t j;

	if (section->url != NULL)
		return (name(r, section, section->url, NULL));
	for (j = 0; j < l->n; j++)
		if (name(r, section, l->v[j].url, &l->v[j].labels) == -1)
			return (-1);
	return (0);
}

static void
remove_target(struct roster *r, struct target *t)
{
	TAILQ_REMOVE(&r->targets, t, next);
	tdelete(t, &r->tree, by_hash);
	r->n--;
	target_drop(t);
}

/* Make the targets those that sections and lists name now. */
static void
fill(struct roster *r)
{
	struct target *t, *after;
	size_t i, had = r->n;
	int result = 0;

	TAILQ_FOREACH(t, &r->targets, next)
		t->named = 0;
	for (i = 0; result == 0 && i < r->nlistings; i++)
		result = name_section(r, i);
	if (result == -1)
		log_err(NULL, "out of memory", "targets=%zu", r->n);
	for (t = TAILQ_FIRST(&r->targets); result == 0 && t != NULL;
	    t = after) {
		after = TAILQ_NEXT(t, next);
		if (!t->named)
			remove_target(r, t);
	}
	log_info(NULL, "targets", "before=%zu now=%zu", had, r->n);
}

/* Read the lists that changed. 1: one did. */
static int
read_lists(struct roster *r)
{
	struct listing *l;
	int changed = 0;
	const char *why;

	for (l = r->listing; l < r->listing + r->nlistings; l++) {
		if (l->path == NULL)
			continue;
		switch (listing_read(l, &why)) {
		case 1:
			l->bad = 0;
			changed = 1;
			break;
		case -1:
			if (!l->bad)
				log_err(NULL, "targets not read",
				    "file=%s reason=%s", log_quote(l->path),
				    log_quote(why));
			l->bad = 1;
			r->pull->failed = 1;
			break;
		}
	}
	return (changed);
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	if (read_lists(arg))
		fill(arg);
}

static void
lists_free(struct listing *l, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		listing_clear(&l[i]);
	free(l);
}

/* A list for each section of the plan; what is read of one already stays. */
static int
lists_make(struct roster *r)
{
	const struct conf *conf = plan_targets(r->pull->plan);
	struct listing *l;
	size_t i, j;

	if ((l = calloc(conf->ntargets + 1, sizeof(*l))) == NULL)
		return (-1);
	for (i = 0; i < conf->ntargets; i++) {
		l[i].path = conf->targets[i].file_sd;
		for (j = 0; l[i].path != NULL && j < r->nlistings; j++)
			if (r->listing[j].path != NULL && strcmp(l[i].path,
			    r->listing[j].path) == 0) {
				l[i] = r->listing[j];
				l[i].path = conf->targets[i].file_sd;
				memset(&r->listing[j], 0,
				    sizeof(r->listing[j]));
			}
	}
	lists_free(r->listing, r->nlistings);
	r->listing = l;
	r->nlistings = conf->ntargets;
	return (0);
}

struct roster *
roster_new(struct pull *pull)
{
	struct roster *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->pull = pull;
	TAILQ_INIT(&r->targets);
	r->look = event_new(pull->base, -1, EV_PERSIST, on_look, r);
	if (r->look == NULL || lists_make(r) == -1) {
		roster_free(r);
		errno = ENOMEM;
		return (NULL);
	}
	(void)read_lists(r);
	fill(r);
	return (r);
}

void
roster_free(struct roster *r)
{
	struct target *t;

	if (r == NULL)
		return;
	while ((t = TAILQ_FIRST(&r->targets)) != NULL)
		remove_target(r, t);
	if (r->look != NULL)
		event_free(r->look);
	lists_free(r->listing, r->nlistings);
	free(r);
}

void
roster_start(struct roster *r)
{
	static const struct timeval period = { .tv_sec = LOOK };
	struct target *t;

	if (r->started)
		return;
	r->started = 1;
	TAILQ_FOREACH(t, &r->targets, next)
		target_start(t);
	if (!r->pull->once)
		(void)event_add(r->look, &period);
}

void
roster_change(struct roster *r)
{
	if (lists_make(r) == -1) {
		log_err(NULL, "out of memory", "targets=%zu", r->n);
		/* Their paths go with the old plan. */
		lists_free(r->listing, r->nlistings);
		r->listing = NULL;
		r->nlistings = 0;
		return;
	}
	(void)read_lists(r);
	fill(r);
}

void
roster_stop(struct roster *r)
{
	struct target *t, *after;

	event_del(r->look);
	for (t = TAILQ_FIRST(&r->targets); t != NULL; t = after) {
		after = TAILQ_NEXT(t, next);
		target_stop(t);
	}
}

void
roster_share(struct roster *r)
{
	struct target *t, *after;

	/* A round that ends may be the last of a target that is gone. */
	for (t = TAILQ_FIRST(&r->targets); t != NULL; t = after) {
		after = TAILQ_NEXT(t, next);
		target_share(t);
	}
}

size_t
roster_mine(const struct roster *r)
{
	const struct target *t;
	size_t n = 0;

	TAILQ_FOREACH(t, &r->targets, next)
		n += t->mine != 0;
	return (n);
}

int
roster_idle(const struct roster *r)
{
	const struct target *t;

	TAILQ_FOREACH(t, &r->targets, next)
		if (t->round != NULL || evtimer_pending(t->timer, NULL))
			return (0);
	return (1);
}

/* Of a target here, or not so old? */
static int
stays(const char *kept, int64_t age, void *arg)
{
	const struct roster *r = arg;
	char *end;
	uint64_t hash = strtoull(kept, &end, 16);

	return (age < GONE || *end != '.' || find(r, hash) != NULL);
}

int
roster_prune(const struct roster *r)
{
	unsigned int removed;

	if (keep_prune(r->pull->keep, stays, (void *)(uintptr_t)r,
	    &removed) == -1)
		return (-1);
	if (removed > 0)
		log_info(NULL, "old baselines removed", "files=%u", removed);
	return (0);
}

void
roster_forget(struct roster *r)
{
	struct target *t;

	TAILQ_FOREACH(t, &r->targets, next)
		target_forget(t);
}

struct target *
roster_first(const struct roster *r)
{
	return (TAILQ_FIRST(&r->targets));
}

size_t
roster_targets(const struct roster *r)
{
	return (r->n);
}
