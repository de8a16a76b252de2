#include "confine.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "confine_rules.h"

struct confine *
confine_new(void)
{
	return (calloc(1, sizeof(struct confine)));
}

void
confine_free(struct confine *c)
{
	size_t i;

	if (c == NULL)
		return;
	for (i = 0; i < c->npaths; i++) {
		free(c->paths[i].path);
		free(c->paths[i].link);
	}
	free(c->paths);
	free(c->ports);
	free(c);
}

static int
rule_add(struct confine *c, const char *path, unsigned int rights, int watched)
{
	struct confine_rule *v;
	struct stat st;

	v = realloc(c->paths, (c->npaths + 1) * sizeof(*v));
	if (v == NULL)
		return (-1);
	c->paths = v;
	v += c->npaths;
	memset(v, 0, sizeof(*v));
	if ((v->path = strdup(path)) == NULL)
		return (-1);
	v->rights = rights;
	v->watched = watched;
	if (stat(path, &st) == 0) {
		v->dev = st.st_dev;
		v->ino = st.st_ino;
	}
	c->npaths++;
	return (0);
}

int
confine_path(struct confine *c, const char *path, unsigned int rights)
{
	return (rule_add(c, path, rights, 0));
}

int
confine_watch(struct confine *c, const char *path, unsigned int rights)
{
	return (rule_add(c, path, rights, 1));
}

/* Never the root: that would be everything. */
static int
directory_add(struct confine *c, const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (slash == NULL || slash == path)
		return (rule_add(c, slash == NULL ? "." : path, CONFINE_READ,
		    0));
	snprintf(dir, sizeof(dir), "%.*s", (int)(slash - path), path);
	return (rule_add(c, dir, CONFINE_READ, 0));
}

int
confine_file(struct confine *c, const char *path)
{
	char real[PATH_MAX];

	if (directory_add(c, path) == -1)
		return (-1);
	if (realpath(path, real) == NULL || strcmp(real, path) == 0)
		return (0);
	return (directory_add(c, real));
}

int
confine_link(struct confine *c, const char *path)
{
	char real[PATH_MAX];
	struct stat st;

	if (lstat(path, &st) == -1 || !S_ISLNK(st.st_mode) ||
	    realpath(path, real) == NULL)
		return (rule_add(c, path, CONFINE_READ, 1));
	if (directory_add(c, real) == -1)
		return (-1);
	return ((c->paths[c->npaths - 1].link = strdup(path)) == NULL ? -1 :
	    0);
}

int
confine_port(struct confine *c, unsigned int port)
{
	unsigned int *v;
	size_t i;

	for (i = 0; i < c->nports; i++)
		if (c->ports[i] == port)
			return (0);
	if ((v = realloc(c->ports, (c->nports + 1) * sizeof(*v))) == NULL)
		return (-1);
	c->ports = v;
	v[c->nports++] = port;
	return (0);
}

void
confine_any_port(struct confine *c)
{
	c->any_port = 1;
}

void
confine_calls(struct confine *c, unsigned int groups)
{
	c->calls |= groups;
}

/* Does the link lead to another directory now, or to none? */
static int
leads_elsewhere(const struct confine_rule *r)
{
	size_t len = strlen(r->path);
	char real[PATH_MAX];

	return (realpath(r->link, real) == NULL ||
	    strncmp(real, r->path, len) != 0 || real[len] != '/' ||
	    strchr(real + len + 1, '/') != NULL);
}

static int
is_another(const struct confine_rule *r)
{
	struct stat st;

	if (stat(r->path, &st) == -1)
		st.st_dev = st.st_ino = 0;
	return (st.st_dev != r->dev || st.st_ino != r->ino);
}

const char *
confine_stale(const struct confine *c)
{
	const struct confine_rule *r;

	for (r = c->paths; r < c->paths + c->npaths; r++)
		if (r->link != NULL ? leads_elsewhere(r) :
		    r->watched && is_another(r))
			return (r->link != NULL ? r->link : r->path);
	return (NULL);
}

void
confine_enter(struct confine *c, void (*on_refused)(const char *))
{
	static const struct rlimit none = { 0, 0 };

	/* No core, not even for the program that core_pattern(5) names, and
	 * nobody looks into our memory but root. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	/* Even gmtime_r(3) reads the time zone's file, the first time. */
	tzset();
	c->landlock = confine_rule_files(c);
	c->seccomp = confine_rule_calls(c, on_refused);
}

int
confine_landlock(const struct confine *c)
{
	return (c->landlock);
}

int
confine_seccomp(const struct confine *c)
{
	return (c->seccomp);
}

/* Does a rule grant all of another one? */
static int
rule_covers(const struct confine_rule *has, const struct confine_rule *wants)
{
	size_t len = strlen(has->path);

	if ((wants->rights & ~has->rights) != 0 ||
	    strncmp(has->path, wants->path, len) != 0)
		return (0);
	return (wants->path[len] == '\0' || wants->path[len] == '/');
}

static int
path_lacks(const struct confine *has, const struct confine_rule *wants)
{
	size_t i;

	for (i = 0; i < has->npaths; i++)
		if (rule_covers(&has->paths[i], wants))
			return (0);
	return (1);
}

static int
port_lacks(const struct confine *has, unsigned int wants)
{
	size_t i;

	for (i = 0; i < has->nports; i++)
		if (has->ports[i] == wants)
			return (0);
	return (!has->any_port);
}

const char *
confine_lacks(const struct confine *has, struct confine *c)
{
	size_t i;

	for (i = 0; i < c->npaths; i++)
		if (path_lacks(has, &c->paths[i]))
			return (c->paths[i].path);
	for (i = 0; i < c->nports; i++)
		if (port_lacks(has, c->ports[i])) {
			snprintf(c->text, sizeof(c->text), "port %u",
			    c->ports[i]);
			return (c->text);
		}
	return (c->any_port && !has->any_port ? "every port" : NULL);
}
