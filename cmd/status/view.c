#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figures.h"
#include "locks.h"
#include "spool.h"
#include "when.h"

int
view_note(struct view *v, const char *path, int error)
{
	struct view_unread *u;
	size_t i;

	for (i = 0; i < v->nunread; i++)
		if (strcmp(v->unread[i].path, path) == 0)
			return (0);
	u = realloc(v->unread, (v->nunread + 1) * sizeof(*u));
	if (u == NULL)
		return (-1);
	v->unread = u;
	u += v->nunread++;
	snprintf(u->path, sizeof(u->path), "%s", path);
	u->error = error;
	return (0);
}

struct view_program *
view_add_program(struct view *v, const char *name)
{
	struct view_program *p;

	p = realloc(v->programs, (v->nprograms + 1) * sizeof(*p));
	if (p == NULL)
		return (NULL);
	v->programs = p;
	p += v->nprograms++;
	memset(p, 0, sizeof(*p));
	snprintf(p->name, sizeof(p->name), "%s", name);
	p->starts = p->landlock = p->seccomp = -1;
	return (p);
}

struct view_queue *
view_add_queue(struct view *v, const char *name, const char *type)
{
	struct view_queue *q;

	q = realloc(v->queues, (v->nqueues + 1) * sizeof(*q));
	if (q == NULL)
		return (NULL);
	v->queues = q;
	q += v->nqueues++;
	memset(q, 0, sizeof(*q));
	snprintf(q->name, sizeof(q->name), "%s", name);
	q->type = type;
	q->counted_by = "";
	q->in = q->out_rate = -1;
	return (q);
}

const struct view_program *
view_program(const struct view *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->nprograms; i++)
		if (strcmp(v->programs[i].name, name) == 0)
			return (&v->programs[i]);
	return (NULL);
}

struct figures *
view_figures(struct view *v, const char *prog)
{
	struct figures *f = figures_read(v->root, prog);
	char path[64];

	if (f == NULL && errno != ENOENT) {
		snprintf(path, sizeof(path), SPOOL_STAT "/%s", prog);
		(void)view_note(v, path, errno);
	}
	return (f);
}

/* Open it, and see that it is one. */
static void
view_open(struct view *v)
{
	v->error = 0;
	v->root = open(v->path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (v->root != -1 && faccessat(v->root, SPOOL_NEW, F_OK, 0) == 0)
		return;
	v->error = errno;
	if (v->root != -1)
		close(v->root);
	v->root = -1;
}

static int
view_spool(struct view *v)
{
	struct figures *spool = NULL, *pull = NULL;
	struct locks *locks = locks_read();
	const struct view_program *p;
	int result = -1;

	if (locks == NULL && view_note(v, "/proc/locks", errno) == -1)
		return (-1);
	if (view_programs(v, locks) == -1)
		goto out;
	p = view_program(v, "spool");
	v->live = p != NULL && p->state == VIEW_UP;
	spool = view_figures(v, "spool");
	pull = view_figures(v, "pull");
	if (view_queues(v, spool) == -1 || view_space(v, spool) == -1)
		goto out;
	view_election(v, pull);
	result = 0;
out:
	locks_free(locks);
	figures_free(spool);
	figures_free(pull);
	return (result);
}

int
view_gather(struct view *v)
{
	int result;

	v->now = (double)when_now() / WHEN_SECOND;
	view_open(v);
	if (v->root == -1)
		return (0);
	result = view_spool(v);
	close(v->root);
	v->root = -1;
	return (result);
}

void
view_clear(struct view *v)
{
	free(v->programs);
	free(v->queues);
	free(v->unread);
	v->programs = NULL;
	v->queues = NULL;
	v->unread = NULL;
	v->nprograms = v->nqueues = v->nunread = 0;
	memset(&v->space, 0, sizeof(v->space));
	memset(&v->election, 0, sizeof(v->election));
}
