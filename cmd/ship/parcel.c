#include "parcel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "form.h"
#include "profile.h"
#include "record.h"
#include "spill.h"

/* A run of bytes of what is sent, and where they come from. */
struct parcel_run {
	enum { PARCEL_BODY, PARCEL_HEAD, PARCEL_EVENT } from;
	uint64_t	off;
	uint64_t	len;
};

#define PARCEL_RUNS	5

struct parcel {
	int		 fd;		/* the record's file */
	const struct record *record;
	struct profile	*profile;
	const struct form *form;	/* the profile's */
	struct parcel_part *parts;
	size_t		 nparts;
	struct parcel_run run[PARCEL_RUNS];
	size_t		 nruns;
	uint64_t	 length;
	struct buf	 head;		/* the event part's, or its length */
	struct spill	*event;		/* NULL: the body is as it was sent */
};

static void
parcel_run(struct parcel *p, int from, uint64_t off, uint64_t len)
{
	p->run[p->nruns].from = from;
	p->run[p->nruns].off = off;
	p->run[p->nruns++].len = len;
	p->length += len;
}

static int
parcel_on_event(const char *p, size_t len, void *arg)
{
	return (spill_add(arg, p, len));
}

/* Write the event anew where that is called for. */
static int
parcel_event(struct parcel *p)
{
	if (!profile_changed(p->profile))
		return (0);
	if ((p->event = spill_new()) == NULL ||
	    profile_event(p->profile, parcel_on_event, p->event) == -1)
		return (-1);
	return (spill_close(p->event));
}

/* The event in its place, its Content-Length corrected. */
static int
parcel_in_place(struct parcel *p)
{
	const struct form_part *e = &p->form->part[p->form->event];
	uint64_t head = e->start;

	if (e->length_digits != 0) {
		if (buf_addf(&p->head, "%llu",
		    (unsigned long long)spill_length(p->event)) == -1)
			return (-1);
		head = e->length_at;
	}
	parcel_run(p, PARCEL_BODY, 0, head);
	if (e->length_digits != 0) {
		parcel_run(p, PARCEL_HEAD, 0, p->head.len);
		head += e->length_digits;
		parcel_run(p, PARCEL_BODY, head, e->start - head);
	}
	parcel_run(p, PARCEL_EVENT, 0, spill_length(p->event));
	parcel_run(p, PARCEL_BODY, e->start + e->length,
	    p->record->length - e->start - e->length);
	return (0);
}

/* An event part of our own, behind the last part. */
static int
parcel_added(struct parcel *p)
{
	if (buf_addf(&p->head, "\r\n--%s\r\nContent-Disposition: form-data; "
	    "name=\"event\"; filename=\"event.json\"\r\n"
	    "Content-Type: application/json\r\n\r\n", p->form->boundary) == -1)
		return (-1);
	parcel_run(p, PARCEL_BODY, 0, p->form->close);
	parcel_run(p, PARCEL_HEAD, 0, p->head.len);
	parcel_run(p, PARCEL_EVENT, 0, spill_length(p->event));
	parcel_run(p, PARCEL_BODY, p->form->close,
	    p->record->length - p->form->close);
	return (0);
}

/* Where a byte of the body stands in the parcel; those replaced: nowhere. */
static uint64_t
parcel_place(const struct parcel *p, uint64_t off)
{
	uint64_t at = 0;
	size_t i;

	for (i = 0; i < p->nruns; i++) {
		if (p->run[i].from == PARCEL_BODY && off >= p->run[i].off &&
		    off - p->run[i].off <= p->run[i].len)
			return (at + off - p->run[i].off);
		at += p->run[i].len;
	}
	return (at);
}

static int
parcel_list(struct parcel *p)
{
	const struct form *f = p->form;
	struct parcel_part *part;
	size_t i;

	if ((p->parts = calloc(f->n + 1, sizeof(*p->parts))) == NULL)
		return (-1);
	p->nparts = f->n + (f->event == f->n);
	for (i = 0; i < f->n; i++) {
		part = &p->parts[i];
		part->name = f->part[i].name;
		part->filename = f->part[i].filename;
		part->attachment = f->part[i].attachment;
		part->start = parcel_place(p, f->part[i].start);
		part->length = f->part[i].length;
		part->is_event = i == f->event;
		part->is_field = !part->is_event && part->attachment == NULL;
	}
	part = &p->parts[f->event];
	if (f->event == f->n) {
		part->name = "event";
		part->filename = "event.json";
		part->start = f->close + p->head.len;
		part->is_event = 1;
	}
	part->attachment = "event.json";
	if (p->event != NULL)
		part->length = spill_length(p->event);
	return (0);
}

static int
parcel_make(struct parcel *p)
{
	int result = 0;

	if (parcel_event(p) == -1)
		return (-1);
	if (p->event == NULL)
		parcel_run(p, PARCEL_BODY, 0, p->record->length);
	else
		result = p->form->event != p->form->n ? parcel_in_place(p) :
		    parcel_added(p);
	return (result == -1 ? -1 : parcel_list(p));
}

static int
parcel_on_read(void *arg, uint64_t off, void *to, size_t len)
{
	const struct parcel *p = arg;

	return (file_pread(p->fd, to, len, p->record->head + off));
}

static const char *
parcel_on_line(void *arg, const char *name, size_t *at)
{
	const struct parcel *p = arg;

	return (record_next(p->record, name, at));
}

struct parcel *
parcel_new(int fd, const struct record *r,
    const struct multipart_limits *limits, const char *const *lookup,
    size_t nlookup, const char **why)
{
	struct form_source source = { .content_type = r->content_type,
	    .received = r->received, .length = r->length,
	    .read = parcel_on_read, .line = parcel_on_line };
	struct parcel *p;
	int saved;

	*why = "out of memory";
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	p->fd = fd;
	p->record = r;
	source.arg = p;
	p->profile = profile_new(&source, limits, lookup, nlookup, why);
	if (p->profile == NULL)
		goto fail;
	p->form = profile_form(p->profile);
	*why = "cannot rewrite the event";
	if (parcel_make(p) == -1)
		goto fail;
	return (p);
fail:
	saved = errno;
	parcel_free(p);
	errno = saved;
	return (NULL);
}

void
parcel_free(struct parcel *p)
{
	if (p == NULL)
		return;
	profile_free(p->profile);
	spill_free(p->event);
	buf_free(&p->head);
	free(p->parts);
	free(p);
}

uint64_t
parcel_length(const struct parcel *p)
{
	return (p->length);
}

static int
parcel_read_run(const struct parcel *p, const struct parcel_run *run,
    uint64_t off, char *to, size_t len)
{
	off += run->off;
	if (run->from == PARCEL_EVENT)
		return (spill_read(p->event, off, to, len));
	if (run->from == PARCEL_BODY)
		return (file_pread(p->fd, to, len, p->record->head + off));
	memcpy(to, p->head.p + off, len);
	return (0);
}

int
parcel_read(const struct parcel *p, uint64_t off, void *to, size_t len)
{
	const struct parcel_run *run;
	char *at = to;
	size_t i, n;

	for (i = 0; i < p->nruns && len > 0; i++) {
		run = &p->run[i];
		if (off >= run->len) {
			off -= run->len;
			continue;
		}
		n = run->len - off < len ? (size_t)(run->len - off) : len;
		if (parcel_read_run(p, run, off, at, n) == -1)
			return (-1);
		at += n;
		len -= n;
		off = 0;
	}
	if (len != 0)
		errno = EINVAL;
	return (len == 0 ? 0 : -1);
}

size_t
parcel_parts(const struct parcel *p)
{
	return (p->nparts);
}

const struct parcel_part *
parcel_part(const struct parcel *p, size_t i)
{
	return (&p->parts[i]);
}

int
parcel_rewritten(const struct parcel *p)
{
	return (p->event != NULL);
}

const struct profile *
parcel_profile(const struct parcel *p)
{
	return (p->profile);
}
