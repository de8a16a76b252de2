#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "making.h"
#include "order.h"
#include "pool.h"
#include "pull.h"
#include "round.h"
#include "scratch.h"
#include "target.h"
#include "when.h"

static void
batch_over(struct making *m)
{
	struct round *round = m->round;
	size_t i;

	for (i = 0; i < m->n; i++) {
		scratch_close(m->pulled[i].fd);
		scratch_close(m->pulled[i].delta);
	}
	free(m);
	round_batch_over(round);
}

/* Nothing is kept of it. */
static void
batch_fail(struct making *m, const struct pulled *p)
{
	struct tally *tally = &m->pull->tally;
	char reason[160];

	if (p->fate == PULLED_BROKEN) {
		tally->fetches[p->kind][FETCH_SPOOL]++;
		target_failed(m->target, p->kind, p->why);
		return;
	}
	tally->fetches[p->kind][TALLY_NO_PROFILE]++;
	snprintf(reason, sizeof(reason), "no profile: %s", p->why);
	target_failed(m->target, p->kind, reason);
}

/* It is kept, and not sent. */
static void
batch_keep(struct making *m, const struct pulled *p)
{
	struct tally *tally = &m->pull->tally;

	m->target->fresh |= 1U << p->kind;
	if (p->fate == PULLED_RESTARTED)
		tally->restarted++;
	else
		tally->first++;
	if (p->why != NULL)
		log_info(NULL, "new baseline", "target=%s type=%s reason=%s",
		    log_quote(m->order->shown), kinds[p->kind].name,
		    log_quote(p->why));
}

/*
 * Count and tell what came of each; what is sent goes to the front. How many
 * there is anything to commit of.
 */
static size_t
batch_sort(struct making *m)
{
	struct pulled p;
	size_t i, good = 0;

	for (i = 0; i < m->n; i++) {
		p = m->pulled[i];
		if (!pulled_kept(&p)) {
			batch_fail(m, &p);
			continue;
		}
		good++;
		m->pull->tally.fetches[p.kind][FETCH_OK]++;
		target_worked(m->target, p.kind);
		if (p.fate == PULLED_SENT) {
			m->pulled[i] = m->pulled[m->sent];
			m->pulled[m->sent++] = p;
		} else
			batch_keep(m, &p);
	}
	return (good);
}

/* A record is not made: of what grows nothing is lost, it comes next time. */
static void
batch_give_up(struct making *m)
{
	m->pull->failed = 1;
	if (m->late) {
		m->pull->tally.late_records++;
		log_warn(m->id, "not committed", "target=%s reason=%s",
		    log_quote(m->order->shown),
		    log_quote(round_why(m->round)));
	} else {
		m->pull->tally.lost_records++;
		log_err(m->id, "not committed", "target=%s error=%s",
		    log_quote(m->order->shown),
		    log_quote(strerror(m->error)));
	}
	batch_over(m);
}

/* What is kept now is not stale, unless another has pulled meanwhile. */
static void
batch_fresh(const struct making *m)
{
	size_t i;

	for (i = 0; i < m->n && !round_left(m->round); i++)
		if (pulled_kept(&m->pulled[i]))
			m->target->stale &= ~(1U << m->pulled[i].kind &
			    m->stale);
}

/* Without a spool the baselines stay open. */
static void
batch_hold(struct making *m)
{
	int *held = m->target->held;
	struct pulled *p;
	size_t i;

	if (m->restarted)
		target_forget(m->target);
	for (i = 0; i < m->n; i++) {
		p = &m->pulled[i];
		if (!kind_grows(p->kind) || !pulled_kept(p))
			continue;
		scratch_close(held[p->kind]);
		held[p->kind] = p->fd;
		p->fd = -1;
	}
}

static void
batch_tell(const struct making *m)
{
	char types[128] = "";
	size_t i, len = 0;

	for (i = 0; i < m->sent; i++)
		len += (size_t)snprintf(types + len, sizeof(types) - len,
		    "%s%s", i > 0 ? "," : "", kinds[m->pulled[i].kind].name);
	log_info(m->id, "pulled", "target=%s types=%s bytes=%llu",
	    log_quote(m->order->shown), types, (unsigned long long)m->length);
}

static void
on_committed(void *arg)
{
	struct making *m = arg;
	struct pull *pull = m->pull;

	histogram_time(&pull->tally.commit, when_mono() - m->began);
	if (m->unfinished) {
		pull->failed = 1;
		memcpy(m->target->unfinished, m->id, sizeof(m->id));
		log_err(m->id, "committed, but not ended", "error=%s",
		    log_quote(strerror(m->error)));
	} else if (m->error != 0 || m->late) {
		/* To an output there is no second try: its stream is torn. */
		pull->broken |= pull->output != -1 && !m->late;
		batch_give_up(m);
		return;
	}
	batch_fresh(m);
	if (pull->keep == NULL)
		batch_hold(m);
	if (m->sent > 0) {
		pull->tally.records++;
		histogram_size(&pull->tally.size, m->length);
		batch_tell(m);
	}
	batch_over(m);
}

static void
on_commit(void *arg)
{
	making_commit(arg);
}

static void
on_digested(void *arg)
{
	struct making *m = arg;

	if (m->error == 0 && batch_sort(m) == 0) {
		batch_over(m);
		return;
	}
	m->until = round_until(m->round);
	m->late = !round_may(m->round, m->until);
	m->began = when_mono();
	if (m->error == 0 && !m->late) {
		if (pool_run(m->pull->commits, on_commit, on_committed,
		    m) == 0)
			return;
		m->error = errno;
	}
	batch_give_up(m);
}

static void
on_digest(void *arg)
{
	making_digest(arg);
}

void
batch_new(struct round *round, const struct pulled *pulled, size_t n)
{
	struct making *m;
	size_t i;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		for (i = 0; i < n; i++)
			scratch_close(pulled[i].fd);
		round_batch_over(round);
		return;
	}
	m->round = round;
	m->target = round_target(round);
	m->order = round_order(round);
	m->pull = m->target->pull;
	m->stale = m->target->stale;
	m->n = n;
	memcpy(m->pulled, pulled, n * sizeof(*pulled));
	uuid_v7(m->id);
	if (pool_run(m->pull->digests, on_digest, on_digested, m) == 0)
		return;
	m->error = errno;
	batch_give_up(m);
}
