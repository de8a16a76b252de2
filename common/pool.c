#include "pool.h"

#include <sys/eventfd.h>
#include <sys/queue.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#define POOL_MAX	256
#define POOL_STACK	((size_t)256 * 1024)	/* address space, not memory */

struct job {
	STAILQ_ENTRY(job) next;
	void	(*work)(void *);
	void	(*done)(void *);
	void	*arg;
};

STAILQ_HEAD(jobs, job);

/*
 * The threads know nothing of libevent: they say that a job has run by an
 * eventfd, and the loop needs no locks of its own.
 */
struct pool {
	struct event	*event;		/* of wake, while jobs are under way */
	int		 wake;
	unsigned int	 busy;		/* the loop's own, no lock */
	unsigned int	 wanted;
	unsigned int	 nthreads;
	pthread_t	*threads;

	pthread_mutex_t	 lock;		/* of what follows */
	pthread_cond_t	 more;		/* something to run, or the end */
	pthread_cond_t	 ran;
	struct jobs	 waiting;
	struct jobs	 over;
	unsigned int	 idle;		/* threads */
	int		 end;
};

/* With the lock held. */
static void
pool_wake(struct pool *pool)
{
	static const uint64_t one = 1;

	pthread_cond_signal(&pool->ran);
	/* EAGAIN: 2^64 wakes are unread, so the loop will see one. */
	while (write(pool->wake, &one, sizeof(one)) == -1 && errno == EINTR)
		;
}

static void *
pool_thread(void *arg)
{
	struct pool *pool = arg;
	struct job *job;
	int first;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		pool->idle++;
		while ((job = STAILQ_FIRST(&pool->waiting)) == NULL &&
		    !pool->end)
			pthread_cond_wait(&pool->more, &pool->lock);
		pool->idle--;
		if (job == NULL)
			break;
		STAILQ_REMOVE_HEAD(&pool->waiting, next);
		pthread_mutex_unlock(&pool->lock);
		job->work(job->arg);
		pthread_mutex_lock(&pool->lock);
		/* The loop takes all there are: the first wakes it. */
		first = STAILQ_EMPTY(&pool->over);
		STAILQ_INSERT_TAIL(&pool->over, job, next);
		if (first)
			pool_wake(pool);
	}
	pthread_mutex_unlock(&pool->lock);
	return (NULL);
}

/* Call the done functions of what has run; they may give more jobs. */
static void
pool_finish(struct pool *pool)
{
	struct jobs over = STAILQ_HEAD_INITIALIZER(over);
	struct job *job;

	pthread_mutex_lock(&pool->lock);
	STAILQ_CONCAT(&over, &pool->over);
	pthread_mutex_unlock(&pool->lock);
	while ((job = STAILQ_FIRST(&over)) != NULL) {
		STAILQ_REMOVE_HEAD(&over, next);
		if (--pool->busy == 0)
			event_del(pool->event);
		job->done(job->arg);
		free(job);
	}
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	uint64_t n;

	(void)what;
	if (read(fd, &n, sizeof(n)) == -1)
		n = 0;
	pool_finish(arg);
}

/* Threads with small stacks that leave every signal to the loop's. */
static int
pool_start(struct pool *pool)
{
	pthread_attr_t attr;
	sigset_t all, had;
	int error;

	if ((error = pthread_attr_init(&attr)) != 0)
		return (error);
	sigfillset(&all);
	/* Blocked, it would end the process (confine_calls.c). */
	sigdelset(&all, SIGSYS);
	pthread_sigmask(SIG_SETMASK, &all, &had);
	error = pthread_attr_setstacksize(&attr, POOL_STACK);
	while (error == 0 && pool->nthreads < pool->wanted) {
		error = pthread_create(&pool->threads[pool->nthreads], &attr,
		    pool_thread, pool);
		if (error == 0)
			pool->nthreads++;
	}
	pthread_sigmask(SIG_SETMASK, &had, NULL);
	pthread_attr_destroy(&attr);
	return (error);
}

struct pool *
pool_new(struct event_base *base, unsigned int n)
{
	struct pool *pool;
	int error;

	if (n < 1 || n > POOL_MAX) {
		errno = EINVAL;
		return (NULL);
	}
	if ((pool = calloc(1, sizeof(*pool))) == NULL)
		return (NULL);
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->more, NULL);
	pthread_cond_init(&pool->ran, NULL);
	STAILQ_INIT(&pool->waiting);
	STAILQ_INIT(&pool->over);
	pool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pool->wake == -1)
		goto fail;
	errno = ENOMEM;
	pool->threads = calloc(n, sizeof(*pool->threads));
	pool->event = event_new(base, pool->wake, EV_READ | EV_PERSIST,
	    on_wake, pool);
	if (pool->threads == NULL || pool->event == NULL)
		goto fail;
	pool->wanted = n;
	return (pool);
fail:
	error = errno;
	pool_free(pool);
	errno = error;
	return (NULL);
}

int
pool_run(struct pool *pool, void (*work)(void *), void (*done)(void *),
    void *arg)
{
	struct job *job;
	int error, idle;

	/* Threads are made when there is work, in a sandbox if there is one. */
	if (pool->nthreads < pool->wanted && (error = pool_start(pool)) != 0 &&
	    pool->nthreads == 0) {
		errno = error;
		return (-1);
	}
	if ((job = malloc(sizeof(*job))) == NULL)
		return (-1);
	job->work = work;
	job->done = done;
	job->arg = arg;
	if (pool->busy == 0 && event_add(pool->event, NULL) == -1) {
		free(job);
		errno = ENOMEM;
		return (-1);
	}
	pool->busy++;
	pthread_mutex_lock(&pool->lock);
	STAILQ_INSERT_TAIL(&pool->waiting, job, next);
	idle = pool->idle > 0;
	pthread_mutex_unlock(&pool->lock);
	if (idle)
		pthread_cond_signal(&pool->more);
	return (0);
}

unsigned int
pool_busy(const struct pool *pool)
{
	return (pool->busy);
}

void
pool_free(struct pool *pool)
{
	unsigned int i;

	if (pool == NULL)
		return;
	while (pool->busy > 0) {
		pthread_mutex_lock(&pool->lock);
		while (STAILQ_EMPTY(&pool->over))
			pthread_cond_wait(&pool->ran, &pool->lock);
		pthread_mutex_unlock(&pool->lock);
		pool_finish(pool);
	}
	pthread_mutex_lock(&pool->lock);
	pool->end = 1;
	pthread_cond_broadcast(&pool->more);
	pthread_mutex_unlock(&pool->lock);
	for (i = 0; i < pool->nthreads; i++)
		pthread_join(pool->threads[i], NULL);
	if (pool->event != NULL)
		event_free(pool->event);
	if (pool->wake != -1)
		close(pool->wake);
	pthread_cond_destroy(&pool->ran);
	pthread_cond_destroy(&pool->more);
	pthread_mutex_destroy(&pool->lock);
	free(pool->threads);
	free(pool);
}
