#include "consumer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "counts.h"
#include "crew.h"
#include "destination.h"
#include "done.h"
#include "fifo.h"
#include "health.h"
#include "log.h"
#include "outroom.h"
#include "spool.h"
#include "when.h"

#define TICK_SECONDS	10
#define STOP_SECONDS	5	/* for what is under way */
#define STORE_SECONDS	10	/* for a disk, and for prof-spool to read */
#define WINDOW_MAX	256	/* prof-spool's own bound */
#define NAMES_MAX	1024	/* in hand; more come from no prof-spool */
#define WAITING_MAX	65536	/* bytes of verdicts; then read no more names */

struct consumer {
	struct event_base *base;
	struct spool	*spool;
	struct destination *to;
	struct destination *olds;	/* that still have deliveries */
	int		 todo_fd;
	int		 done_fd;
	struct event	*todo;
	struct event	*tick;
	struct event	*wake;		/* the window opens by itself */
	struct event	*pump;		/* see to what can begin */
	struct event	*stop;
	struct done	*done;
	struct fifo	 lines;
	struct crew	*crew;
	unsigned int	 window;	/* as said last */
	enum health_state said;		/* as logged last */
	int		 awaiting;	/* a hello in answer to ours */
	int64_t		 stopping;	/* since when; mono; 0: not so */
	int		 untold;	/* the statistics could not be written */
};

static unsigned int
consumer_full(const struct consumer *c)
{
	uint64_t n = 2 * c->to->d->workers;

	return (n < WINDOW_MAX ? (unsigned int)n : WINDOW_MAX);
}

/* Say the window if it is another one, or because it is time to. */
static void
consumer_window(struct consumer *c, int anyway)
{
	unsigned int window;

	window = c->stopping ? 0 :
	    health_window(c->to->health, consumer_full(c), when_mono());
	if (window == c->window && !anyway)
		return;
	c->window = window;
	done_say(c->done, "window %u", window);
}

static void
consumer_hello(struct consumer *c)
{
	c->awaiting = 1;
	done_say(c->done, "hello");
	consumer_window(c, 1);
}

static void
consumer_pump(void *arg)
{
	struct consumer *c = arg;

	event_active(c->pump, EV_TIMEOUT, 0);
}

/* Take what stands in todo. Before our hello is answered that is void. */
static void
consumer_read(struct consumer *c)
{
	char *line;

	while (crew_names(c->crew) < NAMES_MAX &&
	    done_waiting(c->done) < WAITING_MAX) {
		if ((line = fifo_line(&c->lines, c->todo_fd)) == NULL) {
			event_add(c->todo, NULL);
			return;
		}
		if (strcmp(line, "hello") != 0) {
			if (!c->awaiting && crew_take(c->crew, line) == -1)
				log_warn(NULL, "line ignored",
				    "to=%s line=%s", c->to->d->name,
				    log_quote(line));
		} else if (c->awaiting) {
			c->awaiting = 0;
			/* It may have missed ours: then this asks again. */
			consumer_window(c, 1);
		} else
			consumer_hello(c);
	}
	event_del(c->todo);
}

static void
on_todo(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	consumer_read(arg);
	consumer_pump(arg);
}

/* Say how the destination does, and when it fails let one only go on. */
static void
consumer_health(struct consumer *c)
{
	struct health *h = c->to->health;

	if (h->state == c->said)
		return;
	c->said = h->state;
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
	struct timeval tv = { 0, 0 };

	if (opens == 0) {
		evtimer_del(c->wake);
		return;
	}
	if (opens > now) {
		/* Not a moment too early: up to the next microsecond. */
		opens += 999;
		tv.tv_sec = (opens - now) / WHEN_SECOND;
		tv.tv_usec = (opens - now) % WHEN_SECOND / 1000;
		evtimer_add(c->wake, &tv);
	}
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

/* Begin what can, give back what cannot. */
static void
on_pump(evutil_socket_t fd, short what, void *arg)
{
	struct consumer *c = arg;

	(void)fd;
	(void)what;
	consumer_forget(c);
	/* The window first, that nobody is sent in the place of what goes. */
	consumer_window(c, 0);
	consumer_health(c);
	crew_begin(c->crew, c->stopping != 0 ? NULL : c->to);
	consumer_window(c, 0);
	consumer_wake(c);
	if (!c->stopping && !event_pending(c->todo, EV_READ, NULL))
		consumer_read(c);
	if (c->stopping && crew_names(c->crew) == 0 &&
	    done_waiting(c->done) == 0)
		event_base_loopbreak(c->base);
}

int
consumer_stat(struct consumer *c)
{
	struct counts_now now = {
		.queue = c->to->d->name,
		.state = health_word(c->to->health->state),
		.in_hand = crew_names(c->crew),
		.workers = (unsigned int)c->to->d->workers,
		.window = c->window,
		.outbox = c->to->room != NULL,
	};
	char prog[SPOOL_NAME_MAX + 8];
	struct buf text = { 0 };
	int result = -1;

	if (now.outbox)
		now.outbox_bytes = outroom_bytes(c->to->room);
	snprintf(prog, sizeof(prog), "ship.%s", now.queue);
	if (counts_text(c->to->counts, &now, &text) == 0)
		result = spool_stat(c->spool, prog, text.p, text.len);
	buf_free(&text);
	return (result);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct consumer *c = arg;
	int failed;

	(void)fd;
	(void)what;
	consumer_window(c, 1);
	failed = consumer_stat(c) == -1;
	if (failed && !c->untold)
		log_warn(NULL, "statistics", "to=%s error=%s", c->to->d->name,
		    log_quote(strerror(errno)));
	c->untold = failed;
}

/* Past the bounds: give up what is being sent, then what is being stored. */
static void
on_stop(evutil_socket_t fd, short what, void *arg)
{
	struct consumer *c = arg;
	int64_t since = when_mono() - c->stopping;

	(void)fd;
	(void)what;
	if (since > STOP_SECONDS * WHEN_SECOND)
		crew_stop(c->crew, NULL, 1);
	if (since > STORE_SECONDS * WHEN_SECOND)
		event_base_loopbreak(c->base);
	consumer_pump(c);
}

void
consumer_stop(struct consumer *c)
{
	static const struct timeval often = { .tv_usec = 50000 };

	if (c->stopping != 0) {
		c->stopping -= STOP_SECONDS * WHEN_SECOND;
		return;
	}
	c->stopping = when_mono();
	event_del(c->todo);
	consumer_window(c, 0);
	crew_stop(c->crew, NULL, 0);
	event_add(c->stop, &often);
	consumer_pump(c);
}

void
consumer_change(struct consumer *c, struct destination *to)
{
	c->to->on_health = NULL;
	c->to->next = c->olds;
	c->olds = c->to;
	c->to = to;
	to->on_health = consumer_pump;
	to->arg = c;
	c->said = HEALTH_WELL;
	consumer_pump(c);
}

int
consumer_start(struct consumer *c)
{
	static const struct timeval tick = { .tv_sec = TICK_SECONDS };

	/* What was meant for the one before us. */
	while (fifo_line(&c->lines, c->todo_fd) != NULL)
		;
	consumer_hello(c);
	return (event_add(c->todo, NULL) == -1 ||
	    event_add(c->tick, &tick) == -1 ? -1 : 0);
}

static int
consumer_open(struct consumer *c)
{
	const char *name = c->to->d->name;
	int dir = spool_dir(c->spool);
	char path[SPOOL_NAME_MAX + 16];

	snprintf(path, sizeof(path), SPOOL_PIPE "/%s.todo", name);
	if ((c->todo_fd = fifo_both(dir, path)) == -1)
		return (-1);
	snprintf(path, sizeof(path), SPOOL_PIPE "/%s.done", name);
	if ((c->done_fd = fifo_both(dir, path)) == -1)
		return (-1);
	c->todo = event_new(c->base, c->todo_fd, EV_READ | EV_PERSIST, on_todo,
	    c);
	c->tick = event_new(c->base, -1, EV_PERSIST, on_tick, c);
	c->wake = evtimer_new(c->base, on_pump, c);
	c->pump = event_new(c->base, -1, 0, on_pump, c);
	c->stop = event_new(c->base, -1, EV_PERSIST, on_stop, c);
	errno = ENOMEM;
	c->done = done_new(c->base, c->done_fd);
	if (c->done == NULL ||
	    (c->crew = crew_new(c->done, c->to->counts, consumer_pump, c)) ==
	    NULL)
		return (-1);
	return (c->todo == NULL || c->tick == NULL || c->wake == NULL ||
	    c->pump == NULL || c->stop == NULL ? -1 : 0);
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
	c->spool = spool;
	c->to = to;
	to->on_health = consumer_pump;
	to->arg = c;
	c->todo_fd = c->done_fd = -1;
	if (consumer_open(c) == 0)
		return (c);
	saved = errno;
	consumer_free(c);
	errno = saved;
	return (NULL);
}

static void
event_drop(struct event *event)
{
	if (event != NULL)
		event_free(event);
}

void
consumer_free(struct consumer *c)
{
	if (c == NULL)
		return;
	crew_free(c->crew);
	event_drop(c->todo);
	event_drop(c->tick);
	event_drop(c->wake);
	event_drop(c->pump);
	event_drop(c->stop);
	done_free(c->done);
	consumer_forget(c);
	destination_free(c->to);
	if (c->todo_fd != -1)
		close(c->todo_fd);
	if (c->done_fd != -1)
		close(c->done_fd);
	free(c);
}

int
consumer_stuck(const struct consumer *c)
{
	return (crew_active(c->crew) != 0);
}
