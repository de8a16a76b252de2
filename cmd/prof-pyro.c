/*
 * prof-pyro - take profiles from Pyroscope's clients and put them in the spool
 *
 * usage:  prof-pyro [-htvV] [-c conf] [-s spool] [-n readyfd] [-o -]
 * reads:  POST /ingest and Push on the url of each [profile.pyroscope];
 *         keep/pyro, profiles that wait to be joined; spool/full (503)
 * writes: spool/tmp/pyro -> keep/pyro and spool/new, rings pipe/spool,
 *         stat/pyro; with -o - records to standard output, nothing is joined
 * disk:   full or broken: 503, nothing left behind; works again when it does;
 *         sets that cannot be joined stay in keep/pyro and are tried again
 * client: slow or gone: its connection ends at the limits of [http_api]; a
 *         body that has come whole becomes a record all the same; one that is
 *         no profile is 422 and costs no other client anything
 * killed: what was answered 200 is in new/ or keep/pyro; a record and the parts
 *         that it is made of change by one rename
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration; 111 cannot start, or
 *         standard output is broken
 */
#include <malloc.h>
#include <stdlib.h>

#include <event2/event.h>

#include "conf.h"
#include "intake.h"
#include "log.h"
#include "program.h"
#include "pyro/listener.h"
#include "pyro/pyro.h"
#include "pyro/route.h"
#include "pyro/upload.h"
#include "station.h"

#define LARGE	((int)256 * 1024)	/* bytes: given back when freed */
#define NO_H2	"prof-pyro takes no gRPC over HTTP/2: push by Connect or " \
		"gRPC-Web over HTTP/1.1"

static const char *const at_start[] = { "profile.pyroscope.*.url",
    "http_api.commits", "profile.io_config.cache_path", "security.*", NULL };

static struct program program = {
	.name = "prof-pyro",
	.usage = "usage: prof-pyro [-htvV] [-c conf] [-s spool] "
	    "[-n readyfd] [-o -]\n",
	.letters = "o:",
	.at_start = at_start,
};

static struct station *station;

static void
on_hup(void *arg)
{
	struct pyro *pyro = arg;
	struct conf *conf;

	if ((conf = program_conf(&program)) == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	/* Else there is no telling whose tags are whose. */
	if (listeners_differ(pyro->listeners, conf)) {
		log_err(NULL, "configuration not taken", "in_force=old "
		    "reason=%s", log_quote("a url of [profile.pyroscope] "
		    "changed, which takes a restart"));
		conf_free(conf);
		return;
	}
	intake_change(pyro->in, conf);
	if (pyro_change(pyro) == -1)
		log_err(NULL, "out of memory", "listeners=old");
	station_change(station);
	log_info(NULL, "configuration taken", "in_force=new");
}

static const struct conf_access *
access_of(const struct conf *conf, unsigned int door)
{
	return (&conf->pyroscopes[door].access);
}

/* The addresses of all listeners. */
static struct station *
station_begin(struct pyro *pyro, struct event_base *base)
{
	struct station_calls calls = { .on_head = route,
	    .on_body = upload_feed, .on_end = upload_end,
	    .on_gone = upload_gone, .access = access_of, .on_hup = on_hup,
	    .busy = pyro_busy, .print = pyro_print, .h2_text = NO_H2,
	    .arg = pyro };
	struct conf_list urls;
	struct station *s;

	if (listeners_urls(pyro->listeners, &urls) == -1)
		return (NULL);
	s = station_new(base, pyro->in, &urls, &calls);
	free(urls.v);
	return (s);
}

/* Everything up to readiness. */
static int
begin(struct pyro *pyro, struct event_base *base, struct conf *conf)
{
	if (intake_open(pyro->in, base, "pyro", conf, program.output) == -1 ||
	    pyro_open(pyro, base) == -1 ||
	    (station = station_begin(pyro, base)) == NULL)
		return (-1);
	program_ready(&program);
	return (0);
}

static int
run(struct conf *conf)
{
	static struct intake in;
	static struct pyro pyro = { .in = &in };
	struct event_base *base;
	int status, stopped = -1;

	if ((base = event_base_new()) == NULL)
		return (111);
	if (begin(&pyro, base, conf) == 0)
		stopped = station_run(station);
	status = stopped == -1 || in.broken ? 111 : 0;
	if (stopped == 1)
		return (status);
	station_free(station);
	pyro_close(&pyro);
	intake_close(&in);
	event_base_free(base);
	return (status);
}

int
main(int argc, char **argv)
{
	struct conf *conf;
	int status;

	/* Profiles are large and do not last: their memory is not to stay. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE);
	if ((status = program_begin(&program, argc, argv, &conf)) != -1)
		return (status);
	if (conf->npyroscopes > 0)
		return (run(conf));
	log_err(NULL, "configuration", "error=%s",
	    log_quote("there is no [profile.pyroscope]"));
	conf_free(conf);
	return (100);
}
