/*
 * prof-recv - take profiles over HTTP and put them in the spool
 *
 * usage:  prof-recv [-htvV] [-c conf] [-s spool] [-n readyfd] [-o -]
 * reads:  requests on [http_api] listen; spool/full (while fresh: 503)
 * writes: spool/tmp/recv -> spool/new, rings pipe/spool, stat/recv; with -o -
 *         records to standard output, and no spool
 * disk:   full or broken: 503, nothing left behind; works again when it does
 * client: slow or gone: its connection ends at the limits of [http_api]; a
 *         body that has come whole becomes a record all the same
 * killed: what was answered 200 is in new/; drafts are prof-spool's to sweep
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration; 111 cannot start, or
 *         standard output is broken
 */
#include <sys/resource.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <event2/event.h>

#include "conf.h"
#include "log.h"
#include "program.h"
#include "ready.h"
#include "recv/committer.h"
#include "recv/intake.h"
#include "recv/room.h"
#include "recv/service.h"
#include "recv/tally.h"
#include "recv/trouble.h"
#include "spool.h"
#include "when.h"

#define STOP_SECONDS	30	/* for what is in flight at SIGTERM */
#define FILES_SPARE	256	/* descriptors beside those of clients */

static int on_letter(int letter, const char *value);

static struct program program = {
	.name = "prof-recv",
	.usage = "usage: prof-recv [-htvV] [-c conf] [-s spool] "
	    "[-n readyfd] [-o -]\n",
	.letters = "o:",
	.on_letter = on_letter,
};

static int output = -1;		/* -o -; -1: the spool */

enum { TERM, INT, HUP, DRAIN, EVENTS };

struct recv {
	struct conf	*conf;
	struct spool	*spool;		/* NULL: -o - */
	struct event_base *base;
	struct event	*events[EVENTS];
	struct tally	 tally;
	struct trouble	 trouble;
	struct intake	 intake;
	struct service	*service;
	int64_t		 deadline;	/* when_mono; 0: not stopping */
};

static int
on_letter(int letter, const char *value)
{
	(void)letter;
	if (strcmp(value, "-") != 0)
		return (-1);
	output = STDOUT_FILENO;
	return (0);
}

static void
on_drain(evutil_socket_t fd, short what, void *arg)
{
	struct recv *recv = arg;

	(void)fd;
	(void)what;
	if (service_idle(recv->service) || when_mono() >= recv->deadline)
		event_base_loopbreak(recv->base);
}

/* The second one does not wait. */
static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	static const struct timeval often = { .tv_usec = 20000 };
	struct recv *recv = arg;

	(void)fd;
	(void)what;
	if (recv->deadline != 0) {
		recv->deadline = when_mono();
		return;
	}
	recv->deadline = when_mono() + STOP_SECONDS * WHEN_SECOND;
	service_stop(recv->service);
	event_add(recv->events[DRAIN], &often);
}

static void
on_broken(void)
{
	raise(SIGTERM);
}

static int
lists_differ(const struct conf_list *a, const struct conf_list *b)
{
	size_t i;

	if (a->n != b->n)
		return (1);
	for (i = 0; i < a->n; i++)
		if (strcmp(a->v[i], b->v[i]) != 0)
			return (1);
	return (0);
}

static void
on_hup(evutil_socket_t fd, short what, void *arg)
{
	struct recv *recv = arg;
	struct conf *conf = program_conf(&program), *old = recv->conf;

	(void)fd;
	(void)what;
	if (conf == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	if (lists_differ(&conf->listen, &old->listen) ||
	    strcmp(conf->cache_path, old->cache_path) != 0 ||
	    conf->commits != old->commits)
		log_warn(NULL, "restart needed",
		    "keys=listen,cache_path,commits");
	recv->conf = conf;
	recv->intake.conf = conf;
	service_limit(recv->service);
	room_limit(recv->intake.room, conf->min_free);
	conf_free(old);
	log_info(NULL, "configuration taken", "in_force=new");
}

/* A descriptor for each connection and one for its draft. */
static void
files_allow(const struct conf *conf)
{
	rlim_t wanted = (rlim_t)(2 * conf->connections + FILES_SPARE);
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1 || files.rlim_cur >= wanted)
		return;
	files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static int
spool_begin(struct recv *recv)
{
	const char *path = recv->conf->cache_path;

	if ((recv->spool = spool_open(path)) == NULL) {
		log_err(NULL, "spool", "path=%s error=%s", log_quote(path),
		    log_quote(strerror(errno)));
		return (-1);
	}
	/* Held until the process ends. */
	if (spool_lock(recv->spool, "recv") == -1) {
		log_err(NULL, "lock", "path=%s error=%s", log_quote(path),
		    log_quote(errno == EWOULDBLOCK ?
		    "another prof-recv has this spool" : strerror(errno)));
		return (-1);
	}
	return (0);
}

static int
events_begin(struct recv *recv)
{
	struct event **e = recv->events;

	if ((recv->base = event_base_new()) == NULL)
		return (-1);
	e[TERM] = evsignal_new(recv->base, SIGTERM, on_term, recv);
	e[INT] = evsignal_new(recv->base, SIGINT, on_term, recv);
	e[HUP] = evsignal_new(recv->base, SIGHUP, on_hup, recv);
	e[DRAIN] = event_new(recv->base, -1, EV_PERSIST, on_drain, recv);
	if (e[TERM] == NULL || e[INT] == NULL || e[HUP] == NULL ||
	    e[DRAIN] == NULL)
		return (-1);
	return (event_add(e[TERM], NULL) == -1 ||
	    event_add(e[INT], NULL) == -1 ||
	    event_add(e[HUP], NULL) == -1 ? -1 : 0);
}

/* Everything up to readiness. */
static int
recv_begin(struct recv *recv)
{
	struct intake *in = &recv->intake;
	struct conf *conf = recv->conf;

	if (output == -1 && spool_begin(recv) == -1)
		return (-1);
	files_allow(conf);
	in->conf = conf;
	in->spool = recv->spool;
	in->tally = &recv->tally;
	in->trouble = &recv->trouble;
	in->on_broken = on_broken;
	if (events_begin(recv) == -1 ||
	    (in->room = room_new(recv->spool, conf->min_free)) == NULL ||
	    (in->committer = committer_new(recv->base, recv->spool,
	    (unsigned int)conf->commits, output)) == NULL) {
		log_err(NULL, "start", "error=%s", log_quote(strerror(errno)));
		return (-1);
	}
	if ((recv->service = service_new(recv->base, in)) == NULL)
		return (-1);
	if (ready_notify(program.ready) == -1)
		log_warn(NULL, "readiness", "error=%s",
		    log_quote(strerror(errno)));
	return (0);
}

static void
recv_end(struct recv *recv)
{
	struct intake *in = &recv->intake;
	size_t i;

	if (recv->service != NULL)
		service_close(recv->service);
	/* A disk that hangs must not hang the end; nobody was told 200. */
	if (in->committer != NULL && committer_busy(in->committer) > 0) {
		log_warn(NULL, "stopped before the disk answered",
		    "commits=%u", committer_busy(in->committer));
		return;
	}
	service_free(recv->service);
	committer_free(in->committer);
	room_free(in->room);
	for (i = 0; i < EVENTS; i++)
		if (recv->events[i] != NULL)
			event_free(recv->events[i]);
	if (recv->base != NULL)
		event_base_free(recv->base);
	spool_close(recv->spool);
	conf_free(recv->conf);
}

int
main(int argc, char **argv)
{
	static struct recv recv;
	int status;

	/* Every thread's own heap would cost more than all there is to hold. */
	mallopt(M_ARENA_MAX, 1);
	if ((status = program_options(&program, argc, argv)) != -1)
		return (status);
	if (optind < argc) {
		fputs(program.usage, stderr);
		return (2);
	}
	if ((recv.conf = program_conf(&program)) == NULL)
		return (100);
	if (program.test) {
		conf_free(recv.conf);
		return (0);
	}
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit is a full disk to us. */
	signal(SIGXFSZ, SIG_IGN);
	status = 111;
	if (recv_begin(&recv) == 0 && event_base_dispatch(recv.base) == 0 &&
	    !recv.intake.broken)
		status = 0;
	recv_end(&recv);
	return (status);
}
