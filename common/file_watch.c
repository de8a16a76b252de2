#include "file_watch.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "when.h"

#define SETTLED	WHEN_SECOND

static void
stamp_take(struct file_stamp *s, const char *path)
{
	struct stat st;

	memset(s, 0, sizeof(*s));
	if (path == NULL)
		return;
	if (stat(path, &st) == -1) {
		s->error = errno;
		return;
	}
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	s->size = st.st_size;
	s->mtime = st.st_mtim;
	s->ctime = st.st_ctim;
}

static int
stamp_same(const struct file_stamp *a, const struct file_stamp *b)
{
	return (a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	    a->error == b->error &&
	    a->mtime.tv_sec == b->mtime.tv_sec &&
	    a->mtime.tv_nsec == b->mtime.tv_nsec &&
	    a->ctime.tv_sec == b->ctime.tv_sec &&
	    a->ctime.tv_nsec == b->ctime.tv_nsec);
}

/* A change in the future is by another clock: then there is no telling. */
static int
stamp_fresh(const struct file_stamp *s, int64_t now)
{
	int64_t age = now - (int64_t)s->ctime.tv_sec * WHEN_SECOND -
	    s->ctime.tv_nsec;

	return (age >= 0 && age < SETTLED);
}

void
file_watch_begin(struct file_watch *w)
{
	int i;

	for (i = 0; i < FILE_WATCH_MAX; i++)
		stamp_take(&w->taken[i], w->paths[i]);
}

int
file_watch_look(struct file_watch *w)
{
	struct file_stamp now[FILE_WATCH_MAX];
	int64_t clock = when_now();
	int i, changed = 0;

	for (i = 0; i < FILE_WATCH_MAX; i++) {
		stamp_take(&now[i], w->paths[i]);
		if (stamp_fresh(&now[i], clock))
			return (0);
		changed |= !stamp_same(&now[i], &w->taken[i]);
	}
	if (changed)
		memcpy(w->taken, now, sizeof(now));
	return (changed);
}
