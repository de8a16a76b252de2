#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

<<<<<<< Updated upstream
#include "elect.h"
=======
#include "buf.h"
#include "conf.h"
#include "digest.h"
#include "envelope.h"
#include "keep.h"
#include "kind.h"
>>>>>>> Stashed changes
#include "log.h"
#include "making.h"
#include "order.h"
#include "pool.h"
#include "pull.h"
#include "round.h"
#include "target.h"
#include "when.h"

<<<<<<< Updated upstream
=======
struct batch {
	struct round	*round;
	struct target	*target;
	struct order	*order;		/* the round's */
	struct pull	*pull;
	char		 id[UUID_TEXT];	/* of the record, from the beginning */
	struct pulled	 pulled[KINDS];
	size_t		 n;
	int		 error;		/* errno of what is under way, or 0 */
	int		 late;		/* elected no more */
	unsigned int	 stale;		/* kinds (bits): what is kept is void */
	int		 unfinished;	/* committed, but not ended */
	int64_t		 until;		/* when_mono: commit before */
	int64_t		 began;
	size_t		 sent;		/* of n, they stand in front */
	uint64_t	 length;	/* of the record's body */
};

>>>>>>> Stashed changes
static void
batch_over(struct making *m)
{
	struct round *round = m->round;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->pulled[i].fd != -1)
			close(m->pulled[i].fd);
		if (m->pulled[i].delta != -1)
			close(m->pulled[i].delta);
	}
	free(m);
	round_batch_over(round);
}

<<<<<<< Updated upstream
/* Nothing is kept of it. */
=======
>>>>>>> Stashed changes
static void
batch_fail(struct making *m, const struct pulled *p)
{
<<<<<<< Updated upstream
	struct tally *tally = &m->pull->tally;
=======
	uint64_t limit = b->order->plan->conf->body_size_limit;
	int prev;

	if (!kind_grows(p->kind)) {
		digest_plain(p, limit);
		return;
	}
	p->fate = PULLED_FAILED;
	p->why = "the spool cannot be written";
	if ((p->delta = scratch_open(b->pull->spool)) == -1)
		return;
	prev = b->stale & 1U << p->kind ? -1 :
	    target_baseline(b->target, p->kind);
	digest_grown(p, prev, limit);
	if (prev != -1)
		close(prev);
}

/* In a thread. */
static void
on_digest(void *arg)
{
	struct batch *b = arg;
	struct target *t = b->target;
	int restarted = 0;
	size_t i;

	/* What an earlier commit left is in the way of what is kept. */
	if (kind_grows(b->pulled[0].kind) && t->unfinished[0] != '\0') {
		if (keep_finish(b->pull->keep, t->unfinished) == -1) {
			b->error = errno;
			return;
		}
		t->unfinished[0] = '\0';
	}
	for (i = 0; i < b->n; i++) {
		digest_one(b, &b->pulled[i]);
		restarted |= b->pulled[i].fate == PULLED_RESTARTED;
	}
	/* One process counts all of them; a counter that was low before may
	 * have passed its old value by now. */
	for (i = 0; restarted && i < b->n; i++)
		if (b->pulled[i].fate == PULLED_SENT)
			b->pulled[i].fate = PULLED_RESTARTED;
}

/* Count and tell what came of each; what is sent goes to the front. */
static void
batch_sort(struct batch *b)
{
	struct tally *tally = &b->pull->tally;
	struct target *t = b->target;
>>>>>>> Stashed changes
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
<<<<<<< Updated upstream
	m->pull->failed = 1;
	if (m->late) {
		m->pull->tally.late_records++;
		log_warn(m->id, "not committed", "target=%s reason=%s",
		    log_quote(m->order->shown),
		    log_quote(elect_why(m->pull->elect)));
=======
	struct tally *tally = &b->pull->tally;

	b->pull->failed = 1;
	if (b->late) {
		tally->late_records++;
		log_warn(b->id, "not committed", "target=%s reason=%s",
		    log_quote(b->order->shown),
		    log_quote(round_why(b->round)));
>>>>>>> Stashed changes
	} else {
		m->pull->tally.lost_records++;
		log_err(m->id, "not committed", "target=%s error=%s",
		    log_quote(m->order->shown),
		    log_quote(strerror(m->error)));
	}
<<<<<<< Updated upstream
	batch_over(m);
=======
	batch_over(b);
}

/* The record as a draft, complete. within: what it commits with, or NULL. */
static struct draft *
draft(struct batch *b, struct keep_change *within)
{
	struct record r = { 0 };
	struct draft *d = NULL;
	int saved;

	memcpy(r.id, b->id, sizeof(r.id));
	if (envelope_head(&r, b->order, b->pulled, when_now()) == 0)
		d = within != NULL ? keep_record(within, &r) :
		    draft_new(b->pull->spool, "pull", &r);
	saved = errno;
	record_clear(&r);
	errno = saved;
	if (d == NULL)
		return (NULL);
	if (envelope_body(d, b->id, b->order, b->pulled, b->sent) == 0) {
		b->length = draft_length(d);
		return (d);
	}
	saved = errno;
	if (within == NULL)
		draft_discard(d);
	errno = saved;
	return (NULL);
}

/* A record alone, to the spool or to the output. */
static int
commit_record(struct batch *b)
{
	struct draft *d = draft(b, NULL);

	if (d == NULL)
		return (-1);
	if (!round_may(b->round, b->until)) {
		draft_discard(d);
		b->late = 1;
		return (-1);
	}
	return (b->pull->output != -1 ? draft_copy(d, b->pull->output) :
	    draft_commit(d));
}

/* The record, if there is one, and what takes the baselines' place. */
static int
commit_change(struct batch *b)
{
	struct keep_change *c;
	char name[TARGET_KEPT];
	int result, saved;
	size_t i;

	if ((c = keep_begin(b->pull->keep, b->id)) == NULL)
		return (-1);
	for (i = 0; i < b->n; i++) {
		if (b->pulled[i].fate == PULLED_FAILED)
			continue;
		target_kept(b->target, b->pulled[i].kind, name);
		if (keep_put(c, name, b->pulled[i].fd) == -1)
			goto fail;
	}
	if (b->sent > 0 && draft(b, c) == NULL)
		goto fail;
	if (!round_may(b->round, b->until)) {
		b->late = 1;
		goto fail;
	}
	if ((result = keep_commit(c)) != 1)
		return (result);
	b->unfinished = 1;
	return (0);
fail:
	saved = errno;
	keep_discard(c);
	errno = saved;
	return (-1);
}

/* In a thread. */
static void
on_commit(void *arg)
{
	struct batch *b = arg;
	int result = 0;

	errno = 0;
	if (b->pull->keep != NULL && kind_grows(b->pulled[0].kind))
		result = commit_change(b);
	else if (b->sent > 0)
		result = commit_record(b);
	if (result == -1 || b->unfinished)
		b->error = errno != 0 ? errno : EIO;
>>>>>>> Stashed changes
}

/* What is kept now is not stale, unless another has pulled meanwhile. */
static void
batch_fresh(const struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n && !round_left(b->round); i++)
		if (b->pulled[i].fate != PULLED_FAILED)
			b->target->stale &= ~(1U << b->pulled[i].kind &
			    b->stale);
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
<<<<<<< Updated upstream
		if (held[p->kind] != -1)
			close(held[p->kind]);
		held[p->kind] = p->fd;
=======
		target_hold(b->target, p->kind, p->fd);
>>>>>>> Stashed changes
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

	pull->tally.commits++;
	pull->tally.commit_time += when_mono() - m->began;
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
	batch_fresh(b);
	if (pull->keep == NULL)
		batch_hold(m);
	if (m->sent > 0) {
		pull->tally.records++;
		pull->tally.bytes += m->length;
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
	m->until = elect_until(m->pull->elect);
	m->late = !elect_may(m->pull->elect);
	m->began = when_mono();
	if (m->error == 0 && !m->late) {
		if (pool_run(m->pull->commits, on_commit, on_committed,
		    m) == 0)
			return;
		m->error = errno;
	}
<<<<<<< Updated upstream
	batch_give_up(m);
}

static void
on_digest(void *arg)
{
	making_digest(arg);
=======
	b->until = round_until(b->round);
	b->late = !round_may(b->round, b->until);
	b->began = when_mono();
	if (!b->late && pool_run(b->pull->commits, on_commit, on_committed,
	    b) == 0)
		return;
	b->error = errno;
	batch_give_up(b);
>>>>>>> Stashed changes
}

void
batch_new(struct round *round, const struct pulled *pulled, size_t n)
{
	struct making *m;
	size_t i;

	if ((m = calloc(1, sizeof(*m))) == NULL) {
		for (i = 0; i < n; i++)
			close(pulled[i].fd);
		round_batch_over(round);
		return;
	}
<<<<<<< Updated upstream
	m->round = round;
	m->target = round_target(round);
	m->order = round_order(round);
	m->pull = m->target->pull;
	m->n = n;
	memcpy(m->pulled, pulled, n * sizeof(*pulled));
	uuid_v7(m->id);
	if (pool_run(m->pull->digests, on_digest, on_digested, m) == 0)
=======
	b->round = round;
	b->target = round_target(round);
	b->order = round_order(round);
	b->pull = b->target->pull;
	b->stale = b->target->stale;
	b->n = n;
	memcpy(b->pulled, pulled, n * sizeof(*pulled));
	uuid_v7(b->id);
	if (pool_run(b->pull->digests, on_digest, on_digested, b) == 0)
>>>>>>> Stashed changes
		return;
	m->error = errno;
	batch_give_up(m);
}
