#include "outroom.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "counts.h"
#include "log.h"
#include "outdraft.h"
#include "outwalk.h"
#include "when.h"

#define LOOK	(3600 * WHEN_SECOND)	/* by itself */
#define AGAIN	(10 * WHEN_SECOND)	/* after one that did not succeed */
#define OLDEST	4096			/* picked out at a time */

struct outroom {
	int		 root;
	const char	*name;
	uint64_t	 capacity;
	struct counts	*counts;
	atomic_int	 stop;
	int64_t		 next_look;	/* mono; 0: at once */
	int64_t		 not_before;

	pthread_mutex_t	 lock;		/* of what follows */
	uint64_t	 bytes;		/* held */
	uint64_t	 came;		/* since the last look began */
};

/* What a look at the outbox is for. */
struct look {
	struct outroom	*room;
	uint64_t	 bytes;
	struct outitem	*oldest;	/* 2 * OLDEST; NULL: only bytes */
	size_t		 n;
	int		 cut;		/* there are more */
};

struct outroom *
outroom_new(int root, const char *name, uint64_t capacity,
    struct counts *counts)
{
	struct outroom *r;

	if ((r = calloc(1, sizeof(*r))) == NULL)
		return (NULL);
	r->root = root;
	r->name = name;
	r->capacity = capacity;
	r->counts = counts;
	pthread_mutex_init(&r->lock, NULL);
	return (r);
}

void
outroom_free(struct outroom *r)
{
	if (r == NULL)
		return;
	pthread_mutex_destroy(&r->lock);
	free(r);
}

void
outroom_add(struct outroom *r, uint64_t bytes)
{
	pthread_mutex_lock(&r->lock);
	r->bytes += bytes;
	r->came += bytes;
	pthread_mutex_unlock(&r->lock);
}

uint64_t
outroom_bytes(struct outroom *r)
{
	uint64_t bytes;

	pthread_mutex_lock(&r->lock);
	bytes = r->bytes;
	pthread_mutex_unlock(&r->lock);
	return (bytes);
}

int
outroom_due(struct outroom *r, int64_t now)
{
	return (!atomic_load(&r->stop) && now >= r->not_before &&
	    (now >= r->next_look || outroom_bytes(r) > r->capacity));
}

void
outroom_settle(struct outroom *r)
{
	pthread_mutex_lock(&r->lock);
	if (r->came != 0)
		r->next_look = 0;
	pthread_mutex_unlock(&r->lock);
}

static void
look_cut(struct look *l)
{
	qsort(l->oldest, l->n, sizeof(*l->oldest), outwalk_order);
	if (l->n > OLDEST) {
		l->n = OLDEST;
		l->cut = 1;
	}
}

static int
on_item(const struct outitem *item, void *arg)
{
	struct look *l = arg;

	if (atomic_load(&l->room->stop)) {
		errno = EINTR;
		return (-1);
	}
	l->bytes += item->bytes;
	if (l->oldest == NULL)
		return (0);
	if (l->n == (size_t)2 * OLDEST)
		look_cut(l);
	l->oldest[l->n++] = *item;
	return (0);
}

/*
 * What comes while we look may be seen or not: for the sum it is counted twice
 * rather than never, and if that is too much one looks again; l has only what
 * was seen. -1 with errno.
 */
static int
outroom_look(struct outroom *r, struct look *l)
{
	l->room = r;
	pthread_mutex_lock(&r->lock);
	r->came = 0;
	pthread_mutex_unlock(&r->lock);
	if (outwalk(r->root, on_item, l) == -1)
		return (-1);
	if (l->oldest != NULL)
		look_cut(l);
	pthread_mutex_lock(&r->lock);
	r->bytes = l->bytes + r->came;
	pthread_mutex_unlock(&r->lock);
	return (0);
}

/* Remove the thing itself, and the directories that it leaves empty. */
static int
outroom_unlink(struct outroom *r, const struct outitem *item)
{
	int date, dir = -1, result = -1, saved;

	date = openat(r->root, item->date,
	    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (date != -1)
		dir = openat(date, item->dir,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir != -1)
		result = item->profile ?
		    outdraft_remove(r->root, item->id, dir, item->name) :
		    unlinkat(dir, item->name, 0);
	saved = errno;
	if (result == 0 && unlinkat(date, item->dir, AT_REMOVEDIR) == 0)
		unlinkat(r->root, item->date, AT_REMOVEDIR);
	if (dir != -1)
		close(dir);
	if (date != -1)
		close(date);
	errno = saved;
	return (result);
}

/* -1: it could not be removed, and that was said. */
static int
look_remove(struct look *l, const struct outitem *item)
{
	struct outroom *r = l->room;
	char path[3 * OUTWALK_NAME];

	snprintf(path, sizeof(path), "%s/%s/%s", item->date, item->dir,
	    item->name);
	if (outroom_unlink(r, item) == 0) {
		log_warn(item->id, "evicted", "to=%s path=%s bytes=%llu",
		    r->name, log_quote(path), (unsigned long long)item->bytes);
		atomic_fetch_add(&r->counts->evicted, 1);
	} else if (errno != ENOENT && errno != EWOULDBLOCK) {
		log_err(item->id, "cannot remove from the outbox",
		    "to=%s path=%s error=%s", r->name, log_quote(path),
		    log_quote(strerror(errno)));
		return (-1);
	}
	/* It is gone, whoever removed it. */
	l->bytes -= item->bytes;
	pthread_mutex_lock(&r->lock);
	r->bytes -= item->bytes < r->bytes ? item->bytes : r->bytes;
	pthread_mutex_unlock(&r->lock);
	return (0);
}

/*
 * Remove from the oldest on; below the capacity only if what is left is 95 %
 * and more. 1: the list was too short; 0; -1.
 */
static int
look_evict(struct look *l, const struct outitem *oldest)
{
	uint64_t capacity = l->room->capacity, low = capacity - capacity / 20;
	const struct outitem *item;
	size_t i;

	for (i = 0; i < l->n; i++) {
		item = &oldest[i];
		if (l->bytes <= capacity && l->bytes < low + item->bytes)
			return (0);
		if (atomic_load(&l->room->stop) || look_remove(l, item) == -1)
			return (-1);
	}
	return (l->cut);
}

static int
outroom_work(struct outroom *r)
{
	struct look l = { .bytes = 0 };
	struct outitem *oldest;
	int result;

	if (outroom_look(r, &l) == -1)
		return (-1);
	if (l.bytes <= r->capacity)
		return (0);
	do {
		oldest = calloc((size_t)2 * OLDEST, sizeof(*oldest));
		if (oldest == NULL)
			return (-1);
		l = (struct look){ .oldest = oldest };
		if ((result = outroom_look(r, &l)) == 0)
			result = look_evict(&l, oldest);
		free(oldest);
	} while (result == 1);
	return (result);
}

void
outroom_trim(struct outroom *r)
{
	int64_t now;

	if (outroom_work(r) == 0) {
		r->next_look = when_mono() + LOOK;
		return;
	}
	now = when_mono();
	r->not_before = now + AGAIN;
	if (!atomic_load(&r->stop))
		log_warn(NULL, "outbox not trimmed", "to=%s error=%s", r->name,
		    log_quote(strerror(errno)));
}

void
outroom_stop(struct outroom *r)
{
	atomic_store(&r->stop, 1);
}
