#include "form.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "multipart.h"

#define PIECE	32768

struct form_reader {
	struct form	*form;
	struct multipart *multipart;
	size_t		 cap;
	int		 broken;	/* out of memory */
};

static int
form_begins(const char *s, const char *with)
{
	return (strncmp(s, with, strlen(with)) == 0);
}

/* Text by its type: a plain field has none, or says so. */
static int
form_plain(const struct multipart_part *p)
{
	return (p->filename == NULL && (p->type == NULL ||
	    strncasecmp(p->type, "text/plain", 10) == 0));
}

static enum form_kind
form_kind(const struct multipart_part *p)
{
	const char *name = p->name != NULL ? p->name : "";

	if (strcmp(name, "event") == 0 || strcmp(name, "event.json") == 0 ||
	    (p->filename != NULL && strcmp(p->filename, "event.json") == 0))
		return (FORM_EVENT);
	if (strcmp(name, "tags[]") == 0)
		return (FORM_TAGS);
	if (form_begins(name, "data[") || !form_plain(p))
		return (FORM_ATTACHMENT);
	return (form_begins(name, "types[") ? FORM_INDEX : FORM_FIELD);
}

static int
form_grow(struct form_reader *r)
{
	struct form *f = r->form;
	struct form_part *part;
	size_t cap = r->cap != 0 ? 2 * r->cap : 16;

	if (f->n < r->cap)
		return (0);
	if ((part = reallocarray(f->part, cap, sizeof(*part))) == NULL)
		return (-1);
	f->part = part;
	r->cap = cap;
	return (0);
}

static void
form_on_part(const struct multipart_part *p, void *arg)
{
	struct form_reader *r = arg;
	struct form_part *part;

	if (r->broken || form_grow(r) == -1) {
		r->broken = 1;
		return;
	}
	part = &r->form->part[r->form->n++];
	memset(part, 0, sizeof(*part));
	part->kind = form_kind(p);
	part->start = p->body;
	part->length_at = p->length_at;
	part->length_digits = p->length_digits;
	part->name = strdup(p->name != NULL ? p->name : "");
	if (p->filename != NULL)
		part->filename = strdup(p->filename);
	if (part->name == NULL ||
	    (p->filename != NULL && part->filename == NULL))
		r->broken = 1;
	r->form->tagged |= part->kind == FORM_TAGS;
}

static void
form_on_end(uint64_t end, void *arg)
{
	struct form_reader *r = arg;
	struct form_part *part;

	if (r->broken)
		return;
	part = &r->form->part[r->form->n - 1];
	part->length = end - part->start;
}

int
form_pass(const struct form *f, uint64_t off, uint64_t len,
    int (*on_piece)(const char *p, size_t len, void *arg), void *arg)
{
	char piece[PIECE];
	size_t n;

	for (; len > 0; off += n, len -= n) {
		n = len < sizeof(piece) ? (size_t)len : sizeof(piece);
		if (f->source.read(f->source.arg, off, piece, n) == -1 ||
		    on_piece(piece, n, arg) == -1)
			return (-1);
	}
	return (0);
}

/* errno stays 0 where the body is malformed. */
static int
form_on_piece(const char *p, size_t len, void *arg)
{
	struct form_reader *r = arg;

	errno = 0;
	if (multipart_feed(r->multipart, p, len) == -1)
		return (-1);
	if (r->broken)
		errno = ENOMEM;
	return (r->broken ? -1 : 0);
}

/* Which event part counts. */
static size_t
form_event(const struct form *f)
{
	static const char *const names[] = { "event", "event.json" };
	size_t i, k;

	for (k = 0; k < 2; k++)
		for (i = 0; i < f->n; i++)
			if (strcmp(f->part[i].name, names[k]) == 0)
				return (i);
	for (i = 0; i < f->n; i++)
		if (f->part[i].kind == FORM_EVENT)
			return (i);
	return (f->n);
}

static int
form_parse(struct form *f, struct form_reader *r, const char **why)
{
	uint64_t at;

	*why = "cannot read the record";
	if (form_pass(f, 0, f->source.length, form_on_piece, r) == -1) {
		if (errno == 0)
			*why = multipart_why(r->multipart, &at);
		return (-1);
	}
	if (multipart_finish(r->multipart) == -1) {
		*why = multipart_why(r->multipart, &at);
		errno = 0;
		return (-1);
	}
	f->close = multipart_close(r->multipart);
	f->boundary = strdup(multipart_boundary(r->multipart));
	f->event = form_event(f);
	if (f->boundary == NULL || form_name(f) == -1)
		return (-1);
	return (0);
}

int
form_read(struct form *f, const struct form_source *source,
    const struct multipart_limits *limits, const char **why)
{
	static const struct multipart_calls calls = {
		.on_part = form_on_part, .on_end = form_on_end };
	struct form_reader r = { .form = f };
	int result, saved;

	memset(f, 0, sizeof(*f));
	f->source = *source;
	errno = 0;
	r.multipart = multipart_new(source->content_type, limits, &calls, &r,
	    why);
	if (r.multipart == NULL) {
		if (errno != ENOMEM)
			errno = 0;
		return (-1);
	}
	result = form_parse(f, &r, why);
	saved = errno;
	multipart_free(r.multipart);
	errno = saved;
	return (result);
}

void
form_clear(struct form *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->part[i].name);
		free(f->part[i].filename);
		free(f->part[i].attachment);
	}
	free(f->part);
	free(f->boundary);
	memset(f, 0, sizeof(*f));
}
