#include "reckon.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "bare.h"
#include "facts.h"
#include "file.h"
#include "form.h"
#include "line.h"
#include "multipart.h"
#include "numbers.h"
#include "order.h"
#include "point.h"
#include "profile.h"
#include "record.h"
#include "report.h"
#include "sheet.h"
#include "stamp.h"

/* A record, its body in memory. */
struct reckon {
	const struct order *order;
	struct record	 record;
	char		*body;
	struct profile	*profile;
	struct facts	 facts;
	struct sheet	 sheet;
};

static int
reckon_on_read(void *arg, uint64_t off, void *p, size_t len)
{
	const struct reckon *r = arg;

	memcpy(p, r->body + off, len);
	return (0);
}

static const char *
reckon_on_line(void *arg, const char *name, size_t *at)
{
	const struct reckon *r = arg;

	return (record_next(&r->record, name, at));
}

/* The record is at fault if errno is 0, else the disk or memory is. */
static int
reckon_fault(struct report *report, const char *why)
{
	if (errno == 0)
		report_say(report, REPORT_BAD, "bad record: %s", why);
	else
		report_say(report, REPORT_TROUBLE, "%s: %s", why,
		    strerror(errno));
	return (-1);
}

static int
reckon_read(struct reckon *r, int fd, struct report *report)
{
	const char *why;

	if (record_read(&r->record, fd, &why) == -1 ||
	    record_check(&r->record, fd, &why) == -1)
		return (reckon_fault(report, why));
	if (r->record.kind != RECORD_PROFILE) {
		errno = 0;
		return (reckon_fault(report, "not a profile"));
	}
	if ((r->body = malloc(r->record.length + 1)) == NULL ||
	    file_pread(fd, r->body, r->record.length, r->record.head) == -1)
		return (reckon_fault(report, "cannot read the record"));
	return (0);
}

static int
reckon_files(struct reckon *r)
{
	const struct form *form = profile_form(r->profile);
	const struct form_part *part;
	struct sheet_file *f;
	size_t i;

	r->sheet.files = calloc(form->n + 1, sizeof(*r->sheet.files));
	if (r->sheet.files == NULL)
		return (-1);
	for (i = 0; i < form->n; i++) {
		part = &form->part[i];
		if (part->kind != FORM_ATTACHMENT)
			continue;
		f = &r->sheet.files[r->sheet.nfiles++];
		f->part = part->name;
		f->name = part->attachment;
		f->p = r->body + part->start;
		f->len = part->length;
	}
	return (0);
}

static int
reckon_profile(struct reckon *r, struct report *report)
{
	const struct limits *l = &r->order->limits;
	struct multipart_limits limits = { .parts = l->parts,
	    .head = l->part_head };
	struct form_source source = {
	    .content_type = r->record.content_type,
	    .received = r->record.received, .length = r->record.length,
	    .read = reckon_on_read, .line = reckon_on_line, .arg = r };
	const char *keys[POINT_KEYS], *why;

	r->profile = profile_new(&source, &limits, keys, point_keys(keys),
	    &why);
	if (r->profile == NULL)
		return (reckon_fault(report, why));
	if (reckon_files(r) == -1 || facts_read(&r->facts, r->profile) == -1)
		return (reckon_fault(report, "cannot read the profile"));
	if (profile_warning(r->profile) != NULL)
		report_note(report, "event.json", profile_warning(r->profile));
	r->sheet.start = profile_start(r->profile);
	r->sheet.end = profile_end(r->profile);
	r->sheet.limits = l;
	r->sheet.report = report;
	return (0);
}

/* Lines over the bound are none. */
static void
reckon_bound(struct report *report, struct buf *lines, size_t max)
{
	if (lines->len <= max)
		return;
	lines->len = 0;
	report_note(report, "output", "over output_bytes");
}

static int
reckon_metric(struct reckon *r, struct report *report)
{
	const char *language = profile_language(r->profile);
	const struct numbers *n = numbers_of(language);
	int result;

	if (n == NULL || !(r->order->kinds & RECORD_METRIC))
		return (0);
	if ((r->sheet.line = line_new(&report->metric)) == NULL)
		return (-1);
	line_begin(r->sheet.line, "profiling_metrics");
	stamp(r->sheet.line, r->profile, &r->record, &r->facts, language);
	n->add(&r->sheet, language);
	result = line_end(r->sheet.line, r->sheet.end);
	line_free(r->sheet.line);
	reckon_bound(report, &report->metric, r->order->limits.output);
	return (result);
}

static int
reckon_point(struct reckon *r, struct report *report)
{
	int result;

	if (!(r->order->kinds & RECORD_POINT))
		return (0);
	if ((r->sheet.line = line_new(&report->point)) == NULL)
		return (-1);
	line_begin(r->sheet.line, "profile");
	point_add(&r->sheet, r->profile, &r->record, &r->facts,
	    profile_language(r->profile));
	result = line_end(r->sheet.line, r->sheet.start);
	line_free(r->sheet.line);
	reckon_bound(report, &report->point, r->order->limits.output);
	return (result);
}

void
reckon(int fd, const struct order *order, struct report *report)
{
	struct reckon r = { .order = order };

	if (order->bare) {
		bare(fd, order, report);
		return;
	}
	if (reckon_read(&r, fd, report) == 0 &&
	    reckon_profile(&r, report) == 0 &&
	    (reckon_metric(&r, report) == -1 ||
	    reckon_point(&r, report) == -1))
		reckon_fault(report, "cannot make lines");
	sheet_clear(&r.sheet);
	free(r.sheet.files);
	facts_clear(&r.facts);
	profile_free(r.profile);
	free(r.body);
	record_clear(&r.record);
}
