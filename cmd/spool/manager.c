#include "manager.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "fifo.h"
#include "fold.h"
#include "layout.h"
#include "ledger.h"
#include "log.h"
#include "program.h"
#include "queue.h"
#include "record.h"
#include "recycle.h"
#include "sandbox.h"
#include "spool.h"
#include "stock.h"
#include "trial.h"
#include "when.h"

#define SCAN		2	/* seconds: new/ is read even without a bell */
#define TALLY		10	/* seconds */
#define SWEEP		60	/* seconds */
#define TICK		100	/* milliseconds: the grain of delays */
#define LEDGER_MAX	(UINT64_C(16) << 20)
#define PATH_MAX_BYTES	300	/* of the spool: todo lines carry it */

/* What the daemon's events need beside the manager. */
struct daemon {
	struct manager	 manager;
	struct conf	**conf;		/* the caller's */
	const struct program *program;
	struct event	*more;		/* there is more than a batch in new/ */
	int64_t		 next_scan;	/* these by when_mono() */
	int64_t		 next_tally;
	int64_t		 next_sweep;
};

/* Make a queue, if it is not there. NULL: it was logged why not. */
static struct consumer *
daemon_queue(struct manager *m, const char *name, unsigned int accept)
{
	struct consumer *c;
	int made = spool_init_queue(m->root, name, spool_owners(m->spool));

	if (made == 1)
		log_warn(NULL, "queue is not its consumer's", "queue=%s "
		    "hint=\"prof-spool init as root gives it\"", name);
	if (made == -1 || (c = load_consumer(m, name)) == NULL) {
		log_err(NULL, "cannot make a queue", "queue=%s error=%s",
		    name, log_quote(strerror(errno)));
		return (NULL);
	}
	c->queue->accept = accept;
	return (c);
}

/* prof-metrics' own: what it may make, it makes of profiles. */
static int
daemon_metrics(struct manager *m, const struct conf *conf)
{
	struct consumer *c;

	if (!conf->generate_metrics)
		return (0);
	if ((c = daemon_queue(m, "metrics", RECORD_PROFILE)) == NULL)
		return (-1);
	c->external = 0;
	c->lease = conf->lease;
	c->retry_min = conf->retry_min;
	c->retry_max = conf->retry_max;
	return (0);
}

/* Give the configured queues their consumers, and the others none. */
static int
daemon_configure(struct daemon *d)
{
	const struct conf_destination *dest;
	struct manager *m = &d->manager;
	struct consumer *c;
	struct queue *q;
	size_t i;

	m->capacity = (*d->conf)->cache_capacity;
	m->min_free = (*d->conf)->min_free;
	m->reject = (*d->conf)->when_full == CONF_REJECT;
	for (i = 0; i < m->nconsumers; i++)
		m->consumers[i]->queue->accept = 0;
	for (i = 0; i < (*d->conf)->ndestinations; i++) {
		dest = &(*d->conf)->destinations[i];
		if ((c = daemon_queue(m, dest->name, dest->accept)) == NULL)
			return (-1);
		c->external = dest->type == CONF_EXTERNAL;
		c->lease = dest->lease;
		c->retry_min = dest->retry_min;
		c->retry_max = dest->retry_max;
	}
	if (daemon_metrics(m, *d->conf) == -1)
		return (-1);
	if (load_left_over(m) == -1) {
		log_err(NULL, "cannot read the queues", "error=%s",
		    log_quote(strerror(errno)));
		return (-1);
	}
	for (i = 0; i < m->nconsumers; i++) {
		q = m->consumers[i]->queue;
		if (q->accept == 0 && q->ids.n > 0)
			log_warn(NULL, "queue no longer configured is kept",
			    "queue=%s records=%zu dead=%zu", q->name,
			    queue_depth(q), q->ndead);
	}
	return (0);
}

/* Drain the bell first: what is rung for later is then scanned for later. */
static void
scan_new(struct daemon *d)
{
	static const struct timeval at_once = { 0 };
	struct manager *m = &d->manager;

	while (fifo_line(&m->rings, m->bell) != NULL)
		;
	/*
	 * More than a batch: the verdicts that came meanwhile go first. What
	 * is made active here would go on before libevent looks at anything
	 * else; a timer waits until it has.
	 */
	if (admit_batch(m) == 1)
		event_add(d->more, &at_once);
	d->next_scan = when_mono() + SCAN * WHEN_SECOND;
}

static void
on_bell(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	scan_new(arg);
}

static int
in_queue(const char *id, void *queue)
{
	return (queue_find(queue, id) != NULL);
}

static int
in_none(const char *id, void *manager)
{
	char path[2 * SPOOL_FILE_MAX];
	struct manager *m = manager;

	snprintf(path, sizeof(path), SPOOL_DEAD "/" SPOOL_NONE "/%s", id);
	return (faccessat(m->root, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
}

static void
shorten(struct manager *m, struct ledger *l, const char *queue,
    int (*is_there)(const char *, void *), void *arg)
{
	if (ledger_size(l) <= LEDGER_MAX)
		return;
	if (fold_shorten(l, m->root, queue, is_there, arg) == 0)
		m->unshortened = 0;
	else if (!m->unshortened) {
		log_warn(NULL, "cannot shorten a ledger", "queue=%s error=%s",
		    queue, log_quote(strerror(errno)));
		m->unshortened = 1;
	}
}

static void
shorten_ledgers(struct manager *m)
{
	struct consumer *c;
	size_t i;

	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		shorten(m, c->ledger, c->queue->name, in_queue, c->queue);
	}
	shorten(m, m->none, SPOOL_NONE, in_none, m);
}

/* Lines that the disk refused wait in memory: they hold up nothing. */
static void
flush_ledgers(struct manager *m)
{
	const char *queue = SPOOL_NONE;
	int error = ledger_flush(m->none);
	size_t i;

	for (i = 0; error == 0 && i < m->nconsumers; i++) {
		queue = m->consumers[i]->queue->name;
		error = ledger_flush(m->consumers[i]->ledger);
	}
	if (error != 0 && !m->unwritten)
		log_err(NULL, "cannot write a ledger", "queue=%s error=%s",
		    queue, log_quote(strerror(error)));
	else if (error == 0 && m->unwritten)
		log_info(NULL, "writing ledgers again", "");
	m->unwritten = error != 0;
}

static void
on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct manager *m = &d->manager;
	int64_t now = when_mono();
	size_t i;

	(void)fd;
	(void)what;
	if (now >= d->next_scan)
		scan_new(d);
	for (i = 0; i < m->nconsumers; i++)
		consumer_tick(m->consumers[i], now);
	flush_ledgers(m);
	evict_over_capacity(m);
	if (now >= d->next_tally) {
		shorten_ledgers(m);
		recycle_look_again(m);
		tally_write(m);
		d->next_tally = now + TALLY * WHEN_SECOND;
	}
	if (now >= d->next_sweep) {
		sweep_drafts(m);
		d->next_sweep = now + SWEEP * WHEN_SECOND;
	}
}

static void
on_request(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct manager *m = &d->manager;
	char *line;

	(void)fd;
	(void)what;
	while ((line = fifo_line(&m->requests, m->ctl)) != NULL)
		request_line(m, line);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	event_base_loopbreak(d->manager.base);
}

/* A bad file keeps the old configuration. */
static void
on_hup(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct conf *conf = program_conf(d->program), *old = *d->conf;

	(void)fd;
	(void)what;
	if (conf == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	*d->conf = conf;
	if (daemon_configure(d) == -1)
		log_err(NULL, "configuration taken in part", "");
	else
		log_info(NULL, "configuration taken", "in_force=new");
	(void)sandbox_change(conf);
	conf_free(old);
}

/* The events of the whole life of the daemon; the kernel frees them. */
static int
daemon_events(struct daemon *d)
{
	static const struct timeval tick = { .tv_usec = TICK * 1000 };
	struct manager *m = &d->manager;
	struct event *e;

	if ((m->base = event_base_new()) == NULL)
		return (-1);
	m->bell = fifo_reader(m->root, SPOOL_PIPE "/spool");
	m->ctl = fifo_reader(m->root, SPOOL_PIPE "/ctl");
	if (m->bell == -1 || m->ctl == -1)
		return (-1);
	m->bell_rung = event_new(m->base, m->bell, EV_READ | EV_PERSIST,
	    on_bell, d);
	if (m->bell_rung == NULL || event_add(m->bell_rung, NULL) == -1)
		return (-1);
	if ((e = event_new(m->base, m->ctl, EV_READ | EV_PERSIST, on_request,
	    d)) == NULL || event_add(e, NULL) == -1 ||
	    (e = evsignal_new(m->base, SIGTERM, on_term, d)) == NULL ||
	    event_add(e, NULL) == -1 ||
	    (e = evsignal_new(m->base, SIGINT, on_term, d)) == NULL ||
	    event_add(e, NULL) == -1 ||
	    (e = evsignal_new(m->base, SIGHUP, on_hup, d)) == NULL ||
	    event_add(e, NULL) == -1 ||
	    (d->more = evtimer_new(m->base, on_bell, d)) == NULL ||
	    (e = event_new(m->base, -1, EV_PERSIST, on_tick, d)) == NULL ||
	    event_add(e, &tick) == -1)
		return (-1);
	return (0);
}

static int
daemon_start(struct daemon *d)
{
	struct manager *m = &d->manager;
	size_t i;

	if (strlen(m->path) > PATH_MAX_BYTES) {
		log_err(NULL, "spool path is too long", "bytes=%zu max=%d",
		    strlen(m->path), PATH_MAX_BYTES);
		return (100);
	}
	if (spool_lock(m->spool, "spool") == -1) {
		log_err(NULL, "cannot lock the spool", "spool=%s error=%s%s",
		    log_quote(m->path), errno == EWOULDBLOCK ?
		    "\"another prof-spool runs\"" :
		    log_quote(strerror(errno)), errno == EACCES ?
		    " hint=\"run it as prof-spool's user, or as root\"" : "");
		return (111);
	}
	layout_look(m->spool);
	if (trial(m->spool, *d->conf) == -1)
		return (100);
	if ((m->stock = stock_new()) == NULL || load_none(m) == -1 ||
	    daemon_events(d) == -1) {
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(strerror(errno)));
		return (111);
	}
	if (daemon_configure(d) == -1)
		return (111);
	if ((*d->conf)->clear_cache_on_start && clear_all(m) == -1) {
		log_err(NULL, "cannot clear the spool", "error=%s",
		    log_quote(strerror(errno)));
		return (111);
	}
	recycle_sweep(m);
	for (i = 0; i < m->nconsumers; i++)
		consumer_serve(m->consumers[i]);
	event_active(m->bell_rung, EV_READ, 0);
	return (0);
}

void
manager_clear(struct manager *m)
{
	size_t i;

	for (i = 0; i < m->nconsumers; i++)
		consumer_free(m->consumers[i]);
	ledger_close(m->none);
	stock_free(m->stock);
	if (m->names != NULL)
		closedir(m->names);
	free(m->consumers);
}

int
manager_run(struct spool *spool, struct conf **conf,
    const struct program *program)
{
	struct daemon d = { .conf = conf, .program = program };
	struct manager *m = &d.manager;
	size_t i;
	int result;

	m->spool = spool;
	m->root = spool_dir(spool);
	m->path = spool_path(spool);
	srandom((unsigned int)when_now() ^ (unsigned int)getpid());
	if ((result = daemon_start(&d)) != 0)
		return (result);
	sandbox_enter("spool", *conf, 1);
	tally_write(m);
	program_ready(program);
	log_info(NULL, "started", "spool=%s", log_quote(m->path));
	event_base_dispatch(m->base);
	for (i = 0; i < m->nconsumers; i++)
		consumer_read(m->consumers[i]);
	tally_write(m);
	log_info(NULL, "stopped", "");
	manager_clear(m);
	return (0);
}
