#include "batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "digest.h"
#include "elect.h"
#include "envelope.h"
#include "keep.h"
#include "kind.h"
#include "log.h"
#include "order.h"
#include "plan.h"
#include "pool.h"
#include "pull.h"
#include "pulled.h"
#include "record.h"
#include "round.h"
#include "scratch.h"
#include "spool.h"
#include "target.h"
#include "when.h"

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
	int		 unfinished;	/* committed, but not ended */
	int64_t		 until;		/* when_mono: commit before */
	int64_t		 began;
	size_t		 sent;		/* of n, they stand in front */
	uint64_t	 length;	/* of the record's body */
};

static void
batch_free(struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++) {
		if (b->pulled[i].fd != -1)
			close(b->pulled[i].fd);
		if (b->pulled[i].delta != -1)
			close(b->pulled[i].delta);
	}
	free(b);
}

static void
batch_over(struct batch *b)
{
	struct round *round = b->round;

	batch_free(b);
	round_batch_over(round);
}

/* What its kind was before: a descriptor, or -1. */
static int
baseline(const struct batch *b, size_t kind)
{
	char name[TARGET_KEPT];

	if (b->pull->keep == NULL)
		return (b->target->held[kind] == -1 ? -1 :
		    dup(b->target->held[kind]));
	target_kept(b->target, kind, name);
	return (keep_read(b->pull->keep, name));
}

static void
digest_one(struct batch *b, struct pulled *p)
{
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
	prev = baseline(b, p->kind);
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
	char reason[160];
	struct pulled p;
	size_t i;

	for (i = 0; i < b->n; i++) {
		p = b->pulled[i];
		tally->fetches[p.kind][p.fate == PULLED_FAILED ?
		    TALLY_NO_PROFILE : FETCH_OK]++;
		if (p.fate == PULLED_FAILED) {
			snprintf(reason, sizeof(reason), "no profile: %s",
			    p.why);
			target_failed(t, p.kind, reason);
			continue;
		}
		target_worked(t, p.kind);
		if (p.fate == PULLED_SENT) {
			b->pulled[i] = b->pulled[b->sent];
			b->pulled[b->sent++] = p;
			continue;
		}
		t->fresh |= 1U << p.kind;
		tally->first += p.fate == PULLED_FIRST;
		tally->restarted += p.fate == PULLED_RESTARTED;
		if (p.why != NULL)
			log_info(NULL, "new baseline",
			    "target=%s type=%s reason=%s",
			    log_quote(b->order->shown), kinds[p.kind].name,
			    log_quote(p.why));
	}
}

/* Is there anything to commit? */
static int
batch_empty(const struct batch *b)
{
	size_t i;

	for (i = 0; i < b->n; i++)
		if (b->pulled[i].fate != PULLED_FAILED)
			return (0);
	return (1);
}

/* A record is not made: of what grows nothing is lost, it comes next time. */
static void
batch_give_up(struct batch *b)
{
	struct tally *tally = &b->pull->tally;

	b->pull->failed = 1;
	if (b->late) {
		tally->late_records++;
		log_warn(b->id, "not committed", "target=%s reason=%s",
		    log_quote(b->order->shown),
		    log_quote(elect_why(b->pull->elect)));
	} else {
		tally->lost_records++;
		log_err(b->id, "not committed", "target=%s error=%s",
		    log_quote(b->order->shown), log_quote(strerror(b->error)));
	}
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
	if (when_mono() >= b->until) {
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
	if (when_mono() >= b->until) {
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
}

/* Without a spool the baselines stay open. */
static void
batch_hold(struct batch *b)
{
	struct pulled *p;
	size_t i;

	for (i = 0; i < b->n; i++) {
		p = &b->pulled[i];
		if (!kind_grows(p->kind) || p->fate == PULLED_FAILED)
			continue;
		if (b->target->held[p->kind] != -1)
			close(b->target->held[p->kind]);
		b->target->held[p->kind] = p->fd;
		p->fd = -1;
	}
}

static void
batch_tell(const struct batch *b)
{
	char types[128] = "";
	size_t i, len = 0;

	for (i = 0; i < b->sent; i++)
		len += (size_t)snprintf(types + len, sizeof(types) - len,
		    "%s%s", i > 0 ? "," : "", kinds[b->pulled[i].kind].name);
	log_info(b->id, "pulled", "target=%s types=%s bytes=%llu",
	    log_quote(b->order->shown), types, (unsigned long long)b->length);
}

static void
on_committed(void *arg)
{
	struct batch *b = arg;
	struct pull *pull = b->pull;

	pull->tally.commits++;
	pull->tally.commit_time += when_mono() - b->began;
	if (b->unfinished) {
		pull->failed = 1;
		memcpy(b->target->unfinished, b->id, sizeof(b->id));
		log_err(b->id, "committed, but not ended", "error=%s",
		    log_quote(strerror(b->error)));
	} else if (b->error != 0 || b->late) {
		/* To an output there is no second try: its stream is torn. */
		pull->broken |= pull->output != -1 && !b->late;
		batch_give_up(b);
		return;
	}
	if (pull->keep == NULL)
		batch_hold(b);
	if (b->sent > 0) {
		pull->tally.records++;
		pull->tally.bytes += b->length;
		batch_tell(b);
	}
	batch_over(b);
}

static void
on_digested(void *arg)
{
	struct batch *b = arg;

	if (b->error != 0) {
		batch_give_up(b);
		return;
	}
	batch_sort(b);
	if (batch_empty(b)) {
		batch_over(b);
		return;
	}
	b->until = elect_until(b->pull->elect);
	b->late = !elect_may(b->pull->elect);
	b->began = when_mono();
	if (!b->late && pool_run(b->pull->commits, on_commit, on_committed,
	    b) == 0)
		return;
	b->error = errno;
	batch_give_up(b);
}

void
batch_new(struct round *round, const struct pulled *pulled, size_t n)
{
	struct batch *b;
	size_t i;

	if ((b = calloc(1, sizeof(*b))) == NULL) {
		for (i = 0; i < n; i++)
			close(pulled[i].fd);
		round_batch_over(round);
		return;
	}
	b->round = round;
	b->target = round_target(round);
	b->order = round_order(round);
	b->pull = b->target->pull;
	b->n = n;
	memcpy(b->pulled, pulled, n * sizeof(*pulled));
	uuid_v7(b->id);
	if (pool_run(b->pull->digests, on_digest, on_digested, b) == 0)
		return;
	b->error = errno;
	batch_give_up(b);
}
