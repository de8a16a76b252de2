#include "problem.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "show.h"
#include "view.h"
#include "when.h"

const struct limits limits_default = { .down = 60, .silent = 60,
    .stuck = 900, .away = 300, .full = 0.8, .dead = 0 };

int
limits_set(struct limits *l, const char *text)
{
	const struct {
		const char	*name;
		double		*value;
		double		 unit;	/* 0: a duration */
	} known[] = {
		{ "down=", &l->down, 0 }, { "silent=", &l->silent, 0 },
		{ "stuck=", &l->stuck, 0 }, { "away=", &l->away, 0 },
		{ "full=", &l->full, 0.01 }, { "dead=", &l->dead, 1 },
	};
	const char *value;
	int64_t ns;
	char *end;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strncmp(text, known[i].name, strlen(known[i].name)) != 0)
			continue;
		value = text + strlen(known[i].name);
		if (known[i].unit == 0) {
			if (when_duration(value, &ns) == -1)
				return (-1);
			*known[i].value = (double)ns / WHEN_SECOND;
			return (0);
		}
		*known[i].value = known[i].unit *
		    (double)strtoul(value, &end, 10);
		return (*value < '0' || *value > '9' || *end != '\0' ? -1 : 0);
	}
	return (-1);
}

struct problem *
problem_add(struct problems *all, int rank, int code, double since)
{
	struct problem *p;

	if ((p = realloc(all->v, (all->n + 1) * sizeof(*p))) == NULL)
		return (NULL);
	all->v = p;
	p += all->n++;
	memset(p, 0, sizeof(*p));
	p->rank = rank;
	p->code = code;
	p->since = since;
	return (p);
}

static int
find_spool(struct problems *all, const struct view *v)
{
	int rights = v->error == EACCES || v->error == EPERM;
	struct problem *p;

	if (v->error == 0)
		return (0);
	/* prof run makes it when the machine has come up. */
	if ((p = problem_add(all, RANK_SPOOL, rights ? 100 : 111, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), rights ?
	    "the spool %.150s is not for you to read" :
	    "there is no spool in %.150s", v->path);
	snprintf(p->why, sizeof(p->why), "%s", strerror(v->error));
	if (rights)
		snprintf(p->next, sizeof(p->next),
		    "sudo prof%s status", v->options);
	else
		snprintf(p->next, sizeof(p->next), "prof%s run", v->options);
	return (0);
}

static int
find_conf(struct problems *all, const struct view *v)
{
	struct problem *p;

	if (v->conf_error == NULL)
		return (0);
	if ((p = problem_add(all, RANK_CONF, 100, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "the configuration cannot be used");
	snprintf(p->why, sizeof(p->why), "%s", v->conf_error);
	snprintf(p->next, sizeof(p->next), "mend it; prof%s run -t tests it",
	    v->options);
	return (0);
}

/* How it is started by hand, which says why it does not start. */
static void
start_command(char *out, size_t size, const struct view *v,
    const struct view_program *pr)
{
	if (strncmp(pr->name, "ship.", 5) == 0)
		snprintf(out, size, "prof-ship%s -d %s", v->options,
		    pr->name + 5);
	else if (strncmp(pr->name, "command.", 8) == 0)
		snprintf(out, size, "prof-spool%s conf | "
		    "grep ^destination.%s.command", v->options, pr->name + 8);
	else
		snprintf(out, size, "prof-%s%s", pr->name, v->options);
}

/* Does anything of it run? */
static int
any_runs(const struct view *v)
{
	size_t i;

	for (i = 0; i < v->nprograms; i++)
		if (v->programs[i].state != VIEW_DOWN)
			return (1);
	return (0);
}

static int
find_nothing_runs(struct problems *all, const struct view *v)
{
	struct problem *p;
	double last = 0;
	size_t i;

	for (i = 0; i < v->nprograms; i++)
		if (v->programs[i].since > last)
			last = v->programs[i].since;
	if ((p = problem_add(all, RANK_MANAGER, 100, last)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "no program runs");
	snprintf(p->why, sizeof(p->why), last > 0 ? "all have stopped" :
	    "none has ever run here");
	snprintf(p->next, sizeof(p->next), "prof%s run, or start it by your "
	    "supervisor", v->options);
	return (0);
}

static int
find_down(struct problems *all, const struct view *v,
    const struct view_program *pr, const struct limits *l)
{
	int rank = strcmp(pr->name, "spool") == 0 ? RANK_MANAGER :
	    strcmp(pr->name, "recv") == 0 || strcmp(pr->name, "pyro") == 0 ?
	    RANK_INTAKE : RANK_PROGRAM;
	/* A supervisor may be about to start it again. */
	int passes = pr->since > 0 && v->now - pr->since < l->down;
	struct problem *p;
	char title[VIEW_NAME + 8];

	if ((p = problem_add(all, rank, passes ? 111 : 100, pr->since)) ==
	    NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s is down",
	    show_title(title, sizeof(title), pr->name));
	snprintf(p->why, sizeof(p->why), "%s", rank == RANK_INTAKE ?
	    "clients cannot deliver" : rank == RANK_MANAGER ?
	    "nothing moves; what comes in is kept" :
	    strcmp(pr->name, "pull") == 0 ? "nothing is pulled" :
	    strcmp(pr->name, "metrics") == 0 ? "no metrics are made" :
	    "its queue waits");
	start_command(p->next, sizeof(p->next), v, pr);
	return (0);
}

static int
find_silent(struct problems *all, const struct view *v,
    const struct view_program *pr)
{
	char title[VIEW_NAME + 8];
	struct problem *p;

	if ((p = problem_add(all, RANK_SILENT, 100, pr->figures_at)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "%s is up, and its figures are old",
	    show_title(title, sizeof(title), pr->name));
	snprintf(p->why, sizeof(p->why),
	    "it hangs, or cannot write stat/%s", pr->name);
	if (pr->pid > 0)
		snprintf(p->next, sizeof(p->next),
		    "kill -9 %d, and its supervisor starts it again",
		    (int)pr->pid);
	else
		snprintf(p->next, sizeof(p->next), "ls -l %s/stat", v->path);
	return (0);
}

static int
find_programs(struct problems *all, const struct view *v,
    const struct limits *l)
{
	const struct view_program *pr;
	size_t i;
	int result = 0;

	if (v->error == 0 && !any_runs(v))
		return (find_nothing_runs(all, v));
	for (i = 0; result == 0 && i < v->nprograms; i++) {
		pr = &v->programs[i];
		if (pr->state == VIEW_DOWN)
			result = find_down(all, v, pr, l);
		else if (pr->state == VIEW_SILENT)
			result = find_silent(all, v, pr);
	}
	return (result);
}

static int
find_ledger(struct problems *all, const struct view *v,
    const struct suspects *s)
{
	struct problem *p;

	if (s == NULL || s->n == 0)
		return (0);
	if ((p = problem_add(all, RANK_LEDGER, 100, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what),
	    "the ledger of %s does not add up: %s %s", s->v[0].queue,
	    s->v[0].id, s->v[0].why);
	snprintf(p->why, sizeof(p->why), "%zu record%s like it, of all queues",
	    s->n, s->n == 1 ? "" : "s");
	snprintf(p->next, sizeof(p->next), "prof-spool%s check tells all, "
	    "prof-spool%s fsck -y mends", v->options, v->options);
	return (0);
}

/* Not all that is in the spool is for everybody. */
static int
find_unread(struct problems *all, const struct view *v)
{
	struct problem *p;

	if (v->nunread == 0)
		return (0);
	if ((p = problem_add(all, RANK_UNREAD, 100, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "not all could be seen: %s: %s",
	    v->unread[0].path, strerror(v->unread[0].error));
	if (v->nunread > 1)
		snprintf(p->why, sizeof(p->why), "and %zu more",
		    v->nunread - 1);
	snprintf(p->next, sizeof(p->next), "sudo prof%s status", v->options);
	return (0);
}

static int
find_election(struct problems *all, const struct view *v)
{
	const struct view_election *e = &v->election;
	struct problem *p;

	if (!e->enabled || e->trouble[0] == '\0')
		return (0);
	if ((p = problem_add(all, RANK_ELECTION, 111, 0)) == NULL)
		return (-1);
	snprintf(p->what, sizeof(p->what), "the election is in doubt, and "
	    "this host %s", e->elected ? "pulls" : "does not pull");
	snprintf(p->why, sizeof(p->why), "%s", e->trouble);
	snprintf(p->next, sizeof(p->next),
	    "prof-spool%s conf | grep ^election", v->options);
	return (0);
}

/* What may pass by itself comes behind what does not. */
static int
by_weight(const void *a, const void *b)
{
	const struct problem *x = a, *y = b;

	if (x->code != y->code)
		return (x->code - y->code);
	if (x->rank != y->rank)
		return (x->rank - y->rank);
	return (strcmp(x->what, y->what));
}

int
problems_find(struct problems *all, const struct view *v,
    const struct limits *l, const struct suspects *s)
{
	if (find_spool(all, v) == -1 || find_conf(all, v) == -1 ||
	    find_programs(all, v, l) == -1 ||
	    find_ledger(all, v, s) == -1 ||
	    problems_space(all, v, l) == -1 ||
	    problems_queues(all, v, l) == -1 || find_election(all, v) == -1 ||
	    find_unread(all, v) == -1)
		return (-1);
	if (all->n > 0)
		qsort(all->v, all->n, sizeof(*all->v), by_weight);
	return (0);
}
