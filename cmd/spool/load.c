#include "manager.h"

#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "fold.h"
#include "ledger.h"
#include "log.h"
#include "move.h"
#include "queue.h"
#include "spool.h"
#include "when.h"

#define DUE_MAX	3600	/* seconds ahead that a due time is believed */

struct name {
	uint64_t order;			/* of admission */
	char	 text[SPOOL_FILE_MAX];
};

struct names {
	struct name	*v;
	size_t		 n, cap;
};

static DIR *
open_dir(int root, const char *state, const char *queue)
{
	char name[2 * SPOOL_FILE_MAX];

	snprintf(name, sizeof(name), "%s/%s", state, queue);
	return (file_opendir(root, name));
}

static int
names_add(struct names *names, const char *name)
{
	size_t cap = names->cap == 0 ? 256 : 2 * names->cap;
	struct name *v;

	if (names->n == names->cap) {
		if ((v = realloc(names->v, cap * sizeof(*names->v))) == NULL)
			return (-1);
		names->v = v;
		names->cap = cap;
	}
	snprintf(names->v[names->n++].text, SPOOL_FILE_MAX, "%.*s",
	    SPOOL_FILE_MAX - 1, name);
	return (0);
}

/* The names in a directory that are records' names. */
static int
names_read(struct names *names, int root, const char *state,
    const char *queue)
{
	char id[UUID_TEXT];
	unsigned int attempts;
	const char *name;
	int64_t due;
	DIR *dir;
	int more = 0, result = 0;

	if ((dir = open_dir(root, state, queue)) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &name)) == 1)
		if (strlen(name) < SPOOL_FILE_MAX &&
		    spool_name_parse(name, id, &attempts, &due) == 0)
			result = names_add(names, name);
	closedir(dir);
	return (more == -1 ? -1 : result);
}

/*
 * Two names of one id in a queue: of one file, the second (in order of their
 * text) is redundant; of two, it is somebody's mistake.
 */
static int
load_second(struct manager *m, struct consumer *c, const char *id,
    const char *name, const struct entry *e)
{
	static const char why[] = "reason: two names of this id in one queue\n";
	char first[SPOOL_FILE_MAX], path[2 * SPOOL_FILE_MAX];
	char dir[2 * SPOOL_FILE_MAX];
	struct stat a, b;

	spool_name(first, id, e->attempts, e->due);
	snprintf(path, sizeof(path), SPOOL_QUEUE "/%s/%s", c->queue->name,
	    first);
	if (fstatat(m->root, path, &a, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	snprintf(path, sizeof(path), SPOOL_QUEUE "/%s/%s", c->queue->name,
	    name);
	if (fstatat(m->root, path, &b, AT_SYMLINK_NOFOLLOW) == -1)
		return (-1);
	log_warn(id, "two names of one id", "queue=%s", c->queue->name);
	if (a.st_ino == b.st_ino)
		return (move_delivered(m->root, c->queue->name, name));
	snprintf(dir, sizeof(dir), SPOOL_QUEUE "/%s", c->queue->name);
	return (move_aside(m->root, dir, name, id, why, sizeof(why) - 1));
}

/* What a name occupies on disk. */
static int
load_bytes(struct consumer *c, const char *state, const char *name,
    const char *id)
{
	char path[3 * SPOOL_FILE_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s/%s", state, c->queue->name, name);
	if (fstatat(c->manager->root, path, &st, AT_SYMLINK_NOFOLLOW) == -1)
		st.st_blocks = 0;
	/* Where it came from stands in its header: not worth reading. */
	return (consumer_gain(c, id, (uint64_t)st.st_blocks * 512, 0));
}

/* One name of a queue, in the order of its admission. */
static int
load_name(struct manager *m, struct consumer *c, const char *name)
{
	char id[UUID_TEXT];
	unsigned int attempts;
	struct entry *e;
	int64_t due, ahead;

	if (spool_name_parse(name, id, &attempts, &due) == -1)
		return (0);
	if ((e = queue_find(c->queue, id)) != NULL)
		return (load_second(m, c, id, name, e));
	/* A clock that was wrong must not hold a record back. */
	ahead = due - when_now() / WHEN_SECOND;
	if (ahead < 0 || ahead > DUE_MAX)
		ahead = 0;
	if (queue_add(c->queue, id, ++m->seq, attempts, due, ahead > 0 ?
	    when_mono() + ahead * WHEN_SECOND : 0) == NULL)
		return (-1);
	return (load_bytes(c, SPOOL_QUEUE, name, id));
}

static int
by_order(const void *a, const void *b)
{
	const struct name *x = a, *y = b;

	if (x->order != y->order)
		return (x->order < y->order ? -1 : 1);
	return (strcmp(x->text, y->text));
}

/* Order them as the ledger has them; what it has not comes last, noted now. */
static void
names_order(struct names *names, struct consumer *c, const struct fold *fold,
    enum ledger_word word)
{
	const struct folded *folded;
	char id[UUID_TEXT];
	size_t i;

	for (i = 0; i < names->n; i++) {
		memcpy(id, names->v[i].text, UUID_LEN);
		id[UUID_LEN] = '\0';
		folded = fold_find(fold, id);
		names->v[i].order = folded != NULL ? folded->order :
		    UINT64_MAX;
		if (folded == NULL)
			ledger_add(c->ledger, word, id);
	}
	if (names->n > 0)
		qsort(names->v, names->n, sizeof(*names->v), by_order);
}

static int
load_queued(struct manager *m, struct consumer *c, const struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		if (load_name(m, c, names->v[i].text) == -1)
			return (-1);
	return (0);
}

static int
load_dead(struct consumer *c, const struct names *names)
{
	const char *id;
	struct entry *e;
	size_t i;

	for (i = 0; i < names->n; i++) {
		id = names->v[i].text;
		if (!uuid_valid(id) || queue_find(c->queue, id) != NULL)
			continue;
		if ((e = queue_add(c->queue, id, 0, 0, 0, 0)) == NULL)
			return (-1);
		queue_dead(c->queue, e);
		if (load_bytes(c, SPOOL_DEAD, id, id) == -1)
			return (-1);
	}
	return (0);
}

/* The index of a queue that has none yet. */
static int
load_index(struct manager *m, struct consumer *c)
{
	struct names queued = { .n = 0 }, dead = { .n = 0 };
	const char *name = c->queue->name;
	struct fold fold;
	int result = -1;

	if (fold_read(&fold, m->root, name) == -1)
		return (-1);
	if (names_read(&queued, m->root, SPOOL_QUEUE, name) == 0 &&
	    names_read(&dead, m->root, SPOOL_DEAD, name) == 0)
		result = 0;
	if (result == 0) {
		names_order(&queued, c, &fold, LEDGER_IN);
		names_order(&dead, c, &fold, LEDGER_DEAD);
	}
	/* Before there are entries: all three at once are the most memory. */
	fold_free(&fold);
	if (result == 0 && (load_queued(m, c, &queued) == -1 ||
	    load_dead(c, &dead) == -1))
		result = -1;
	free(queued.v);
	free(dead.v);
	return (result);
}

static struct consumer *
find_consumer(struct manager *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->nconsumers; i++)
		if (strcmp(m->consumers[i]->queue->name, name) == 0)
			return (m->consumers[i]);
	return (NULL);
}

struct consumer *
load_consumer(struct manager *m, const char *name)
{
	struct consumer *c, **v;

	if ((c = find_consumer(m, name)) != NULL)
		return (c);
	v = realloc(m->consumers, (m->nconsumers + 1) * sizeof(*v));
	if (v == NULL)
		return (NULL);
	m->consumers = v;
	if ((c = consumer_new(m, name)) == NULL)
		return (NULL);
	if (load_index(m, c) == -1) {
		consumer_free(c);
		return (NULL);
	}
	v[m->nconsumers++] = c;
	return (c);
}

int
load_left_over(struct manager *m)
{
	const char *name;
	DIR *dir;
	int more = 0, result = 0;

	if ((dir = open_dir(m->root, SPOOL_QUEUE, ".")) == NULL)
		return (-1);
	while (result == 0 && (more = file_next(dir, &name)) == 1) {
		if (name[0] == '.' || strlen(name) > SPOOL_NAME_MAX ||
		    find_consumer(m, name) != NULL)
			continue;
		if (load_consumer(m, name) == NULL)
			result = -1;
	}
	closedir(dir);
	return (more == -1 ? -1 : result);
}

/* One of dead/none that the ledger has not is noted now. */
static void
none_note(struct manager *m, const struct fold *fold, const char *name)
{
	char id[UUID_TEXT];

	snprintf(id, sizeof(id), "%s", name);
	if (uuid_valid(id) && fold_find(fold, id) == NULL)
		ledger_add(m->none, LEDGER_DEAD, id);
}

int
load_none(struct manager *m)
{
	const char *name;
	struct fold fold;
	struct stat st;
	DIR *dir;
	int more;

	if ((m->none = ledger_open(m->root, SPOOL_NONE)) == NULL ||
	    fold_read(&fold, m->root, SPOOL_NONE) == -1)
		return (-1);
	if ((dir = open_dir(m->root, SPOOL_DEAD, SPOOL_NONE)) == NULL) {
		fold_free(&fold);
		return (-1);
	}
	while ((more = file_next(dir, &name)) == 1) {
		if (strlen(name) < UUID_LEN || strchr(name, '.') != NULL ||
		    fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		m->dead_none++;
		m->none_bytes += (uint64_t)st.st_blocks * 512;
		none_note(m, &fold, name);
	}
	closedir(dir);
	fold_free(&fold);
	return (more);
}
