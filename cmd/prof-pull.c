/*
 * prof-pull - fetch profiles from Go programs, make deltas, one record a round
 *
 * usage:  prof-pull [-1htvV] [-c conf] [-s spool] [-n readyfd] [-o -]
 *             [-w time] [-u url [-T types]]...
 * reads:  the targets' /debug/pprof over HTTP; [profile.go] and its file_sd;
 *         keep/pull, what a profile was in the round before; spool/full
 * writes: spool/tmp/pull -> keep/pull and spool/new, rings pipe/spool,
 *         stat/pull; with -o - records to standard output, and no spool
 * disk:   full or broken: a round is not begun or not committed, and counted;
 *         the next delta has what the missed one would have had
 * target: slow or dead: its rounds fail, no other's; restarted: a new baseline
 * killed: a record and the baselines it used up change by one rename, so no
 *         part of a counter is lost or sent twice
 * exits:  0 on SIGTERM, or after -1; 2 usage; 100 bad configuration; 111 cannot
 *         start, standard output is broken, or of -1 something was not pulled
 */
#include <sys/resource.h>

#include <errno.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "program.h"
#include "pull/plan.h"
#include "pull/pull.h"
#include "pull/service.h"
#include "sandbox.h"
#include "when.h"

#define LARGE	((int)256 * 1024)	/* bytes: given back when freed */

static int on_letter(int letter, const char *value);

static const char *const at_start[] = { "http_api.commits",
    "profile.election", "profile.io_config.cache_path", "election.enable",
    "election.namespace", "election.node_whitelist", "election.id",
    "election.backend", "election.mode", "election.file", "election.urls",
    "election.lease", "election.*_file", "security.*", NULL };

static struct program program = {
	.name = "prof-pull",
	.usage = "usage: prof-pull [-1htvV] [-c conf] [-s spool] "
	    "[-n readyfd] [-o -]\n"
	    "                 [-w time] [-u url [-T types]]...\n",
	.letters = "1o:T:u:w:",
	.on_letter = on_letter,
	.at_start = at_start,
};

static int once;		/* -1 */
static int output = -1;		/* -o -; -1: the spool */
static int64_t wait_time;	/* -w; 0: the configured intervals */
static struct buf by_hand;	/* -u and -T, as a configuration has them */

#define EVENTS	3		/* signals that are heard */

/* A value of the command line as one of the configuration. */
static int
hand_add(const char *header, const char *key, const char *value)
{
	program.why = "it is empty, or holds a quote or a newline";
	if (*value == '\0' || strpbrk(value, "\r\n'") != NULL)
		return (-1);
	program.why = "out of memory";
	return (buf_addf(&by_hand, "%s%s = '%s'\n", header, key, value));
}

static int
on_letter(int letter, const char *value)
{
	switch (letter) {
	case '1':
		once = 1;
		return (0);
	case 'o':
		program.why = "- is all there is";
		output = STDOUT_FILENO;
		return (strcmp(value, "-") == 0 ? 0 : -1);
	case 'T':
		program.why = "it stands behind the -u that it is for";
		return (by_hand.len == 0 ? -1 :
		    hand_add("", "enabled_types", value));
	case 'u':
		return (hand_add("[profile.go]\n", "url", value));
	default:
		program.why = "no time, as 500ms, 10s or 1m30s are";
		return (when_duration(value, &wait_time) == -1 ||
		    wait_time <= 0 ? -1 : 0);
	}
}

/* The targets of -u, checked as a file's are. NULL: *said says why not. */
static struct conf *
hand_parse(struct buf *said)
{
	struct conf *conf;
	FILE *f = fmemopen(by_hand.p, by_hand.len, "r");

	if (f == NULL)
		return (NULL);
	conf = conf_parse(f, "-u", NULL, said);
	fclose(f);
	/* A warning is about a type that is none. */
	if (conf != NULL && said->len > 0) {
		conf_free(conf);
		conf = NULL;
	}
	return (conf);
}

/* The configuration, and the command line in place of its targets. */
static struct plan *
plan_make(int *status)
{
	struct conf *conf, *hand = NULL;
	struct buf said = { 0 };
	struct plan *plan;

	*status = 2;
	if (by_hand.len > 0 && (hand = hand_parse(&said)) == NULL) {
		fwrite(said.p, 1, said.len, stderr);
		buf_free(&said);
		return (NULL);
	}
	if ((conf = program_conf(&program)) == NULL) {
		*status = program_unread(errno);
		conf_free(hand);
		return (NULL);
	}
	/* Whoever names a target means it. */
	if (hand != NULL)
		conf->election = 0;
	*status = 111;
	if ((plan = plan_new(conf, hand, wait_time)) == NULL)
		log_err(NULL, "cannot start", "error=%s",
		    log_quote(strerror(errno)));
	return (plan);
}

static void
on_term(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	service_stop(arg);
}

static void
on_hup(evutil_socket_t fd, short what, void *arg)
{
	struct pull *pull = arg;
	struct plan *plan, *old = pull->plan;
	int status;

	(void)fd;
	(void)what;
	if (pull->stopping)
		return;
	if ((plan = plan_make(&status)) == NULL) {
		log_err(NULL, "configuration not taken", "in_force=old");
		return;
	}
	pull->plan = plan;
	service_change(pull);
	plan_drop(old);
	log_info(NULL, "configuration taken", "in_force=new");
}

/* Each fetch has a socket and a file: as many as we may. */
static void
files_allow(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files) == -1)
		return;
	files.rlim_cur = files.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &files);
}

static int
events_begin(struct pull *pull, struct event **e)
{
	static const struct {
		int			 signal;
		event_callback_fn	 call;
	} heard[EVENTS] = { { SIGTERM, on_term }, { SIGINT, on_term },
	    { SIGHUP, on_hup } };
	size_t i;

	if ((pull->base = event_base_new()) == NULL)
		return (-1);
	for (i = 0; i < EVENTS; i++) {
		e[i] = evsignal_new(pull->base, heard[i].signal,
		    heard[i].call, pull);
		if (e[i] == NULL || event_add(e[i], NULL) == -1)
			return (-1);
	}
	return (0);
}

static int
pull_run(struct pull *pull)
{
	struct event *events[EVENTS] = { NULL };
	int status = 111;
	size_t i;

	if (events_begin(pull, events) == -1)
		log_err(NULL, "cannot start", "error=%s",
			    log_quote(strerror(errno)));
	else if (service_begin(pull) == 0) {
		program_ready(&program);
		if (service_run(pull) == 0 && !pull->broken &&
		    !sandbox_ends() && !(pull->once && pull->failed))
			status = 0;
	}
	if (service_end(pull) == -1)
		return (status);
	for (i = 0; i < EVENTS; i++)
		if (events[i] != NULL)
			event_free(events[i]);
	if (pull->base != NULL)
		event_base_free(pull->base);
	curl_global_cleanup();
	return (status);
}

int
main(int argc, char *argv[])
{
	static struct pull pull;
	int status;

	/* Profiles are large and do not last: their memory is not to stay. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE);
	if ((status = program_options(&program, argc, argv)) != -1)
		return (status);
	if (optind < argc)
		return (program_wrong(&program, argv[optind],
		    "it takes no arguments; -u is for a target"));
	if ((pull.plan = plan_make(&status)) == NULL)
		return (status);
	if (program.test) {
		plan_drop(pull.plan);
		return (0);
	}
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit is a full disk to us. */
	signal(SIGXFSZ, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return (111);
	files_allow();
	pull.once = once;
	pull.output = output;
	status = pull_run(&pull);
	buf_free(&by_hand);
	return (status);
}
