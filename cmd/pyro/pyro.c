#include "pyro.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "expose.h"
#include "intake.h"
#include "keep.h"
#include "listener.h"
#include "log.h"
#include "pool.h"
#include "restore.h"
#include "sets.h"

/*
 * A conversion holds its profile: so many at a time bound the memory. More than
 * one, so that a large profile does not hold up the small ones.
 */
#define CONVERSIONS	2

static void
on_joined(const char *id, uint64_t length, int complete, void *arg)
{
	struct pyro *pyro = arg;

	if (complete)
		pyro->joined++;
	else
		pyro->incomplete++;
	log_info(id, "joined", "complete=%s bytes=%llu",
	    complete ? "true" : "false", (unsigned long long)length);
}

static void
on_late(const char *id, int error, void *arg)
{
	(void)arg;
	log_err(id, "cannot join", "error=%s", log_quote(strerror(error)));
}

static void
on_bad(const char *name, const char *why, void *arg)
{
	struct pyro *pyro = arg;
	char path[128];

	pyro->bad_parts++;
	snprintf(path, sizeof(path), "keep/pyro/%s", name);
	log_err(NULL, "bad part", "path=%s reason=%s", log_quote(path),
	    log_quote(why));
}

/* What needs a spool. */
static int
keep_begin_sets(struct pyro *pyro, struct event_base *base)
{
	struct sets_calls calls = { on_joined, on_late, on_bad, pyro };

	if ((pyro->keep = keep_open(pyro->in->spool, "pyro")) == NULL ||
	    (pyro->storing = pool_new(base,
	    (unsigned int)pyro->in->conf->commits)) == NULL ||
	    (pyro->sets = sets_new(base, pyro->keep, pyro->storing,
	    &calls)) == NULL ||
	    restore(pyro->keep, pyro->sets, pyro->listeners, on_bad,
	    pyro) == -1)
		return (-1);
	if (sets_count(pyro->sets) > 0)
		log_info(NULL, "sets found", "sets=%u",
		    sets_count(pyro->sets));
	return (0);
}

int
pyro_open(struct pyro *pyro, struct event_base *base)
{
	if ((pyro->listeners = calloc(1, sizeof(*pyro->listeners))) != NULL &&
	    listeners_read(pyro->listeners, pyro->in->conf) == 0 &&
	    (pyro->conversions = pool_new(base, CONVERSIONS)) != NULL &&
	    (pyro->in->spool == NULL || keep_begin_sets(pyro, base) == 0))
		return (0);
	log_err(NULL, "cannot start", "error=%s", log_quote(strerror(errno)));
	return (-1);
}

int
pyro_change(struct pyro *pyro)
{
	struct listeners new = { 0 };

	if (listeners_read(&new, pyro->in->conf) == -1) {
		listeners_free(&new);
		return (-1);
	}
	listeners_free(pyro->listeners);
	*pyro->listeners = new;
	return (0);
}

void
pyro_close(struct pyro *pyro)
{
	pool_free(pyro->conversions);
	pool_free(pyro->storing);
	sets_free(pyro->sets);
	keep_close(pyro->keep);
	if (pyro->listeners != NULL)
		listeners_free(pyro->listeners);
	free(pyro->listeners);
}

int
pyro_busy(void *arg)
{
	const struct pyro *pyro = arg;

	return (pool_busy(pyro->conversions) > 0 ||
	    (pyro->storing != NULL && pool_busy(pyro->storing) > 0));
}

static int
print_sets(struct buf *b, const struct pyro *pyro)
{
	if (expose_one(b, "prof_pyro_waiting_sets", "gauge",
	    "Sets of profiles that wait for others.",
	    sets_count(pyro->sets)) == -1 ||
	    expose_type(b, "prof_pyro_sets_total", "counter",
	    "Sets that became records.") == -1)
		return (-1);
	return (buf_addf(b, "prof_pyro_sets_total{complete=\"true\"} %" PRIu64
	    "\nprof_pyro_sets_total{complete=\"false\"} %" PRIu64 "\n",
	    pyro->joined, pyro->incomplete));
}

int
pyro_print(struct buf *b, void *arg)
{
	const struct pyro *pyro = arg;

	if (histogram_print_times(&pyro->conversion, b,
	    "prof_pyro_conversion_seconds", "",
	    "From a body's end to what is made of it.") == -1 ||
	    expose_one(b, "prof_pyro_parts_total", "counter",
	    "Profiles stored to be joined.", pyro->parts) == -1 ||
	    expose_one(b, "prof_pyro_bad_parts_total", "counter",
	    "Stored profiles that cannot be read again.",
	    pyro->bad_parts) == -1)
		return (-1);
	return (pyro->sets != NULL ? print_sets(b, pyro) : 0);
}
