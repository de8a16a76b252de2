/*
 * What an operator asks of records: a line on pipe/ctl, or the same from the
 * tool itself where no daemon runs.
 *
 *	retry QUEUE ID		a dead record back into its queue; of "none",
 *				back to new/
 *	rm QUEUE ID		away from the queue, or from its dead
 */
#include "manager.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "log.h"
#include "move.h"
#include "queue.h"
#include "spool.h"

static struct consumer *
find_consumer(struct manager *m, const char *queue)
{
	size_t i;

	for (i = 0; i < m->nconsumers; i++)
		if (strcmp(m->consumers[i]->queue->name, queue) == 0)
			return (m->consumers[i]);
	return (NULL);
}

static int
failed(const char *id, const char *what, const char *queue)
{
	log_err(id, what, "queue=%s error=%s", queue,
	    log_quote(strerror(errno)));
	return (-1);
}

/* Its attempts are forgotten: somebody thinks that it will go now. */
static int
retry(struct consumer *c, struct entry *e)
{
	struct manager *m = c->manager;

	if (e == NULL || e->state != ENTRY_DEAD) {
		errno = ENOENT;
		return (-1);
	}
	ledger_add(c->ledger, LEDGER_IN, e->id.text);
	if (move_revived(m->root, c->queue->name, e->id.text) == -1)
		return (failed(e->id.text, "cannot retry a record",
		    c->queue->name));
	e->attempts = 0;
	e->due = 0;
	if (queue_ready(c->queue, e) == -1) {
		log_err(NULL, "out of memory", "");
		exit(111);
	}
	log_info(e->id.text, "dead record to be retried", "queue=%s",
	    c->queue->name);
	return (0);
}

/* It leaves dead/none: what it occupies no longer counts there. */
static uint64_t
none_bytes(const struct manager *m, const char *name)
{
	char path[2 * SPOOL_FILE_MAX];
	struct stat st;

	snprintf(path, sizeof(path), SPOOL_DEAD "/" SPOOL_NONE "/%s", name);
	if (fstatat(m->root, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return (0);
	return ((uint64_t)st.st_blocks * 512);
}

static int
retry_none(struct manager *m, const char *name)
{
	uint64_t bytes = none_bytes(m, name);

	if (move_readmitted(m->root, name) == -1)
		return (errno == ENOENT ? -1 :
		    failed(NULL, "cannot retry a record", SPOOL_NONE));
	ledger_add(m->none, LEDGER_REMOVED, name);
	m->dead_none--;
	m->none_bytes -= bytes;
	log_info(name, "dead record to be admitted again", "queue=none");
	return (0);
}

static int
rm(struct consumer *c, struct entry *e)
{
	char name[SPOOL_FILE_MAX];
	int dead;

	if (e == NULL) {
		errno = ENOENT;
		return (-1);
	}
	dead = e->state == ENTRY_DEAD;
	spool_name(name, e->id.text, dead ? 0 : e->attempts, e->due);
	ledger_add(c->ledger, LEDGER_REMOVED, e->id.text);
	if (move_removed(c->manager->root, dead ? SPOOL_DEAD : SPOOL_QUEUE,
	    c->queue->name, name) == -1 && errno != ENOENT)
		return (failed(e->id.text, "cannot remove a record",
		    c->queue->name));
	log_warn(e->id.text, "removed", "queue=%s state=%s", c->queue->name,
	    dead ? "dead" : "queued");
	c->removed++;
	consumer_lose(c, e->id.text);
	queue_remove(c->queue, e);
	return (0);
}

static int
rm_none(struct manager *m, const char *name)
{
	uint64_t bytes = none_bytes(m, name);

	ledger_add(m->none, LEDGER_REMOVED, name);
	if (move_removed(m->root, SPOOL_DEAD, SPOOL_NONE, name) == -1)
		return (errno == ENOENT ? -1 :
		    failed(NULL, "cannot remove a record", SPOOL_NONE));
	m->dead_none--;
	m->none_bytes -= bytes;
	log_warn(NULL, "removed", "queue=none state=dead name=%s", name);
	return (0);
}

/* A name in dead/none: ID, or ID~N. */
static int
is_none_name(const char *name)
{
	char id[UUID_TEXT];

	if (strlen(name) < UUID_LEN || strchr(name, '/') != NULL)
		return (0);
	memcpy(id, name, UUID_LEN);
	id[UUID_LEN] = '\0';
	return (uuid_valid(id) &&
	    (name[UUID_LEN] == '\0' || name[UUID_LEN] == '~'));
}

int
request_act(struct manager *m, const char *verb, const char *queue,
    const char *name)
{
	int is_retry = strcmp(verb, "retry") == 0;
	struct consumer *c;
	struct entry *e;

	errno = EINVAL;
	if ((!is_retry && strcmp(verb, "rm") != 0) || !is_none_name(name))
		return (-1);
	if (strcmp(queue, SPOOL_NONE) == 0)
		return (is_retry ? retry_none(m, name) : rm_none(m, name));
	if ((c = find_consumer(m, queue)) == NULL) {
		errno = ENOENT;
		return (-1);
	}
	e = queue_find(c->queue, name);
	if ((is_retry ? retry(c, e) : rm(c, e)) == -1)
		return (-1);
	consumer_serve(c);
	return (0);
}

void
request_line(struct manager *m, char *line)
{
	char *verb = strsep(&line, " "), *queue = strsep(&line, " ");

	if (queue == NULL || line == NULL ||
	    request_act(m, verb, queue, line) == -1)
		log_warn(NULL, "request ignored", "verb=%s queue=%s id=%s",
		    log_quote(verb), log_quote(queue != NULL ? queue : ""),
		    log_quote(line != NULL ? line : ""));
}
