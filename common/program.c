#include "program.h"

#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "ready.h"
#include "version.h"

/* A plus is where they end at the first argument. */
#define COMMON	"+c:hn:s:tvV"

/* A descriptor that is open. -1: not that. */
static int
descriptor(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 0 || n > 65535 ||
	    fcntl((int)n, F_GETFD) == -1)
		return (-1);
	return ((int)n);
}

int
program_wrong(const struct program *p, const char *what, const char *why)
{
	fprintf(stderr, "%s: %s%s%s\n%s", p->name, what != NULL ? what : "",
	    what != NULL ? ": " : "", why, p->usage);
	return (2);
}

/* The same of an option. */
static int
letter_wrong(const struct program *p, int letter, const char *value,
    const char *why)
{
	char what[512];

	/* A url may hold secrets, and this may be logged. */
	if (value == NULL || strchr(value, ':') != NULL)
		snprintf(what, sizeof(what), "-%c", letter);
	else	/* getopt takes --word for a letter - with a value. */
		snprintf(what, sizeof(what), letter == '-' ? "-%c%s" : "-%c %s",
		    letter, value);
	return (program_wrong(p, what, why));
}

/* An option of the program's own. */
static int
program_own(struct program *p, int letter, const char *value)
{
	if (letter != 'o' || p->on_letter != NULL)
		return (p->on_letter(letter, value) == 0 ? -1 : letter_wrong(p,
		    letter, value, p->why != NULL ? p->why : "not understood"));
	p->output = STDOUT_FILENO;
	return (strcmp(value, "-") == 0 ? -1 :
	    letter_wrong(p, letter, value, "- is all there is"));
}

/* -1: go on; 0: it has printed what was asked for; 2: no option of ours. */
static int
program_letter(struct program *p, int letter, const char *value)
{
	if (p->without != NULL && strchr(p->without, letter) != NULL)
		return (letter_wrong(p, letter, NULL, "it has no such option"));
	switch (letter) {
	case 'c':
		p->conf = value;
		return (-1);
	case 'h':
		fputs(p->usage, stdout);
		return (0);
	case 'n':
		return ((p->ready = descriptor(value)) != -1 ? -1 :
		    letter_wrong(p, letter, value, "no open descriptor"));
	case 's':
		p->spool = value;
		return (-1);
	case 't':
		p->test = 1;
		return (-1);
	case 'v':
		p->verbose = 1;
		return (-1);
	case 'V':
		printf("%s %s\n", p->name, VERSION);
		return (0);
	case '?':
		fputs(p->usage, stderr);
		return (2);
	default:
		return (program_own(p, letter, value));
	}
}

int
program_options(struct program *p, int argc, char *argv[])
{
	static const struct rlimit none = { 0, 0 };
	char letters[64];
	int letter, result;

	/* Tokens and passwords are in memory, and not to be on a disk. */
	(void)setrlimit(RLIMIT_CORE, &none);
	p->ready = p->output = -1;
	snprintf(letters, sizeof(letters), "%s%s", &COMMON[p->anywhere],
	    p->letters != NULL ? p->letters : "");
	while ((letter = getopt(argc, argv, letters)) != -1)
		if ((result = program_letter(p, letter, optarg)) != -1)
			return (result);
	log_open(p->name, p->verbose);
	ready_prepare();
	return (-1);
}

/* Log what conf_load said, a line each. */
static void
program_say(struct buf *said)
{
	char *line, *rest = buf_str(said);

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL)
		if (strncmp(line, "error: ", 7) == 0)
			log_err(NULL, "configuration", "error=%s",
			    log_quote(line + 7));
		else if (strncmp(line, "warning: ", 9) == 0)
			log_warn(NULL, "configuration", "warning=%s",
			    log_quote(line + 9));
}

/* Is the line, of that length, among those of text? */
static int
among(const char *line, size_t len, const char *text)
{
	size_t n;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (n == len && memcmp(line, text, len) == 0)
			return (1);
	}
	return (0);
}

/* The keys of those lines of text that are not among those of other. */
static int
changed(const char *text, const char *other, struct buf *keys)
{
	size_t n, key;

	for (; *text != '\0'; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		key = strcspn(text, " ");
		if (among(text, n, other) ||
		    (keys->len > 0 && memmem(keys->p, keys->len, text,
		    key) != NULL))
			continue;
		if ((keys->len > 0 && buf_addc(keys, ',') == -1) ||
		    buf_add(keys, text, key) == -1)
			return (-1);
	}
	return (0);
}

/* Say what takes a restart; the first time, remember it. */
static void
program_restart(const struct program *p, const struct conf *conf)
{
	static struct buf first;
	struct buf now = { 0 }, keys = { 0 };
	struct buf *lines = first.p == NULL ? &first : &now;

	if (p->at_start == NULL)
		return;
	if (conf_print_exact(conf, p->at_start, lines) == -1 ||
	    buf_str(lines) == NULL ||
	    (lines == &now && (changed(now.p, first.p, &keys) == -1 ||
	    changed(first.p, now.p, &keys) == -1)))
		log_err(NULL, "out of memory", "");
	else if (keys.len > 0)
		log_warn(NULL, "restart needed", "keys=%s", buf_str(&keys));
	buf_free(&now);
	buf_free(&keys);
}

struct conf *
program_conf(const struct program *p)
{
	struct buf said = { 0 };
	struct conf *conf;
	int saved;

	conf = conf_load(p->conf, p->spool, &said);
	saved = errno;
	if (!p->test)
		program_say(&said);
	else if (said.len > 0)
		fwrite(said.p, 1, said.len, stderr);
	buf_free(&said);
	if (conf != NULL && !p->test)
		program_restart(p, conf);
	errno = saved;
	return (conf);
}

int
program_unread(int error)
{
	switch (error) {
	case EINVAL:
	case ENOENT:
	case ENOTDIR:
	case EISDIR:
	case ELOOP:
	case EACCES:
	case EPERM:
	case ENAMETOOLONG:
		return (100);
	default:
		return (111);
	}
}

int
program_begin(struct program *p, int argc, char *argv[], struct conf **conf)
{
	int status;

	if ((status = program_options(p, argc, argv)) != -1)
		return (status);
	if (optind < argc)
		return (program_wrong(p, argv[optind],
		    "it takes no arguments"));
	if ((*conf = program_conf(p)) == NULL)
		return (program_unread(errno));
	if (!p->test)
		return (-1);
	conf_free(*conf);
	return (0);
}

void
program_ready(const struct program *p)
{
	if (ready_notify(p->ready) == -1)
		log_warn(NULL, "cannot tell that we are ready", "error=%s",
		    log_quote(strerror(errno)));
}
