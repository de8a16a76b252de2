#ifndef COMMITTER_H
#define COMMITTER_H

#include <sys/queue.h>

#include <stdint.h>

struct draft;
struct event_base;
struct httpd_request;
struct spool;

/*
 * Makes drafts durable beside the loop, several at a time, and holds requests
 * back while too many wait.
 */
struct committer;

/* A request's place among those held back. All zeros: it is not. */
struct held {
	TAILQ_ENTRY(held)	 next;
	struct httpd_request	*request;
};

/*
 * n at a time into the spool; with output not -1, one after the other to that
 * descriptor. NULL with errno.
 */
struct committer *committer_new(struct event_base *, struct spool *,
	    unsigned int n, int output);

/*
 * Commit the draft, or copy it to the output; then call on_done in the loop
 * with errno, 0 when it is safe, and the ns it took. Takes the draft, also on
 * -1 (ENOMEM), when on_done is not called.
 */
int	committer_run(struct committer *, struct draft *,
	    void (*on_done)(int error, int64_t took, void *arg), void *arg);

/* Begin to write a long body, before all of it is there. */
void	committer_begin(struct committer *, struct draft *);

/* Commits, and writes begun, not done yet: what the end waits for. */
unsigned int committer_busy(const struct committer *);

/*
 * Stop reading the request's body if too many commits wait; it goes on by
 * itself. committer_drop: the request is over.
 */
void	committer_hold(struct committer *, struct held *,
	    struct httpd_request *);
void	committer_drop(struct committer *, struct held *);

/* Waits for all commits. */
void	committer_free(struct committer *);

#endif
