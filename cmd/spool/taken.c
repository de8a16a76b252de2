#include "taken.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "manager.h"
#include "move.h"
#include "queue.h"
#include "record.h"
#include "spool.h"

/*
 * Is the record that holds the id in the queue the same one made twice? What
 * cannot be read for want of something is not told by that to be another.
 */
static enum taken
made_twice(struct manager *m, const struct arrival *a, const char *holder)
{
	struct record r = { .nlines = 0 };
	enum taken taken = OTHER_RECORD;
	const char *why;
	int fd;

	if (a->derived)
		return (SAME_RECORD);
	fd = openat(m->root, holder,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (errno == EMFILE || errno == ENFILE ||
		    errno == ENOMEM || errno == EIO ? UNKNOWN : OTHER_RECORD);
	if (record_read(&r, fd, &why) == -1) {
		if (errno == EIO || errno == ENOMEM)
			taken = UNKNOWN;
	} else if (r.crc == a->crc)
		taken = SAME_RECORD;
	record_clear(&r);
	close(fd);
	return (taken);
}

enum taken
taken_at(struct manager *m, const struct arrival *a, const char *path)
{
	struct stat st;

	if (fstatat(m->root, path, &st, AT_SYMLINK_NOFOLLOW) == -1) {
		(void)move_failed(m->root, path);
		return (errno == ENOENT ? FREE : UNKNOWN);
	}
	if (st.st_dev == a->st.st_dev && st.st_ino == a->st.st_ino)
		return (SAME_FILE);
	return (made_twice(m, a, path));
}

enum taken
taken_by(struct consumer *c, const struct arrival *a)
{
	struct entry *e = queue_find(c->queue, a->id);
	char name[SPOOL_FILE_MAX], path[2 * SPOOL_FILE_MAX];
	enum taken taken;
	int dead;

	if (e == NULL)
		return (FREE);
	dead = e->state == ENTRY_DEAD;
	spool_name(name, e->id.text, dead ? 0 : e->attempts, e->due);
	snprintf(path, sizeof(path), "%s/%s/%s",
	    dead ? SPOOL_DEAD : SPOOL_QUEUE, c->queue->name, name);
	/* Removed by hand behind our back. */
	if ((taken = taken_at(c->manager, a, path)) == FREE) {
		consumer_lose(c, e->id.text);
		queue_remove(c->queue, e);
	}
	return (taken);
}
