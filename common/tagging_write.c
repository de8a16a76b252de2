#include "tagging.h"

#include <string.h>

#include "buf.h"
#include "form.h"
#include "json.h"
#include "tags.h"

/* The list as it is written: a form's bytes, escaped for JSON. */
struct tagging_writer {
	int		(*out)(const char *, size_t, void *);
	void		*arg;
	struct tags_filter *filter;
	struct buf	 raw;		/* begins with what was unfinished */
	struct buf	 text;		/* escaped */
	int		 in_field;	/* commas are no more than bytes */
};

static int
tagging_flush(struct tagging_writer *w, size_t keep)
{
	w->text.len = 0;
	if (json_escape(&w->text, w->raw.p, w->raw.len - keep) == -1)
		return (-1);
	buf_drop(&w->raw, w->raw.len - keep);
	return (w->text.len == 0 ? 0 :
	    w->out(w->text.p, w->text.len, w->arg));
}

static int
tagging_out(const char *p, size_t len, void *arg)
{
	struct tagging_writer *w = arg;
	size_t i = w->raw.len;

	if (buf_add(&w->raw, p, len) == -1)
		return (-1);
	for (; w->in_field && i < w->raw.len; i++)
		if (w->raw.p[i] == ',')
			w->raw.p[i] = '_';
	return (w->raw.len == 0 ? 0 :
	    tagging_flush(w, json_unfinished(w->raw.p, w->raw.len)));
}

static int
tagging_on_filter(const char *p, size_t len, void *arg)
{
	struct tagging_writer *w = arg;

	return (tags_filter_feed(w->filter, p, len, p, len));
}

/* The tags[] fields, less what is dropped. 1: a comma is owed; 0; -1. */
static int
tagging_write_lists(const struct tagging *t, struct tagging_writer *w)
{
	const struct form_part *p;
	size_t i;
	int first = 1;

	for (i = 0; i < t->form->n; i++) {
		p = &t->form->part[i];
		if (p->kind != FORM_TAGS || p->length == 0)
			continue;
		if (!first && tagging_on_filter(",", 1, w) == -1)
			return (-1);
		first = 0;
		if (form_pass(t->form, p->start, p->length, tagging_on_filter,
		    w) == -1)
			return (-1);
	}
	return (tags_filter_end(w->filter));
}

/* The fields that stand in, in the form's order. */
static int
tagging_write_fields(const struct tagging *t, struct tagging_writer *w,
    int comma)
{
	const struct form_part *p;
	size_t i;

	for (i = 0; i < t->form->n; i++) {
		p = &t->form->part[i];
		if (t->fields[i] == NULL ||
		    !tags_field_stays(t->tags, t->fields[i]))
			continue;
		w->in_field = 0;
		if ((comma && tagging_out(",", 1, w) == -1) ||
		    tagging_out(t->fields[i], strlen(t->fields[i]), w) == -1 ||
		    tagging_out(":", 1, w) == -1)
			return (-1);
		w->in_field = 1;
		if (form_pass(t->form, p->start, p->length, tagging_out,
		    w) == -1)
			return (-1);
		comma = 1;
	}
	return (comma);
}

int
tagging_write(const struct tagging *t,
    int (*out)(const char *p, size_t len, void *arg), void *arg)
{
	struct tagging_writer w = { .out = out, .arg = arg };
	struct buf ours = { 0 };
	int comma, result = -1;

	w.filter = tags_filter_new(t->tags, tagging_out, &w);
	if (w.filter == NULL || tags_write(t->tags, &ours) == -1 ||
	    (comma = tagging_write_lists(t, &w)) == -1 ||
	    (comma = tagging_write_fields(t, &w, comma)) == -1 ||
	    tagging_flush(&w, 0) == -1)
		goto out;
	if (ours.len != 0 && ((comma && out(",", 1, arg) == -1) ||
	    out(ours.p, ours.len, arg) == -1))
		goto out;
	result = 0;
out:
	tags_filter_free(w.filter);
	buf_free(&w.raw);
	buf_free(&w.text);
	buf_free(&ours);
	return (result);
}
