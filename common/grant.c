#include "grant.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "confine.h"
#include "grant_conf.h"
#include "spool.h"

/* Moved out of a directory a file may not be worth more where it comes to, or
 * the kernel refuses the move: so spare has what tmp has, and keep, too. */
#define OWN	(CONFINE_READ | CONFINE_WRITE | CONFINE_MAKE | CONFINE_REMOVE)
#define TREE	(OWN | CONFINE_TREE)

#define PRODUCER(prog, rights) \
	{ prog, SPOOL_TMP "/" prog, (rights) }, \
	{ prog, SPOOL_SPARE "/" prog, (rights) }, \
	{ prog, SPOOL_NEW, CONFINE_LIST | CONFINE_MAKE }, \
	{ prog, SPOOL_PIPE "/spool", CONFINE_WRITE }, \
	{ prog, SPOOL_PIPE "/" prog ".spare", CONFINE_READ | CONFINE_WRITE }

/* Of the spool. A consumer's queue and pipes are added by its name. */
static const struct {
	const char	*prog;
	const char	*path;
	unsigned int	 rights;
} paths[] = {
	PRODUCER("recv", OWN),
	PRODUCER("pull", TREE),
	{ "pull", SPOOL_KEEP "/pull", TREE },
	PRODUCER("pyro", TREE),
	{ "pyro", SPOOL_KEEP "/pyro", TREE },
	PRODUCER("metrics", OWN),
	{ "spool", ".", CONFINE_ALL },
};

static const struct {
	const char	*prog;
	unsigned int	 groups;
	int		(*add)(struct confine *, const struct conf *,
			    const char *prog);
} programs[] = {
	{ "recv", CONFINE_SERVE | CONFINE_THREADS, grant_conf_recv },
	{ "pull", CONFINE_CONNECT | CONFINE_THREADS, grant_conf_pull },
	{ "pyro", CONFINE_SERVE | CONFINE_THREADS, grant_conf_pyro },
	{ "spool", CONFINE_SPOOL, NULL },
	{ "metrics", CONFINE_START, grant_conf_metrics },
	{ "ship", CONFINE_THREADS, grant_conf_ship },
};

static int
below(struct confine *c, const char *root, const char *name,
    unsigned int rights)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return (confine_watch(c, path, rights));
}

static int
add_consumer(struct confine *c, const char *root, const char *queue)
{
	char name[SPOOL_NAME_MAX + 16];

	snprintf(name, sizeof(name), SPOOL_QUEUE "/%s", queue);
	if (below(c, root, name, CONFINE_READ) == -1)
		return (-1);
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.todo", queue);
	if (below(c, root, name, CONFINE_READ | CONFINE_WRITE) == -1)
		return (-1);
	snprintf(name, sizeof(name), SPOOL_PIPE "/%s.done", queue);
	return (below(c, root, name, CONFINE_READ | CONFINE_WRITE));
}

static int
add_spool(struct confine *c, const char *root, const char *prog)
{
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (strcmp(paths[i].prog, prog) == 0 &&
		    below(c, root, paths[i].path, paths[i].rights) == -1)
			return (-1);
	if (strncmp(prog, "ship.", 5) == 0 &&
	    add_consumer(c, root, prog + 5) == -1)
		return (-1);
	if (strcmp(prog, "metrics") == 0 && add_consumer(c, root, prog) == -1)
		return (-1);
	return (below(c, root, SPOOL_STAT, OWN));
}

/* What any program needs. */
static int
add_common(struct confine *c, const struct conf *conf)
{
	if (confine_path(c, "/dev/null", CONFINE_READ | CONFINE_WRITE) == -1 ||
	    confine_path(c, "/dev/urandom", CONFINE_READ) == -1)
		return (-1);
#if defined(__SANITIZE_ADDRESS__)
	if (confine_path(c, "/proc", CONFINE_READ) == -1)
		return (-1);
#endif
	return (confine_file(c, conf->file != NULL ? conf->file : CONF_FILE));
}

static int
add_program(struct confine *c, const char *prog, const struct conf *conf)
{
	size_t i;

	for (i = 0; i < sizeof(programs) / sizeof(programs[0]); i++)
		if (strncmp(prog, programs[i].prog,
		    strlen(programs[i].prog)) == 0 &&
		    strchr(".", prog[strlen(programs[i].prog)]) != NULL) {
			confine_calls(c, programs[i].groups);
			return (programs[i].add == NULL ? 0 :
			    programs[i].add(c, conf, prog));
		}
	errno = EINVAL;
	return (-1);
}

struct confine *
grant_of(const char *prog, const struct conf *conf, int spool)
{
	struct confine *c;

	if ((c = confine_new()) == NULL)
		return (NULL);
	if (strcmp(prog, "worker") == 0) {
		confine_calls(c, CONFINE_WORKER);
		return (c);
	}
	if (add_common(c, conf) == -1 || (spool &&
	    add_spool(c, conf->cache_path, prog) == -1) ||
	    (!spool && grant_conf_tmp(c) == -1) ||
	    add_program(c, prog, conf) == -1) {
		confine_free(c);
		return (NULL);
	}
	return (c);
}
