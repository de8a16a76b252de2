#include "outbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "cargo.h"
#include "outdir.h"
#include "outdraft.h"
#include "outname.h"
#include "outroom.h"
#include "parcel.h"
#include "profile.h"
#include "record.h"
#include "when.h"

#define EVENT	"event.json"
#define MAGIC	4
#define TRIES	3	/* where a directory goes away under our hands */

struct outbox {
	struct outdir	*dirs;
	struct outroom	*room;		/* NULL: any */
};

struct outbox *
outbox_open(const char *path, uint64_t capacity, const char *name,
    struct counts *counts)
{
	struct outbox *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	if ((o->dirs = outdir_open(path)) == NULL) {
		free(o);
		return (NULL);
	}
	if (capacity != 0 && (o->room = outroom_new(outdir_root(o->dirs), name,
	    capacity, counts)) == NULL) {
		outbox_close(o);
		return (NULL);
	}
	outdraft_sweep(outdir_root(o->dirs));
	return (o);
}

void
outbox_close(struct outbox *o)
{
	if (o == NULL)
		return;
	outroom_free(o->room);
	outdir_close(o->dirs);
	free(o);
}

struct outroom *
outbox_room(const struct outbox *o)
{
	return (o->room);
}

/* An attachment, under a name that this draft does not have yet. */
static int
store_attachment(struct outdraft *draft, struct cargo *c,
    const struct parcel_part *part)
{
	size_t len = part->length < MAGIC ? (size_t)part->length : MAGIC;
	unsigned char magic[MAGIC];
	char name[OUTNAME_MAX];
	unsigned int nth = 0;

	if (parcel_read(c->parcel, part->start, magic, len) == -1)
		return (-1);
	for (;;) {
		outname_file(name, part->attachment, magic, len, nth);
		if (outdraft_file(draft, name, cargo_read,
		    c, part->start, part->length) == 0)
			return (0);
		if (errno != EEXIST)
			return (-1);
		nth = nth == 0 ? 2 : nth + 1;
	}
}

static int
store_profile(struct outbox *o, struct outdraft *draft,
    struct cargo *c)
{
	char when[WHEN_TEXT], service[OUTNAME_MAX], name[OUTNAME_MAX];
	const struct parcel_part *part;
	size_t i, n = parcel_parts(c->parcel);
	int dir, result, saved;

	/* The event first: its name is its own whatever attachments have. */
	for (i = 0; i < n; i++) {
		part = parcel_part(c->parcel, i);
		if (part->is_event && outdraft_file(draft, EVENT, cargo_read,
		    c, part->start, part->length) == -1 &&
		    errno != EEXIST)
			return (-1);
	}
	for (i = 0; i < n; i++) {
		part = parcel_part(c->parcel, i);
		if (!part->is_event && !part->is_field &&
		    store_attachment(draft, c, part) == -1)
			return (-1);
	}
	/* 2026-11-22T10:00:39Z: the date, and 100039-ID. */
	when_format(when, profile_start(c->profile), 0);
	when[10] = '\0';
	snprintf(name, sizeof(name), "%.2s%.2s%.2s-%s", when + 11, when + 14,
	    when + 17, c->record->id);
	outname_dir(service, profile_service(c->profile));
	if ((dir = outdir_make(o->dirs, when, service)) == -1)
		return (-1);
	result = outdraft_move(draft, NULL, dir, name);
	saved = errno;
	close(dir);
	errno = saved;
	return (result);
}

/* Line protocol, by the day the profile was received. */
static int
store_line(struct outbox *o, struct outdraft *draft, struct cargo *c)
{
	const struct record *r = c->record;
	char when[WHEN_TEXT], name[OUTNAME_MAX];
	int dir, result, saved;
	int64_t ns = 0;

	snprintf(name, sizeof(name), "%s.line", r->id);
	if (outdraft_file(draft, name, cargo_read, c, 0,
	    r->length) == -1)
		return (-1);
	if (when_parse(r->received, strlen(r->received), &ns) == -1)
		ns = 0;
	when_format(when, ns, 0);
	when[10] = '\0';
	dir = outdir_make(o->dirs, when,
	    r->kind == RECORD_METRIC ? "metrics" : "points");
	if (dir == -1)
		return (-1);
	result = outdraft_move(draft, name, dir, name);
	saved = errno;
	close(dir);
	errno = saved;
	return (result);
}

static int
store(struct outbox *o, struct cargo *c)
{
	struct outdraft *draft;
	int result, saved;

	draft = outdraft_new(outdir_root(o->dirs), c->record->id);
	if (draft == NULL)
		return (-1);
	result = c->parcel != NULL ? store_profile(o, draft, c) :
	    store_line(o, draft, c);
	if (result == 0 && o->room != NULL)
		outroom_add(o->room, outdraft_moved(draft));
	saved = errno;
	outdraft_free(draft);
	errno = saved;
	return (result);
}

void
outbox_store(struct outbox *o, struct cargo *c, struct answer *a)
{
	int result, tries = 0;

	/* Others remove directories that are empty, and sweep; or all of it. */
	do
		result = store(o, c);
	while (result == -1 && errno == ENOENT && ++tries < TRIES &&
	    outdir_renew(o->dirs) == 0);
	if (result == 0)
		answer_say(a, ANSWER_OK, "stored");
	else
		answer_say(a, ANSWER_RETRY, "outbox: %s", strerror(errno));
}
