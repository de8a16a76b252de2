#include "profile.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "event.h"
#include "form.h"
#include "members.h"
#include "tagging.h"
#include "tags.h"

struct profile {
	struct form	 form;
	struct tagging	 tagging;
	struct event_scan *scan;
	struct members	 members;
	int		 broken;	/* the event is no JSON */
	int		 changed;
	char		 warning[160];	/* "": none */
};

static int
profile_on_scan(const char *p, size_t len, void *arg)
{
	/* What is wrong is said when it is finished. */
	(void)event_scan_feed(arg, p, len);
	return (0);
}

static int
profile_on_edit(const char *p, size_t len, void *arg)
{
	return (event_edit_feed(arg, p, len));
}

/* The event part's bytes; where there is none, of an empty object. */
static int
profile_pass(const struct profile *p,
    int (*on_piece)(const char *, size_t, void *), void *arg)
{
	const struct form *f = &p->form;

	if (f->event == f->n)
		return (on_piece("{}", 2, arg));
	return (form_pass(f, f->part[f->event].start,
	    f->part[f->event].length, on_piece, arg));
}

/* The event is no JSON: it goes out as it is, and tells us nothing. */
static void
profile_break(struct profile *p, const char *why, uint64_t at)
{
	p->broken = 1;
	snprintf(p->warning, sizeof(p->warning),
	    "event goes out as it is: %s at byte %llu of it", why,
	    (unsigned long long)at);
	/* Half a list is none. */
	if (!p->tagging.is_form)
		tags_begin(p->tagging.tags, TAGS_CLIENT);
	tags_begin(p->tagging.tags, TAGS_PROTECTED);
}

/* Read the event, and decide what becomes of it. */
static int
profile_read(struct profile *p, const char *const *lookup, size_t nlookup)
{
	const char *why;
	uint64_t at;
	int changed;

	if (tagging_read(&p->tagging, &p->form, lookup, nlookup) == -1)
		return (-1);
	p->scan = event_scan_new(p->tagging.tags, !p->tagging.is_form);
	if (p->scan == NULL ||
	    profile_pass(p, profile_on_scan, p->scan) == -1)
		return (-1);
	if (event_scan_finish(p->scan, &why, &at) == -1) {
		if (why == NULL) {
			errno = ENOMEM;
			return (-1);
		}
		profile_break(p, why, at);
	}
	if ((changed = tagging_decide(&p->tagging)) == -1)
		return (-1);
	p->changed = !p->broken && (changed || p->form.event == p->form.n);
	p->members.form = &p->form;
	p->members.tagging = &p->tagging;
	p->members.facts = event_facts(p->scan);
	return (0);
}

struct profile *
profile_new(const struct form_source *source,
    const struct multipart_limits *limits, const char *const *lookup,
    size_t nlookup, const char **why)
{
	struct profile *p;
	int saved;

	*why = "out of memory";
	if ((p = calloc(1, sizeof(*p))) == NULL)
		return (NULL);
	if (form_read(&p->form, source, limits, why) == 0) {
		*why = "cannot read the event";
		if (profile_read(p, lookup, nlookup) == 0)
			return (p);
	}
	saved = errno;
	profile_free(p);
	errno = saved;
	return (NULL);
}

void
profile_free(struct profile *p)
{
	if (p == NULL)
		return;
	event_scan_free(p->scan);
	tagging_clear(&p->tagging);
	form_clear(&p->form);
	free(p);
}

/* What event_edit is told. */
struct profile_writer {
	const struct profile *profile;
	int		(*out)(const char *, size_t, void *);
	void		*arg;
};

static int
profile_on_out(const char *p, size_t len, void *arg)
{
	struct profile_writer *w = arg;

	return (w->out(p, len, w->arg));
}

static int
profile_on_tags(void *arg)
{
	struct profile_writer *w = arg;

	return (tagging_write(&w->profile->tagging, w->out, w->arg));
}

int
profile_event(const struct profile *p,
    int (*out)(const char *p, size_t len, void *arg), void *arg)
{
	struct profile_writer w = { p, out, arg };
	struct event_change change = { .out = profile_on_out,
	    .write_tags = p->tagging.is_form ? profile_on_tags : NULL,
	    .arg = &w };
	struct event_edit *edit = NULL;
	struct buf members = { 0 };
	int result = -1;

	if (!p->changed)
		return (profile_pass(p, out, arg));
	if (members_write(&p->members, &members) == -1)
		goto out;
	change.members = members.p;
	change.members_len = members.len;
	edit = event_edit_new(p->scan, p->tagging.tags, &change);
	if (edit == NULL || profile_pass(p, profile_on_edit, edit) == -1 ||
	    event_edit_finish(edit) == -1)
		goto out;
	result = 0;
out:
	event_edit_free(edit);
	buf_free(&members);
	return (result);
}

int
profile_members(const struct profile *p, struct buf *out)
{
	return (members_write(&p->members, out));
}

const struct form *
profile_form(const struct profile *p)
{
	return (&p->form);
}

const char *
profile_warning(const struct profile *p)
{
	return (p->warning[0] != '\0' ? p->warning : NULL);
}

int
profile_changed(const struct profile *p)
{
	return (p->changed);
}

int64_t
profile_start(const struct profile *p)
{
	return (members_start(&p->members));
}

int64_t
profile_end(const struct profile *p)
{
	return (members_end(&p->members));
}

const char *
profile_language(const struct profile *p)
{
	return (members_language(&p->members));
}

const char *
profile_tag(const struct profile *p, const char *key)
{
	return (tags_value(p->tagging.tags, key));
}

const char *
profile_service(const struct profile *p)
{
	const char *service = tagging_value(&p->tagging, "service");

	return (service != NULL ? service : "unknown");
}
