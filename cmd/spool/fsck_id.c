/*
 * fsck: names that claim one id. What is in dead/none is there because its id
 * was taken, and a bad record is no claim.
 */
#include "fsck.h"

#include <stdlib.h>
#include <string.h>

static int
by_id(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	if (c != 0)
		return (c);
	if (x->standing != y->standing)
		return (x->standing < y->standing ? -1 : 1);
	return (strcmp(x->path, y->path));
}

static int
is_claim(const struct sight *s)
{
	return (s->bad == NULL && s->standing != IN_NONE);
}

/* The queue's name in queue/QUEUE/ID or dead/QUEUE/ID. */
static const char *
queue_of(const struct sight *s, size_t *len)
{
	const char *p = strchr(s->path, '/') + 1;

	*len = strcspn(p, "/");
	return (p);
}

static int
is_same_queue(const struct sight *a, const struct sight *b)
{
	size_t x, y;
	const char *p = queue_of(a, &x), *q = queue_of(b, &y);

	return (a->standing != IN_NEW && b->standing != IN_NEW && x == y &&
	    memcmp(p, q, x) == 0);
}

/* Of those before s, the first in its queue; there an id has one name. */
static int
judge_queue(struct fsck *f, const struct sight *first, const struct sight *s)
{
	const struct sight *other = first;
	const char *what;

	while (other < s && !(is_claim(other) && is_same_queue(other, s)))
		other++;
	if (other == s)
		return (0);
	what = other->standing == s->standing ?
	    "two names of one id in one queue" :
	    "queued and dead in one queue";
	if (other->inode == s->inode)
		fsck_found(f, REMEDY_SECOND, s->path, other->path, 0, "%s",
		    what);
	else
		fsck_found(f, REMEDY_ASIDE, s->path, other->path, 0,
		    "%s, and another file than %s", what, other->path);
	return (1);
}

static void
judge_file(struct fsck *f, const struct sight *first, const struct sight *s)
{
	while (!is_claim(first))
		first++;
	if (first->inode == s->inode)
		return;
	if (first->size == s->size && first->crc == s->crc)
		fsck_found(f, REMEDY_ONE, s->path, first->path, 0,
		    "another file than %s, of the same bytes", first->path);
	else
		fsck_found(f, REMEDY_ASIDE, s->path, first->path, 0,
		    "another record than %s, which has its id", first->path);
}

void
fsck_ids(struct fsck *f)
{
	const struct sight *s, *first;

	if (f->nsights == 0)
		return;
	qsort(f->sights, f->nsights, sizeof(*f->sights), by_id);
	first = f->sights;
	for (s = first; s < f->sights + f->nsights && f->failed == 0; s++) {
		if (strcmp(first->id, s->id) != 0)
			first = s;
		if (is_claim(s) && !judge_queue(f, first, s))
			judge_file(f, first, s);
	}
}
