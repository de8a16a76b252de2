#include "manager.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "fifo.h"
#include "ledger.h"
#include "log.h"
#include "queue.h"
#include "spool.h"
#include "stock.h"
#include "when.h"

/* Who reads todo without having said hello (a script) is noticed so soon. */
#define OPEN_AGAIN	(2 * WHEN_SECOND)

static void	on_todo_gone(evutil_socket_t, short, void *);
static void	on_todo_room(evutil_socket_t, short, void *);
static void	on_done_line(evutil_socket_t, short, void *);

struct consumer *
consumer_new(struct manager *m, const char *name)
{
	struct consumer *c;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	c->manager = m;
	c->todo = c->done = -1;
	c->changed = when_now();
	if ((c->queue = queue_new(name)) == NULL ||
	    (c->ledger = ledger_open(m->root, name)) == NULL) {
		queue_free(c->queue);
		free(c);
		return (NULL);
	}
	return (c);
}

static void
consumer_close_todo(struct consumer *c)
{
	if (c->todo_gone != NULL)
		event_free(c->todo_gone);
	if (c->todo_room != NULL)
		event_free(c->todo_room);
	c->todo_gone = c->todo_room = NULL;
	if (c->todo != -1)
		close(c->todo);
	c->todo = -1;
	c->heard = 0;
	c->window = 0;
}

void
consumer_free(struct consumer *c)
{
	if (c == NULL)
		return;
	consumer_close_todo(c);
	if (c->done_line != NULL)
		event_free(c->done_line);
	if (c->done != -1)
		close(c->done);
	queue_free(c->queue);
	ledger_close(c->ledger);
	free(c);
}

int
consumer_gain(struct consumer *c, const char *id, uint64_t bytes,
    unsigned char source)
{
	struct stock *stock = c->manager->stock;

	if (stock_add(stock, id, bytes, source) == -1)
		return (-1);
	c->bytes += stock_bytes_of(stock, id);
	return (0);
}

void
consumer_lose(struct consumer *c, const char *id)
{
	struct stock *stock = c->manager->stock;

	c->bytes -= stock_bytes_of(stock, id);
	stock_drop(stock, id);
}

void
consumer_failed(struct consumer *c, const char *reason)
{
	c->last_failure = when_now();
	snprintf(c->reason, sizeof(c->reason), "%s", reason);
}

static void
consumer_open(struct consumer *c)
{
	struct event_base *base = c->manager->base;
	char name[SPOOL_NAME_MAX + 16];

	if (c->done == -1) {
		snprintf(name, sizeof(name), SPOOL_PIPE "/%s.done",
		    c->queue->name);
		c->done = fifo_reader(c->manager->root, name);
		if (c->done == -1)
			return;
		c->done_line = event_new(base, c->done, EV_READ | EV_PERSIST,
		    on_done_line, c);
		event_add(c->done_line, NULL);
		/* Verdicts that waited for us come before anything new. */
		consumer_read(c);
	}
	if (c->todo != -1 || when_mono() < c->next_open)
		return;
	c->next_open = when_mono() + OPEN_AGAIN;
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.todo", c->queue->name);
	if ((c->todo = fifo_writer(c->manager->root, name)) == -1)
		return;
	/* A pipe's writing end becomes "readable" when its reader goes. */
	c->todo_gone = event_new(base, c->todo, EV_READ | EV_PERSIST,
	    on_todo_gone, c);
	c->todo_room = event_new(base, c->todo, EV_WRITE, on_todo_room, c);
	event_add(c->todo_gone, NULL);
	if (c->external) {
		c->heard = 1;
		c->window = 1;
	} else
		c->greet = 1;	/* it may be waiting since before our start */
	log_info(NULL, "consumer is there", "queue=%s", c->queue->name);
}

/* Everything handed out is open again, at the price of an attempt. */
static void
consumer_charge_all(struct consumer *c, const char *reason)
{
	while (c->queue->nout > 0)
		verdict_charge(c, c->queue->out[0], reason);
}

static void
consumer_gone(struct consumer *c)
{
	if (c->todo == -1)
		return;
	/* What it said before it went still counts. */
	consumer_read(c);
	log_warn(NULL, "consumer has gone", "queue=%s", c->queue->name);
	consumer_close_todo(c);
	consumer_charge_all(c, "consumer died");
}

/* A name, or with NULL hello. -1: no room, or nobody reads any more. */
static int
consumer_put(struct consumer *c, const struct entry *e)
{
	char name[SPOOL_FILE_MAX];
	int result;

	if (e == NULL)
		result = fifo_put(c->todo, "hello");
	else {
		spool_name(name, e->id.text, e->attempts, e->due);
		result = fifo_put(c->todo, "%s %u %s/" SPOOL_QUEUE "/%s/%s",
		    e->id.text, e->attempts, c->manager->path, c->queue->name,
		    name);
	}
	if (result == 0)
		return (0);
	if (errno == EAGAIN)
		event_add(c->todo_room, NULL);
	else
		consumer_gone(c);
	return (-1);
}

static struct entry *
consumer_pick(struct consumer *c)
{
	return (c->failing && c->window == 1 ? queue_probe(c->queue) :
	    queue_pick(c->queue));
}

void
consumer_serve(struct consumer *c)
{
	struct entry *e;

	if (c->queue->accept == 0)
		return;
	if (c->todo == -1 || c->done == -1)
		consumer_open(c);
	if (c->todo != -1 && c->greet) {
		if (consumer_put(c, NULL) == -1)
			return;
		c->greet = 0;
	}
	while (c->todo != -1 && c->heard && !c->stuck &&
	    c->queue->nout < c->window &&
	    (e = consumer_pick(c)) != NULL) {
		if (consumer_put(c, e) == -1)
			return;
		if (queue_out(c->queue, e, when_mono() + c->lease) == -1) {
			log_err(NULL, "out of memory", "");
			exit(111);
		}
		log_debug(e->id.text, "handed out", "queue=%s", c->queue->name);
	}
}

/* Since when somebody has been there, or nobody. */
static void
consumer_watch(struct consumer *c)
{
	int up = c->todo != -1 && c->heard;

	if (up != c->up)
		c->changed = when_now();
	c->up = up;
}

void
consumer_tick(struct consumer *c, int64_t now)
{
	struct queue *q = c->queue;
	size_t i;

	/* A charge takes its entry out of out[]: look at the same place. */
	for (i = 0; i < q->nout;)
		if (q->out[i]->until <= now)
			verdict_charge(c, q->out[i], "lease ran out");
		else
			i++;
	if (queue_tick(q, now) == -1) {
		log_err(NULL, "out of memory", "");
		exit(111);
	}
	if (c->stuck)
		verdict_ok_again(c);
	consumer_serve(c);
	consumer_watch(c);
}

static void
consumer_ignore(struct consumer *c, const char *line, const char *why)
{
	c->ignored++;
	log_warn(NULL, "verdict ignored", "queue=%s why=%s line=%s",
	    c->queue->name, log_quote(why), log_quote(line));
}

static void
consumer_hello(struct consumer *c)
{
	consumer_charge_all(c, "consumer started anew");
	c->next_open = 0;
	c->heard = 1;
	c->greet = 1;
	c->window = 0;
	log_debug(NULL, "hello", "queue=%s", c->queue->name);
}

static void
consumer_window(struct consumer *c, const char *line, const char *number)
{
	char *end;
	unsigned long n = strtoul(number, &end, 10);

	if (*number < '0' || *number > '9' || *end != '\0') {
		consumer_ignore(c, line, "no number");
		return;
	}
	/* It spoke to another prof-spool: ask for its hello. */
	if (!c->heard) {
		c->greet = 1;
		return;
	}
	c->window = n < WINDOW ? (unsigned int)n : WINDOW;
}

/* ID ok | ID retry SECONDS REASON | ID back | ID dead REASON */
static void
consumer_verdict(struct consumer *c, char *line)
{
	char id[UUID_TEXT], *word = line + UUID_LEN, *end;
	struct entry *e;
	long seconds;

	if (strnlen(line, UUID_LEN + 1) <= UUID_LEN || *word++ != ' ') {
		consumer_ignore(c, line, "no verdict");
		return;
	}
	memcpy(id, line, UUID_LEN);
	id[UUID_LEN] = '\0';
	e = uuid_valid(id) ? queue_find(c->queue, id) : NULL;
	if (e == NULL || e->state == ENTRY_DEAD)
		consumer_ignore(c, line, "not in the queue");
	else if (strcmp(word, "ok") == 0)
		verdict_ok(c, e);
	else if (e->state != ENTRY_OUT)
		consumer_ignore(c, line, "not handed out");
	else if (strcmp(word, "back") == 0)
		verdict_back(c, e);
	else if (strncmp(word, "dead ", 5) == 0)
		verdict_dead(c, e, word + 5);
	else if (strncmp(word, "retry ", 6) == 0 && word[6] >= '0' &&
	    word[6] <= '9') {
		seconds = strtol(word + 6, &end, 10);
		if (seconds > 3600)
			seconds = 3600;
		verdict_retry(c, e, seconds * WHEN_SECOND,
		    *end == ' ' ? end + 1 : end);
	} else
		consumer_ignore(c, line, "no verdict");
}

void
consumer_read(struct consumer *c)
{
	char *line;

	if (c->done == -1)
		return;
	while ((line = fifo_line(&c->lines, c->done)) != NULL)
		if (strcmp(line, "hello") == 0)
			consumer_hello(c);
		else if (strncmp(line, "window ", 7) == 0)
			consumer_window(c, line, line + 7);
		else
			consumer_verdict(c, line);
}

static void
on_done_line(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	consumer_read(arg);
	consumer_serve(arg);
}

static void
on_todo_room(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	consumer_serve(arg);
}

static void
on_todo_gone(evutil_socket_t fd, short what, void *arg)
{
	struct pollfd p = { .fd = fd };

	(void)what;
	if (poll(&p, 1, 0) == 1 && p.revents & POLLERR)
		consumer_gone(arg);
}
