#include "manager.h"

#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "ledger.h"
#include "log.h"
#include "move.h"
#include "queue.h"
#include "recycle.h"
#include "spool.h"
#include "when.h"

#define DELAY_MAX	(3600 * WHEN_SECOND)	/* whatever is asked for */
#define ATTEMPTS_MAX	1000000000u
#define BACK_PAUSE	WHEN_SECOND
#define SAY_AGAIN	(60 * WHEN_SECOND)	/* of a disk that refuses */

static void
entry_name(char name[SPOOL_FILE_MAX], const struct entry *e)
{
	spool_name(name, e->id.text, e->attempts, e->due);
}

static void
out_of_memory(void)
{
	log_err(NULL, "out of memory", "");
	exit(111);
}

/* Once a minute: it may be so with every record there is. */
static void
say_refused(struct consumer *c, struct entry *e, const char *what)
{
	int64_t now = when_mono();

	if (now < c->say_again)
		return;
	c->say_again = now + SAY_AGAIN;
	log_err(e->id.text, what, "queue=%s error=%s", c->queue->name,
	    log_quote(strerror(errno)));
}

/* A move that failed. ENOENT: somebody removed the record by hand. */
static void
moved_not(struct consumer *c, struct entry *e, const char *what)
{
	struct queue *q = c->queue;

	if (errno == ENOENT) {
		log_warn(e->id.text, "record vanished from its queue", "queue=%s",
		    q->name);
		consumer_lose(c, e->id.text);
		queue_remove(q, e);
		return;
	}
	say_refused(c, e, what);
	if (queue_wait(q, e, e->delivered ? INT64_MAX :
	    when_mono() + c->retry_max) == -1)
		out_of_memory();
}

void
verdict_ok(struct consumer *c, struct entry *e)
{
	char name[SPOOL_FILE_MAX];

	entry_name(name, e);
	if (!e->delivered)
		ledger_add(c->ledger, LEDGER_OK, e->id.text);
	if (recycle_delivered(c, e, name) == -1) {
		e->delivered = errno != ENOENT;
		c->stuck |= e->delivered;
		moved_not(c, e, "cannot unlink a delivered record");
		return;
	}
	c->delivered++;
	c->failing = 0;
	c->last_ok = when_now();
	log_debug(e->id.text, "delivered", "queue=%s", c->queue->name);
	consumer_lose(c, e->id.text);
	queue_remove(c->queue, e);
}

void
verdict_ok_again(struct consumer *c)
{
	struct entry *e, *next;

	c->stuck = 0;
	for (e = TAILQ_FIRST(&c->queue->queued); e != NULL && !c->stuck;
	    e = next) {
		next = TAILQ_NEXT(e, line);
		if (e->delivered)
			verdict_ok(c, e);
	}
	if (c->stuck)
		return;
	log_info(NULL, "delivered records are gone", "queue=%s",
	    c->queue->name);
	c->say_again = 0;
}

/* One attempt more in its name, eligible again after delay ns. */
static void
put_off(struct consumer *c, struct entry *e, int64_t delay)
{
	char from[SPOOL_FILE_MAX], to[SPOOL_FILE_MAX];
	unsigned int attempts = e->attempts;
	int64_t due;

	if (delay > DELAY_MAX)
		delay = DELAY_MAX;
	if (attempts < ATTEMPTS_MAX)
		attempts++;
	due = (when_now() + delay + WHEN_SECOND - 1) / WHEN_SECOND;
	entry_name(from, e);
	spool_name(to, e->id.text, attempts, due);
	if (strcmp(from, to) != 0 && move_renamed(c->manager->root,
	    c->queue->name, from, to) == -1) {
		moved_not(c, e, "cannot rename a record to be retried");
		return;
	}
	e->attempts = attempts;
	e->due = due;
	if (queue_wait(c->queue, e, when_mono() + delay) == -1)
		out_of_memory();
}

void
verdict_retry(struct consumer *c, struct entry *e, int64_t delay,
    const char *reason)
{
	c->retried++;
	c->failing = 1;
	consumer_failed(c, reason);
	log_info(e->id.text, "to be retried",
	    "queue=%s attempts=%u delay=%lld reason=%s", c->queue->name,
	    e->attempts + 1, (long long)(delay / WHEN_SECOND),
	    log_quote(reason));
	put_off(c, e, delay);
}

void
verdict_charge(struct consumer *c, struct entry *e, const char *reason)
{
	unsigned int doublings = e->attempts < 30 ? e->attempts : 30;
	int64_t delay = c->retry_min;

	while (doublings-- > 0 && delay < c->retry_max)
		delay *= 2;
	if (delay > c->retry_max)
		delay = c->retry_max;
	/* Half of it is luck, so that what was out together comes apart. */
	delay -= (int64_t)((double)random() / RAND_MAX * (double)delay / 2);
	c->charged++;
	consumer_failed(c, reason);
	log_warn(e->id.text, "record not answered for",
	    "queue=%s attempts=%u reason=%s", c->queue->name, e->attempts + 1,
	    log_quote(reason));
	put_off(c, e, delay);
}

void
verdict_back(struct consumer *c, struct entry *e)
{
	c->back++;
	if (queue_wait(c->queue, e, when_mono() + BACK_PAUSE) == -1)
		out_of_memory();
}

void
verdict_dead(struct consumer *c, struct entry *e, const char *reason)
{
	char name[SPOOL_FILE_MAX], dir[SPOOL_FILE_MAX], at[WHEN_TEXT];
	struct buf why = { 0 };
	int result;

	entry_name(name, e);
	snprintf(dir, sizeof(dir), SPOOL_QUEUE "/%s", c->queue->name);
	when_format(at, when_now(), 3);
	if (buf_addf(&why, "queue: %s\nreason: %s\nattempts: %u\nwhen: %s\n",
	    c->queue->name, reason, e->attempts + 1, at) == -1)
		out_of_memory();
	ledger_add(c->ledger, LEDGER_DEAD, e->id.text);
	result = move_dead(c->manager->root, dir, name, c->queue->name,
	    e->id.text, why.p, why.len);
	buf_free(&why);
	if (result == -1) {
		moved_not(c, e, "cannot put a record among the dead");
		return;
	}
	c->died++;
	c->failing = 0;
	consumer_failed(c, reason);
	log_warn(e->id.text, "dead", "queue=%s attempts=%u reason=%s",
	    c->queue->name, e->attempts + 1, log_quote(reason));
	queue_dead(c->queue, e);
}
