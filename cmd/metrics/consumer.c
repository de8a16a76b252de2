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
#include "derive.h"
#include "file.h"
#include "kills.h"
#include "log.h"
#include "order.h"
#include "pipes.h"
#include "pool.h"
#include "report.h"
#include "sandbox.h"
#include "spool.h"
#include "verdict.h"
#include "vitals.h"
#include "when.h"
#include "worker.h"

#define WINDOW		64
#define COMMITTERS	16	/* where a disk's fsyncs share best */
#define COMMITS_MAX	32	/* made, and not on the disk yet */
#define STOP_SECONDS	5	/* for the worker */
#define STORE_SECONDS	10	/* for a disk, and for prof-spool to read */
#define KILLS		3	/* then a record is dead */

struct consumer {
	struct event_base *base;
	struct spool	*spool;
	struct order	 order;		/* of the configuration */
	struct pipes	*pipes;
	struct worker	*worker;
	struct pool	*pool;
	struct kills	*kills;
	struct counts	 counts;
	struct vitals	 vitals;
	struct task	*at_worker;	/* NULL: none is */
	int		 dropped;	/* the worker was, to stop in time */
	int		 untold;	/* the statistics could not be written */
};

/* A name that is begun. */
struct task {
	struct consumer	*consumer;
	struct pipes_name *name;
	int		 fd;		/* the record's file */
	struct report	 report;
	int		 made;		/* records; -1: why and error */
	const char	*why;
	int		 error;
};

static void
task_free(struct task *t)
{
	t->name->work = NULL;
	report_clear(&t->report);
	if (t->fd != -1)
		close(t->fd);
	free(t);
}

/* In a thread. */
static void
commit(void *arg)
{
	struct task *t = arg;

	t->made = derive_commit(t->consumer->spool, t->fd, t->name->id,
	    &t->report, &t->why);
	t->error = errno;
}

static void
on_committed(void *arg)
{
	struct task *t = arg;
	struct consumer *c = t->consumer;
	struct pipes_name *n = t->name;
	int made = t->made, error = t->error;
	const char *why = t->why;

	if (made != -1) {
		c->counts.made[0] += t->report.metric.len != 0;
		c->counts.made[1] += t->report.point.len != 0;
		log_info(n->id, "metrics made", "records=%d bytes=%zu", made,
		    t->report.metric.len + t->report.point.len);
	}
	task_free(t);
	if (made != -1)
		verdict_ok(n, &c->counts);
	else if (error == 0)
		verdict_dead(n, &c->counts, why);
	else
		verdict_retry(n, &c->counts, why, error);
	pipes_pump(c->pipes);
}

/* The worker has ended over it. */
static void
task_killed(struct task *t, const char *why)
{
	struct consumer *c = t->consumer;
	struct pipes_name *n = t->name;
	unsigned int times;
	char text[128];

	task_free(t);
	if (c->dropped) {
		verdict_back(n, &c->counts, "stopping");
		return;
	}
	c->counts.killed++;
	times = kills_add(c->kills, n->id);
	snprintf(text, sizeof(text), "the worker ended, time %u: %s", times,
	    why);
	if (times < KILLS) {
		verdict_retry(n, &c->counts, text, 0);
		return;
	}
	kills_forget(c->kills, n->id);
	verdict_dead(n, &c->counts, text);
}

static void
task_notes(struct task *t)
{
	const char *part, *why;
	size_t at = 0;

	while (report_next(&t->report, &at, &part, &why)) {
		t->consumer->counts.notes++;
		log_warn(t->name->id, "part not used", "part=%s reason=%s",
		    log_quote(part), log_quote(why));
	}
}

/* What the worker has made of it goes into the spool. */
static void
task_made(struct task *t)
{
	struct consumer *c = t->consumer;
	struct pipes_name *n = t->name;
	struct report *r = &t->report;
	char why[REPORT_WHY];

	kills_forget(c->kills, n->id);
	task_notes(t);
	snprintf(why, sizeof(why), "%s", r->why);
	if (r->state == REPORT_BAD) {
		task_free(t);
		verdict_dead(n, &c->counts, why);
	} else if (r->state == REPORT_TROUBLE) {
		task_free(t);
		verdict_retry(n, &c->counts, why, 0);
	} else if (r->metric.len == 0 && r->point.len == 0) {
		task_free(t);
		log_debug(n->id, "nothing to make", "");
		verdict_ok(n, &c->counts);
	} else if (pool_run(c->pool, commit, on_committed, t) == -1) {
		task_free(t);
		verdict_retry(n, &c->counts, "out of memory", 0);
	}
}

static void
on_report(struct report *report, const char *why, void *arg)
{
	struct consumer *c = arg;
	struct task *t = c->at_worker;

	c->at_worker = NULL;
	if (report != NULL) {
		t->report = *report;
		memset(report, 0, sizeof(*report));
		task_made(t);
	} else
		task_killed(t, why);
	pipes_pump(c->pipes);
}

/* Give a name to the worker; or answer it at once. */
static void
name_begin(struct consumer *c, struct pipes_name *n)
{
	struct task *t;
	int error;

	if ((t = calloc(1, sizeof(*t))) == NULL) {
		verdict_back(n, &c->counts, "out of memory");
		return;
	}
	t->consumer = c;
	t->name = n;
	n->work = t;
	if ((t->fd = file_plain(n->path)) != -1 &&
	    worker_give(c->worker, &c->order, t->fd) == 0) {
		c->at_worker = t;
		return;
	}
	error = errno;
	if (t->fd != -1) {
		task_free(t);
		verdict_retry(n, &c->counts, "the worker cannot be started",
		    error);
		return;
	}
	task_free(t);
	/* What is gone or for want of descriptors is not counted. */
	if (error == ENOENT || error == EMFILE || error == ENFILE)
		verdict_back(n, &c->counts, strerror(error));
	else if (error == EINVAL)
		verdict_dead(n, &c->counts, "not a plain file");
	else
		verdict_retry(n, &c->counts, "cannot open the record", error);
}

static unsigned int
on_window(void *arg)
{
	(void)arg;
	return (WINDOW);
}

static void
on_pump(void *arg)
{
	struct consumer *c = arg;
	struct pipes_name *n, *next;
	int full = spool_is_full(c->spool);

	for (n = pipes_first(c->pipes); n != NULL; n = next) {
		next = pipes_next(n);
		if (n->work != NULL)
			continue;
		if (pipes_stopping(c->pipes))
			verdict_back(n, &c->counts, "stopping");
		else if (c->order.kinds == 0)
			verdict_ok(n, &c->counts);
		else if (full)
			verdict_retry(n, &c->counts, "the spool is full", 0);
		else if (worker_busy(c->worker) ||
		    pool_busy(c->pool) >= COMMITS_MAX)
			break;
		else
			name_begin(c, n);
	}
}

int
consumer_stat(struct consumer *c)
{
	struct counts_now now = { .in_hand = pipes_names(c->pipes),
	    .window = pipes_window(c->pipes),
	    .starts = worker_starts(c->worker) };
	struct buf text = { 0 };
	int result = -1;

	if (counts_text(&c->counts, &now, &text) == 0)
		result = vitals_write(&c->vitals, c->spool, "metrics", &text);
	buf_free(&text);
	return (result);
}

static void
on_tick(void *arg)
{
	struct consumer *c = arg;
	int failed = consumer_stat(c) == -1;

	if (failed && !c->untold)
		log_warn(NULL, "cannot write statistics", "error=%s",
		    log_quote(strerror(errno)));
	c->untold = failed;
	if (sandbox_stale())
		consumer_stop(c);
}

static void
on_stopping(int64_t since, void *arg)
{
	struct consumer *c = arg;

	if (since > STOP_SECONDS * WHEN_SECOND && worker_busy(c->worker)) {
		c->dropped = 1;
		worker_stop(c->worker);
	}
	if (since > STORE_SECONDS * WHEN_SECOND)
		event_base_loopbreak(c->base);
}

static void
on_odd(const char *line, void *arg)
{
	(void)arg;
	log_warn(NULL, "line ignored", "line=%s", log_quote(line));
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
	pipes_stop(c->pipes);
}

void
consumer_change(struct consumer *c, const struct conf *conf)
{
	order_configure(&c->order, conf);
	pipes_pump(c->pipes);
}

int
consumer_start(struct consumer *c)
{
	return (pipes_start(c->pipes));
}

struct consumer *
consumer_new(struct event_base *base, struct spool *spool,
    const struct conf *conf)
{
	struct consumer *c;
	int saved;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	c->base = base;
	c->spool = spool;
	order_configure(&c->order, conf);
	if ((c->pipes = pipes_new(base, spool, "metrics", &consumer_calls,
	    c)) != NULL && (c->pool = pool_new(base, COMMITTERS)) != NULL &&
	    (c->worker = worker_new(base, on_report, c)) != NULL &&
	    (c->kills = kills_new()) != NULL)
		return (c);
	saved = errno;
	consumer_free(c);
	errno = saved;
	return (NULL);
}

void
consumer_free(struct consumer *c)
{
	struct pipes_name *n;

	if (c == NULL)
		return;
	worker_free(c->worker);
	pool_free(c->pool);
	for (n = c->pipes != NULL ? pipes_first(c->pipes) : NULL; n != NULL;
	    n = pipes_next(n))
		if (n->work != NULL)
			task_free(n->work);
	pipes_free(c->pipes);
	kills_free(c->kills);
	free(c);
}

int
consumer_stuck(const struct consumer *c)
{
	return (pool_busy(c->pool) != 0);
}
