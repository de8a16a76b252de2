#include "target.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "conf.h"
#include "elect.h"
#include "log.h"
#include "order.h"
#include "plan.h"
#include "pull.h"
#include "round.h"
#include "schedule.h"
#include "scratch.h"
#include "spool.h"
#include "when.h"

#define MISSED	8	/* rounds that were not, and a miss is told again */

static void on_due(evutil_socket_t fd, short what, void *arg);

struct target *
target_new(struct pull *pull, struct order *order, uint64_t hash)
{
	struct target *t;
	size_t i;

	if ((t = calloc(1, sizeof(*t))) == NULL) {
		order_drop(order);
		return (NULL);
	}
	t->pull = pull;
	t->order = order;
	t->hash = hash;
	for (i = 0; i < KINDS; i++)
		t->held[i] = -1;
	if ((t->timer = evtimer_new(pull->base, on_due, t)) == NULL) {
		target_free(t);
		return (NULL);
	}
	return (t);
}

void
target_forget(struct target *t)
{
	size_t i;

	for (i = 0; i < KINDS; i++) {
		scratch_close(t->held[i]);
		t->held[i] = -1;
	}
}

void
target_free(struct target *t)
{
	if (t == NULL)
		return;
	target_forget(t);
	if (t->timer != NULL)
		event_free(t->timer);
	order_drop(t->order);
	free(t);
}

/* Wait for the round that is due. */
static void
target_wait(struct target *t)
{
	struct timeval tv = when_timeval(t->due - when_mono());

	(void)evtimer_add(t->timer, &tv);
}

void
target_start(struct target *t)
{
	t->due = when_mono();
	if (!t->pull->once)
		t->due += schedule_first(t->hash, t->order->interval,
		    when_now());
	target_wait(t);
}

void
target_change(struct target *t, struct order *order)
{
	int64_t interval = t->order->interval;

	order_drop(t->order);
	t->order = order;
	if (interval != order->interval)
		target_start(t);
}

void
target_stop(struct target *t)
{
	evtimer_del(t->timer);
	if (t->round != NULL)
		round_cut(t->round);
}

void
target_share(struct target *t)
{
	const struct elect *e = t->pull->elect;
	int mine = elect_mine(e, t->hash);

	/* What is kept of it may be old; of an election of one the service
	 * knows better. */
	if (mine && !t->mine && elect_members(e) > 0)
		t->stale = (1U << KINDS) - 1;
	if (!mine && t->mine && t->round != NULL)
		round_leave(t->round, elect_until(e));
	t->mine = mine;
}

void
target_drop(struct target *t)
{
	target_stop(t);
	/* Whose it is will not be looked at any more. */
	if (t->round != NULL)
		round_leave(t->round, elect_until(t->pull->elect));
	if (t->round == NULL) {
		target_free(t);
		return;
	}
	order_drop(t->order);
	t->order = NULL;
}

static void
target_miss(struct target *t, enum tally_missed which, const char *why)
{
	t->pull->tally.missed[which]++;
	t->pull->failed = 1;
	/* Of an election the program tells once, for all. */
	if (which == TALLY_NOT_ELECTED)
		return;
	if (t->missed == 0 || t->missed_why != why)
		log_warn(NULL, "round missed", "target=%s reason=%s",
		    log_quote(t->order->shown), log_quote(why));
	t->missed = MISSED;
	t->missed_why = why;
}

/* NULL, or why the spool takes nothing now. */
static const char *
no_room(const struct pull *pull)
{
	uint64_t bytes;

	if (pull->spool == NULL)
		return (NULL);
	if (spool_is_full(pull->spool))
		return ("the spool is full");
	if (spool_free(pull->spool, &bytes) == -1)
		return ("the spool cannot be read");
	return (bytes < pull->plan->conf->min_free ?
	    "the spool's file system is full" : NULL);
}

/* Begin a round of these kinds, if nothing is against it. */
static void
target_round(struct target *t, unsigned int wanted)
{
	struct pull *pull = t->pull;
	const char *why;

	if (t->round != NULL)
		target_miss(t, TALLY_BUSY, "the one before is not over");
	else if (!elect_may(pull->elect) ||
	    pull->forgetting != FORGET_NOTHING)
		target_miss(t, TALLY_NOT_ELECTED, NULL);
	else if (!t->mine)
		return;
	else if ((why = no_room(pull)) != NULL)
		target_miss(t, TALLY_FULL, why);
	else if ((t->round = round_new(t, wanted, &why)) == NULL)
		target_miss(t, TALLY_UNABLE, why);
	else {
		t->missed -= t->missed > 0;
		t->rounds++;
		pull->tally.rounds++;
		pull->tally.running++;
	}
}

static void
on_due(evutil_socket_t fd, short what, void *arg)
{
	struct target *t = arg;
	struct pull *pull = t->pull;
	uint64_t late;

	(void)fd;
	(void)what;
	target_round(t, t->rounds == 0 || !pull->once ? t->order->kinds :
	    t->fresh);
	if (pull->once) {
		if (t->round == NULL)
			pull->on_idle(pull);
		return;
	}
	t->due = schedule_next(t->due, t->order->interval, when_mono(), &late);
	if (late > 0) {
		target_miss(t, TALLY_LATE, "prof-pull was held up");
		pull->tally.missed[TALLY_LATE] += late - 1;
	}
	target_wait(t);
}

void
target_over(struct target *t)
{
	struct pull *pull = t->pull;

	pull->tally.running--;
	t->round = NULL;
	t->up = t->came;
	if (t->order == NULL)
		target_free(t);
	else if (pull->once && t->rounds == 1 && t->fresh != 0 &&
	    !pull->stopping) {
		/* What they grow by, an interval from its beginning. */
		t->due += t->order->interval;
		target_wait(t);
		return;
	}
	pull->on_idle(pull);
}

void
target_kept(const struct target *t, size_t kind, char out[TARGET_KEPT])
{
	snprintf(out, TARGET_KEPT, "%016" PRIx64 ".%s", t->hash,
	    kinds[kind].name);
}

void
target_failed(struct target *t, size_t kind, const char *reason)
{
	uint32_t hash = (uint32_t)schedule_hash(reason, 0);

	t->pull->failed = 1;
	if (t->failing & 1U << kind && t->reason[kind] == hash)
		return;
	t->failing |= 1U << kind;
	t->reason[kind] = hash;
	if (t->order != NULL)
		log_warn(NULL, "pull failed", "target=%s type=%s reason=%s",
		    log_quote(t->order->shown), kinds[kind].name,
		    log_quote(reason));
}

void
target_worked(struct target *t, size_t kind)
{
	t->came |= 1U << kind;
	if (!(t->failing & 1U << kind))
		return;
	t->failing &= ~(1U << kind);
	if (t->order != NULL)
		log_info(NULL, "pulled again", "target=%s type=%s",
		    log_quote(t->order->shown), kinds[kind].name);
}
