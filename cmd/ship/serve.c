#include "serve.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "consumer.h"
#include "counts.h"
#include "destination.h"
#include "log.h"
#include "program.h"
#include "sandbox.h"
#include "signals.h"
#include "spool.h"
#include "tenant.h"

#define NICE	5

struct serve {
	const struct program *program;
	const char	*name;
	struct event_base *base;
	struct signals	*signals;
	struct counts	 counts;
	struct spool	*spool;
	struct consumer	*consumer;
};

static void
on_term(void *arg)
{
	struct serve *s = arg;

	consumer_stop(s->consumer);
}

static void
on_hup(void *arg)
{
	struct serve *s = arg;
	struct destination *to = NULL;
	struct conf *conf;
	int code;

	if ((conf = program_conf(s->program)) != NULL)
		to = destination_open(s->base, conf, s->name, &s->counts,
		    &code);
	if (to == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	destination_trim(to);
	consumer_change(s->consumer, to);
	log_info(NULL, "configuration taken", "in_force=new");
	if (sandbox_change(to->conf))
		consumer_stop(s->consumer);
}

static int
serve_spool(struct serve *s, const char *path)
{
	char prog[SPOOL_CONSUMER];

	snprintf(prog, sizeof(prog), "ship.%s", s->name);
	if ((s->spool = tenant_open(path, prog)) == NULL)
		return (-1);
	/* Held until the process ends. */
	if (spool_lock(s->spool, prog) == -1) {
		log_err(NULL, "cannot lock the queue", "queue=%s error=%s",
		    s->name, log_quote(errno == EWOULDBLOCK ?
		    "another prof-ship serves it" : strerror(errno)));
		return (-1);
	}
	return (0);
}

/* Everything up to readiness. 0, or the exit code. */
static int
serve_begin(struct serve *s, struct conf *conf)
{
	char prog[SPOOL_CONSUMER];
	struct destination *to;
	int code = 111;

	if (serve_spool(s, conf->cache_path) == -1) {
		conf_free(conf);
		return (111);
	}
	/* Before there are threads: a client waits for prof-recv, and drops
	 * what it cannot send; what is queued is safe. */
	(void)!nice(NICE);
	to = destination_open(s->base, conf, s->name, &s->counts, &code);
	if (to == NULL)
		return (code);
	s->consumer = consumer_new(s->base, s->spool, to);
	s->signals = signals_new(s->base, on_term, on_hup, s);
	if (s->consumer == NULL || s->signals == NULL)
		goto fail;
	snprintf(prog, sizeof(prog), "ship.%s", s->name);
	sandbox_enter(prog, to->conf, 1);
	destination_trim(to);
	if (consumer_start(s->consumer) == -1 ||
	    consumer_stat(s->consumer) == -1)
		goto fail;
	program_ready(s->program);
	return (0);
fail:
	log_err(NULL, "cannot start", "queue=%s error=%s", s->name,
	    log_quote(strerror(errno)));
	return (111);
}

int
serve(struct event_base *base, const struct program *program,
    const char *name, struct conf *conf)
{
	struct serve s = { .program = program, .name = name, .base = base };
	int code;

	if ((code = serve_begin(&s, conf)) == 0) {
		if (event_base_dispatch(base) == -1 || sandbox_ends())
			code = 111;
		if (consumer_stat(s.consumer) == -1)
			log_warn(NULL, "cannot write statistics", "error=%s",
			    log_quote(strerror(errno)));
		/* A disk that hangs must not hang the end. */
		if (consumer_stuck(s.consumer)) {
			log_warn(NULL, "stopped before the disk answered", "");
			_exit(code);
		}
	}
	consumer_free(s.consumer);
	signals_free(s.signals);
	spool_close(s.spool);
	return (code);
}
