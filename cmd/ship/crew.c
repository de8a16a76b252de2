#include "crew.h"

#include <stdlib.h>

#include "answer.h"
#include "conf.h"
#include "counts.h"
#include "delivery.h"
#include "destination.h"
#include "fifo.h"
#include "health.h"
#include "log.h"
#include "pipes.h"
#include "verdict.h"
#include "when.h"

struct crew {
	struct pipes	*pipes;
	struct counts	*counts;
	unsigned int	 active;
};

/* What a name that is begun has. */
struct task {
	struct crew	*crew;
	struct pipes_name *name;
	struct destination *to;
	struct delivery	*delivery;
};

struct crew *
crew_new(struct pipes *pipes, struct counts *counts)
{
	struct crew *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	c->pipes = pipes;
	c->counts = counts;
	return (c);
}

static void
task_free(struct task *t)
{
	t->crew->active--;
	t->name->work = NULL;
	delivery_free(t->delivery);
	free(t);
}

void
crew_free(struct crew *c)
{
	struct pipes_name *n;

	if (c == NULL)
		return;
	for (n = pipes_first(c->pipes); n != NULL; n = pipes_next(n))
		if (n->work != NULL)
			task_free(n->work);
	free(c);
}

static void
name_back(struct crew *c, struct pipes_name *n)
{
	c->counts->verdicts[ANSWER_BACK]++;
	log_debug(n->id, "given back", "reason=\"not begun\"");
	pipes_answer(n, "back");
}

static void
on_delivered(struct delivery *d, void *arg)
{
	struct task *t = arg;
	struct crew *c = t->crew;
	struct pipes_name *n = t->name;
	char verdict[FIFO_LINE];

	verdict_text(verdict, sizeof(verdict), d);
	verdict_log(n->id, t->to->d->name, d);
	counts_verdict(c->counts, delivery_answer(d), when_now());
	task_free(t);
	pipes_answer(n, "%s", verdict);
	pipes_pump(c->pipes);
}

static void
name_begin(struct crew *c, struct pipes_name *n, struct destination *to)
{
	struct task *t;

	if ((t = calloc(1, sizeof(*t))) == NULL) {
		name_back(c, n);
		return;
	}
	t->crew = c;
	t->name = n;
	t->to = to;
	t->delivery = delivery_new(to, n->path, -1, n->id, n->attempts,
	    on_delivered, t);
	if (t->delivery == NULL) {
		free(t);
		name_back(c, n);
		return;
	}
	n->work = t;
	c->active++;
	health_take(to->health, t->delivery);
	delivery_start(t->delivery);
}

void
crew_begin(struct crew *c, struct destination *to)
{
	struct pipes_name *n, *next;

	for (n = pipes_first(c->pipes); n != NULL; n = next) {
		next = pipes_next(n);
		if (n->work != NULL)
			continue;
		if (to == NULL || !health_may(to->health, when_mono()))
			name_back(c, n);
		else if (c->active < to->d->workers)
			name_begin(c, n, to);
		else
			break;
	}
}

void
crew_stop(struct crew *c, const void *except, int now)
{
	struct pipes_name *n, *next;
	struct task *t;

	for (n = pipes_first(c->pipes); n != NULL; n = next) {
		next = pipes_next(n);
		t = n->work;
		if (t != NULL && t->delivery != except)
			delivery_stop(t->delivery, now);
	}
}

unsigned int
crew_active(const struct crew *c)
{
	return (c->active);
}
