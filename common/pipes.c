#include "pipes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "fifo.h"
#include "pipes_done.h"
#include "spool.h"
#include "when.h"

#define TICK_SECONDS	10
#define HURRY_SECONDS	5
#define NAMES_MAX	1024	/* in hand; more come from no prof-spool */
#define WAITING_MAX	65536	/* bytes of verdicts; then read no more names */

_Static_assert(PIPES_PATH == FIFO_LINE, "room for any path of a line");

TAILQ_HEAD(names, pipes_name);

struct pipes {
	struct event_base *base;
	const struct pipes_calls *calls;
	void		*arg;
	int		 todo_fd;
	int		 done_fd;
	struct event	*todo;
	struct event	*tick;
	struct event	*pump;
	struct event	*stop;
	struct pipes_done *done;
	struct fifo	 lines;
	struct names	 names;
	unsigned int	 nnames;
	unsigned int	 window;	/* as said last */
	int		 awaiting;	/* a hello in answer to ours */
	int64_t		 stopping;	/* since when; mono; 0: not so */
};

static void __attribute__((format(printf, 3, 4)))
pipes_say(struct pipes *p, const char *id, const char *fmt, ...)
{
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = pipes_done_say(p->done, id, fmt, ap);
	va_end(ap);
	if (result == -1)
		p->calls->broken(p->arg);
}

/* Say the window if it is another one, or because it is time to. */
static void
pipes_open(struct pipes *p, int anyway)
{
	unsigned int window = 0;

	if (!p->stopping)
		window = p->calls->window(p->arg);
	if (window > PIPES_WINDOW)
		window = PIPES_WINDOW;
	if (window == p->window && !anyway)
		return;
	p->window = window;
	pipes_say(p, NULL, "window %u", window);
}

static void
pipes_hello(struct pipes *p)
{
	p->awaiting = 1;
	pipes_say(p, NULL, "hello");
	pipes_open(p, 1);
}

static void
name_free(struct pipes_name *n)
{
	TAILQ_REMOVE(&n->pipes->names, n, next);
	n->pipes->nnames--;
	free(n);
}

/* "ID ATTEMPTS PATH". -1: not such a line. */
static int
pipes_take(struct pipes *p, const char *line)
{
	struct pipes_name *n;
	unsigned long count;
	char id[UUID_TEXT], *end;

	snprintf(id, sizeof(id), "%.*s", (int)strcspn(line, " "), line);
	if (!uuid_valid(id) || strncmp(line + UUID_LEN, " ", 1) != 0 ||
	    line[UUID_LEN + 1] < '0' || line[UUID_LEN + 1] > '9')
		return (-1);
	count = strtoul(line + UUID_LEN + 1, &end, 10);
	if (end[0] != ' ' || end[1] != '/')
		return (-1);
	/* What is in hand already is not taken twice. */
	TAILQ_FOREACH(n, &p->names, next)
		if (strcmp(n->id, id) == 0)
			return (0);
	if ((n = calloc(1, sizeof(*n))) == NULL) {
		pipes_say(p, id, "back");
		return (0);
	}
	n->pipes = p;
	n->attempts = count < 1000000000 ? (unsigned int)count : 1000000000;
	snprintf(n->id, sizeof(n->id), "%s", id);
	snprintf(n->path, sizeof(n->path), "%s", end + 1);
	TAILQ_INSERT_TAIL(&p->names, n, next);
	p->nnames++;
	return (0);
}

/* Take what stands in todo. Before our hello is answered that is void. */
static void
pipes_read(struct pipes *p)
{
	char *line;

	while (p->nnames < NAMES_MAX &&
	    pipes_done_waiting(p->done) < WAITING_MAX) {
		if ((line = fifo_line(&p->lines, p->todo_fd)) == NULL) {
			event_add(p->todo, NULL);
			return;
		}
		if (strcmp(line, "hello") != 0) {
			if (!p->awaiting && pipes_take(p, line) == -1)
				p->calls->odd(line, p->arg);
		} else if (p->awaiting) {
			p->awaiting = 0;
			/* It may have missed ours: then this asks again. */
			pipes_open(p, 1);
		} else
			pipes_hello(p);
	}
	event_del(p->todo);
}

void
pipes_pump(struct pipes *p)
{
	event_active(p->pump, EV_TIMEOUT, 0);
}

static void
on_todo(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	pipes_read(arg);
	pipes_pump(arg);
}

static void
on_pump(evutil_socket_t fd, short what, void *arg)
{
	struct pipes *p = arg;

	(void)fd;
	(void)what;
	/* The window first, that nobody is sent in the place of what goes. */
	pipes_open(p, 0);
	p->calls->pump(p->arg);
	pipes_open(p, 0);
	if (!p->stopping && !event_pending(p->todo, EV_READ, NULL))
		pipes_read(p);
	if (p->stopping && p->nnames == 0 && pipes_done_waiting(p->done) == 0)
		event_base_loopbreak(p->base);
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct pipes *p = arg;

	(void)fd;
	(void)what;
	pipes_open(p, 1);
	p->calls->tick(p->arg);
}

static void
on_stop(evutil_socket_t fd, short what, void *arg)
{
	struct pipes *p = arg;

	(void)fd;
	(void)what;
	p->calls->stopping(when_mono() - p->stopping, p->arg);
	pipes_pump(p);
}

void
pipes_stop(struct pipes *p)
{
	static const struct timeval often = { .tv_usec = 50000 };

	if (p->stopping != 0) {
		p->stopping -= HURRY_SECONDS * WHEN_SECOND;
		return;
	}
	p->stopping = when_mono();
	event_del(p->todo);
	pipes_open(p, 0);
	event_add(p->stop, &often);
	pipes_pump(p);
}

int
pipes_stopping(const struct pipes *p)
{
	return (p->stopping != 0);
}

int
pipes_start(struct pipes *p)
{
	static const struct timeval tick = { .tv_sec = TICK_SECONDS };

	/* What was meant for the one before us. */
	while (fifo_line(&p->lines, p->todo_fd) != NULL)
		;
	pipes_hello(p);
	return (event_add(p->todo, NULL) == -1 ||
	    event_add(p->tick, &tick) == -1 ? -1 : 0);
}

static int
pipes_make(struct pipes *p, int dir, const char *queue)
{
	char path[SPOOL_NAME_MAX + 16];

	snprintf(path, sizeof(path), SPOOL_PIPE "/%s.todo", queue);
	if ((p->todo_fd = fifo_both(dir, path)) == -1)
		return (-1);
	snprintf(path, sizeof(path), SPOOL_PIPE "/%s.done", queue);
	if ((p->done_fd = fifo_both(dir, path)) == -1)
		return (-1);
	p->todo = event_new(p->base, p->todo_fd, EV_READ | EV_PERSIST, on_todo,
	    p);
	p->tick = event_new(p->base, -1, EV_PERSIST, on_tick, p);
	p->pump = event_new(p->base, -1, 0, on_pump, p);
	p->stop = event_new(p->base, -1, EV_PERSIST, on_stop, p);
	p->done = pipes_done_new(p->base, p->done_fd);
	if (p->todo == NULL || p->tick == NULL || p->pump == NULL ||
	    p->stop == NULL || p->done == NULL) {
		errno = ENOMEM;
		return (-1);
	}
	return (0);
}

struct pipes *
pipes_new(struct event_base *base, struct spool *spool, const char *queue,
    const struct pipes_calls *calls, void *arg)
{
	struct pipes *p;
	int saved;

	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	TAILQ_INIT(&p->names);
	p->base = base;
	p->calls = calls;
	p->arg = arg;
	p->todo_fd = p->done_fd = -1;
	if (pipes_make(p, spool_dir(spool), queue) == 0)
		return (p);
	saved = errno;
	pipes_free(p);
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
pipes_free(struct pipes *p)
{
	struct pipes_name *n, *next;

	if (p == NULL)
		return;
	for (n = TAILQ_FIRST(&p->names); n != NULL; n = next) {
		next = TAILQ_NEXT(n, next);
		name_free(n);
	}
	event_drop(p->todo);
	event_drop(p->tick);
	event_drop(p->pump);
	event_drop(p->stop);
	pipes_done_free(p->done);
	if (p->todo_fd != -1)
		close(p->todo_fd);
	if (p->done_fd != -1)
		close(p->done_fd);
	free(p);
}

struct pipes_name *
pipes_first(const struct pipes *p)
{
	return (TAILQ_FIRST(&p->names));
}

struct pipes_name *
pipes_next(const struct pipes_name *n)
{
	return (TAILQ_NEXT(n, next));
}

unsigned int
pipes_names(const struct pipes *p)
{
	return (p->nnames);
}

unsigned int
pipes_window(const struct pipes *p)
{
	return (p->window);
}

void
pipes_answer(struct pipes_name *n, const char *fmt, ...)
{
	struct pipes *p = n->pipes;
	va_list ap;
	int result;

	va_start(ap, fmt);
	result = pipes_done_say(p->done, n->id, fmt, ap);
	va_end(ap);
	if (result == -1)
		p->calls->broken(p->arg);
	name_free(n);
}
