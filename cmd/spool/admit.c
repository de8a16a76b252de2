#include "manager.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "file.h"
#include "ledger.h"
#include "log.h"
#include "move.h"
#include "queue.h"
#include "record.h"
#include "recycle.h"
#include "spool.h"
#include "taken.h"
#include "when.h"

/* One that has been linked wherever it can be; used: not everywhere. */
struct leaving {
	char		 id[UUID_TEXT];
	int		 used;
	uint64_t	 bytes;		/* on disk */
};

/* The disk refuses: said once, and again when it no longer does. */
static void
trouble(struct manager *m, const char *id, const char *what)
{
	if (!m->troubled)
		log_err(id, what, "error=%s", log_quote(strerror(errno)));
	m->troubled = 1;
}

/* To dead/none, with the reason; by its id, or aside if that is taken. */
static int
refuse(struct manager *m, const char *id, uint64_t bytes, const char *reason)
{
	struct buf why = { 0 };
	char at[WHEN_TEXT];
	int result;

	when_format(at, when_now(), 3);
	if (buf_addf(&why, "queue: none\nreason: %s\nattempts: 0\nwhen: %s\n",
	    reason, at) == -1)
		return (-1);
	ledger_add(m->none, LEDGER_IN, id);
	ledger_add(m->none, LEDGER_DEAD, id);
	result = move_dead(m->root, SPOOL_NEW, id, SPOOL_NONE, id, why.p,
	    why.len);
	if (result == -1 && errno == EEXIST)
		result = move_aside(m->root, SPOOL_NEW, id, id, why.p, why.len);
	buf_free(&why);
	if (result == -1) {
		trouble(m, id, "cannot put a record among the dead");
		/* It was announced; and later it may be admitted after all. */
		ledger_add(m->none, LEDGER_REMOVED, id);
		return (-1);
	}
	m->moved = 1;
	m->unadmitted++;
	m->dead_none++;
	m->none_bytes += bytes;
	log_warn(id, "not admitted", "reason=%s", log_quote(reason));
	return (0);
}

/*
 * Open and read new/ID. 1: a is filled; 0: it is dealt with, or not a thing
 * of ours; -1: the disk refuses.
 */
static int
arrival_read(struct manager *m, const char *id, struct arrival *a)
{
	char name[sizeof(SPOOL_NEW) + UUID_TEXT];
	struct record r = { .nlines = 0 };
	const char *why;
	int fd, result = -1;

	snprintf(name, sizeof(name), SPOOL_NEW "/%.*s", UUID_LEN, id);
	fd = openat(m->root, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return (errno == ENOENT || errno == ELOOP ? 0 : -1);
	if (fstat(fd, &a->st) == -1)
		goto out;
	if (!S_ISREG(a->st.st_mode)) {
		result = 0;
		goto out;
	}
	if (record_read(&r, fd, &why) == -1) {
		if (errno == 0)
			result = refuse(m, id,
			    (uint64_t)a->st.st_blocks * 512, why);
		goto out;
	}
	memcpy(a->id, id, UUID_TEXT);
	a->crc = r.crc;
	a->kind = r.kind;
	a->source = recycle_source(r.source);
	a->derived = r.parent[0] != '\0';
	if (strcmp(r.id, id) == 0)
		result = 1;
	else
		result = refuse(m, id, (uint64_t)a->st.st_blocks * 512,
		    "the id in it is not its name");
out:
	record_clear(&r);
	close(fd);
	return (result);
}

/* Link it into one queue. -1: the disk refuses. */
static int
arrival_link(struct consumer *c, const struct arrival *a, enum taken *taken)
{
	char path[2 * SPOOL_FILE_MAX];

	if ((*taken = taken_by(c, a)) != FREE)
		return (*taken == UNKNOWN ? -1 : 0);
	ledger_add(c->ledger, LEDGER_IN, a->id);
	if (move_link(c->manager->root, a->id, c->queue->name) == -1) {
		if (errno != EEXIST)
			return (-1);
		/* Linked in a batch whose fsync failed, or put there by
		 * hand. */
		snprintf(path, sizeof(path), SPOOL_QUEUE "/%s/%s",
		    c->queue->name, a->id);
		*taken = taken_at(c->manager, a, path);
		if (*taken == SAME_RECORD || *taken == OTHER_RECORD)
			return (0);
		if (*taken == UNKNOWN)
			return (-1);
	}
	memcpy(c->fresh[c->nfresh].id, a->id, UUID_TEXT);
	c->fresh[c->nfresh].bytes = (uint64_t)a->st.st_blocks * 512;
	c->fresh[c->nfresh++].source = a->source;
	return (0);
}

/*
 * Link it into every queue that takes its kind. 1: unlink it from new/ once
 * they are synced; 2: refuse it then, for its id is used; 0: dealt with; -1:
 * the disk refuses.
 */
static int
arrival_admit(struct manager *m, const struct arrival *a)
{
	struct consumer *c;
	size_t i, accepted = 0;
	int twice = 0, used = 0;
	enum taken taken;
	char reason[64];

	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		if ((c->queue->accept & a->kind) == 0)
			continue;
		accepted++;
		if (arrival_link(c, a, &taken) == -1)
			return (-1);
		twice |= taken == SAME_RECORD;
		used |= taken == OTHER_RECORD;
	}
	if (accepted == 0) {
		snprintf(reason, sizeof(reason), "no queue accepts kind %s",
		    record_kind_name(a->kind));
		return (refuse(m, a->id, (uint64_t)a->st.st_blocks * 512,
		    reason));
	}
	if (used)
		return (2);
	if (twice) {
		m->twice++;
		log_info(a->id, "record came twice", "");
	}
	return (1);
}

/* fsync the queues that got something. -1: the disk refuses one. */
static int
batch_sync(struct manager *m)
{
	size_t i;

	for (i = 0; i < m->nconsumers; i++) {
		if (m->consumers[i]->nfresh == 0)
			continue;
		if (move_sync(m->root, m->consumers[i]->queue->name) == -1) {
			trouble(m, NULL, "cannot fsync a queue");
			return (-1);
		}
		recycle_publish(m->consumers[i]);
	}
	return (0);
}

/* The batch is safe in its queues: it may be handed out. */
static void
batch_index(struct manager *m)
{
	struct consumer *c;
	struct fresh *f;
	size_t i, j;

	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		for (j = 0; j < c->nfresh; j++) {
			f = &c->fresh[j];
			if (queue_add(c->queue, f->id, ++m->seq, 0, 0,
			    0) == NULL ||
			    consumer_gain(c, f->id, f->bytes,
			    f->source) == -1) {
				log_err(NULL, "out of memory", "");
				exit(111);
			}
			c->admitted++;
			log_debug(f->id, "admitted", "queue=%s",
			    c->queue->name);
		}
		c->nfresh = 0;
		if (j > 0)
			consumer_serve(c);
	}
}

/* This one stays in new/ after all; it is linked again another time. */
static void
batch_drop(struct manager *m, const char *id)
{
	struct consumer *c;
	size_t i, j;

	for (i = 0; i < m->nconsumers; i++) {
		c = m->consumers[i];
		for (j = 0; j < c->nfresh; j++)
			if (strcmp(c->fresh[j].id, id) == 0) {
				c->fresh[j] = c->fresh[--c->nfresh];
				break;
			}
	}
}

/*
 * The names of the next BATCH ids in new/, from where the last batch ended: what
 * cannot leave it, planted there perhaps, is met once in a pass. How many, or
 * -1.
 */
static int
batch_names(struct manager *m, char ids[BATCH][UUID_TEXT])
{
	const char *name;
	int more = 1, n = 0;

	if (m->names == NULL) {
		if ((m->names = file_opendir(m->root, SPOOL_NEW)) == NULL)
			return (-1);
		m->moved = 0;
	}
	while (n < BATCH && (more = file_next(m->names, &name)) == 1)
		if (uuid_valid(name))
			memcpy(ids[n++], name, UUID_TEXT);
	if (more != 1) {
		closedir(m->names);
		m->names = NULL;
	}
	return (more == -1 ? -1 : n);
}

static int
by_id(const void *a, const void *b)
{
	return (strcmp(a, b));
}

/* Link what is in ids; linked gets those to leave new/. */
static int
batch_link(struct manager *m, char ids[BATCH][UUID_TEXT], int n,
    struct leaving linked[BATCH], int *nlinked)
{
	struct arrival a;
	int i, result, worst = 0;

	for (i = 0; i < n; i++) {
		if ((result = arrival_read(m, ids[i], &a)) == 1)
			result = arrival_admit(m, &a);
		if (result > 0) {
			memcpy(linked[*nlinked].id, ids[i], UUID_TEXT);
			linked[*nlinked].used = result == 2;
			linked[(*nlinked)++].bytes =
			    (uint64_t)a.st.st_blocks * 512;
		}
		if (result == -1) {
			trouble(m, ids[i], "cannot admit a record");
			batch_drop(m, ids[i]);
			worst = -1;
		}
	}
	return (worst);
}

/* Its links are on the disk: its name in new/ may go. */
static int
batch_leave(struct manager *m, const struct leaving *l)
{
	if (l->used)
		return (refuse(m, l->id, l->bytes,
		    "its id is another record's"));
	if (move_admitted(m->root, l->id) == 0 || errno == ENOENT) {
		m->moved = 1;
		return (0);
	}
	trouble(m, l->id, "cannot unlink from new/");
	return (-1);
}

int
admit_batch(struct manager *m)
{
	char ids[BATCH][UUID_TEXT];
	struct leaving linked[BATCH];
	int i, n, nlinked = 0, resumed = m->names != NULL, result;

	if ((n = batch_names(m, ids)) == -1) {
		trouble(m, NULL, "cannot read new/");
		return (-1);
	}
	/* An id begins with its time: as good an order as they came in. */
	qsort(ids, (size_t)n, UUID_TEXT, by_id);
	result = batch_link(m, ids, n, linked, &nlinked);
	if (batch_sync(m) == -1) {
		for (i = 0; i < n; i++)
			batch_drop(m, ids[i]);
		return (-1);
	}
	for (i = 0; i < nlinked; i++)
		if (batch_leave(m, &linked[i]) == -1) {
			batch_drop(m, linked[i].id);
			result = -1;
		}
	batch_index(m);
	if (result == 0 && m->troubled) {
		log_info(NULL, "admitting again", "");
		m->troubled = 0;
	}
	/* What has come since a pass began may stand before where it went on. */
	m->behind = m->names != NULL || (resumed && m->moved);
	/* What was admitted counts in its queue now. */
	if (!m->behind)
		m->count_again = 0;
	evict_over_capacity(m);
	return (result == 0 ? m->behind : -1);
}
