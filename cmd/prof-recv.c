/*
 * prof-recv - take profiles over HTTP and put them in the spool
 *
 * usage:  prof-recv [-htvV] [-c conf] [-s spool] [-n readyfd] [-o -]
 * reads:  requests on [http_api] listen; spool/full (while fresh: 503);
 *         spool/stat of all programs for GET /metrics and /healthz
 * writes: spool/tmp/recv -> spool/new, rings pipe/spool, stat/recv; with -o -
 *         records to standard output, and no spool
 * disk:   full or broken: 503, nothing left behind; works again when it does
 * client: slow or gone: its connection ends at the limits of [http_api]; a
 *         body that has come whole becomes a record all the same
 * killed: what was answered 200 is in new/; drafts are prof-spool's to sweep
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration; 111 cannot start, or
 *         standard output is broken
 */
#include <malloc.h>

#include <event2/event.h>

#include "conf.h"
#include "intake.h"
#include "log.h"
#include "program.h"
#include "recv/route.h"
#include "recv/upload.h"
#include "station.h"

static const char *const at_start[] = { "http_api.listen",
    "http_api.commits", "profile.io_config.cache_path", "security.*", NULL };

static struct program program = {
	.name = "prof-recv",
	.usage = "usage: prof-recv [-htvV] [-c conf] [-s spool] "
	    "[-n readyfd] [-o -]\n",
	.letters = "o:",
	.at_start = at_start,
};

static struct station *station;

static void
on_hup(void *arg)
{
	struct intake *in = arg;
	struct conf *conf;

	if ((conf = program_conf(&program)) == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	intake_change(in, conf);
	station_change(station);
	log_info(NULL, "configuration taken", "in_force=new");
}

static const struct conf_access *
access_of(const struct conf *conf, unsigned int door)
{
	(void)door;
	return (&conf->access);
}

/* Everything up to readiness. */
static int
recv_begin(struct event_base *base, struct intake *in, struct conf *conf)
{
	struct station_calls calls = { .on_head = route,
	    .on_body = upload_feed, .on_end = upload_end,
	    .on_gone = upload_gone, .access = access_of, .on_hup = on_hup,
	    .arg = in };

	if (intake_open(in, base, "recv", conf, program.output) == -1)
		return (-1);
	station = station_new(base, in, &conf->listen, &calls);
	if (station == NULL)
		return (-1);
	program_ready(&program);
	return (0);
}

int
main(int argc, char **argv)
{
	static struct intake in;
	struct event_base *base;
	struct conf *conf;
	int status, stopped = -1;

	/* Every thread's own heap would cost more than all there is to hold. */
	mallopt(M_ARENA_MAX, 1);
	if ((status = program_begin(&program, argc, argv, &conf)) != -1)
		return (status);
	if ((base = event_base_new()) == NULL)
		return (111);
	if (recv_begin(base, &in, conf) == 0)
		stopped = station_run(station);
	status = stopped == -1 || in.broken ? 111 : 0;
	if (stopped == 1)
		return (status);
	station_free(station);
	intake_close(&in);
	event_base_free(base);
	return (status);
}
