#include "making.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "digest.h"
#include "envelope.h"
#include "keep.h"
#include "order.h"
#include "plan.h"
#include "pull.h"
#include "record.h"
#include "round.h"
#include "scratch.h"
#include "spool.h"
#include "target.h"
#include "when.h"

/* What its kind was before. -1 with errno; ENOENT: it is not known. */
static int
baseline(const struct making *m, size_t kind)
{
	char name[TARGET_KEPT];

	errno = ENOENT;
	if (m->stale & 1U << kind)
		return (-1);
	if (m->pull->keep == NULL)
		return (m->target->held[kind] == -1 ? -1 :
		    dup(m->target->held[kind]));
	target_kept(m->target, kind, name);
	return (keep_read(m->pull->keep, name));
}

static void
digest_one(struct making *m, struct pulled *p)
{
	uint64_t limit = m->order->plan->conf->body_size_limit;
	int prev;

	if (!kind_grows(p->kind)) {
		digest_plain(p, limit);
		return;
	}
	p->fate = PULLED_BROKEN;
	p->why = "out of descriptors, or memory";
	if ((p->delta = scratch_open()) == -1)
		return;
	p->why = "the one before cannot be read";
	if ((prev = baseline(m, p->kind)) == -1 && errno != ENOENT)
		return;
	digest_grown(p, prev, limit, m->pull->spool);
	if (prev != -1)
		close(prev);
}

void
making_digest(struct making *m)
{
	struct target *t = m->target;
	size_t i;

	/* What an earlier commit left is in the way of what is kept. */
	if (kind_grows(m->pulled[0].kind) && t->unfinished[0] != '\0') {
		if (keep_finish(m->pull->keep, t->unfinished) == -1) {
			m->error = errno;
			return;
		}
		t->unfinished[0] = '\0';
	}
	for (i = 0; i < m->n; i++) {
		digest_one(m, &m->pulled[i]);
		m->restarted |= m->pulled[i].fate == PULLED_RESTARTED;
	}
	/* One process counts all of them; a counter that was low before may
	 * have passed its old value by now. */
	for (i = 0; m->restarted && i < m->n; i++)
		if (m->pulled[i].fate == PULLED_SENT)
			m->pulled[i].fate = PULLED_RESTARTED;
}

/* The record as a draft, complete. within: what it commits with, or NULL. */
static struct draft *
draft(struct making *m, struct keep_change *within)
{
	struct record r = { 0 };
	struct draft *d = NULL;
	int saved;

	memcpy(r.id, m->id, sizeof(r.id));
	if (envelope_head(&r, m->order, m->pulled, when_now()) == 0)
		d = within != NULL ? keep_record(within, &r) :
		    draft_new(m->pull->spool, "pull", &r);
	saved = errno;
	record_clear(&r);
	errno = saved;
	if (d == NULL)
		return (NULL);
	if (envelope_body(d, m->id, m->order, m->pulled, m->sent) == 0) {
		m->length = draft_length(d);
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
commit_record(struct making *m)
{
	struct draft *d = draft(m, NULL);

	if (d == NULL)
		return (-1);
	if (!round_may(m->round, m->until)) {
		draft_discard(d);
		m->late = 1;
		return (-1);
	}
	return (m->pull->output != -1 ? draft_copy(d, m->pull->output) :
	    draft_commit(d));
}

/* Is it no baseline of a restarted target, or one that is replaced now? */
static int
stays(const char *name, int64_t age, void *arg)
{
	const struct making *m = arg;
	char kept[TARGET_KEPT];
	size_t i;

	(void)age;
	for (i = 0; i < m->n; i++) {
		target_kept(m->target, m->pulled[i].kind, kept);
		if (pulled_kept(&m->pulled[i]) && strcmp(name, kept) == 0)
			return (1);
	}
	target_kept(m->target, 0, kept);
	return (strncmp(name, kept, strcspn(kept, ".") + 1) != 0);
}

/*
 * Of a target that was restarted forget also what did not come this time, for
 * the next would be compared with another run's.
 */
static int
forget_others(const struct making *m)
{
	unsigned int others = m->order->kinds, removed;
	size_t i;

	for (i = 0; i < m->n; i++)
		if (pulled_kept(&m->pulled[i]))
			others &= ~(1U << m->pulled[i].kind);
	for (i = 0; i < KINDS; i++)
		if (!kind_grows(i))
			others &= ~(1U << i);
	return (others == 0 ? 0 : keep_prune(m->pull->keep, stays,
	    (void *)(uintptr_t)m, &removed));
}

/* The record, if there is one, and what takes the baselines' place. */
static int
commit_change(struct making *m)
{
	struct keep_change *c;
	char name[TARGET_KEPT];
	int result, saved;
	size_t i;

	if ((m->restarted && forget_others(m) == -1) ||
	    (c = keep_begin(m->pull->keep, m->id)) == NULL)
		return (-1);
	for (i = 0; i < m->n; i++) {
		if (!pulled_kept(&m->pulled[i]))
			continue;
		target_kept(m->target, m->pulled[i].kind, name);
		if (keep_put(c, name, m->pulled[i].fd) == -1)
			goto fail;
	}
	if (m->sent > 0 && draft(m, c) == NULL)
		goto fail;
	if (!round_may(m->round, m->until)) {
		m->late = 1;
		goto fail;
	}
	if ((result = keep_commit(c)) != 1)
		return (result);
	m->unfinished = 1;
	return (0);
fail:
	saved = errno;
	keep_discard(c);
	errno = saved;
	return (-1);
}

void
making_commit(struct making *m)
{
	int result = 0;

	errno = 0;
	if (m->pull->keep != NULL && kind_grows(m->pulled[0].kind))
		result = commit_change(m);
	else if (m->sent > 0)
		result = commit_record(m);
	if (result == -1 || m->unfinished)
		m->error = errno != 0 ? errno : EIO;
}
