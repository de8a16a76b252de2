#include "round.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "batch.h"
#include "conf.h"
#include "credential.h"
#include "elect.h"
#include "fetch.h"
#include "kind.h"
#include "log.h"
#include "order.h"
#include "plan.h"
#include "pull.h"
#include "pulled.h"
#include "scratch.h"
#include "target.h"
#include "when.h"

/* One kind of profile of the round. */
struct errand {
	struct round	*round;
	struct fetch	*fetch;		/* under way, or NULL */
	struct pulled	 pulled;	/* fd -1: nothing came, or it is handed
					   on */
};

struct round {
	struct target	*target;
	struct order	*order;		/* as it was when the round began */
	struct credential *credential;
	struct errand	 errand[KINDS];
	unsigned int	 fetching;	/* kinds (bits) under way */
	unsigned int	 batches;	/* under way */
	struct event	*end;		/* of it when it is left, */
	_Atomic int64_t	 until;		/* then; INT64_MAX: it is not */
};

struct target *
round_target(const struct round *r)
{
	return (r->target);
}

struct order *
round_order(const struct round *r)
{
	return (r->order);
}

int
round_left(const struct round *r)
{
	return (r->until != INT64_MAX);
}

int64_t
round_until(const struct round *r)
{
	int64_t elected = elect_until(r->target->pull->elect);

	return (r->until < elected ? r->until : elected);
}

int
round_may(const struct round *r, int64_t until)
{
	int64_t now = when_mono();

	return (now < until && now < r->until);
}

const char *
round_why(const struct round *r)
{
	const struct elect *e = r->target->pull->elect;

	return (elect_may(e) ? "another host has the target" :
	    elect_until(e) != 0 ? "no answer in time" : elect_why(e));
}

static unsigned int
growing(void)
{
	unsigned int bits = 0;
	size_t i;

	for (i = 0; i < KINDS; i++)
		bits |= kind_grows(i) ? 1U << i : 0;
	return (bits);
}

static void
round_free(struct round *r)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		fetch_free(r->errand[i].fetch);
		scratch_close(r->errand[i].pulled.fd);
	}
	if (r->end != NULL)
		event_free(r->end);
	credential_free(r->credential);
	order_drop(r->order);
	free(r);
}

/* If nothing of it is under way any more it is over. */
static void
round_check(struct round *r)
{
	struct target *t = r->target;

	if (r->fetching != 0 || r->batches > 0)
		return;
	round_free(r);
	target_over(t);
}

void
round_batch_over(struct round *r)
{
	r->batches--;
	round_check(r);
}

/* Hand on what came of these kinds. */
static void
round_hand(struct round *r, unsigned int which)
{
	struct pulled set[KINDS];
	size_t i, n = 0;

	for (i = 0; i < KINDS; i++)
		if (which & 1U << i && r->errand[i].pulled.fd != -1) {
			set[n++] = r->errand[i].pulled;
			r->errand[i].pulled.fd = -1;
		}
	if (n == 0)
		return;
	r->batches++;
	batch_new(r, set, n);
}

static void
on_fetched(const struct fetch_outcome *outcome, void *arg)
{
	struct errand *e = arg;
	struct round *r = e->round;
	struct tally *tally = &r->target->pull->tally;
	size_t kind = e->pulled.kind;

	e->fetch = NULL;
	r->fetching &= ~(1U << kind);
	tally->fetched += outcome->length;
	if (outcome->end == FETCH_OK) {
		e->pulled.length = outcome->length;
		e->pulled.start = outcome->began;
		e->pulled.end = outcome->ended;
	} else {
		tally->fetches[kind][outcome->end]++;
		target_failed(r->target, kind, outcome->reason);
		scratch_close(e->pulled.fd);
		e->pulled.fd = -1;
	}
	/* A batch that cannot begin is over at once: that is not to end us. */
	r->batches++;
	if (!kind_grows(kind))
		round_hand(r, 1U << kind);
	else if ((r->fetching & growing()) == 0)
		round_hand(r, growing());
	round_batch_over(r);
}

/* A process that was stopped for a while may be elected no more. */
static int
on_send(void *arg)
{
	const struct errand *e = arg;

	return (round_may(e->round, round_until(e->round)));
}

/* 0; -1 with errno. */
static int
errand_begin(struct errand *e, size_t kind)
{
	struct round *r = e->round;
	struct pull *pull = r->target->pull;

	e->pulled.kind = kind;
	e->pulled.delta = -1;
	if ((e->pulled.fd = scratch_open()) == -1)
		return (-1);
	e->fetch = fetch_new(pull->fetcher, r->order, r->credential,
	    kinds[kind].path, kind == KIND_CPU ? r->order->cpu_seconds : 0,
	    r->order->plan->conf->body_size_limit, e->pulled.fd, on_send,
	    on_fetched, e);
	if (e->fetch == NULL)
		return (-1);
	r->fetching |= 1U << kind;
	return (0);
}

static void on_end(evutil_socket_t fd, short what, void *arg);

struct round *
round_new(struct target *t, unsigned int wanted, const char **why)
{
	struct round *r;
	size_t i;

	*why = "out of memory";
	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->target = t;
	r->order = order_hold(t->order);
	r->until = INT64_MAX;
	r->end = evtimer_new(t->pull->base, on_end, r);
	for (i = 0; i < KINDS; i++) {
		r->errand[i].round = r;
		r->errand[i].pulled.fd = -1;
	}
	if (r->end == NULL)
		goto fail;
	r->credential = credential_new(r->order->t, r->order->url, why);
	if (r->credential == NULL)
		goto fail;
	for (i = 0; i < KINDS; i++)
		if (wanted & 1U << i && errand_begin(&r->errand[i], i) == -1) {
			*why = errno == ENOMEM ? "out of memory" :
			    errno == EMFILE || errno == ENFILE ?
			    "out of descriptors" : "the spool cannot be "
			    "written";
			goto fail;
		}
	t->came = 0;
	t->fresh &= ~wanted;
	return (r);
fail:
	round_free(r);
	return (NULL);
}

/* Fetch no more. */
static void
round_stop(struct round *r)
{
	struct errand *e;
	size_t i;

	for (i = 0; i < KINDS; i++) {
		e = &r->errand[i];
		if (e->fetch == NULL)
			continue;
		fetch_free(e->fetch);
		e->fetch = NULL;
		r->fetching &= ~(1U << i);
		scratch_close(e->pulled.fd);
		e->pulled.fd = -1;
	}
}

void
round_cut(struct round *r)
{
	r->batches++;
	round_stop(r);
	round_hand(r, growing());
	round_batch_over(r);
}

/* What has come goes with it. */
static void
on_end(evutil_socket_t fd, short what, void *arg)
{
	struct round *r = arg;
	struct target *t = r->target;

	(void)fd;
	(void)what;
	r->until = 0;
	if (r->fetching != 0) {
		t->pull->tally.late_records++;
		log_warn(NULL, "not committed", "target=%s reason=%s",
		    log_quote(r->order->shown),
		    log_quote(round_why(r)));
	}
	round_stop(r);
	round_check(r);
}

void
round_leave(struct round *r, int64_t until)
{
	int64_t left = until - when_mono();
	struct timeval tv;

	if (until >= r->until)
		return;
	r->until = until;
	if (left > 0) {
		tv = when_timeval(left);
		if (evtimer_add(r->end, &tv) == 0)
			return;
	}
	on_end(-1, 0, r);
}
