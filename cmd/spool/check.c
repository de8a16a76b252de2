#include "hand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fold.h"
#include "log.h"
#include "spool.h"
#include "walk.h"

#define ROUNDS	10	/* looks at a spool that is at work */
#define PAUSE	200000	/* microseconds between two */

/* An id of a queue that does not add up, and why. */
struct suspect {
	char		 queue[SPOOL_NAME_MAX + 1];
	char		 id[UUID_TEXT];
	const char	*why;
};

struct suspects {
	struct suspect	*v;
	size_t		 n;
};

/* A record that is there. */
struct present {
	char		 id[UUID_TEXT];
	char		 dead;
};

/* One queue: its ledger, what is there, and the sums of both. */
struct account {
	struct fold	 fold;
	struct present	*v;		/* by id, each once */
	size_t		 n, cap;
	uint64_t	 ended[LEDGER_WORDS];	/* of ids that are not there */
	uint64_t	 queued, dead, uncounted;
};

struct check {
	int		 root;
	struct suspects	 now, before;	/* of this round, and the last */
	int		 print;
};

static int
suspects_add(struct suspects *s, const char *queue, const char *id,
    const char *why)
{
	struct suspect *v;

	if ((v = realloc(s->v, (s->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	s->v = v;
	v += s->n++;
	snprintf(v->queue, sizeof(v->queue), "%s", queue);
	memcpy(v->id, id, UUID_TEXT);
	v->why = why;
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

/* Of one, those that are in the other too: what moved meanwhile is no fault. */
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
account_place(const struct place *p, void *arg)
{
	struct account *a = arg;
	size_t cap = a->cap == 0 ? 256 : 2 * a->cap;
	struct present *v;

	if (a->n == a->cap) {
		if ((v = realloc(a->v, cap * sizeof(*v))) == NULL)
			return (-1);
		a->v = v;
		a->cap = cap;
	}
	memcpy(a->v[a->n].id, p->id, UUID_TEXT);
	a->v[a->n++].dead = strcmp(p->state, SPOOL_DEAD) == 0;
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
account_read(struct account *a, int root, const char *queue)
{
	size_t i, n = 0;

	memset(a, 0, sizeof(*a));
	if (fold_read(&a->fold, root, queue) == -1 ||
	    walk(root, SPOOL_QUEUE, queue, account_place, a) == -1 ||
	    walk(root, SPOOL_DEAD, queue, account_place, a) == -1)
		return (-1);
	if (a->n == 0)
		return (0);
	qsort(a->v, a->n, sizeof(*a->v), by_id);
	for (i = 1; i < a->n; i++)
		if (strcmp(a->v[n].id, a->v[i].id) != 0)
			a->v[++n] = a->v[i];
	a->n = n + 1;
	return (0);
}

static void
account_free(struct account *a)
{
	fold_free(&a->fold);
	free(a->v);
}

static int
id_of(const void *id, const void *present)
{
	return (strcmp(id, ((const struct present *)present)->id));
}

/* Sum it up; what does not add up goes to s. */
static int
account_sum(struct account *a, const char *queue, struct suspects *s)
{
	const struct folded *f;
	const char *why;
	size_t i;

	for (i = 0; i < LEDGER_WORDS; i++)
		a->ended[i] = a->fold.totals[i];
	for (i = 0; i < a->fold.n; i++) {
		f = &a->fold.v[i];
		if (a->n > 0 &&
		    bsearch(f->id, a->v, a->n, sizeof(*a->v), id_of) != NULL)
			continue;
		a->ended[f->word]++;
		why = f->word == LEDGER_IN ? "came in and is nowhere" :
		    f->word == LEDGER_DEAD ? "is dead and nowhere" : NULL;
		if (why != NULL && suspects_add(s, queue, f->id, why) == -1)
			return (-1);
	}
	for (i = 0; i < a->n; i++) {
		a->dead += (uint64_t)a->v[i].dead;
		a->queued += (uint64_t)!a->v[i].dead;
		if (fold_find(&a->fold, a->v[i].id) != NULL)
			continue;
		a->uncounted++;
		if (suspects_add(s, queue, a->v[i].id,
		    "is there and was never counted") == -1)
			return (-1);
	}
	return (0);
}

static uint64_t
account_received(const struct account *a)
{
	uint64_t sum = a->fold.n + a->uncounted;
	int word;

	for (word = 0; word < LEDGER_WORDS; word++)
		sum += a->fold.totals[word];
	return (sum);
}

static int
check_queue(const char *queue, void *arg)
{
	struct check *c = arg;
	struct account a;
	int result = -1;

	if (account_read(&a, c->root, queue) == 0 &&
	    account_sum(&a, queue, &c->now) == 0)
		result = 0;
	if (result == 0 && c->print)
		printf("%-20.20s %10llu %10llu %8llu %7llu %8llu %8llu\n",
		    queue, (unsigned long long)account_received(&a),
		    (unsigned long long)a.ended[LEDGER_OK],
		    (unsigned long long)a.queued, (unsigned long long)a.dead,
		    (unsigned long long)a.ended[LEDGER_EVICTED],
		    (unsigned long long)a.ended[LEDGER_REMOVED]);
	account_free(&a);
	return (result);
}

/* Every queue there is: dead/ has a directory for each, and none. */
static int
check_round(struct check *c)
{
	free(c->before.v);
	c->before = c->now;
	memset(&c->now, 0, sizeof(c->now));
	return (walk_queues(c->root, SPOOL_DEAD, check_queue, c));
}

static void
print_suspects(const struct suspects *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		printf("%s %s %s\n", s->v[i].queue, s->v[i].id, s->v[i].why);
}

static int
check_rounds(struct check *c)
{
	int round;

	for (round = 0; round < ROUNDS; round++) {
		if (round > 0)
			usleep(PAUSE);
		if (check_round(c) == -1)
			return (-1);
		if (round > 0)
			suspects_keep(&c->now, &c->before);
		if (c->now.n == 0)
			break;
	}
	return (0);
}

int
hand_check(struct spool *spool, int argc, char *argv[])
{
	struct check c = { .root = spool_dir(spool) };
	struct suspects found = { .n = 0 };
	int result = 111;

	(void)argv;
	if (argc != 1) {
		fprintf(stderr, "usage: prof-spool check\n");
		return (2);
	}
	if (check_rounds(&c) == -1)
		goto fail;
	found = c.now;
	memset(&c.now, 0, sizeof(c.now));
	printf("%-20s %10s %10s %8s %7s %8s %8s\n", "QUEUE", "RECEIVED",
	    "DELIVERED", "QUEUED", "DEAD", "EVICTED", "REMOVED");
	c.print = 1;
	if (check_round(&c) == -1)
		goto fail;
	print_suspects(&found);
	if (fflush(stdout) == 0)
		result = found.n > 0 ? 100 : 0;
	goto out;
fail:
	log_err(NULL, "cannot read the spool", "error=%s",
	    log_quote(strerror(errno)));
out:
	free(found.v);
	free(c.now.v);
	free(c.before.v);
	return (result);
}
