#ifndef POOL_H
#define POOL_H

struct event_base;

/*
 * Threads beside an event loop for what blocks (fsync). Jobs run in any order;
 * when one has run, its done function is called in the loop's thread. The pool
 * keeps the loop alive while jobs are under way. Signals are left to the loop.
 */
struct pool;

/* n threads (1 to 256). NULL with errno. */
struct pool *pool_new(struct event_base *, unsigned int n);

/*
 * Run work(arg) in a thread, then done(arg) in the loop. No limit on jobs
 * waiting: the caller bounds them by what it lets in. -1: ENOMEM.
 */
int	pool_run(struct pool *, void (*work)(void *), void (*done)(void *),
	    void *arg);

/* Jobs given and not done yet. */
unsigned int pool_busy(const struct pool *);

/* Wait for all jobs, call their done functions, end the threads. */
void	pool_free(struct pool *);

#endif
