#include "consumer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "counts.h"
#include "crew.h"
#include "dataway.h"
#include "destination.h"
#include "health.h"
#include "log.h"
#include "outroom.h"
#include "pipes.h"
#include "sandbox.h"
#include "send.h"
#include "spool.h"
#include "vitals.h"
#include "when.h"

#define STOP_SECONDS	5	/* for what is under way */
#define STORE_SECONDS	10	/* for a disk, and for prof-spool to read */

struct consumer {
	struct event_base *base;
	struct spool	*spool;
	struct destination *to;
	struct destination *olds;	/* that still have deliveries */
	struct pipes	*pipes;
	struct crew	*crew;
	struct event	*wake;		/* the window opens by itself */
	enum health_state said;		/* as logged last, */
	int64_t		 since;		/* and when; unix ns */
	struct vitals	 vitals;
	int		 untold;	/* the statistics could not be written */
};

static unsigned int
on_window(void *arg)
{
	struct consumer *c = arg;
	uint64_t full = 2 * c->to->d->workers;

	return (health_window(c->to->health,
	    full < PIPES_WINDOW ? (unsigned int)full : PIPES_WINDOW,
	    when_mono()));
}

/* Say how the destination does, and when it fails let one only go on. */
static void
consumer_health(struct consumer *c)
{
	struct health *h = c->to->health;

	if (h->state == c->said)
		return;
	c->said = h->state;
	c->since = when_now();
	/* Whoever looks now should not see what was 10 s ago. */
	(void)consumer_stat(c);
	if (h->state == HEALTH_WELL) {
		log_info(NULL, "destination is well", "to=%s", c->to->d->name);
		return;
	}
	log_warn(NULL, h->state == HEALTH_DOWN ? "destination is down" :
	    "destination is suspended", "to=%s reason=%s", c->to->d->name,
	    log_quote(c->to->counts->reason));
	crew_stop(c->crew, h->probe, 0);
}

static void
consumer_wake(struct consumer *c)
{
	int64_t now = when_mono(), opens = health_opens(c->to->health);
	struct timeval tv;

	if (opens == 0) {
		evtimer_del(c->wake);
		return;
	}
	if (opens > now) {
		/* Not a moment too early: up to the next microsecond. */
		tv = when_timeval(opens + 999 - now);
		evtimer_add(c->wake, &tv);
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct consumer *c = arg;

	(void)fd;
	(void)what;
	pipes_pump(c->pipes);
}

static void
consumer_forget(struct consumer *c)
{
	struct destination **to = &c->olds, *old;

	while ((old = *to) != NULL) {
		if (old->deliveries == 0) {
			*to = old->next;
			destination_free(old);
		} else
			to = &old->next;
	}
}

static void
on_pump(void *arg)
{
	struct consumer *c = arg;

	consumer_forget(c);
	consumer_health(c);
	crew_begin(c->crew, pipes_stopping(c->pipes) ? NULL : c->to);
	consumer_wake(c);
}

static void
on_health(void *arg)
{
	struct consumer *c = arg;

	pipes_pump(c->pipes);
}

int
consumer_stat(struct consumer *c)
{
	struct counts_now now = {
		.queue = c->to->d->name,
		.state = c->to->health->state,
		.since = c->since,
		.in_hand = pipes_names(c->pipes),
		.workers = (unsigned int)c->to->d->workers,
		.window = pipes_window(c->pipes),
		.outbox = c->to->room != NULL,
	};
	int64_t opens = health_opens(c->to->health);
	char prog[SPOOL_NAME_MAX + 8];
	struct buf text = { 0 };
	int result = -1;

	if (c->to->dataway != NULL) {
		now.stale_token = dataway_stale(c->to->dataway);
		now.stale_files = sender_stale(c->to->sender) != 0;
	}
	if (opens != 0)
		now.opens = when_now() + opens - when_mono();
	if (now.outbox)
		now.outbox_bytes = outroom_bytes(c->to->room);
	snprintf(prog, sizeof(prog), "ship.%s", now.queue);
	if (counts_text(c->to->counts, &now, &text) == 0)
		result = vitals_write(&c->vitals, c->spool, prog, &text);
	buf_free(&text);
	return (result);
}

static void
on_tick(void *arg)
{
	struct consumer *c = arg;
	int failed = consumer_stat(c) == -1;

	if (failed && !c->untold)
		log_warn(NULL, "cannot write statistics", "to=%s error=%s",
		    c->to->d->name, log_quote(strerror(errno)));
	c->untold = failed;
	if (sandbox_stale())
		consumer_stop(c);
}

/* Past the bounds: give up what is being sent, then what is being stored. */
static void
on_stopping(int64_t since, void *arg)
{
	struct consumer *c = arg;

	if (since > STOP_SECONDS * WHEN_SECOND)
		crew_stop(c->crew, NULL, 1);
	if (since > STORE_SECONDS * WHEN_SECOND)
		event_base_loopbreak(c->base);
}

static void
on_odd(const char *line, void *arg)
{
	struct consumer *c = arg;

	log_warn(NULL, "line ignored", "to=%s line=%s", c->to->d->name,
	    log_quote(line));
}

static void
on_broken(void *arg)
{
	(void)arg;
	log_err(NULL, "out of memory", "");
	exit(111);
}

static const struct pipes_calls consumer_calls = {
	.window = on_window, .pump = on_pump, .tick = on_tick,
	.stopping = on_stopping, .odd = on_odd, .broken = on_broken };

void
consumer_stop(struct consumer *c)
{
	int first = !pipes_stopping(c->pipes);

	pipes_stop(c->pipes);
	if (first)
		crew_stop(c->crew, NULL, 0);
}

void
consumer_change(struct consumer *c, struct destination *to)
{
	c->to->on_health = NULL;
	c->to->next = c->olds;
	c->olds = c->to;
	c->to = to;
	to->on_health = on_health;
	to->arg = c;
	c->said = HEALTH_WELL;
	c->since = when_now();
	pipes_pump(c->pipes);
}

int
consumer_start(struct consumer *c)
{
	return (pipes_start(c->pipes));
}

static int
consumer_open(struct consumer *c)
{
	c->pipes = pipes_new(c->base, c->spool, c->to->d->name,
	    &consumer_calls, c);
	if (c->pipes == NULL)
		return (-1);
	c->wake = evtimer_new(c->base, on_wake, c);
	c->crew = crew_new(c->pipes, c->to->counts);
	errno = ENOMEM;
	return (c->wake == NULL || c->crew == NULL ? -1 : 0);
}

struct consumer *
consumer_new(struct event_base *base, struct spool *spool,
    struct destination *to)
{
	struct consumer *c;
	int saved;

	if ((c = calloc(1, sizeof(*c))) == NULL) {
		destination_free(to);
		return (NULL);
	}
	c->base = base;
	c->since = when_now();
	c->spool = spool;
	c->to = to;
	to->on_health = on_health;
	to->arg = c;
	if (consumer_open(c) == 0)
		return (c);
	saved = errno;
	consumer_free(c);
	errno = saved;
	return (NULL);
}

void
consumer_free(struct consumer *c)
{
	if (c == NULL)
		return;
	crew_free(c->crew);
	if (c->wake != NULL)
		event_free(c->wake);
	pipes_free(c->pipes);
	consumer_forget(c);
	destination_free(c->to);
	free(c);
}

int
consumer_stuck(const struct consumer *c)
{
	return (crew_active(c->crew) != 0);
}
