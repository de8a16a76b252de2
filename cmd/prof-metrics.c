/*
 * prof-metrics - make metrics of profiles
 *
 * usage:  prof-metrics [-htvV] [-c conf] [-s spool] [-n readyfd]
 *         prof-metrics [-PvV] [-c conf] FILE...|-
 *         prof-metrics -p [-evV] [-c conf] FILE...|-
 * reads:  names from pipe/metrics.todo and the records they name; by hand the
 *         records in FILEs or on standard input, with -p bare profiles
 * writes: tmp/metrics -> new, rings pipe/spool; verdicts to pipe/metrics.done,
 *         stat/metrics; by hand line protocol on standard output, with -e
 *         what events a recording has
 * worker: all parsing is done by this program under another name, which holds
 *         one record's descriptor at a time and sends lines back
 * full:   while the spool is full nothing is made, and asked for again later
 * killed: what was under way is handed out again; a record made twice has the
 *         same id and bytes
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration, or by hand a record
 *         that will never have metrics; 111 cannot start, or by hand trouble
 */
#include <sys/resource.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "metrics/hand.h"
#include "metrics/order.h"
#include "metrics/serve.h"
#include "metrics/work.h"
#include "metrics/worker.h"
#include "program.h"
#include "record.h"

static int on_letter(int letter, const char *value);

static const char *const at_start[] = { "profile.io_config.cache_path",
    "security.*", NULL };

static struct program program = {
	.name = "prof-metrics",
	.usage =
	    "usage: prof-metrics [-htvV] [-c conf] [-s spool] [-n readyfd]\n"
	    "       prof-metrics [-PvV] [-c conf] record ... | -\n"
	    "       prof-metrics -p [-evV] [-c conf] profile ... | -\n",
	.letters = "ePp",
	.on_letter = on_letter,
	.at_start = at_start,
	.anywhere = 1,
};

static int bare;	/* -p */
static int events;	/* -e */
static int points;	/* -P */

static int
on_letter(int letter, const char *value)
{
	(void)value;
	if (letter == 'p')
		bare = 1;
	else if (letter == 'e')
		events = 1;
	else
		points = 1;
	return (0);
}

static int
by_hand(struct conf *conf, char **files, size_t n)
{
	struct order order;

	order_configure(&order, conf);
	conf_free(conf);
	order.kinds = RECORD_METRIC | (points ? RECORD_POINT : 0);
	order.bare = bare;
	order.events = events;
	return (hand(&order, files, n));
}

int
main(int argc, char *argv[])
{
	static const struct rlimit no_core;
	struct conf *conf;
	int code;

	if (argc > 0 && strcmp(argv[0], WORKER_NAME) == 0)
		return (work(argc == 1));
	if ((code = program_options(&program, argc, argv)) != -1)
		return (code);
	if (events && !bare)
		return (program_wrong(&program, "-e", "it needs -p"));
	if (optind == argc && (bare || points))
		return (program_wrong(&program, bare ? "-p" : "-P",
		    "no file is named; - is standard input"));
	if ((conf = program_conf(&program)) == NULL)
		return (program_unread(errno));
	if (program.test) {
		conf_free(conf);
		return (0);
	}
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	return (optind < argc ? by_hand(conf, argv + optind,
	    (size_t)(argc - optind)) : serve(&program, conf));
}
