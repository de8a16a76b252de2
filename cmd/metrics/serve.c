#include "serve.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "consumer.h"
#include "file.h"
#include "log.h"
#include "program.h"
#include "sandbox.h"
#include "signals.h"
#include "spool.h"
#include "tenant.h"

struct serve {
	const struct program *program;
	struct event_base *base;
	struct signals	*signals;
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
	struct conf *conf = program_conf(s->program);

	if (conf == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	consumer_change(s->consumer, conf);
	log_info(NULL, "configuration taken", "in_force=new");
	if (sandbox_change(conf))
		consumer_stop(s->consumer);
	conf_free(conf);
}

/*
 * Drafts that one before us left. Their ids are not random: each would be in
 * the way of its record, which is made again.
 */
static int
serve_sweep(struct spool *spool)
{
	const char *name;
	int more;
	DIR *dir;

	if ((dir = file_opendir(spool_dir(spool), SPOOL_TMP "/metrics")) ==
	    NULL)
		return (-1);
	while ((more = file_next(dir, &name)) == 1)
		unlinkat(dirfd(dir), name, 0);
	closedir(dir);
	return (more);
}

static int
serve_spool(struct serve *s, const char *path)
{
	if ((s->spool = tenant_open(path, "metrics")) == NULL)
		return (-1);
	/* Held until the process ends. */
	if (spool_lock(s->spool, "metrics") == -1) {
		log_err(NULL, "cannot lock the queue", "queue=metrics "
		    "error=%s", log_quote(errno == EWOULDBLOCK ?
		    "another prof-metrics serves it" : strerror(errno)));
		return (-1);
	}
	if (serve_sweep(s->spool) == -1) {
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(strerror(errno)));
		return (-1);
	}
	return (0);
}

/* Everything up to readiness. */
static int
serve_begin(struct serve *s, const struct conf *conf)
{
	if (serve_spool(s, conf->cache_path) == -1)
		return (-1);
	if ((s->base = event_base_new()) == NULL ||
	    (s->consumer = consumer_new(s->base, s->spool, conf)) == NULL ||
	    (s->signals = signals_new(s->base, on_term, on_hup, s)) == NULL)
		goto fail;
	sandbox_enter("metrics", conf, 1);
	if (consumer_start(s->consumer) == 0 &&
	    consumer_stat(s->consumer) == 0) {
		program_ready(s->program);
		return (0);
	}
fail:
	log_err(NULL, "cannot start", "queue=metrics error=%s",
	    log_quote(strerror(errno)));
	return (-1);
}

static void
serve_end(struct serve *s)
{
	consumer_free(s->consumer);
	signals_free(s->signals);
	if (s->base != NULL)
		event_base_free(s->base);
	spool_close(s->spool);
}

int
serve(const struct program *program, struct conf *conf)
{
	struct serve s = { .program = program };
	int code = serve_begin(&s, conf) == -1 ? 111 : 0;

	conf_free(conf);
	if (code == 0) {
		if (event_base_dispatch(s.base) == -1 || sandbox_ends())
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
	serve_end(&s);
	return (code);
}
