#include "committer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "httpd.h"
#include "pool.h"
#include "spool.h"
#include "when.h"

/* Commits that may wait for each that runs, before reading stops. Each costs
 * an open file, or memory that common/draft.c bounds. */
#define BACKLOG	8

/* Write-backs that may wait: they are no more than a help. */
#define BEHIND	16

struct commit {
	STAILQ_ENTRY(commit) next;
	struct committer *committer;
	struct draft	*draft;
	char		 id[UUID_TEXT];
	int64_t		 began;
	int		 error;
	void		(*on_done)(int, int64_t, void *);
	void		*arg;
};

STAILQ_HEAD(commits, commit);

struct committer {
	struct spool	*spool;
	struct pool	*pool;		/* for all up to the rename to new/ */
	struct pool	*sync;		/* one thread, for the fsync of new/ */
	struct pool	*back;		/* one thread, for write-back */
	unsigned int	 busy;		/* commits */
	unsigned int	 backlog;
	int		 output;
	int		 error;		/* of the fsync */
	struct commits	 moved;		/* that wait for the next one */
	struct commits	 settling;	/* and those that it releases */
	TAILQ_HEAD(held_list, held) held;
};

struct committer *
committer_new(struct event_base *base, struct spool *spool, unsigned int n,
    int output)
{
	struct committer *c;
	int saved;

	if ((c = calloc(1, sizeof(*c))) == NULL)
		return (NULL);
	STAILQ_INIT(&c->moved);
	STAILQ_INIT(&c->settling);
	TAILQ_INIT(&c->held);
	c->spool = spool;
	c->output = output;
	c->backlog = n * BACKLOG;
	/* One thread to an output: records must not mix in it. */
	if ((c->pool = pool_new(base, output != -1 ? 1 : n)) != NULL &&
	    (c->sync = pool_new(base, 1)) != NULL &&
	    (c->back = pool_new(base, 1)) != NULL)
		return (c);
	saved = errno;
	committer_free(c);
	errno = saved;
	return (NULL);
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
		result = draft_move(commit->draft);
	commit->error = result == -1 ? errno : 0;
}

/*
 * Go on with those held back, by half and not one by one: most of them have a
 * body to send before they have anything to commit.
 */
static void
committer_go_on(struct committer *c)
{
	struct httpd_request *request;
	struct held *held;

	while (c->busy <= c->backlog / 2 &&
	    (held = TAILQ_FIRST(&c->held)) != NULL) {
		request = held->request;
		committer_drop(c, held);
		httpd_resume(request);
	}
}

static void
commit_over(struct commit *commit)
{
	struct committer *c = commit->committer;

	c->busy--;
	commit->on_done(commit->error, when_mono() - commit->began,
	    commit->arg);
	free(commit);
	committer_go_on(c);
}

/* In the other thread: all that is settling was renamed before it began. */
static void
sync_work(void *arg)
{
	struct committer *c = arg;

	c->error = spool_sync_new(c->spool) == -1 ? errno : 0;
}

static void	sync_done(void *);

static void
sync_begin(struct committer *c)
{
	STAILQ_CONCAT(&c->settling, &c->moved);
	if (STAILQ_EMPTY(&c->settling) ||
	    pool_run(c->sync, sync_work, sync_done, c) == 0)
		return;
	/* No memory to wait in a thread. */
	sync_work(c);
	sync_done(c);
}

static void
sync_done(void *arg)
{
	struct committer *c = arg;
	struct commits settled = STAILQ_HEAD_INITIALIZER(settled);
	struct commit *commit;
	int error = c->error;

	STAILQ_CONCAT(&settled, &c->settling);
	/* One ring for all of them: prof-spool looks for what there is. */
	spool_ring(c->spool, STAILQ_FIRST(&settled)->id);
	sync_begin(c);
	while ((commit = STAILQ_FIRST(&settled)) != NULL) {
		STAILQ_REMOVE_HEAD(&settled, next);
		commit->error = error;
		commit_over(commit);
	}
}

static void
commit_moved(void *arg)
{
	struct commit *commit = arg;
	struct committer *c = commit->committer;

	if (commit->error != 0 || c->output != -1) {
		commit_over(commit);
		return;
	}
	STAILQ_INSERT_TAIL(&c->moved, commit, next);
	if (STAILQ_EMPTY(&c->settling))
		sync_begin(c);
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
	memcpy(commit->id, draft_id(draft), sizeof(commit->id));
	commit->began = when_mono();
	commit->on_done = on_done;
	commit->arg = arg;
	if (pool_run(c->pool, commit_work, commit_moved, commit) == -1) {
		draft_discard(draft);
		free(commit);
		return (-1);
	}
	c->busy++;
	return (0);
}

/* In a thread: it may wait for the disk. */
static void
back_work(void *arg)
{
	int fd = (int)(intptr_t)arg;

	/* What goes wrong here goes wrong at the fsync. */
	(void)sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE);
	close(fd);
}

static void
back_done(void *arg)
{
	(void)arg;
}

void
committer_begin(struct committer *c, struct draft *draft)
{
	int fd;

	if (c->output != -1 || pool_busy(c->back) >= BEHIND ||
	    (fd = draft_behind(draft)) == -1)
		return;
	if (pool_run(c->back, back_work, back_done, (void *)(intptr_t)fd) == -1)
		close(fd);
}

unsigned int
committer_busy(const struct committer *c)
{
	return (c->busy + pool_busy(c->back));
}

void
committer_hold(struct committer *c, struct held *held,
    struct httpd_request *request)
{
	if (held->request != NULL || c->busy < c->backlog)
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
	pool_free(c->sync);
	pool_free(c->back);
	free(c);
}
