#include "fsck.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Move one to the end of s. */
static int
findings_take(struct findings *s, struct finding *one)
{
	size_t cap = s->cap == 0 ? 64 : 2 * s->cap;
	struct finding *v;

	if (s->n == s->cap) {
		if ((v = realloc(s->v, cap * sizeof(*v))) == NULL)
			return (-1);
		s->v = v;
		s->cap = cap;
	}
	s->v[s->n++] = *one;
	memset(one, 0, sizeof(*one));
	return (0);
}

void
fsck_found(struct fsck *f, enum remedy remedy, const char *path,
    const char *other, unsigned int number, const char *fmt, ...)
{
	struct finding one = { .remedy = remedy, .number = number };
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&one.what, fmt, ap) == -1)
		one.what = NULL;
	va_end(ap);
	one.path = strdup(path);
	if (other != NULL)
		one.other = strdup(other);
	if (one.what == NULL || one.path == NULL ||
	    (other != NULL && one.other == NULL) ||
	    findings_take(&f->now, &one) == -1) {
		f->failed = ENOMEM;
		free(one.what);
		free(one.path);
		free(one.other);
	}
}

static void
finding_free(struct finding *one)
{
	free(one->path);
	free(one->what);
	free(one->other);
}

void
findings_clear(struct findings *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		finding_free(&s->v[i]);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

static int
by_text(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int c = strcmp(x->path, y->path);

	return (c != 0 ? c : strcmp(x->what, y->what));
}

void
findings_keep(struct findings *s, struct findings *other)
{
	size_t i, n = 0;

	if (other->n > 0)
		qsort(other->v, other->n, sizeof(*other->v), by_text);
	for (i = 0; i < s->n; i++)
		if (other->n > 0 && bsearch(&s->v[i], other->v, other->n,
		    sizeof(*other->v), by_text) != NULL)
			s->v[n++] = s->v[i];
		else
			finding_free(&s->v[i]);
	s->n = n;
}

void
fsck_quote(char out[4 * FSCK_PATH], const char *path)
{
	const unsigned char *p;
	char *to = out;

	for (p = (const unsigned char *)path;
	    *p != '\0' && to < out + 4 * FSCK_PATH - 5; p++)
		if (*p < 0x20 || *p == 0x7f || *p == '\\')
			to += sprintf(to, "\\x%02x", *p);
		else
			*to++ = (char)*p;
	*to = '\0';
}
