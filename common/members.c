#include "members.h"

#include <string.h>
#include <strings.h>

#include "buf.h"
#include "event.h"
#include "form.h"
#include "format.h"
#include "json.h"
#include "language.h"
#include "tagging.h"
#include "when.h"

static int
members_add(struct buf *b, const char *key, const char *value)
{
	if ((b->len != 0 && buf_addc(b, ',') == -1) ||
	    buf_addf(b, "\"%s\":\"", key) == -1 ||
	    json_escape(b, value, strlen(value)) == -1)
		return (-1);
	return (buf_addc(b, '"'));
}

/* By the attachments' names, else by their first bytes. -1: the disk. */
static int
members_sniff(const struct form *f, const char **format)
{
	const struct form_part *p;
	char magic[FORMAT_MAGIC];
	size_t i, n;

	for (i = 0; i < f->n && *format == NULL; i++)
		if (f->part[i].kind == FORM_ATTACHMENT)
			*format = format_by_name(f->part[i].attachment);
	for (i = 0; i < f->n && *format == NULL; i++) {
		p = &f->part[i];
		if (p->kind != FORM_ATTACHMENT)
			continue;
		n = p->length < sizeof(magic) ? (size_t)p->length :
		    sizeof(magic);
		if (f->source.read(f->source.arg, p->start, magic, n) == -1)
			return (-1);
		*format = format_by_magic(magic, n);
	}
	return (0);
}

/* A form's own, else as the attachments look, else as a tag says. */
static int
members_format(const struct members *m, struct buf *b)
{
	const char *said = tagging_value(m->tagging, "format");
	const char *format = m->tagging->is_form ? said : NULL;

	if (members_sniff(m->form, &format) == -1)
		return (-1);
	if (format == NULL)
		format = said != NULL ? said : "unknown";
	return (members_add(b, "format", format));
}

const char *
members_language(const struct members *m)
{
	static const char *const keys[] = { "language", "runtime", "family" };
	const char *event[] = { m->facts->language, m->facts->runtime,
	    m->facts->family };
	const char *value, *found;
	size_t i;

	for (i = 0; i < 3; i++) {
		value = tagging_value(m->tagging, keys[i]);
		if (value == NULL)
			value = event[i];
		if (value != NULL &&
		    (found = language_find(value, strlen(value))) != NULL)
			return (found);
	}
	return ("unknown");
}

/* Headers that only Datadog's libraries send. */
static int
members_datadog(const struct form_source *s)
{
	const char *header;
	size_t at = 0;

	while ((header = s->line(s->arg, "header", &at)) != NULL)
		if (strncasecmp(header, "DD-", 3) == 0 ||
		    strncasecmp(header, "Datadog-", 8) == 0 ||
		    strncasecmp(header, "X-Datadog-", 10) == 0)
			return (1);
	return (0);
}

/*
 * library_type is what async-profiler's script calls it, profiler what py-spy
 * does; forms with tags[] come from old Datadog libraries alone.
 */
static const char *
members_profiler(const struct members *m)
{
	const char *value = tagging_value(m->tagging, "library_type");

	if (value == NULL)
		value = tagging_value(m->tagging, "profiler");
	if (value != NULL)
		return (value);
	return (m->form->tagged || members_datadog(&m->form->source) ?
	    "ddtrace" : "unknown");
}

static int
members_attachments(const struct members *m, struct buf *b)
{
	const struct form_part *p;
	const char *comma = "";
	size_t i;

	if (buf_addf(b, "%s\"attachments\":[", b->len != 0 ? "," : "") == -1)
		return (-1);
	for (i = 0; i < m->form->n; i++) {
		p = &m->form->part[i];
		if (p->kind != FORM_ATTACHMENT)
			continue;
		if (buf_addf(b, "%s\"", comma) == -1 ||
		    json_escape(b, p->attachment, strlen(p->attachment)) ==
		    -1 || buf_addc(b, '"') == -1)
			return (-1);
		comma = ",";
	}
	return (buf_addc(b, ']'));
}

static int
members_parse(const char *s, int64_t *ns)
{
	return (s == NULL ? -1 : when_parse(s, strlen(s), ns));
}

/* By the tags and fields of that name, old forms' name first. */
static int64_t
members_time(const struct members *m, const char *old, const char *key)
{
	int64_t ns = 0;

	if (members_parse(tagging_value(m->tagging, old), &ns) == -1 &&
	    members_parse(tagging_value(m->tagging, key), &ns) == -1)
		(void)members_parse(m->form->source.received, &ns);
	return (ns);
}

int64_t
members_start(const struct members *m)
{
	int64_t ns;

	if (members_parse(m->facts->start, &ns) == 0)
		return (ns);
	return (members_time(m, "recording-start", "start"));
}

int64_t
members_end(const struct members *m)
{
	int64_t ns;

	if (members_parse(m->facts->end, &ns) == 0)
		return (ns);
	return (members_time(m, "recording-end", "end"));
}

int
members_write(const struct members *m, struct buf *b)
{
	const struct event_facts *f = m->facts;
	char when[WHEN_TEXT];

	if (!f->has_format && members_format(m, b) == -1)
		return (-1);
	if (!f->has_profiler &&
	    members_add(b, "profiler", members_profiler(m)) == -1)
		return (-1);
	if (!f->has_attachments && members_attachments(m, b) == -1)
		return (-1);
	if (!f->has_language &&
	    members_add(b, "language", members_language(m)) == -1)
		return (-1);
	when_format(when, members_time(m, "recording-start", "start"), -1);
	if (!f->has_start && members_add(b, "start", when) == -1)
		return (-1);
	when_format(when, members_time(m, "recording-end", "end"), -1);
	if (!f->has_end && members_add(b, "end", when) == -1)
		return (-1);
	return (0);
}
