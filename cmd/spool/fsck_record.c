/*
 * fsck: the bytes of every record, by inode, so that a record with many names
 * is read once; and once for all rounds, for a committed record never changes.
 */
#include "fsck.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record.h"
#include "when.h"

#define PROGRESS	(WHEN_SECOND / 4)

static int
by_inode(const void *a, const void *b)
{
	const struct sight *x = a, *y = b;

	if (x->inode != y->inode)
		return (x->inode < y->inode ? -1 : 1);
	return (strcmp(x->path, y->path));
}

static int
inode_of(const void *inode, const void *proof)
{
	ino_t x = *(const ino_t *)inode;
	ino_t y = ((const struct proof *)proof)->inode;

	return (x < y ? -1 : x > y);
}

/* What an earlier round has read of the same file. */
static const struct proof *
proof_find(const struct proofs *p, const struct sight *s)
{
	const struct proof *one;

	if (p->n == 0)
		return (NULL);
	one = bsearch(&s->inode, p->v, p->n, sizeof(*p->v), inode_of);
	if (one == NULL || one->size != s->size ||
	    one->written.tv_sec != s->written.tv_sec ||
	    one->written.tv_nsec != s->written.tv_nsec)
		return (NULL);
	return (one);
}

/* Read the file at s->path. -1: it has gone, or cannot be read and is named. */
static int
proof_make(struct fsck *f, const struct sight *s, struct proof *p)
{
	struct record r = { .nlines = 0 };
	const char *why = NULL;
	int fd, result, error;

	memset(p, 0, sizeof(*p));
	p->inode = s->inode;
	p->size = s->size;
	p->written = s->written;
	fd = openat(f->root, s->path,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1) {
		error = errno;
		goto out;
	}
	result = record_read(&r, fd, &why);
	error = errno;
	if (result == 0) {
		memcpy(p->id, r.id, UUID_TEXT);
		p->crc = r.crc;
		result = record_check(&r, fd, &why);
		error = errno;
	}
	if (result == -1)
		p->bad = why;
	else
		error = 0;
	record_clear(&r);
	close(fd);
out:
	if (error != 0 && error != ENOENT)
		fsck_found(f, REMEDY_NONE, s->path, NULL, 0,
		    "cannot be read: %s", strerror(error));
	return (error != 0 ? -1 : 0);
}

static int
proofs_add(struct proofs *p, const struct proof *one)
{
	size_t cap = p->cap == 0 ? 1024 : 2 * p->cap;
	struct proof *v;

	if (p->n == p->cap) {
		if ((v = realloc(p->v, cap * sizeof(*v))) == NULL)
			return (-1);
		p->v = v;
		p->cap = cap;
	}
	p->v[p->n++] = *one;
	return (0);
}

/* Thousands take a while: on a terminal say how far it is. */
static void
progress(struct fsck *f, size_t done)
{
	int64_t now = when_mono();

	if (!f->terminal || now - f->shown < PROGRESS)
		return;
	f->shown = now;
	fprintf(stderr, "\rfsck: %zu of %zu", done, f->nsights);
}

static void
progress_end(struct fsck *f)
{
	if (f->shown != 0)
		fprintf(stderr, "\rfsck: %zu of %zu\n", f->nsights,
		    f->nsights);
	f->shown = 0;
}

static void
name_bad(struct fsck *f, struct sight *s, const struct proof *p)
{
	s->crc = p->crc;
	s->bad = p->bad;
	if (s->bad == NULL && strcmp(p->id, s->id) != 0)
		s->bad = "the id in it is not its name";
	if (s->bad == NULL)
		return;
	if (s->standing == IN_NEW || s->standing == IN_QUEUE)
		fsck_found(f, REMEDY_DEAD, s->path, s->bad, 0,
		    "bad record: %s", s->bad);
	else if (!fsck_dead_says(f, s->path, s->bad))
		/* Who refuses a bad record says so: then all is well. */
		fsck_found(f, REMEDY_REASON, s->path, s->bad, 0,
		    "bad record: %s, and its .why does not say so", s->bad);
}

void
fsck_records(struct fsck *f)
{
	struct proofs fresh = { .n = 0 };
	const struct proof *known;
	struct proof one;
	size_t i;

	if (f->nsights > 0)
		qsort(f->sights, f->nsights, sizeof(*f->sights), by_inode);
	for (i = 0; i < f->nsights && f->failed == 0; i++) {
		known = proof_find(&f->proofs, &f->sights[i]);
		if (known != NULL)
			one = *known;
		else if (fresh.n == 0 ||
		    fresh.v[fresh.n - 1].inode != f->sights[i].inode) {
			progress(f, i);
			if (proof_make(f, &f->sights[i], &one) == -1)
				continue;
		} else
			one = fresh.v[fresh.n - 1];
		if ((fresh.n == 0 || fresh.v[fresh.n - 1].inode != one.inode) &&
		    proofs_add(&fresh, &one) == -1)
			f->failed = ENOMEM;
		name_bad(f, &f->sights[i], &one);
	}
	progress_end(f);
	free(f->proofs.v);
	f->proofs = fresh;
}
