#ifndef WORKER_H
#define WORKER_H

struct event_base;
struct order;
struct report;
struct worker;

/*
 * The process that reads profiles (work.h), as its parent sees it: started
 * when there is an order for it, given one at a time, started again when it
 * has ended. It is this program's own file, called by another name.
 */
#define WORKER_NAME	"prof-metrics-worker"
#define WORKER_FREE	"free"	/* its argument, to be in no sandbox */

/*
 * What came of it: what is taken out of the report is the taker's. NULL: the
 * process has ended over it, as why says. Called in the loop.
 */
typedef void	worker_done(struct report *, const char *why, void *arg);

/* NULL: ENOMEM. */
struct worker *worker_new(struct event_base *, worker_done *, void *arg);
void	worker_free(struct worker *);

/* Has it an order? */
int	worker_busy(const struct worker *);

/*
 * Have fd, which is borrowed until this returns, looked into. -1 with errno:
 * it cannot be started.
 */
int	worker_give(struct worker *, const struct order *, int fd);

/* End the process; an order that it has is over. */
void	worker_stop(struct worker *);

/* How often a process was started. */
unsigned long worker_starts(const struct worker *);

#endif
