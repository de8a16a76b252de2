/* The threads beside an event loop. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <event2/event.h>

#include "pool.h"

#define THREADS	4
#define JOBS	1000

static struct event_base *base;
static struct pool *pool;
static pthread_t loop;
static pthread_barrier_t together;
static atomic_uint worked;
static atomic_uint at_home;	/* work that ran in the loop's thread */
static unsigned int done;
static unsigned int astray;	/* done that did not */
static unsigned int chain;

static void
fact(int holds, const char *name)
{
	printf("%s - %s\n", holds ? "ok" : "not ok", name);
	if (!holds)
		exit(1);
}

static void
count(void *arg)
{
	(void)arg;
	if (pthread_equal(pthread_self(), loop))
		at_home++;
	worked++;
}

static void
meet(void *arg)
{
	(void)arg;
	pthread_barrier_wait(&together);
}

static void
linger(void *arg)
{
	(void)arg;
	usleep(20000);
	worked++;
}

static void
on_done(void *arg)
{
	(void)arg;
	if (!pthread_equal(pthread_self(), loop))
		astray++;
	done++;
}

static void
on_link(void *arg)
{
	(void)arg;
	done++;
	if (--chain > 0 && pool_run(pool, count, on_link, NULL) == -1)
		exit(1);
}

static void
run(unsigned int n, void (*work)(void *), void (*then)(void *))
{
	worked = 0;
	done = 0;
	for (; n > 0; n--)
		if (pool_run(pool, work, then, NULL) == -1)
			exit(1);
}

int
main(void)
{
	loop = pthread_self();
	if ((base = event_base_new()) == NULL)
		return (1);
	fact((pool = pool_new(base, 0)) == NULL && errno == EINVAL,
	    "no threads is refused");
	fact((pool = pool_new(base, 257)) == NULL && errno == EINVAL,
	    "more than 256 threads is refused");
	pool_free(NULL);
	fact((pool = pool_new(base, THREADS)) != NULL, "a pool starts");
	fact(event_base_dispatch(base) == 1,
	    "an idle pool does not keep the loop alive");

	run(JOBS, count, on_done);
	fact(pool_busy(pool) == JOBS, "jobs are busy until the loop knows");
	event_base_dispatch(base);
	fact(worked == JOBS && done == JOBS && pool_busy(pool) == 0,
	    "every job runs and is done once, then the loop ends");
	fact(at_home == 0, "work runs beside the loop");
	fact(astray == 0, "done runs in the loop");

	pthread_barrier_init(&together, NULL, THREADS);
	run(THREADS, meet, on_done);
	event_base_dispatch(base);
	fact(done == THREADS, "as many jobs run at once as there are threads");
	pthread_barrier_destroy(&together);

	chain = 10;
	run(1, count, on_link);
	event_base_dispatch(base);
	fact(done == 10, "a done function can give another job");

	run(3 * THREADS, linger, on_done);
	pool_free(pool);
	fact(worked == 3 * THREADS && done == 3 * THREADS,
	    "the end waits for all jobs and their done functions");
	if ((pool = pool_new(base, 1)) == NULL)
		return (1);
	chain = 5;
	run(1, count, on_link);
	pool_free(pool);
	fact(done == 5, "the end waits for jobs given by done functions");
	event_base_free(base);
	return (0);
}
