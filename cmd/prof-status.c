/*
 * prof-status - show programs, queues, the spool, and what is wrong with them
 *
 * usage:  prof-status [-hjqvVw] [-c conf] [-s spool] [-l name=value]
 *             [-x prog] [--check]
 * reads:  the configuration; spool/stat, lock and /proc/locks, new, dead; queue
 *         too where prof-spool does not run; with --check also ledger
 * writes: a page, or a line of JSON; with --check nothing, or the worst problem
 * exits:  0; 2 usage; with --check, or if there is nothing to be seen: 100
 *         something needs a person; 111 something may pass, there is no spool
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "buf.h"
#include "conf.h"
#include "file.h"
#include "program.h"
#include "spool.h"
#include "status/page.h"
#include "status/problem.h"
#include "status/view.h"

#define SECONDS		2	/* between two pages of -w */
#define EXCLUDED	32
#define CLEAR		"\033[H\033[J"

struct order {
	int		 json, quick, repeat, check;
	struct limits	 limits;
	const char	*excluded[EXCLUDED];
	size_t		 nexcluded;
};

static struct order order;

static int	on_letter(int letter, const char *value);

static struct program program = {
	.name = "prof-status",
	.usage =
	    "usage: prof-status [-hjqvVw] [-c conf] [-s spool] "
	    "[-l name=value]\n"
	    "           [-x prog] [--check]\n"
	    "  -j       JSON, a line a page\n"
	    "  -w       again every 2 seconds\n"
	    "  --check  say nothing, or the worst problem, and exit 100 or 111\n"
	    "  -q       do not prove the ledger\n"
	    "  -l       a limit: down, silent, stuck, away, full, dead\n"
	    "  -x       a program that need not run\n",
	.letters = "jql:wx:-:",
	.without = "nt",
	.on_letter = on_letter,
};

static int
on_letter(int letter, const char *value)
{
	switch (letter) {
	case 'j':
		order.json = 1;
		return (0);
	case 'q':
		order.quick = 1;
		return (0);
	case 'w':
		order.repeat = 1;
		return (0);
	case 'l':
		program.why = "not NAME=VALUE of a limit that there is";
		return (limits_set(&order.limits, value));
	case 'x':
		program.why = "there are too many";
		if (order.nexcluded == EXCLUDED)
			return (-1);
		order.excluded[order.nexcluded++] = value;
		return (0);
	default:
		program.why = "there is only --check";
		order.check |= strcmp(value, "check") == 0;
		return (strcmp(value, "check") == 0 ? 0 : -1);
	}
}

/* The spool of a configuration that is wrong, or not for us to read. */
static struct conf *
load(struct view *v, struct buf *said)
{
	struct conf *conf = conf_load(program.conf, program.spool, said);
	struct buf more = { 0 };
	char *end;

	if (conf != NULL) {
		v->conf = conf;
		v->path = conf->cache_path;
		return (conf);
	}
	v->conf_error = buf_str(said);
	if (v->conf_error == NULL)
		return (NULL);
	if (strncmp(v->conf_error, "error: ", 7) == 0)
		v->conf_error += 7;
	if ((end = strchr(v->conf_error, '\n')) != NULL)
		*end = '\0';
	/* The one of an empty configuration. */
	conf = conf_load("/dev/null", program.spool, &more);
	buf_free(&more);
	if (conf != NULL)
		v->path = conf->cache_path;
	return (conf);
}

/* Programs that need not run are not looked at. */
static void
exclude(struct view *v)
{
	size_t i, j, n = 0;

	for (i = 0; i < v->nprograms; i++) {
		for (j = 0; j < order.nexcluded; j++)
			if (strcmp(order.excluded[j],
			    v->programs[i].name) == 0)
				break;
		if (j == order.nexcluded ||
		    v->programs[i].state != VIEW_DOWN)
			v->programs[n++] = v->programs[i];
	}
	v->nprograms = n;
}

/* Who asks quickly may be another user: queues are not for all to read. */
static void
forgive(struct view *v)
{
	size_t i, n = 0;

	for (i = 0; order.quick && i < v->nunread; i++)
		if (v->unread[i].error != EACCES ||
		    strncmp(v->unread[i].path, SPOOL_STAT "/",
		    strlen(SPOOL_STAT "/")) == 0)
			v->unread[n++] = v->unread[i];
	if (order.quick)
		v->nunread = n;
}

static int
prove(struct view *v, struct suspects *s)
{
	int root, result = 0;

	if (!order.check || order.quick || v->error != 0)
		return (0);
	root = open(v->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root == -1 || account_check(root, s) == -1)
		result = errno == ENOMEM ? -1 : view_note(v, "ledger", errno);
	if (root != -1)
		close(root);
	return (result);
}

/* What is said of it, and the exit code. -1: ENOMEM. */
static int
look(struct view *v, struct buf *page)
{
	struct problems all = { .n = 0 };
	struct suspects suspects = { .n = 0 };
	int colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL;
	int result = -1;
	size_t i;

	if (view_gather(v) == -1)
		goto out;
	exclude(v);
	forgive(v);
	if (prove(v, &suspects) == -1 ||
	    problems_find(&all, v, &order.limits, &suspects) == -1)
		goto out;
	if (order.json)
		result = page_json(page, v, &all);
	else if (!order.check)
		result = page_text(page, v, &all, colour);
	else
		result = all.n > 0 ? page_problem(page, v, &all, 0) : 0;
	/* A page of problems is a page. */
	for (i = 0; result == 0 && i < all.n; i++)
		if (order.check || all.v[i].rank <= RANK_CONF)
			result = all.v[i].code;
out:
	free(all.v);
	free(suspects.v);
	view_clear(v);
	return (result);
}

static int
show(struct view *v)
{
	int terminal = isatty(STDOUT_FILENO), code;
	struct buf page = { 0 };

	for (;;) {
		page.len = 0;
		if (order.repeat && terminal && buf_adds(&page, CLEAR) == -1)
			code = -1;
		else
			code = look(v, &page);
		if (code == -1 || (page.len > 0 &&
		    file_write(STDOUT_FILENO, page.p, page.len) == -1)) {
			perror("prof-status: cannot write the page");
			code = 111;
			break;
		}
		if (!order.repeat)
			break;
		sleep(SECONDS);
	}
	buf_free(&page);
	return (code);
}

int
main(int argc, char *argv[])
{
	struct view v = { .root = -1 };
	struct buf said = { 0 }, options = { 0 };
	struct conf *conf;
	int code;

	order.limits = limits_default;
	if ((code = program_options(&program, argc, argv)) != -1)
		return (code);
	if (optind < argc)
		return (program_wrong(&program, argv[optind],
		    "it takes no arguments"));
	if ((conf = load(&v, &said)) == NULL ||
	    (program.conf != NULL &&
	    buf_addf(&options, " -c %s", program.conf) == -1) ||
	    (program.spool != NULL &&
	    buf_addf(&options, " -s %s", program.spool) == -1) ||
	    (v.options = buf_str(&options)) == NULL)
		return (111);
	v.silent = order.limits.silent;
	code = show(&v);
	conf_free(conf);
	buf_free(&said);
	buf_free(&options);
	return (code);
}
