#include "sets.h"

#include <sys/queue.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <event2/event.h>

#include "join.h"
#include "joint.h"
#include "keep.h"
#include "pool.h"
#include "uuid.h"
#include "when.h"

#define BUCKETS		1024
#define MEMORY		((size_t)16 * 1024 * 1024)
#define AGAIN		(2 * WHEN_SECOND)	/* until another try to join */

struct set {
	TAILQ_ENTRY(set) entry;		/* of those that wait, by due */
	LIST_ENTRY(set)	 bucket;
	struct sets	*sets;
	const struct joint *joint;
	char		 id[UUID_TEXT];
	char		*key;
	unsigned int	 taken;		/* bits: files that are here */
	unsigned int	 parts;		/* bits: the first file of each part
					   that is stored */
	unsigned int	 storing;	/* parts */
	int		 closed;	/* being joined, or to be */
	int		 committed;	/* joined, but not ended */
	int		 late;		/* on_late was told */
	int64_t		 due;		/* when_mono */
	struct join	 join;
	int		 result;	/* of the thread */
	int		 error;
};

TAILQ_HEAD(set_queue, set);
LIST_HEAD(set_bucket, set);

struct sets {
	struct event_base *base;
	struct event	*timer;
	struct keep	*keep;
	struct pool	*pool;
	struct sets_calls calls;
	struct set_queue waiting;
	struct set_bucket buckets[BUCKETS];
	unsigned int	 count;
	size_t		 memory;	/* of those that are not closed */
};

static struct set_bucket *
sets_bucket(struct sets *s, const char *key)
{
	uint32_t hash = 2166136261U;	/* FNV-1a */

	for (; *key != '\0'; key++)
		hash = (hash ^ (unsigned char)*key) * 16777619U;
	return (&s->buckets[hash % BUCKETS]);
}

static size_t
set_size(const struct set *set)
{
	return (sizeof(*set) + strlen(set->key));
}

/* The timer goes off when the first set is due. */
static void
sets_arm(struct sets *s)
{
	const struct set *first = TAILQ_FIRST(&s->waiting);
	struct timeval tv;

	if (first == NULL) {
		event_del(s->timer);
		return;
	}
	/* Not a moment too early: up to the next microsecond. */
	tv = when_timeval(first->due - when_mono() + 999);
	event_add(s->timer, &tv);
}

static void
sets_queue(struct sets *s, struct set *set, int64_t due)
{
	struct set *before;

	set->due = due;
	TAILQ_FOREACH_REVERSE(before, &s->waiting, set_queue, entry)
		if (before->due <= due)
			break;
	if (before != NULL)
		TAILQ_INSERT_AFTER(&s->waiting, before, set, entry);
	else
		TAILQ_INSERT_HEAD(&s->waiting, set, entry);
	sets_arm(s);
}

static struct set *
set_new(struct sets *s, const struct joint *joint, const char *key)
{
	struct set *set;

	if ((set = calloc(1, sizeof(*set))) == NULL)
		return (NULL);
	if ((set->key = strdup(key)) == NULL) {
		free(set);
		return (NULL);
	}
	set->sets = s;
	set->joint = joint;
	LIST_INSERT_HEAD(sets_bucket(s, key), set, bucket);
	s->count++;
	s->memory += set_size(set);
	return (set);
}

/* One that is in no queue. */
static void
set_free(struct set *set)
{
	struct sets *s = set->sets;

	LIST_REMOVE(set, bucket);
	s->count--;
	if (!set->closed)
		s->memory -= set_size(set);
	free(set->key);
	free(set);
}

/* In a thread. */
static void
join_work(void *arg)
{
	struct set *set = arg;

	set->result = set->committed ? keep_finish(set->sets->keep, set->id) :
	    join(&set->join);
	set->error = errno;
}

static void
join_done(void *arg)
{
	struct set *set = arg;
	struct sets *s = set->sets;
	char name[JOIN_NAME];
	unsigned int bit;

	for (bit = 0; bit < set->joint->n; bit++)
		if (set->join.bad & 1U << bit) {
			join_name(name, set->id, bit);
			s->calls.on_bad(name, set->join.why, s->calls.arg);
		}
	set->parts &= ~set->join.bad;
	set->join.bad = 0;
	if (set->result == 1)
		set->committed = 1;
	if (set->result != 0) {
		if (!set->late)
			s->calls.on_late(set->id, set->error, s->calls.arg);
		set->late = 1;
		sets_queue(s, set, when_mono() + AGAIN);
		return;
	}
	if (set->parts != 0)
		s->calls.on_joined(set->id, set->join.length,
		    joint_complete(set->joint, set->join.files), s->calls.arg);
	set_free(set);
}

/* A set that is in no queue, and of which nothing is being stored. */
static void
set_join(struct set *set)
{
	struct sets *s = set->sets;

	set->closed = 1;
	set->join.keep = s->keep;
	set->join.id = set->id;
	set->join.joint = set->joint;
	set->join.parts = set->parts;
	if (pool_run(s->pool, join_work, join_done, set) == -1)
		sets_queue(s, set, when_mono() + AGAIN);
}

/* It waits no longer; what is being stored comes first. */
static void
set_close(struct set *set)
{
	struct sets *s = set->sets;

	TAILQ_REMOVE(&s->waiting, set, entry);
	if (!set->closed)
		s->memory -= set_size(set);
	set->closed = 1;
	if (set->storing == 0)
		set_join(set);
	sets_arm(s);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
	struct sets *s = arg;
	int64_t now = when_mono();
	struct set *first;

	(void)fd;
	(void)what;
	while ((first = TAILQ_FIRST(&s->waiting)) != NULL && first->due <= now)
		set_close(first);
	sets_arm(s);
}

struct sets *
sets_new(struct event_base *base, struct keep *keep, struct pool *pool,
    const struct sets_calls *calls)
{
	struct sets *s;
	size_t i;

	if ((s = calloc(1, sizeof(*s))) == NULL)
		return (NULL);
	s->base = base;
	s->keep = keep;
	s->pool = pool;
	s->calls = *calls;
	TAILQ_INIT(&s->waiting);
	for (i = 0; i < BUCKETS; i++)
		LIST_INIT(&s->buckets[i]);
	if ((s->timer = evtimer_new(base, on_timer, s)) == NULL) {
		free(s);
		errno = ENOMEM;
		return (NULL);
	}
	return (s);
}

void
sets_free(struct sets *s)
{
	struct set *set;

	if (s == NULL)
		return;
	while ((set = TAILQ_FIRST(&s->waiting)) != NULL) {
		TAILQ_REMOVE(&s->waiting, set, entry);
		set_free(set);
	}
	event_free(s->timer);
	free(s);
}

unsigned int
sets_count(const struct sets *s)
{
	return (s->count);
}

const char *
sets_id(const struct set *set)
{
	return (set->id);
}

/* The oldest of that key that lacks these files. */
static struct set *
sets_find(struct sets *s, const char *key, unsigned int bits)
{
	struct set *set, *found = NULL;

	LIST_FOREACH(set, sets_bucket(s, key), bucket)
		if (!set->closed && (set->taken & bits) == 0 &&
		    strcmp(set->key, key) == 0)
			found = set;
	return (found);
}

struct set *
sets_take(struct sets *s, const struct joint *joint, const char *key,
    unsigned int bits, int64_t wait, char *name)
{
	struct set *set = sets_find(s, key, bits);

	if (set == NULL) {
		while (s->memory > MEMORY && !TAILQ_EMPTY(&s->waiting))
			set_close(TAILQ_FIRST(&s->waiting));
		if ((set = set_new(s, joint, key)) == NULL)
			return (NULL);
		uuid_v7(set->id);
		sets_queue(s, set, when_mono() + wait);
	}
	set->taken |= bits;
	set->storing++;
	join_name(name, set->id, (unsigned int)ffs((int)bits) - 1);
	return (set);
}

void
sets_stored(struct sets *s, struct set *set, unsigned int bits, int is)
{
	set->storing--;
	if (is)
		set->parts |= bits & -bits;
	else
		set->taken &= ~bits;
	if (set->storing > 0)
		return;
	if (set->parts == 0) {
		if (!set->closed)
			TAILQ_REMOVE(&s->waiting, set, entry);
		set_free(set);
		sets_arm(s);
	} else if (set->closed)
		set_join(set);
	else if (joint_complete(set->joint, set->taken))
		set_close(set);
}

/* How long a set has still to wait; its id says when it began. */
static int64_t
set_rest(const struct set *set, int64_t wait)
{
	int64_t rest;

	rest = uuid_time(set->id) * (WHEN_SECOND / 1000) + wait - when_now();
	return (rest < 0 ? 0 : rest > wait ? wait : rest);
}

int
sets_restore(struct sets *s, const struct joint *joint, const char *key,
    const char *id, unsigned int bits, int64_t wait)
{
	struct set *set;

	LIST_FOREACH(set, sets_bucket(s, key), bucket)
		if (strcmp(set->id, id) == 0)
			break;
	if (set == NULL) {
		if ((set = set_new(s, joint, key)) == NULL)
			return (-1);
		memcpy(set->id, id, sizeof(set->id));
		sets_queue(s, set, when_mono() + set_rest(set, wait));
	}
	set->taken |= bits;
	set->parts |= bits & -bits;
	if (joint_complete(joint, set->taken)) {
		TAILQ_REMOVE(&s->waiting, set, entry);
		sets_queue(s, set, when_mono());
	}
	return (0);
}
