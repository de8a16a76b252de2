#include "account.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fold.h"
#include "spool.h"
#include "walk.h"

#define ROUNDS	10	/* looks at a spool that is at work */
#define PAUSE	200000	/* microseconds between two */

/* A record that is there. */
struct present {
	char		 id[UUID_TEXT];
	char		 dead;
};

/* A queue's ledger, and what is there of its ids. */
struct reading {
	struct fold	 fold;
	struct present	*v;		/* by id, each once */
	size_t		 n, cap;
};

static int
suspects_add(struct suspects *s, const char *queue, const char *id,
    const char *why, enum ledger_word settles)
{
	struct suspect *v;

	if ((v = realloc(s->v, (s->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	s->v = v;
	v += s->n++;
	snprintf(v->queue, sizeof(v->queue), "%s", queue);
	memcpy(v->id, id, UUID_TEXT);
	v->why = why;
	v->settles = settles;
	return (0);
}

static int
suspects_have(const struct suspects *s, const struct suspect *one)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->v[i].id, one->id) == 0 &&
		    strcmp(s->v[i].queue, one->queue) == 0)
			return (1);
	return (0);
}

/* Of s, those that other has too: what moved meanwhile is no fault. */
static void
suspects_keep(struct suspects *s, const struct suspects *other)
{
	size_t i, n = 0;

	for (i = 0; i < s->n; i++)
		if (suspects_have(other, &s->v[i]))
			s->v[n++] = s->v[i];
	s->n = n;
}

static int
reading_place(const struct place *p, void *arg)
{
	struct reading *r = arg;
	size_t cap = r->cap == 0 ? 256 : 2 * r->cap;
	struct present *v;

	if (r->n == r->cap) {
		if ((v = realloc(r->v, cap * sizeof(*v))) == NULL)
			return (-1);
		r->v = v;
		r->cap = cap;
	}
	memcpy(r->v[r->n].id, p->id, UUID_TEXT);
	r->v[r->n++].dead = strcmp(p->state, SPOOL_DEAD) == 0;
	return (0);
}

static int
by_id(const void *a, const void *b)
{
	const struct present *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	return (c != 0 ? c : x->dead - y->dead);
}

/* The ledger first: what comes in meanwhile is there and not yet read. */
static int
reading_make(struct reading *r, int root, const char *queue)
{
	size_t i, n = 0;

	memset(r, 0, sizeof(*r));
	if (fold_read(&r->fold, root, queue) == -1 ||
	    walk(root, SPOOL_QUEUE, queue, reading_place, r) == -1 ||
	    walk(root, SPOOL_DEAD, queue, reading_place, r) == -1)
		return (-1);
	if (r->n == 0)
		return (0);
	qsort(r->v, r->n, sizeof(*r->v), by_id);
	for (i = 1; i < r->n; i++)
		if (strcmp(r->v[n].id, r->v[i].id) != 0)
			r->v[++n] = r->v[i];
	r->n = n + 1;
	return (0);
}

static int
id_of(const void *id, const void *present)
{
	return (strcmp(id, ((const struct present *)present)->id));
}

/* Said to come in, and then the disk refused: it will come in again. */
static int
still_new(int root, const char *id)
{
	char name[sizeof(SPOOL_NEW) + UUID_TEXT];

	snprintf(name, sizeof(name), SPOOL_NEW "/%s", id);
	return (faccessat(root, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

/* The ids that are no longer there. */
static int
sum_ended(struct account *a, int root, const struct reading *r,
    const char *queue, struct suspects *s)
{
	const struct folded *f;
	const char *why;
	size_t i;

	for (i = 0; i < r->fold.n; i++) {
		f = &r->fold.v[i];
		if (r->n > 0 &&
		    bsearch(f->id, r->v, r->n, sizeof(*r->v), id_of) != NULL)
			continue;
		if (f->word == LEDGER_IN && still_new(root, f->id)) {
			a->received--;
			continue;
		}
		a->ended[f->word]++;
		why = f->word == LEDGER_IN ? "came in and is nowhere" :
		    f->word == LEDGER_DEAD ? "is dead and nowhere" : NULL;
		if (why != NULL && suspects_add(s, queue, f->id, why,
		    LEDGER_REMOVED) == -1)
			return (-1);
	}
	return (0);
}

static int
sum_present(struct account *a, const struct reading *r, const char *queue,
    struct suspects *s)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		a->dead += (uint64_t)r->v[i].dead;
		a->queued += (uint64_t)!r->v[i].dead;
		if (fold_find(&r->fold, r->v[i].id) != NULL)
			continue;
		a->received++;
		if (suspects_add(s, queue, r->v[i].id,
		    "is there and was never counted",
		    r->v[i].dead ? LEDGER_DEAD : LEDGER_IN) == -1)
			return (-1);
	}
	return (0);
}

int
account_read(struct account *a, int root, const char *queue,
    struct suspects *s)
{
	struct reading r;
	int result, saved, word;

	memset(a, 0, sizeof(*a));
	result = reading_make(&r, root, queue);
	a->received = r.fold.n;
	for (word = 0; word < LEDGER_WORDS; word++) {
		a->ended[word] = r.fold.totals[word];
		a->received += r.fold.totals[word];
	}
	if (result == 0 && (sum_ended(a, root, &r, queue, s) == -1 ||
	    sum_present(a, &r, queue, s) == -1))
		result = -1;
	saved = errno;
	fold_free(&r.fold);
	free(r.v);
	errno = saved;
	return (result);
}

/* A look at all queues. */
struct look {
	int		 root;
	struct suspects	 suspects;
};

static int
look_queue(const char *queue, void *arg)
{
	struct look *l = arg;
	struct account a;

	return (account_read(&a, l->root, queue, &l->suspects));
}

/* Every queue there is: dead/ has a directory for each, and none. */
int
account_check(int root, struct suspects *found)
{
	struct look l = { .root = root };
	int round;

	memset(found, 0, sizeof(*found));
	for (round = 0; round < ROUNDS; round++) {
		if (round > 0)
			usleep(PAUSE);
		memset(&l.suspects, 0, sizeof(l.suspects));
		if (walk_queues(root, SPOOL_DEAD, look_queue, &l) == -1) {
			free(l.suspects.v);
			return (-1);
		}
		if (round > 0)
			suspects_keep(&l.suspects, found);
		free(found->v);
		*found = l.suspects;
		if (found->n == 0)
			break;
	}
	return (0);
}
