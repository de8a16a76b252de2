/*
 * prof-ship - upload records to a destination
 *
 * usage:  prof-ship [-htvV] [-c conf] [-s spool] [-n readyfd] -d NAME
 *         prof-ship [-vV] [-c conf] [-d NAME | -u URL] FILE...|-
 * reads:  names from pipe/NAME.todo and the records they name; by hand the
 *         records in FILEs, or on standard input
 * writes: verdicts to pipe/NAME.done, stat/ship.NAME; an outbox, if the
 *         destination is one; by hand a line a record on standard output
 * down:   a destination that fails gets one probe at a time, ever more seldom,
 *         and everything else back to prof-spool; nothing is given up
 * killed: what was under way is handed out again and sent twice at most, with
 *         the same X-Prof-Id
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration, or by hand a record
 *         refused for good; 111 cannot start, or by hand one to try again
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
#include "secret.h"
#include "ship/counts.h"
#include "ship/destination.h"
#include "ship/hand.h"
#include "ship/serve.h"

#define BY_HAND	"by-hand"	/* what -u's destination is called inside */

static int on_letter(int letter, const char *value);

static const char *const at_start[] = { "profile.io_config.cache_path",
    "security.*", NULL };

static struct program program = {
	.name = "prof-ship",
	.usage =
	    "usage: prof-ship [-htvV] [-c conf] [-s spool] [-n readyfd] "
	    "-d name\n"
	    "       prof-ship [-vV] [-c conf] [-d name | -u url] "
	    "record ... | -\n",
	.letters = "d:u:",
	.on_letter = on_letter,
	.at_start = at_start,
};

static const char *name;	/* -d */
static char *url;		/* -u */

/*
 * Keep a copy of -u's URL, and blot out in the argument, which ps shows, what
 * may be secret.
 */
static int
take_url(char *arg)
{
	char *host = strstr(arg, "://"), *at;

	free(url);
	if ((url = strdup(arg)) == NULL)
		return (-1);
	host = host != NULL ? host + 3 : arg;
	if ((at = memrchr(host, '@', strcspn(host, "/?#"))) != NULL)
		memset(host, '*', (size_t)(at - host));
	arg += strcspn(arg, "?");
	memset(arg, '*', strlen(arg));
	return (0);
}

static int
on_letter(int letter, const char *value)
{
	/* The same as value, but ours to write on. */
	if (letter == 'u')
		return (take_url(optarg));
	name = value;
	return (0);
}

/* A configuration of nothing but the destination that -u names. */
static struct conf *
conf_of_url(void)
{
	int file = strncmp(url, "file:", 5) == 0;
	struct buf text = { 0 }, said = { 0 };
	struct conf *conf = NULL;
	char *cwd = NULL;
	FILE *f = NULL;

	/* What is not absolute is below the working directory. */
	if (file && url[5] != '/' && (cwd = getcwd(NULL, 0)) == NULL)
		return (NULL);
	if (strpbrk(url, "\"\r\n") == NULL &&
	    buf_addf(&text, "[destination." BY_HAND "]\ntype = %s\n"
	    "url = \"%s%s%s%s\"\n", file ? "file" : "dataway",
	    file ? "file:" : "", cwd != NULL ? cwd : "",
	    cwd != NULL ? "/" : "", url + (file ? 5 : 0)) == 0)
		f = fmemopen(text.p, text.len, "r");
	if (f != NULL) {
		conf = conf_parse(f, "-u", NULL, &said);
		fclose(f);
	}
	/* Nobody said how much it may hold. */
	if (conf != NULL)
		conf->destinations[0].outbox_capacity = 0;
	else
		fprintf(stderr, "prof-ship: -u: neither http://..., "
		    "https://... nor file:DIRECTORY\n");
	free(cwd);
	buf_free(&text);
	buf_free(&said);
	return (conf);
}

/* Takes conf over. */
static int
by_hand(struct event_base *base, struct conf *conf, char **files, size_t n)
{
	static struct counts counts;
	struct destination *to;
	char shown[256];
	int code;

	if (url != NULL) {
		name = BY_HAND;
		secret_url(shown, sizeof(shown), url);
	} else {
		if (name == NULL)
			name = "main";
		snprintf(shown, sizeof(shown), "%s", name);
	}
	to = destination_open(base, conf, name, &counts, &code);
	if (to == NULL)
		return (code);
	to->by_hand = 1;
	destination_trim(to);
	code = hand_send(to, shown, files, n);
	destination_free(to);
	return (code);
}

/* Why the options and arguments do not go together, or NULL. */
static const char *
senseless(int files)
{
	if (name != NULL && url != NULL)
		return ("either -d or -u");
	if (files > 0 || (url == NULL && (name != NULL || program.test)))
		return (NULL);
	return (url != NULL ? "no record is named; - is standard input" :
	    "-d names the destination to serve; or name records to send");
}

int
main(int argc, char *argv[])
{
	static const struct rlimit no_core;
	struct event_base *base;
	const char *why;
	struct conf *conf;
	int code;

	/* Every thread's own heap would cost more than all there is to hold. */
	mallopt(M_ARENA_MAX, 1);
	if ((code = program_options(&program, argc, argv)) != -1)
		return (code);
	if ((why = senseless(argc - optind)) != NULL)
		return (program_wrong(&program, NULL, why));
	conf = url != NULL ? conf_of_url() : program_conf(&program);
	if (conf == NULL)
		return (url != NULL ? 100 : program_unread(errno));
	if (program.test) {
		conf_free(conf);
		return (0);
	}
	/* Tokens are in memory. */
	setrlimit(RLIMIT_CORE, &no_core);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0 ||
	    (base = event_base_new()) == NULL) {
		log_err(NULL, "out of memory", "");
		conf_free(conf);
		return (111);
	}
	code = optind < argc ? by_hand(base, conf, argv + optind,
	    (size_t)(argc - optind)) : serve(base, &program, name, conf);
	event_base_free(base);
	curl_global_cleanup();
	free(url);
	return (code);
}
