#include "label.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "tags.h"

/* Keys whose final values go into the event, or name it. */
static const char *const label_keys[] = { "service", "language", "runtime",
    "family", "library_type", "profiler", "format", "start", "end",
    "recording-start", "recording-end" };

#define LABEL_KEYS	(sizeof(label_keys) / sizeof(label_keys[0]))

/*
 * Commas part tags and the first colon parts key and value, and nothing can
 * escape them (the reference lets them break a list): _ instead, as Datadog's
 * own agent does with what a tag cannot hold.
 */
static void
label_plain(char *s, size_t len, int is_key)
{
	for (; len > 0; s++, len--)
		if (*s == ',' || (is_key && *s == ':'))
			*s = '_';
}

static int
label_grow(struct label *l)
{
	size_t cap = l->cap != 0 ? 2 * l->cap : 16;
	struct tag *ours;
	char **copies;

	if (l->n < l->cap)
		return (0);
	if ((ours = reallocarray(l->ours, cap, sizeof(*ours))) == NULL)
		return (-1);
	l->ours = ours;
	copies = reallocarray(l->copies, cap, sizeof(*copies));
	if (copies == NULL)
		return (-1);
	l->copies = copies;
	l->cap = cap;
	return (0);
}

/* Ours, from a "key=value" line. */
static int
label_ours(struct label *l, const char *line, int fill)
{
	char *copy, *value;

	if (label_grow(l) == -1 || (copy = strdup(line)) == NULL)
		return (-1);
	value = strchr(copy, '=');
	if (value == NULL || value == copy) {
		free(copy);
		return (0);
	}
	*value++ = '\0';
	label_plain(copy, strlen(copy), 1);
	label_plain(value, strlen(value), 0);
	l->copies[l->n] = copy;
	l->ours[l->n].key = copy;
	l->ours[l->n].value = value;
	l->ours[l->n++].fill = fill;
	return (0);
}

/* The record's lines; fill: those called global-tag. */
static int
label_lines(struct label *l, const struct form_source *source, int fill)
{
	const char *name = fill ? "global-tag" : "tag", *line;
	size_t at = 0;

	while ((line = source->line(source->arg, name, &at)) != NULL)
		if (label_ours(l, line, fill) == -1)
			return (-1);
	return (0);
}

static int
label_know(struct label *l, const char *const *lookup, size_t nlookup)
{
	const struct form *f = l->form;
	size_t i;

	for (i = 0; i < LABEL_KEYS; i++)
		if (tags_know(l->tags, label_keys[i]) == -1)
			return (-1);
	for (i = 0; i < nlookup; i++)
		if (tags_know(l->tags, lookup[i]) == -1)
			return (-1);
	if ((l->fields = calloc(f->n + 1, sizeof(*l->fields))) == NULL)
		return (-1);
	for (i = 0; i < f->n && l->is_form; i++) {
		if (f->part[i].kind != FORM_FIELD || *f->part[i].name == '\0')
			continue;
		if ((l->fields[i] = strdup(f->part[i].name)) == NULL)
			return (-1);
		label_plain(l->fields[i], strlen(l->fields[i]), 1);
		if (tags_know(l->tags, l->fields[i]) == -1)
			return (-1);
	}
	return (0);
}

static int
label_on_list(const char *p, size_t len, void *arg)
{
	return (tags_feed(arg, p, len));
}

/* All the tags[] fields are one list. */
static int
label_lists(struct label *l)
{
	const struct form_part *p;
	size_t i;

	tags_begin(l->tags, TAGS_CLIENT);
	for (i = 0; i < l->form->n; i++) {
		p = &l->form->part[i];
		if (p->kind != FORM_TAGS)
			continue;
		if (form_pass(l->form, p->start, p->length, label_on_list,
		    l->tags) == -1 || tags_end(l->tags) == -1)
			return (-1);
	}
	return (0);
}

int
label_read(struct label *l, const struct form *f, const char *const *lookup,
    size_t nlookup)
{
	memset(l, 0, sizeof(*l));
	l->form = f;
	l->is_form = f->tagged || f->event == f->n;
	if (label_lines(l, &f->source, 0) == -1 ||
	    label_lines(l, &f->source, 1) == -1 ||
	    (l->tags = tags_new(l->ours, l->n)) == NULL ||
	    label_know(l, lookup, nlookup) == -1)
		return (-1);
	return (l->is_form ? label_lists(l) : 0);
}

static int
label_on_field(const char *p, size_t len, void *arg)
{
	const char *end = p + len, *comma;

	while ((comma = memchr(p, ',', (size_t)(end - p))) != NULL) {
		if (tags_field_feed(arg, p, (size_t)(comma - p)) == -1 ||
		    tags_field_feed(arg, "_", 1) == -1)
			return (-1);
		p = comma + 1;
	}
	return (tags_field_feed(arg, p, (size_t)(end - p)));
}

int
label_decide(struct label *l)
{
	const struct form_part *p;
	size_t i;

	for (i = 0; i < l->form->n; i++) {
		p = &l->form->part[i];
		if (l->fields[i] == NULL ||
		    tags_field(l->tags, l->fields[i]) == 0)
			continue;
		if (form_pass(l->form, p->start, p->length, label_on_field,
		    l->tags) == -1 || tags_field_end(l->tags) == -1)
			return (-1);
	}
	return (tags_decide(l->tags));
}

const char *
label_value(const struct label *l, const char *key)
{
	const char *value = tags_value(l->tags, key);

	return (value != NULL && *value != '\0' ? value : NULL);
}

void
label_clear(struct label *l)
{
	size_t i;

	tags_free(l->tags);
	for (i = 0; i < l->n; i++)
		free(l->copies[i]);
	free(l->copies);
	free(l->ours);
	for (i = 0; l->fields != NULL && i < l->form->n; i++)
		free(l->fields[i]);
	free(l->fields);
	memset(l, 0, sizeof(*l));
}
