#include "dirsync.h"

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "file.h"

/* How many fsyncs back a waiter may still look for its result. */
#define RESULTS	64

struct dirsync {
	int		 dir;
	const char	*name;
	pthread_mutex_t	 lock;
	pthread_cond_t	 finished;
	uint64_t	 begun;		/* fsyncs begun, and done: they */
	uint64_t	 done;		/* follow one another */
	int		 result[RESULTS];	/* errno of the n-th, or 0 */
};

struct dirsync *
dirsync_new(int dir, const char *name)
{
	struct dirsync *d;

	if ((d = calloc(1, sizeof(*d))) == NULL)
		return (NULL);
	d->dir = dir;
	d->name = name;
	pthread_mutex_init(&d->lock, NULL);
	pthread_cond_init(&d->finished, NULL);
	return (d);
}

void
dirsync_free(struct dirsync *d)
{
	if (d == NULL)
		return;
	pthread_mutex_destroy(&d->lock);
	pthread_cond_destroy(&d->finished);
	free(d);
}

/* With the lock held: do the next fsync, unlocked meanwhile. */
static void
dirsync_run(struct dirsync *d)
{
	uint64_t n = ++d->begun;
	int error;

	pthread_mutex_unlock(&d->lock);
	error = file_sync_dir(d->dir, d->name) == -1 ? errno : 0;
	pthread_mutex_lock(&d->lock);
	d->result[n % RESULTS] = error;
	d->done = n;
	pthread_cond_broadcast(&d->finished);
}

int
dirsync_wait(struct dirsync *d)
{
	uint64_t mine;
	int error;

	pthread_mutex_lock(&d->lock);
	/* One that runs now may have begun before our rename: the next. */
	mine = d->begun + 1;
	while (d->done < mine)
		if (d->begun == d->done)
			dirsync_run(d);
		else
			pthread_cond_wait(&d->finished, &d->lock);
	/* A thread that slept through RESULTS of them takes a later result:
	 * it covers more, not less. */
	error = d->result[mine % RESULTS];
	pthread_mutex_unlock(&d->lock);
	errno = error;
	return (error == 0 ? 0 : -1);
}
