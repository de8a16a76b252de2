/*
 * prof-spool - keep the spool: the only one that moves a committed record
 *
 * usage:  prof-spool [-htvV] [-c conf] [-s spool] [-n readyfd]
 *         prof-spool [-c conf] [-s spool] command [argument ...]
 * reads:  spool/new, rung by pipe/spool and every 2 s; verdicts on
 *         pipe/QUEUE.done; SIGHUP: the configuration
 * writes: spool/queue/QUEUE, spool/dead/QUEUE; names on pipe/QUEUE.todo;
 *         stat/spool
 * exits:  0 on SIGTERM; 2 usage; 100 bad configuration, no such record,
 *         malformed record; 111 disk, no spool, another prof-spool runs
 *
 * Commands: init makes the spool; conf prints the configuration in force;
 * put [FILE ...|-], ls [-l] [-q QUEUE] [new|queue|dead], cat ID, show ID,
 * stat and check are for people and pipelines; retry, rm and fsck [-y] put
 * right. An ID may be cut short as long as it fits one record. They work
 * beside a running daemon.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "conf.h"
#include "log.h"
#include "owners.h"
#include "program.h"
#include "spool.h"
#include "spool/hand.h"
#include "spool/manager.h"

static const char *const at_start[] = { "profile.io_config.cache_path",
    "security.*", NULL };

static struct program program = {
	.name = "prof-spool",
	.usage =
	    "usage: prof-spool [-htvV] [-c conf] [-s spool] [-n readyfd]\n"
	    "       prof-spool [-c conf] [-s spool] command [argument ...]\n"
	    "commands: init, conf, put, ls, cat, show, stat, check, retry, rm,\n"
	    "          fsck\n",
	.at_start = at_start,
};

static const struct {
	const char	*name;
	int		(*run)(struct spool *, int argc, char *argv[]);
} commands[] = {
	{ "put", hand_put },
	{ "ls", hand_ls },
	{ "cat", hand_cat },
	{ "show", hand_show },
	{ "stat", hand_stat },
	{ "check", hand_check },
	{ "retry", hand_retry },
	{ "rm", hand_rm },
	{ "fsck", hand_fsck },
};

#define NCOMMANDS	(sizeof(commands) / sizeof(commands[0]))

static int
print_conf(const struct conf *conf)
{
	struct buf b = { 0 };
	int result = 0;

	if (conf_print(conf, &b) == -1 ||
	    fwrite(b.p, 1, b.len, stdout) != b.len || fflush(stdout) != 0)
		result = hand_unwritten();
	buf_free(&b);
	return (result);
}

/* Whose the spool is. -1: that is not to be found out. */
static int
owners_find(struct spool *spool, const struct conf *conf)
{
	char why[OWNERS_WHY];

	spool_set_owners(spool, owners_new(conf, why));
	if (why[0] == '\0')
		return (0);
	log_err(NULL, "configuration", "error=%s", log_quote(why));
	return (-1);
}

/* Its place in commands[], or NCOMMANDS. */
static size_t
find_command(const char *name)
{
	size_t i = 0;

	while (i < NCOMMANDS && strcmp(commands[i].name, name) != 0)
		i++;
	return (i);
}

static int
run(struct conf **conf, int argc, char *argv[])
{
	const char *path = (*conf)->cache_path;
	struct spool *spool;
	size_t which = 0;
	int result;

	if (argc == 1 && strcmp(argv[0], "init") == 0)
		return (hand_init(*conf));
	if (argc == 1 && strcmp(argv[0], "conf") == 0)
		return (print_conf(*conf));
	if (argc > 0 && (strcmp(argv[0], "init") == 0 ||
	    strcmp(argv[0], "conf") == 0))
		return (program_wrong(&program, argv[1],
		    argv[1][0] == '-' ? "options stand before the command" :
		    "behind init and conf stands nothing"));
	if (argc > 0 && (which = find_command(argv[0])) == NCOMMANDS)
		return (program_wrong(&program, argv[0], "no such command"));
	if ((spool = spool_open(path)) == NULL) {
		log_err(NULL, "cannot open the spool",
		    "spool=%s error=%s hint=\"prof-spool init makes one\"",
		    log_quote(path), log_quote(strerror(errno)));
		return (111);
	}
	if (owners_find(spool, *conf) == -1)
		result = 100;
	else if (argc > 0)
		result = commands[which].run(spool, argc, argv);
	else
		result = manager_run(spool, conf, &program);
	spool_close(spool);
	return (result);
}

int
main(int argc, char *argv[])
{
	struct conf *conf;
	int result;

	if ((result = program_options(&program, argc, argv)) != -1)
		return (result);
	signal(SIGPIPE, SIG_IGN);
	/* A file size limit is a full disk to us. */
	signal(SIGXFSZ, SIG_IGN);
	if ((conf = program_conf(&program)) == NULL)
		return (program_unread(errno));
	if (!program.test)
		result = run(&conf, argc - optind, argv + optind);
	conf_free(conf);
	return (program.test ? 0 : result);
}
