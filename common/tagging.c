#include "tagging.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "form.h"
#include "tags.h"

/* Keys whose final values go into the event, or name it. */
static const char *const tagging_keys[] = { "service", "language", "runtime",
    "family", "library_type", "profiler", "format", "start", "end",
    "recording-start", "recording-end" };

#define TAGGING_KEYS	(sizeof(tagging_keys) / sizeof(tagging_keys[0]))

/*
 * Commas part tags and the first colon parts key and value, and nothing can
 * escape them (the reference lets them break a list): _ instead, as Datadog's
 * own agent does with what a tag cannot hold.
 */
static void
tagging_plain(char *s, size_t len, int is_key)
{
	for (; len > 0; s++, len--)
		if (*s == ',' || (is_key && *s == ':'))
			*s = '_';
}

static int
tagging_grow(struct tagging *t)
{
	size_t cap = t->cap != 0 ? 2 * t->cap : 16;
	struct tag *ours;
	char **copies;

	if (t->n < t->cap)
		return (0);
	if ((ours = reallocarray(t->ours, cap, sizeof(*ours))) == NULL)
		return (-1);
	t->ours = ours;
	copies = reallocarray(t->copies, cap, sizeof(*copies));
	if (copies == NULL)
		return (-1);
	t->copies = copies;
	t->cap = cap;
	return (0);
}

/* Ours, from a "key=value" line. */
static int
tagging_ours(struct tagging *t, const char *line, int fill)
{
	char *copy, *value;

	if (tagging_grow(t) == -1 || (copy = strdup(line)) == NULL)
		return (-1);
	value = strchr(copy, '=');
	if (value == NULL || value == copy) {
		free(copy);
		return (0);
	}
	*value++ = '\0';
	tagging_plain(copy, strlen(copy), 1);
	tagging_plain(value, strlen(value), 0);
	t->copies[t->n] = copy;
	t->ours[t->n].key = copy;
	t->ours[t->n].value = value;
	t->ours[t->n++].fill = fill;
	return (0);
}

/* The record's lines; fill: those called global-tag. */
static int
tagging_lines(struct tagging *t, const struct form_source *source, int fill)
{
	const char *name = fill ? "global-tag" : "tag", *line;
	size_t at = 0;

	while ((line = source->line(source->arg, name, &at)) != NULL)
		if (tagging_ours(t, line, fill) == -1)
			return (-1);
	return (0);
}

static int
tagging_know(struct tagging *t, const char *const *lookup, size_t nlookup)
{
	const struct form *f = t->form;
	size_t i;

	for (i = 0; i < TAGGING_KEYS; i++)
		if (tags_know(t->tags, tagging_keys[i]) == -1)
			return (-1);
	for (i = 0; i < nlookup; i++)
		if (tags_know(t->tags, lookup[i]) == -1)
			return (-1);
	if ((t->fields = calloc(f->n + 1, sizeof(*t->fields))) == NULL)
		return (-1);
	for (i = 0; i < f->n && t->is_form; i++) {
		if (f->part[i].kind != FORM_FIELD || *f->part[i].name == '\0')
			continue;
		if ((t->fields[i] = strdup(f->part[i].name)) == NULL)
			return (-1);
		tagging_plain(t->fields[i], strlen(t->fields[i]), 1);
		if (tags_know(t->tags, t->fields[i]) == -1)
			return (-1);
	}
	return (0);
}

static int
tagging_on_list(const char *p, size_t len, void *arg)
{
	return (tags_feed(arg, p, len));
}

/* All the tags[] fields are one list. */
static int
tagging_lists(struct tagging *t)
{
	const struct form_part *p;
	size_t i;

	tags_begin(t->tags, TAGS_CLIENT);
	for (i = 0; i < t->form->n; i++) {
		p = &t->form->part[i];
		if (p->kind != FORM_TAGS)
			continue;
		if (form_pass(t->form, p->start, p->length, tagging_on_list,
		    t->tags) == -1 || tags_end(t->tags) == -1)
			return (-1);
	}
	return (0);
}

int
tagging_read(struct tagging *t, const struct form *f, const char *const *lookup,
    size_t nlookup)
{
	memset(t, 0, sizeof(*t));
	t->form = f;
	t->is_form = f->tagged || f->event == f->n;
	if (tagging_lines(t, &f->source, 0) == -1 ||
	    tagging_lines(t, &f->source, 1) == -1 ||
	    (t->tags = tags_new(t->ours, t->n)) == NULL ||
	    tagging_know(t, lookup, nlookup) == -1)
		return (-1);
	return (t->is_form ? tagging_lists(t) : 0);
}

static int
tagging_on_field(const char *p, size_t len, void *arg)
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
tagging_decide(struct tagging *t)
{
	const struct form_part *p;
	size_t i;

	for (i = 0; i < t->form->n; i++) {
		p = &t->form->part[i];
		if (t->fields[i] == NULL ||
		    tags_field(t->tags, t->fields[i]) == 0)
			continue;
		if (form_pass(t->form, p->start, p->length, tagging_on_field,
		    t->tags) == -1 || tags_field_end(t->tags) == -1)
			return (-1);
	}
	return (tags_decide(t->tags));
}

const char *
tagging_value(const struct tagging *t, const char *key)
{
	const char *value = tags_value(t->tags, key);

	return (value != NULL && *value != '\0' ? value : NULL);
}

void
tagging_clear(struct tagging *t)
{
	size_t i;

	tags_free(t->tags);
	for (i = 0; i < t->n; i++)
		free(t->copies[i]);
	free(t->copies);
	free(t->ours);
	for (i = 0; t->fields != NULL && i < t->form->n; i++)
		free(t->fields[i]);
	free(t->fields);
	memset(t, 0, sizeof(*t));
}
