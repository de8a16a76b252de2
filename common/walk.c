#include "walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "file.h"
#include "spool.h"

/* dead/none holds ID~N for the N-th record of an id: a name of its own. */
static int
place_parse(struct place *p)
{
	char copy[SPOOL_FILE_MAX];
	char *tilde;

	if (spool_name_parse(p->name, p->id, &p->attempts, &p->due) == 0)
		return (0);
	if (strcmp(p->state, SPOOL_DEAD) != 0 ||
	    strlen(p->name) >= sizeof(copy))
		return (-1);
	strcpy(copy, p->name);
	if ((tilde = strchr(copy, '~')) == NULL || strchr(tilde, '.') != NULL)
		return (-1);
	*tilde = '\0';
	return (spool_name_parse(copy, p->id, &p->attempts, &p->due));
}

static int
walk_dir(int root, const char *state, const char *queue,
    int (*on_place)(const struct place *, void *), void *arg)
{
	struct place p = { .state = state, .queue = queue };
	char name[128];
	DIR *dir;
	int more = 0, result = 0;

	snprintf(name, sizeof(name), "%s%s%s", state, *queue != '\0' ? "/" : "",
	    queue);
	if ((dir = file_opendir(root, name)) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &p.name)) == 1) {
		if (place_parse(&p) == -1 ||
		    snprintf(p.path, sizeof(p.path), "%s/%s", name, p.name) >=
		    (int)sizeof(p.path))
			continue;
		result = on_place(&p, arg);
	}
	closedir(dir);
	return (more == -1 ? -1 : result);
}

int
walk_queues(int root, const char *state,
    int (*on_queue)(const char *queue, void *), void *arg)
{
	const char *name;
	DIR *dir;
	int more = 0, result = 0;

	if ((dir = file_opendir(root, state)) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &name)) == 1)
		if (name[0] != '.' && strlen(name) <= SPOOL_NAME_MAX)
			result = on_queue(name, arg);
	closedir(dir);
	return (more == -1 ? -1 : result);
}

/* What walk was asked for, on its way through the queues of a state. */
struct asked {
	int		 root;
	const char	*state;
	const char	*queue;
	int		(*on_place)(const struct place *, void *);
	void		*arg;
};

static int
on_queue(const char *queue, void *arg)
{
	struct asked *a = arg;
	int result;

	if (a->queue != NULL && strcmp(a->queue, queue) != 0)
		return (0);
	result = walk_dir(a->root, a->state, queue, a->on_place, a->arg);
	/* A stray file among the queues is fsck's business. */
	return (result == -1 && errno == ENOTDIR ? 0 : result);
}

int
walk(int root, const char *state, const char *queue,
    int (*on_place)(const struct place *, void *), void *arg)
{
	struct asked a = { root, state, queue, on_place, arg };
	int result = 0;

	if (queue == NULL && (state == NULL || strcmp(state, SPOOL_NEW) == 0))
		result = walk_dir(root, SPOOL_NEW, "", on_place, arg);
	a.state = SPOOL_QUEUE;
	if (result == 0 &&
	    (state == NULL || strcmp(state, SPOOL_QUEUE) == 0))
		result = walk_queues(root, SPOOL_QUEUE, on_queue, &a);
	a.state = SPOOL_DEAD;
	if (result == 0 && (state == NULL || strcmp(state, SPOOL_DEAD) == 0))
		result = walk_queues(root, SPOOL_DEAD, on_queue, &a);
	return (result);
}
