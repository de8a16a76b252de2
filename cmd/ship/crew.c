#include "crew.h"

#include <sys/queue.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "conf.h"
#include "counts.h"
#include "delivery.h"
#include "destination.h"
#include "done.h"
#include "fifo.h"
#include "health.h"
#include "log.h"
#include "uuid.h"
#include "verdict.h"
#include "when.h"

struct name {
	TAILQ_ENTRY(name) next;
	struct crew	*crew;
	struct destination *to;		/* once begun, with delivery */
	struct delivery	*delivery;
	unsigned int	 attempts;
	char		 id[UUID_TEXT];
	char		 path[FIFO_LINE];
};

TAILQ_HEAD(names, name);

struct crew {
	struct done	*done;
	struct counts	*counts;
	void		(*on_change)(void *);
	void		*arg;
	struct names	 names;
	unsigned int	 nnames;
	unsigned int	 active;
};

struct crew *
crew_new(struct done *done, struct counts *counts, void (*on_change)(void *),
    void *arg)
{
	struct crew *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	TAILQ_INIT(&c->names);
	c->done = done;
	c->counts = counts;
	c->on_change = on_change;
	c->arg = arg;
	return (c);
}

static void
name_free(struct name *n)
{
	struct crew *c = n->crew;

	TAILQ_REMOVE(&c->names, n, next);
	c->nnames--;
	if (n->delivery != NULL) {
		c->active--;
		delivery_free(n->delivery);
	}
	free(n);
}

void
crew_free(struct crew *c)
{
	struct name *n, *next;

	if (c == NULL)
		return;
	for (n = TAILQ_FIRST(&c->names); n != NULL; n = next) {
		next = TAILQ_NEXT(n, next);
		name_free(n);
	}
	free(c);
}

int
crew_take(struct crew *c, char *line)
{
	char *id, *attempts, *path = line, *end;
	struct name *n;
	unsigned long count;

	id = strsep(&path, " ");
	attempts = strsep(&path, " ");
	if (path == NULL || path[0] != '/' || !uuid_valid(id) ||
	    attempts[0] < '0' || attempts[0] > '9')
		return (-1);
	count = strtoul(attempts, &end, 10);
	if (*end != '\0')
		return (-1);
	TAILQ_FOREACH(n, &c->names, next)
		if (strcmp(n->id, id) == 0)
			return (0);
	if ((n = calloc(1, sizeof(*n))) == NULL) {
		done_say(c->done, "%s back", id);
		return (0);
	}
	n->crew = c;
	n->attempts = count < 1000000000 ? (unsigned int)count : 1000000000;
	snprintf(n->id, sizeof(n->id), "%s", id);
	snprintf(n->path, sizeof(n->path), "%s", path);
	TAILQ_INSERT_TAIL(&c->names, n, next);
	c->nnames++;
	return (0);
}

static void
name_back(struct name *n)
{
	n->crew->counts->verdicts[ANSWER_BACK]++;
	log_debug(n->id, "given back", "reason=\"not begun\"");
	done_say(n->crew->done, "%s back", n->id);
	name_free(n);
}

static void
on_delivered(struct delivery *d, void *arg)
{
	struct name *n = arg;
	struct crew *c = n->crew;
	char line[FIFO_LINE];

	verdict_line(line, sizeof(line), n->id, d);
	done_say(c->done, "%s", line);
	verdict_log(n->id, n->to->d->name, d);
	counts_verdict(c->counts, delivery_answer(d), when_now());
	name_free(n);
	c->on_change(c->arg);
}

static void
name_begin(struct name *n, struct destination *to)
{
	n->delivery = delivery_new(to, n->path, -1, n->id, n->attempts,
	    on_delivered, n);
	if (n->delivery == NULL) {
		name_back(n);
		return;
	}
	n->to = to;
	n->crew->active++;
	health_take(to->health, n->delivery);
	delivery_start(n->delivery);
}

void
crew_begin(struct crew *c, struct destination *to)
{
	struct name *n, *next;

	for (n = TAILQ_FIRST(&c->names); n != NULL; n = next) {
		next = TAILQ_NEXT(n, next);
		if (n->delivery != NULL)
			continue;
		if (to == NULL || !health_may(to->health, when_mono()))
			name_back(n);
		else if (c->active < to->d->workers)
			name_begin(n, to);
		else
			break;
	}
}

void
crew_stop(struct crew *c, const void *except, int now)
{
	struct name *n, *next;

	for (n = TAILQ_FIRST(&c->names); n != NULL; n = next) {
		next = TAILQ_NEXT(n, next);
		if (n->delivery != NULL && n->delivery != except)
			delivery_stop(n->delivery, now);
	}
}

unsigned int
crew_names(const struct crew *c)
{
	return (c->nnames);
}

unsigned int
crew_active(const struct crew *c)
{
	return (c->active);
}
