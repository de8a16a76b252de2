#include "join.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "event_write.h"
#include "file.h"
#include "form_write.h"
#include "joint.h"
#include "keep.h"
#include "part.h"
#include "record.h"
#include "spool.h"

#define PARTS	8		/* more than any joint has files */
#define FILES	PARTS
#define PIECE	65536

struct join_parts {
	struct part	*part[PARTS];
	char		 name[PARTS][JOIN_NAME];
	size_t		 n;
	struct part_file file[FILES];
	int		 fd[FILES];	/* what each is in */
	size_t		 files;
};

void
join_name(char out[JOIN_NAME], const char *id, unsigned int bit)
{
	snprintf(out, JOIN_NAME, "%.*s.%u", UUID_LEN, id, bit);
}

/* 0; -1: the disk. A part that is none is passed over. */
static int
join_open(struct join *j, struct join_parts *parts)
{
	struct part *part;
	const char *why;
	unsigned int bit;
	size_t i;

	for (bit = 0; bit < j->joint->n; bit++) {
		if ((j->parts & 1U << bit) == 0)
			continue;
		join_name(parts->name[parts->n], j->id, bit);
		part = part_open(j->keep, parts->name[parts->n], &why);
		if (part == NULL && errno != 0)
			return (-1);
		if (part == NULL || parts->files + part->n > FILES) {
			part_close(part);
			j->bad |= 1U << bit;
			j->why = why;
			continue;
		}
		for (i = 0; i < part->n; i++) {
			parts->fd[parts->files] = part->fd;
			parts->file[parts->files++] = part->file[i];
		}
		parts->part[parts->n++] = part;
	}
	return (0);
}

/* Written behind what b holds, which is empty then. */
static int
join_file(struct draft *d, int fd, const struct part_file *f, struct buf *b)
{
	uint64_t off = 0;
	char *piece;
	size_t n;
	int result;

	if ((piece = malloc(PIECE)) == NULL)
		return (-1);
	result = draft_write(d, b->p, b->len);
	b->len = 0;
	for (; off < f->len && result == 0; off += n) {
		n = f->len - off < PIECE ? (size_t)(f->len - off) : PIECE;
		if ((result = file_pread(fd, piece, n, f->off + off)) == 0)
			result = draft_write(d, piece, n);
	}
	free(piece);
	return (result);
}

static void
join_event(const struct join *j, const struct join_parts *parts,
    const char **names, struct event_write *e)
{
	const struct part *lead = parts->part[0];
	size_t i;

	e->format = lead->format;
	e->profiler = "pyroscope";
	e->language = lead->language;
	e->tags = lead->tags;
	e->own = lead->own;
	e->start = lead->start;
	e->end = lead->end;
	for (i = 1; j->joint->spans && i < parts->n; i++) {
		if (parts->part[i]->start < e->start)
			e->start = parts->part[i]->start;
		if (parts->part[i]->end > e->end)
			e->end = parts->part[i]->end;
	}
	for (i = 0; i < parts->files; i++)
		names[i] = parts->file[i].name;
	e->attachments = names;
	e->n = parts->files;
}

static int
join_body(const struct join *j, const struct join_parts *parts,
    struct draft *d)
{
	const char *names[FILES];
	struct event_write e;
	struct buf b = { 0 };
	int result = -1;
	size_t i;

	join_event(j, parts, names, &e);
	if (form_write_event(&b, j->id) == -1 || event_write(&e, &b) == -1 ||
	    form_write_next(&b) == -1)
		goto out;
	for (i = 0; i < parts->files; i++)
		if (form_write_file(&b, j->id, parts->file[i].name) == -1 ||
		    join_file(d, parts->fd[i], &parts->file[i], &b) == -1 ||
		    form_write_next(&b) == -1)
			goto out;
	if (form_write_end(&b, j->id) == 0)
		result = draft_write(d, b.p, b.len);
out:
	buf_free(&b);
	return (result);
}

static int
join_commit(struct join *j, const struct join_parts *parts)
{
	struct record r = *parts->part[0]->record;
	char type[FORM_WRITE_TYPE];
	struct keep_change *change;
	struct draft *d;
	size_t i;
	int saved;

	memcpy(r.id, j->id, UUID_LEN);
	form_write_type(type, j->id);
	r.content_type = type;
	if ((change = keep_begin(j->keep, j->id)) == NULL)
		return (-1);
	if ((d = keep_record(change, &r)) == NULL ||
	    join_body(j, parts, d) == -1)
		goto fail;
	j->length = draft_length(d);
	for (i = 0; i < parts->n; i++)
		if (keep_drop(change, parts->name[i]) == -1)
			goto fail;
	return (keep_commit(change));
fail:
	saved = errno;
	keep_discard(change);
	errno = saved;
	return (-1);
}

int
join(struct join *j)
{
	struct join_parts parts = { .n = 0 };
	int result, saved;
	size_t i;

	j->bad = j->files = 0;
	result = join_open(j, &parts);
	for (i = 0; i < parts.files; i++)
		j->files |= joint_bit(j->joint, parts.file[i].name);
	if (result == 0 && parts.n > 0)
		result = join_commit(j, &parts);
	saved = errno;
	for (i = 0; i < parts.n; i++)
		part_close(parts.part[i]);
	errno = saved;
	return (result);
}
