#include "committer.h"

#include <errno.h>
#include <stdlib.h>

#include "httpd.h"
#include "pool.h"
#include "spool.h"
#include "when.h"

/* Commits that may wait for each that runs, before reading stops. Each costs
 * an open file and no memory to speak of. */
#define BACKLOG	8

struct committer {
	struct pool	*pool;
	unsigned int	 backlog;
	int		 output;
	TAILQ_HEAD(held_list, held) held;
};

struct commit {
	struct committer *committer;
	struct draft	*draft;
	int64_t		 began;
	int		 error;
	void		(*on_done)(int, int64_t, void *);
	void		*arg;
};

struct committer *
committer_new(struct event_base *base, unsigned int n, int output)
{
	struct committer *c;
	int saved;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	TAILQ_INIT(&c->held);
	c->output = output;
	/* One thread to an output: records must not mix in it. */
	c->pool = pool_new(base, output != -1 ? 1 : n);
	if (c->pool == NULL) {
		saved = errno;
		free(c);
		errno = saved;
		return (NULL);
	}
	c->backlog = n * BACKLOG;
	return (c);
}

/* In a thread. */
static void
commit_work(void *arg)
{
	struct commit *commit = arg;
	int result;

	if (commit->committer->output != -1)
		result = draft_copy(commit->draft, commit->committer->output);
	else
		result = draft_commit(commit->draft);
	commit->error = result == -1 ? errno : 0;
}

static void
commit_done(void *arg)
{
	struct commit *commit = arg;
	struct committer *c = commit->committer;
	struct httpd_request *request;
	struct held *held;

	commit->on_done(commit->error, when_mono() - commit->began,
	    commit->arg);
	free(commit);
	/* By half, not one by one: most of those held have a body to send
	 * before they have anything to commit. */
	while (pool_busy(c->pool) <= c->backlog / 2 &&
	    (held = TAILQ_FIRST(&c->held)) != NULL) {
		request = held->request;
		committer_drop(c, held);
		httpd_resume(request);
	}
}

int
committer_run(struct committer *c, struct draft *draft,
    void (*on_done)(int, int64_t, void *), void *arg)
{
	struct commit *commit;

	if ((commit = calloc(1, sizeof(*commit))) == NULL) {
		draft_discard(draft);
		return (-1);
	}
	commit->committer = c;
	commit->draft = draft;
	commit->began = when_mono();
	commit->on_done = on_done;
	commit->arg = arg;
	if (pool_run(c->pool, commit_work, commit_done, commit) == -1) {
		draft_discard(draft);
		free(commit);
		return (-1);
	}
	return (0);
}

unsigned int
committer_busy(const struct committer *c)
{
	return (pool_busy(c->pool));
}

void
committer_hold(struct committer *c, struct held *held,
    struct httpd_request *request)
{
	if (held->request != NULL || pool_busy(c->pool) < c->backlog)
		return;
	held->request = request;
	TAILQ_INSERT_TAIL(&c->held, held, next);
	httpd_pause(request);
}

void
committer_drop(struct committer *c, struct held *held)
{
	if (held->request == NULL)
		return;
	TAILQ_REMOVE(&c->held, held, next);
	held->request = NULL;
}

void
committer_free(struct committer *c)
{
	if (c == NULL)
		return;
	pool_free(c->pool);
	free(c);
}
