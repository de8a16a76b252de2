#include "parcel.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "event.h"
#include "file.h"
#include "form.h"
#include "json.h"
#include "label.h"
#include "members.h"
#include "record.h"
#include "spill.h"
#include "tags.h"

/* A run of bytes of what is sent, and where they come from. */
struct parcel_run {
	enum { PARCEL_BODY, PARCEL_HEAD, PARCEL_EVENT } from;
	uint64_t	off;
	uint64_t	len;
};

#define PARCEL_RUNS	5

struct parcel {
	struct form	 form;
	struct label	 label;
	struct parcel_part *parts;
	size_t		 nparts;
	struct parcel_run run[PARCEL_RUNS];
	size_t		 nruns;
	uint64_t	 length;
	struct buf	 head;		/* the event part's, or its length */
	struct spill	*event;		/* NULL: the body is as it was sent */
	int64_t		 start;
	char		 warning[160];	/* "": none */
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
parcel_on_scan(const char *p, size_t len, void *arg)
{
	/* What is wrong is said when it is finished. */
	(void)event_scan_feed(arg, p, len);
	return (0);
}

static int
parcel_on_edit(const char *p, size_t len, void *arg)
{
	return (event_edit_feed(arg, p, len));
}

/* The event part's bytes; where there is none, of an empty object. */
static int
parcel_pass(const struct parcel *p,
    int (*on_piece)(const char *, size_t, void *), void *arg)
{
	const struct form *f = &p->form;

	if (f->event == f->n)
		return (on_piece("{}", 2, arg));
	return (form_pass(f, f->part[f->event].start,
	    f->part[f->event].length, on_piece, arg));
}

static int
parcel_on_out(const char *p, size_t len, void *arg)
{
	struct parcel *parcel = arg;

	return (spill_add(parcel->event, p, len));
}

static int
parcel_on_tags(void *arg)
{
	struct parcel *p = arg;

	return (label_write(&p->label, parcel_on_out, p));
}

/* Write the event anew. */
static int
parcel_edit(struct parcel *p, const struct event_scan *scan,
    const struct members *m)
{
	struct event_change change = { .out = parcel_on_out,
	    .write_tags = p->label.is_form ? parcel_on_tags : NULL, .arg = p };
	struct event_edit *edit = NULL;
	struct buf members = { 0 };
	int result = -1;

	if (members_write(m, &members) == -1)
		goto out;
	change.members = members.p;
	change.members_len = members.len;
	if ((p->event = spill_new()) == NULL ||
	    (edit = event_edit_new(scan, p->label.tags, &change)) == NULL ||
	    parcel_pass(p, parcel_on_edit, edit) == -1 ||
	    event_edit_finish(edit) == -1)
		goto out;
	result = spill_close(p->event);
out:
	event_edit_free(edit);
	buf_free(&members);
	return (result);
}

/* Read the event, and write it anew where that is called for. */
static int
parcel_event(struct parcel *p, const struct record *r)
{
	struct members m = { &p->form, &p->label, r, NULL };
	struct event_scan *scan;
	const char *why;
	uint64_t at;
	int changed, broken, result = -1;

	scan = event_scan_new(p->label.tags, !p->label.is_form);
	if (scan == NULL || parcel_pass(p, parcel_on_scan, scan) == -1)
		goto out;
	broken = event_scan_finish(scan, &why, &at) == -1;
	if (broken && why == NULL) {
		errno = ENOMEM;
		goto out;
	}
	if (broken) {
		snprintf(p->warning, sizeof(p->warning),
		    "event goes out as it is: %s at byte %llu of it", why,
		    (unsigned long long)at);
		/* Half a list is none. */
		if (!p->label.is_form)
			tags_begin(p->label.tags, TAGS_CLIENT);
		tags_begin(p->label.tags, TAGS_PROTECTED);
	}
	if ((changed = label_decide(&p->label)) == -1)
		goto out;
	m.facts = event_facts(scan);
	p->start = members_start(&m);
	if (!broken && (changed || p->form.event == p->form.n) &&
	    parcel_edit(p, scan, &m) == -1)
		goto out;
	result = 0;
out:
	event_scan_free(scan);
	return (result);
}

/* The event in its place, its Content-Length corrected. */
static int
parcel_in_place(struct parcel *p)
{
	const struct form_part *e = &p->form.part[p->form.event];
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
	    p->form.length - e->start - e->length);
	return (0);
}

/* An event part of our own, behind the last part. */
static int
parcel_added(struct parcel *p)
{
	if (buf_addf(&p->head, "\r\n--%s\r\nContent-Disposition: form-data; "
	    "name=\"event\"; filename=\"event.json\"\r\n"
	    "Content-Type: application/json\r\n\r\n", p->form.boundary) == -1)
		return (-1);
	parcel_run(p, PARCEL_BODY, 0, p->form.close);
	parcel_run(p, PARCEL_HEAD, 0, p->head.len);
	parcel_run(p, PARCEL_EVENT, 0, spill_length(p->event));
	parcel_run(p, PARCEL_BODY, p->form.close,
	    p->form.length - p->form.close);
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
	const struct form *f = &p->form;
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
parcel_make(struct parcel *p, const struct record *r,
    const char *const *lookup, size_t nlookup)
{
	int result = 0;

	if (label_read(&p->label, &p->form, r, lookup, nlookup) == -1 ||
	    parcel_event(p, r) == -1)
		return (-1);
	if (p->event == NULL)
		parcel_run(p, PARCEL_BODY, 0, p->form.length);
	else
		result = p->form.event != p->form.n ? parcel_in_place(p) :
		    parcel_added(p);
	return (result == -1 ? -1 : parcel_list(p));
}

struct parcel *
parcel_new(int fd, const struct record *r,
    const struct multipart_limits *limits, const char *const *lookup,
    size_t nlookup, const char **why)
{
	struct parcel *p;
	int saved;

	*why = "out of memory";
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	if (form_read(&p->form, fd, r, limits, why) == -1)
		goto fail;
	*why = "cannot rewrite the event";
	if (parcel_make(p, r, lookup, nlookup) == -1)
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
	label_clear(&p->label);
	form_clear(&p->form);
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
		return (file_pread(p->form.fd, to, len, p->form.at + off));
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

const char *
parcel_warning(const struct parcel *p)
{
	return (p->warning[0] != '\0' ? p->warning : NULL);
}

const char *
parcel_service(const struct parcel *p)
{
	const char *service = label_value(&p->label, "service");

	return (service != NULL ? service : "unknown");
}

int64_t
parcel_start(const struct parcel *p)
{
	return (p->start);
}

const char *
parcel_tag(const struct parcel *p, const char *key)
{
	return (tags_value(p->label.tags, key));
}
