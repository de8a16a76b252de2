/*
 * The programs: those that the configuration wants, as prof run starts them;
 * without one those that have ever run here.
 */
#include "view.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "conf.h"
#include "figures.h"
#include "file.h"
#include "locks.h"
#include "spool.h"

/* Its start, from the 22nd field of /proc/PID/stat (proc(5)); 0: unknown. */
static double
process_start(pid_t pid, double now)
{
	char path[32], text[1024], *p;
	unsigned long long ticks;
	struct timespec up;
	size_t n;
	FILE *f;
	int i;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	if (clock_gettime(CLOCK_BOOTTIME, &up) == -1 ||
	    (f = fopen(path, "re")) == NULL)
		return (0);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	/* The name is in parentheses, and may hold some. */
	if ((p = strrchr(text, ')')) == NULL)
		return (0);
	for (i = 0; i < 20 && p != NULL; i++)
		p = strchr(p + 1, ' ');
	if (p == NULL || (ticks = strtoull(p + 1, NULL, 10)) == 0)
		return (0);
	return (now - (double)up.tv_sec +
	    (double)ticks / (double)sysconf(_SC_CLK_TCK));
}

static void
says_listen(struct view_program *p, const struct figures *f)
{
	char name[VIEW_NAME + 32], address[128];
	size_t i, n = 0;

	snprintf(name, sizeof(name), "prof_%s_listen_info", p->name);
	for (i = 0; figures_nth(f, name, i, "address", address,
	    sizeof(address)) == 0 && n < sizeof(p->says); i++)
		n += (size_t)snprintf(p->says + n, sizeof(p->says) - n, "%s%s",
		    n > 0 ? " " : "", address);
}

static void
says_pull(struct view_program *p, const struct figures *f)
{
	char reason[VIEW_TEXT];
	double up, elected = 1;
	size_t n = figures_sum(f, "prof_pull_target_up", &up);

	figures_get(f, "prof_pull_elected", NULL, NULL, &elected);
	figures_label(f, "prof_pull_elected_info", NULL, NULL, "reason", reason,
	    sizeof(reason));
	if (elected == 0)
		snprintf(p->says, sizeof(p->says), "%.200s", reason);
	else
		snprintf(p->says, sizeof(p->says), "%.0f of %zu targets up",
		    up, n);
}

static void
says_ship(struct view_program *p, const struct figures *f)
{
	static const char *const states[] = { "ok", "down", "suspended" };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (figures_value(f, "prof_ship_state", "state",
		    states[i]) > 0)
			snprintf(p->says, sizeof(p->says), "destination %s",
			    states[i]);
}

/* What a program has to say of itself. */
static void
program_says(struct view_program *p, const struct figures *f)
{
	if (strcmp(p->name, "recv") == 0 || strcmp(p->name, "pyro") == 0)
		says_listen(p, f);
	else if (strcmp(p->name, "pull") == 0)
		says_pull(p, f);
	else if (strncmp(p->name, "ship.", 5) == 0)
		says_ship(p, f);
}

/* A command is no program of ours: has its queue's pipe a reader? */
static int
command_runs(struct view *v, const char *queue)
{
	struct figures *f = view_figures(v, "spool");
	int up = figures_value(f, "prof_spool_consumer_up", "queue",
	    queue) > 0;

	figures_free(f);
	return (up);
}

/* What of the sandbox is in force, as a label says it. */
static int
confined(const struct figures *f, const char *label)
{
	char text[16];

	figures_label(f, "prof_sandbox_info", NULL, NULL, label, text,
	    sizeof(text));
	return (text[0] != '\0' ? (int)strtol(text, NULL, 10) : -1);
}

static void
program_figures(struct view *v, struct view_program *p,
    const struct figures *f)
{
	double starts = -1;

	p->figures_at = figures_value(f, "prof_stat_timestamp_seconds", NULL,
	    NULL);
	p->since = figures_value(f, "prof_start_time_seconds", NULL, NULL);
	if (figures_get(f, "prof_starts_total", NULL, NULL, &starts) == 0)
		p->starts = (int)starts;
	p->landlock = confined(f, "landlock");
	p->seccomp = confined(f, "seccomp");
	if (p->state == VIEW_UP && p->figures_at > 0 &&
	    v->now - p->figures_at > v->silent)
		p->state = VIEW_SILENT;
	program_says(p, f);
}

static int
program_look(struct view *v, const struct locks *locks, const char *name)
{
	struct view_program *p = view_add_program(v, name);
	struct figures *f = NULL;
	const char *lock = name;
	int elsewhere, fresh;
	pid_t pid;

	if (p == NULL)
		return (-1);
	if (strncmp(name, "command.", 8) == 0)
		lock = name + 8;
	else
		f = view_figures(v, name);
	fresh = v->now - figures_value(f, "prof_stat_timestamp_seconds", NULL,
	    NULL) < v->silent;
	pid = locks_holder(locks, v->root, lock, fresh, &elsewhere);
	if (pid == -1 && errno != ENOENT)
		p->state = VIEW_UNKNOWN;
	else
		p->state = pid > 0 || elsewhere || (lock != name &&
		    command_runs(v, lock)) ? VIEW_UP : VIEW_DOWN;
	p->pid = pid > 0 ? pid : 0;
	if (f != NULL)
		program_figures(v, p, f);
	/* The figures may still be those of its last life. */
	if (p->state == VIEW_DOWN) {
		p->since = p->figures_at;
		p->landlock = p->seccomp = -1;
	} else if (p->pid > 0)
		p->since = process_start(p->pid, v->now);
	figures_free(f);
	return (0);
}

static int
configured(struct view *v, const struct locks *locks)
{
	const struct conf_destination *d;
	char name[VIEW_NAME];
	size_t i;

	for (i = 0; i < v->conf->ndestinations; i++) {
		d = &v->conf->destinations[i];
		if (d->type == CONF_EXTERNAL && d->command == NULL)
			continue;
		snprintf(name, sizeof(name), "%s.%s",
		    d->type == CONF_EXTERNAL ? "command" : "ship", d->name);
		if (program_look(v, locks, name) == -1)
			return (-1);
	}
	if ((v->conf->generate_metrics &&
	    program_look(v, locks, "metrics") == -1) ||
	    program_look(v, locks, "recv") == -1 ||
	    (v->conf->ntargets > 0 &&
	    program_look(v, locks, "pull") == -1) ||
	    (v->conf->npyroscopes > 0 &&
	    program_look(v, locks, "pyro") == -1))
		return (-1);
	return (0);
}

/* Those that have figures, or without a configuration anything at all. */
static int
unconfigured(struct view *v, const struct locks *locks)
{
	int elsewhere, more = 0, result = 0;
	const char *name;
	DIR *dir;

	if ((dir = file_opendir(v->root, SPOOL_STAT)) == NULL)
		return (view_note(v, SPOOL_STAT, errno));
	while (result == 0 && (more = file_next(dir, &name)) == 1) {
		if (name[0] == '.' || strlen(name) >= VIEW_NAME ||
		    view_program(v, name) != NULL)
			continue;
		if (v->conf == NULL || locks_holder(locks, v->root, name, 0,
		    &elsewhere) > 0)
			result = program_look(v, locks, name);
	}
	if (more == -1)
		result = view_note(v, SPOOL_STAT, errno);
	closedir(dir);
	return (result);
}

int
view_programs(struct view *v, const struct locks *locks)
{
	if (program_look(v, locks, "spool") == -1 ||
	    (v->conf != NULL && configured(v, locks) == -1))
		return (-1);
	return (unconfigured(v, locks));
}
