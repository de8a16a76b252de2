/*
 * Capacity: what the records on disk may occupy. Over the mark, when_full =
 * evict removes the dead first, then the oldest records by admission, down to
 * 95 %; when_full = reject touches `full`, which makes producers answer 503.
 * So does evict where nothing it may remove is left, or where more comes than
 * can be admitted: what waits in new/ counts, too.
 */
#include "manager.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "ledger.h"
#include "log.h"
#include "move.h"
#include "queue.h"
#include "spool.h"
#include "stock.h"
#include "when.h"

#define FULL_AGAIN	(10 * WHEN_SECOND)
#define COUNT_AGAIN	(WHEN_SECOND / 4)
#define EVICT_AGAIN	WHEN_SECOND	/* after the disk refused */

static uint64_t
occupied(const struct manager *m)
{
	return (stock_bytes(m->stock) + m->none_bytes + m->new_bytes);
}

/*
 * While not all of it is admitted; then it is counted in its queue. A tenth of
 * the time at most, and no further than to know that it is too much.
 */
static void
count_new(struct manager *m)
{
	int64_t now = when_mono(), took;
	const char *name;
	struct stat st;
	DIR *dir;

	if (!m->troubled && !m->behind) {
		m->new_bytes = 0;
		return;
	}
	if (now < m->count_again ||
	    (dir = file_opendir(m->root, SPOOL_NEW)) == NULL)
		return;
	m->new_bytes = 0;
	while (m->new_bytes <= m->capacity && file_next(dir, &name) == 1)
		if (uuid_valid(name) && fstatat(dirfd(dir), name, &st,
		    AT_SYMLINK_NOFOLLOW) == 0)
			m->new_bytes += (uint64_t)st.st_blocks * 512;
	closedir(dir);
	took = when_mono() - now;
	m->count_again = now + (took < COUNT_AGAIN / 10 ? COUNT_AGAIN :
	    took * 10);
}

/*
 * What is to fit into the capacity: for what waits in new/ and will be admitted
 * a tenth of it is made free, so that what is queued is delivered meanwhile.
 */
static uint64_t
wanted(const struct manager *m)
{
	uint64_t tenth = m->capacity / 10;

	return (m->troubled || m->new_bytes < tenth ? occupied(m) :
	    occupied(m) - m->new_bytes + tenth);
}

/* Is it queued anywhere? Then to remove a dead name of it frees nothing. */
static int
is_queued(const struct manager *m, const char *id)
{
	const struct entry *e;
	size_t i;

	for (i = 0; i < m->nconsumers; i++) {
		e = queue_find(m->consumers[i]->queue, id);
		if (e != NULL && e->state != ENTRY_DEAD)
			return (1);
	}
	return (0);
}

/* Said once. */
static void
evict_refused(struct manager *m, const char *id, const char *queue)
{
	if (!m->unevicted)
		log_err(id, "cannot evict a record", "queue=%s error=%s",
		    queue, log_quote(strerror(errno)));
	m->unevicted = 1;
	m->evict_again = when_mono() + EVICT_AGAIN;
}

/* Remove one name, said before and after. -1: the disk refuses. */
static int
evict_name(struct consumer *c, struct entry *e)
{
	struct manager *m = c->manager;
	char name[SPOOL_FILE_MAX];
	int dead = e->state == ENTRY_DEAD;

	spool_name(name, e->id.text, dead ? 0 : e->attempts, e->due);
	ledger_add(c->ledger, LEDGER_EVICTED, e->id.text);
	if (move_removed(m->root, dead ? SPOOL_DEAD : SPOOL_QUEUE,
	    c->queue->name, name) == -1 && errno != ENOENT) {
		evict_refused(m, e->id.text, c->queue->name);
		return (-1);
	}
	log_warn(e->id.text, "evicted", "queue=%s state=%s bytes=%llu",
	    c->queue->name, dead ? "dead" : "queued",
	    (unsigned long long)stock_bytes_of(m->stock, e->id.text));
	c->evicted++;
	m->unevicted = 0;
	m->last_evicted = when_now();
	consumer_lose(c, e->id.text);
	queue_remove(c->queue, e);
	return (0);
}

/* A record from all its queues. */
static int
evict_record(struct manager *m, const char *id)
{
	char copy[UUID_TEXT];
	struct entry *e;
	size_t i;

	/* id stands in an entry that is about to go. */
	memcpy(copy, id, UUID_TEXT);
	for (i = 0; i < m->nconsumers; i++)
		if ((e = queue_find(m->consumers[i]->queue, copy)) != NULL &&
		    evict_name(m->consumers[i], e) == -1)
			return (-1);
	return (0);
}

/* Is it handed out in any queue? */
static int
is_out(const struct manager *m, const char *id)
{
	const struct entry *e;
	size_t i;

	for (i = 0; i < m->nconsumers; i++) {
		e = queue_find(m->consumers[i]->queue, id);
		if (e != NULL && e->state == ENTRY_OUT)
			return (1);
	}
	return (0);
}

/* The first of a queue's dead whose removal frees something. */
static const struct entry *
first_dead(const struct manager *m, const struct queue *q)
{
	const struct entry *e;

	TAILQ_FOREACH(e, &q->dead, line)
		if (!is_queued(m, e->id.text))
			break;
	return (e);
}

/* The first of a queue's records that is not handed out. */
static const struct entry *
first_in(const struct manager *m, const struct queue *q)
{
	const struct entry *e;

	TAILQ_FOREACH(e, &q->queued, line)
		if (!is_out(m, e->id.text))
			break;
	return (e);
}

static const struct entry *
first_of_all(const struct manager *m, const struct queue *q)
{
	(void)m;
	return (TAILQ_FIRST(&q->queued));
}

/*
 * Of the first ones of all queues the oldest. Within a queue the order of
 * admission is exact; between queues the time in the ids decides.
 */
static const char *
oldest(const struct manager *m, const struct entry *(*first)(
    const struct manager *, const struct queue *))
{
	const struct entry *e, *least = NULL;
	size_t i;

	for (i = 0; i < m->nconsumers; i++) {
		e = first(m, m->consumers[i]->queue);
		if (e != NULL && (least == NULL ||
		    strcmp(e->id.text, least->id.text) < 0))
			least = e;
	}
	return (least != NULL ? least->id.text : NULL);
}

/* What no queue accepted is dead, too. How many went, or -1. */
static int
evict_none(struct manager *m, uint64_t down_to)
{
	char id[UUID_TEXT];
	const char *name;
	struct stat st;
	DIR *dir;
	int more = 0, n = 0;

	if ((dir = file_opendir(m->root, SPOOL_DEAD "/" SPOOL_NONE)) == NULL)
		return (-1);
	while (wanted(m) > down_to && (more = file_next(dir, &name)) == 1) {
		if (strlen(name) < UUID_LEN || strchr(name, '.') != NULL ||
		    fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		memcpy(id, name, UUID_LEN);
		id[UUID_LEN] = '\0';
		ledger_add(m->none, LEDGER_EVICTED, id);
		if (move_removed(m->root, SPOOL_DEAD, SPOOL_NONE, name) == -1) {
			evict_refused(m, id, SPOOL_NONE);
			n = -1;
			break;
		}
		log_warn(id, "evicted", "queue=none state=dead bytes=%llu",
		    (unsigned long long)st.st_blocks * 512);
		m->none_bytes -= (uint64_t)st.st_blocks * 512 < m->none_bytes ?
		    (uint64_t)st.st_blocks * 512 : m->none_bytes;
		m->dead_none--;
		n++;
	}
	closedir(dir);
	return (more == -1 ? -1 : n);
}

static void
evict_down_to(struct manager *m, uint64_t mark)
{
	const char *id;

	if (m->dead_none > 0 && evict_none(m, mark) == -1)
		return;
	while (wanted(m) > mark) {
		if ((id = oldest(m, first_dead)) == NULL &&
		    (id = oldest(m, first_in)) == NULL &&
		    (id = oldest(m, first_of_all)) == NULL)
			return;
		if (evict_record(m, id) == -1)
			return;
	}
}

/* Producers believe `full` for a minute: touch it while it is true. */
static void
say_full(struct manager *m)
{
	int64_t now = when_mono();
	int fd;

	if (m->full_said != 0 && now - m->full_said < FULL_AGAIN)
		return;
	fd = openat(m->root, SPOOL_FULL,
	    O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1 || futimens(fd, NULL) == -1)
		log_err(NULL, "cannot say that the spool is full", "error=%s",
		    log_quote(strerror(errno)));
	if (fd != -1)
		close(fd);
	if (m->full_said == 0)
		log_warn(NULL, "spool is full", "bytes=%llu capacity=%llu",
		    (unsigned long long)occupied(m),
		    (unsigned long long)m->capacity);
	m->full_said = now;
}

static void
say_not_full(struct manager *m)
{
	if (unlinkat(m->root, SPOOL_FULL, 0) == 0 || m->full_said != 0)
		log_info(NULL, "spool is no longer full", "bytes=%llu",
		    (unsigned long long)occupied(m));
	m->full_said = 0;
}

void
evict_over_capacity(struct manager *m)
{
	count_new(m);
	if (!m->reject && wanted(m) > m->capacity &&
	    when_mono() >= m->evict_again)
		evict_down_to(m, m->capacity / 100 * 95);
	if (occupied(m) >= m->capacity + (m->reject ? 0 : 1))
		say_full(m);
	else if (m->full_said != 0 || !m->full_known)
		say_not_full(m);
	m->full_known = 1;
}
