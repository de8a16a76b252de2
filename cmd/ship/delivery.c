#include "delivery.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "answer.h"
#include "backoff.h"
#include "cargo.h"
#include "conf.h"
#include "counts.h"
#include "dataway.h"
#include "destination.h"
#include "health.h"
#include "log.h"
#include "outbox.h"
#include "pool.h"
#include "profile.h"
#include "record.h"
#include "send.h"
#include "when.h"

enum stage { IDLE, PREPARING, SENDING, STORING, PAUSED, OVER };

struct delivery {
	struct destination *to;
	char		*path;
	int		 fd;
	char		 id[UUID_TEXT];	/* "": any */
	unsigned int	 rounds;
	void		(*on_done)(struct delivery *, void *);
	void		*arg;

	enum stage	 stage;
	int		 stopping;
	struct cargo	*cargo;
	struct transfer	*transfer;
	struct event	*timer;		/* of a pause */
	struct answer	 answer;	/* to the last attempt */
	unsigned int	 tries;
	size_t		 url;		/* which was tried last */
	size_t		 refusals;	/* urls in a row that take nothing */
	int64_t		 began;		/* the round; mono */
	int64_t		 attempt;	/* the attempt; mono */
	int64_t		 delay;
};

/* It is over: the answer stands. */
static void
delivery_end(struct delivery *d)
{
	const struct conf_destination *c = d->to->d;
	int64_t now = when_mono();

	d->delay = backoff_part(backoff_step(c->retry_min, c->retry_max,
	    d->rounds));
	if (d->answer.kind == ANSWER_SUSPEND && d->delay < c->probe_interval)
		d->delay = c->probe_interval;
	if (d->delay < d->answer.after)
		d->delay = d->answer.after;
	if (d->answer.kind == ANSWER_RETRY && !d->answer.ours)
		health_failed(d->to->health, d, d->answer.after, now);
	health_leave(d->to->health, d);
	d->stage = OVER;
	d->on_done(d, d->arg);
}

/* May another attempt follow one that failed? */
static int
delivery_again(const struct delivery *d, int64_t now)
{
	const struct conf_destination *c = d->to->d;
	uint64_t tries = c->retry_count;

	if (d->to->dataway != NULL && tries < dataway_urls(d->to->dataway))
		tries = dataway_urls(d->to->dataway);
	/* Past the lease prof-spool would hand it out again. */
	return (!d->stopping && !d->answer.ours && d->answer.after == 0 &&
	    d->tries < tries && now - d->began < c->lease / 2);
}

/* Wait, unless there is a URL that has had no turn since the last wait. */
static void
delivery_pause(struct delivery *d)
{
	const struct conf_destination *c = d->to->d;
	size_t urls = d->to->dataway != NULL ?
	    dataway_urls(d->to->dataway) : 1;
	int64_t ns = 0;
	struct timeval tv;

	if (d->tries % urls == 0)
		ns = backoff_full(backoff_step(c->retry_min, c->retry_max,
		    d->tries / (unsigned int)urls - 1));
	tv = when_timeval(ns);
	d->stage = PAUSED;
	evtimer_add(d->timer, &tv);
}

/*
 * One url takes nothing, which suspends the destination only when the others
 * take nothing either. Is there one that has not been asked?
 */
static int
delivery_elsewhere(struct delivery *d)
{
	struct dataway *dw = d->to->dataway;

	if (dw == NULL || d->answer.kind != ANSWER_SUSPEND || d->answer.ours) {
		d->refusals = 0;
		return (0);
	}
	dataway_failed(dw, d->url);
	return (++d->refusals < dataway_urls(dw) && !d->stopping);
}

/* An attempt was answered. */
static void
delivery_answered(struct delivery *d)
{
	struct destination *to = d->to;
	enum health_state was = to->health->state;
	int64_t now = when_mono();
	int known;

	d->tries++;
	counts_attempt(to->counts, &d->answer, now - d->attempt);
	if (d->answer.kind != ANSWER_OK)
		log_debug(d->id, "attempt failed", "to=%s attempt=%u reason=%s",
		    to->d->name, d->tries, log_quote(d->answer.reason));
	if (to->dataway != NULL && d->answer.kind == ANSWER_RETRY &&
	    !d->answer.ours)
		dataway_failed(to->dataway, d->url);
	if (delivery_elsewhere(d)) {
		delivery_pause(d);
		return;
	}
	known = health_answer(to->health, d, &d->answer, d->attempt, now);
	if (to->on_health != NULL && to->health->state != was)
		to->on_health(to->arg);
	if (known && !to->by_hand)
		d->answer.kind = ANSWER_BACK;
	if (d->answer.kind == ANSWER_RETRY && !known && delivery_again(d, now))
		delivery_pause(d);
	else
		delivery_end(d);
}

static void
on_sent(const struct answer *answer, void *arg)
{
	struct delivery *d = arg;

	d->transfer = NULL;
	d->answer = *answer;
	delivery_answered(d);
}

static void
delivery_send(struct delivery *d)
{
	struct dataway *dw = d->to->dataway;
	struct request request = { .length = cargo_length(d->cargo),
	    .read = cargo_read, .arg = d->cargo };

	d->stage = SENDING;
	d->url = dataway_current(dw);
	destination_renew(d->to);
	request.url = dataway_url(dw, d->url, d->cargo->record);
	request.headers = dataway_headers(dw, d->cargo);
	d->transfer = transfer_new(d->to->sender, &request, on_sent, d);
	if (d->transfer == NULL) {
		answer_ours(&d->answer, ANSWER_RETRY, "%s", strerror(errno));
		delivery_end(d);
	}
}

/* In a thread. */
static void
store(void *arg)
{
	struct delivery *d = arg;

	outbox_store(d->to->outbox, d->cargo, &d->answer);
}

static void
on_stored(void *arg)
{
	struct delivery *d = arg;

	destination_trim(d->to);
	delivery_answered(d);
}

static void
delivery_attempt(struct delivery *d)
{
	d->attempt = when_mono();
	if (d->to->sender != NULL) {
		delivery_send(d);
		return;
	}
	d->stage = STORING;
	if (pool_run(d->to->pool, store, on_stored, d) == -1) {
		answer_ours(&d->answer, ANSWER_RETRY, "%s", strerror(errno));
		delivery_end(d);
	}
}

static void
on_pause(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	delivery_attempt(arg);
}

/* In a thread. */
static void
prepare(void *arg)
{
	struct delivery *d = arg;

	d->cargo = cargo_open(d->path, d->fd, d->id, d->to->conf, d->to->d,
	    &d->answer);
	d->fd = -1;
	/* What stores it waits as this does: no other thread is asked. */
	if (d->cargo != NULL && d->to->outbox != NULL)
		store(d);
}

static void
on_prepared(void *arg)
{
	struct delivery *d = arg;

	if (d->cargo == NULL)
		delivery_end(d);
	else if (d->to->outbox != NULL)
		on_stored(d);
	else if (d->stopping) {
		answer_ours(&d->answer, ANSWER_BACK, "stopping");
		delivery_end(d);
	} else
		delivery_attempt(d);
}

struct delivery *
delivery_new(struct destination *to, const char *path, int fd, const char *id,
    unsigned int rounds, void (*on_done)(struct delivery *, void *), void *arg)
{
	struct delivery *d;

	if ((d = calloc(1, sizeof(*d))) == NULL) {
		if (fd != -1)
			close(fd);
		return (NULL);
	}
	d->to = to;
	d->fd = fd;
	d->rounds = rounds;
	d->on_done = on_done;
	d->arg = arg;
	to->deliveries++;
	if (id != NULL)
		memcpy(d->id, id, sizeof(d->id));
	d->timer = evtimer_new(to->base, on_pause, d);
	if (d->timer == NULL ||
	    (path != NULL && (d->path = strdup(path)) == NULL)) {
		delivery_free(d);
		return (NULL);
	}
	return (d);
}

void
delivery_start(struct delivery *d)
{
	d->stage = PREPARING;
	d->began = d->attempt = when_mono();
	if (pool_run(d->to->pool, prepare, on_prepared, d) == -1) {
		answer_ours(&d->answer, ANSWER_RETRY, "%s", strerror(errno));
		delivery_end(d);
	}
}

void
delivery_stop(struct delivery *d, int now)
{
	d->stopping = 1;
	if (d->stage != PAUSED && (d->stage != SENDING || !now))
		return;
	transfer_free(d->transfer);
	d->transfer = NULL;
	evtimer_del(d->timer);
	answer_ours(&d->answer, ANSWER_BACK, "stopping");
	delivery_end(d);
}

void
delivery_free(struct delivery *d)
{
	if (d == NULL)
		return;
	d->to->deliveries--;
	transfer_free(d->transfer);
	cargo_free(d->cargo);
	if (d->timer != NULL)
		event_free(d->timer);
	if (d->fd != -1)
		close(d->fd);
	free(d->path);
	free(d);
}

const char *
delivery_id(const struct delivery *d)
{
	return (d->id[0] != '\0' ? d->id : NULL);
}

const struct answer *
delivery_answer(const struct delivery *d)
{
	return (&d->answer);
}

int64_t
delivery_delay(const struct delivery *d)
{
	return (d->delay);
}

unsigned int
delivery_tries(const struct delivery *d)
{
	return (d->tries);
}

uint64_t
delivery_length(const struct delivery *d)
{
	return (d->cargo != NULL ? cargo_length(d->cargo) : 0);
}

const char *
delivery_warning(const struct delivery *d)
{
	return (d->cargo != NULL && d->cargo->profile != NULL ?
	    profile_warning(d->cargo->profile) : NULL);
}
