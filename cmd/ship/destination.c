#include "destination.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "counts.h"
#include "dataway.h"
#include "health.h"
#include "log.h"
#include "outbox.h"
#include "outroom.h"
#include "pool.h"
#include "secret.h"
#include "send.h"
#include "when.h"

/* Reading and checking a record keeps few processors busy. */
#define PREPARERS	4
#define THREADS_MAX	256	/* of a pool */

static int
open_dataway(struct destination *to, const char **why)
{
	errno = 0;
	to->dataway = dataway_new(to->d, to->secrets, why);
	if (to->dataway == NULL) {
		errno = 0;
		return (-1);
	}
	*why = "out of memory";
	to->sender = sender_new(to->base, to->d, to->secrets,
	    &to->counts->bytes);
	return (to->sender == NULL ? -1 : 0);
}

static int
open_outbox(struct destination *to, const char **why)
{
	const char *path = to->d->url.n == 1 ? to->d->url.v[0] : "";

	*why = "url is not file:/DIRECTORY";
	errno = 0;
	if (strncmp(path, "file:", 5) != 0)
		return (-1);
	path += 5;
	if (strncmp(path, "///", 3) == 0)
		path += 2;
	if (path[0] != '/')
		return (-1);
	*why = "the outbox cannot be made";
	to->outbox = outbox_open(path, to->d->outbox_capacity, to->d->name,
	    to->counts);
	if (to->outbox == NULL)
		return (-1);
	to->room = outbox_room(to->outbox);
	return (0);
}

static int
open_type(struct destination *to, const char **why)
{
	switch (to->d->type) {
	case CONF_DATAWAY:
		return (open_dataway(to, why));
	case CONF_FILE_DEST:
		return (open_outbox(to, why));
	default:
		*why = "type external is served by its own command";
		errno = 0;
		return (-1);
	}
}

static void
health_init(struct health *h, const struct conf_destination *d)
{
	h->pause_min = d->retry_min;
	h->pause_max = d->probe_interval < d->retry_max ?
	    d->probe_interval : d->retry_max;
	h->probe_interval = d->probe_interval;
}

/* In a thread. */
static void
trim(void *arg)
{
	struct destination *to = arg;

	outroom_trim(to->room);
}

static void
on_trimmed(void *arg)
{
	struct destination *to = arg;

	to->trimming = 0;
	destination_trim(to);
}

void
destination_trim(struct destination *to)
{
	if (to->room == NULL || to->trimming ||
	    !outroom_due(to->room, when_mono()))
		return;
	/* Without memory for it the next one that is stored asks again. */
	to->trimming = pool_run(to->pool, trim, on_trimmed, to) == 0;
}

void
destination_renew(struct destination *to)
{
	const char *why;

	switch (dataway_renew(to->dataway, to->secrets, &why)) {
	case 1:
		log_info(NULL, "access files read again",
		    "to=%s files=tokens", to->d->name);
		break;
	case -1:
		log_err(NULL, "access files not taken",
		    "to=%s files=tokens in_force=old reason=%s", to->d->name,
		    log_quote(why));
		break;
	default:
		break;
	}
}

/* errno is 0 where it is the configuration that is at fault. */
static struct destination *
destination_new(struct event_base *base, struct conf *conf, const char *name,
    struct counts *counts, const char **why)
{
	struct destination *to;
	unsigned int threads;
	int saved;

	*why = "out of memory";
	if ((to = calloc(1, sizeof(*to))) == NULL) {
		conf_free(conf);
		return (NULL);
	}
	to->base = base;
	to->conf = conf;
	to->counts = counts;
	to->health = calloc(1, sizeof(*to->health));
	to->secrets = calloc(1, sizeof(*to->secrets));
	if (to->health == NULL || to->secrets == NULL)
		goto fail;
	*why = "no destination of that name is configured";
	errno = 0;
	if ((to->d = conf_destination(conf, name)) == NULL)
		goto fail;
	health_init(to->health, to->d);
	if (open_type(to, why) == -1)
		goto fail;
	*why = "threads cannot be made";
	threads = (unsigned int)to->d->workers;
	if (to->d->type == CONF_DATAWAY && threads > PREPARERS)
		threads = PREPARERS;
	/* One to trim an outbox, beside those that store. */
	if (to->room != NULL && threads < THREADS_MAX)
		threads++;
	if ((to->pool = pool_new(base, threads)) == NULL)
		goto fail;
	return (to);
fail:
	saved = errno;
	destination_free(to);
	errno = saved;
	return (NULL);
}

void
destination_free(struct destination *to)
{
	if (to == NULL)
		return;
	if (to->room != NULL && to->by_hand) {
		/* Nobody may come after us who would do it. */
		outroom_settle(to->room);
		destination_trim(to);
	} else if (to->room != NULL)
		outroom_stop(to->room);
	pool_free(to->pool);
	sender_free(to->sender);
	dataway_free(to->dataway);
	outbox_close(to->outbox);
	if (to->secrets != NULL)
		secret_free(to->secrets);
	free(to->secrets);
	free(to->health);
	conf_free(to->conf);
	free(to);
}

/* Which directory: a URL of file: has no secrets. */
static void
name_outbox(char *field, size_t size, struct conf *conf, const char *name)
{
	const struct conf_destination *d = conf_destination(conf, name);

	*field = '\0';
	if (d != NULL && d->url.n == 1 &&
	    strncmp(d->url.v[0], "file:", 5) == 0)
		snprintf(field, size, " url=%s", log_quote(d->url.v[0]));
}

struct destination *
destination_open(struct event_base *base, struct conf *conf, const char *name,
    struct counts *counts, int *code)
{
	struct destination *to;
	const char *why;
	char field[512];

	name_outbox(field, sizeof(field), conf, name);
	to = destination_new(base, conf, name, counts, &why);
	if (to == NULL) {
		*code = errno == 0 ? 100 : 111;
		log_err(NULL, "no destination", "to=%s%s error=%s cause=%s",
		    name, field, log_quote(why), log_quote(errno == 0 ?
		    "configuration" : strerror(errno)));
	}
	return (to);
}
