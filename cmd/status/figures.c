#include "figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "file.h"
#include "spool.h"

#define BYTES_MAX	(8u << 20)	/* 100 queues make 100 KB */

struct sample {
	const char	*name;
	const char	*labels;	/* within the braces, or "" */
	double		 value;
};

struct figures {
	struct buf	 text;		/* that the samples point into */
	struct sample	*v;
	size_t		 n, cap;
};

/* The brace that ends labels: none within a value counts. */
static char *
labels_end(char *p)
{
	int quoted = 0;

	for (; *p != '\0'; p++)
		if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			quoted = !quoted;
		else if (*p == '}' && !quoted)
			return (p);
	return (NULL);
}

/* NAME VALUE or NAME{LABELS} VALUE, cut up. -1: neither. */
static int
sample_parse(char *line, struct sample *s)
{
	char *p = line + strcspn(line, "{ "), *end;

	s->name = line;
	s->labels = "";
	if (p == line || *line == '#' || *p == '\0')
		return (-1);
	if (*p == '{') {
		*p++ = '\0';
		s->labels = p;
		if ((p = labels_end(p)) == NULL)
			return (-1);
		*p++ = '\0';
		if (*p != ' ')
			return (-1);
	}
	*p++ = '\0';
	s->value = strtod(p, &end);
	return (end == p ? -1 : 0);
}

static int
figures_add(struct figures *f, const struct sample *s)
{
	size_t cap = f->cap == 0 ? 128 : 2 * f->cap;
	struct sample *v;

	if (f->n == f->cap) {
		if ((v = realloc(f->v, cap * sizeof(*v))) == NULL)
			return (-1);
		f->v = v;
		f->cap = cap;
	}
	f->v[f->n++] = *s;
	return (0);
}

struct figures *
figures_read(int root, const char *prog)
{
	char path[sizeof(SPOOL_STAT) + 2 * SPOOL_NAME_MAX], *line, *rest;
	struct figures *f;
	struct sample s;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	snprintf(path, sizeof(path), SPOOL_STAT "/%s", prog);
	if (file_slurp(root, path, BYTES_MAX, &f->text) == -1 ||
	    (rest = buf_str(&f->text)) == NULL)
		goto fail;
	while ((line = strsep(&rest, "\n")) != NULL)
		if (sample_parse(line, &s) == 0 && figures_add(f, &s) == -1)
			goto fail;
	return (f);
fail:
	figures_free(f);
	return (NULL);
}

void
figures_free(struct figures *f)
{
	if (f == NULL)
		return;
	buf_free(&f->text);
	free(f->v);
	free(f);
}

/* A label's value, unescaped; *p stands behind its first quote, and then
   behind its last. */
static void
value_copy(const char **p, char *out, size_t size)
{
	size_t n = 0;
	char c;

	while ((c = **p) != '\0' && c != '"') {
		if (c == '\\' && (*p)[1] != '\0') {
			(*p)++;
			c = **p == 'n' ? '\n' : **p;
		}
		if (n + 1 < size)
			out[n++] = c;
		(*p)++;
	}
	if (**p == '"')
		(*p)++;
	out[n] = '\0';
}

/* -1: there is no such label. */
static int
label_find(const char *labels, const char *name, char *out, size_t size)
{
	size_t len = strlen(name);
	const char *p = labels;
	int found;

	while (*p != '\0') {
		found = strncmp(p, name, len) == 0 &&
		    strncmp(p + len, "=\"", 2) == 0;
		if ((p = strstr(p, "=\"")) == NULL)
			break;
		p += 2;
		value_copy(&p, out, size);
		if (found)
			return (0);
		if (*p == ',')
			p++;
	}
	out[0] = '\0';
	return (-1);
}

static const struct sample *
sample_find(const struct figures *f, const char *name, const char *label,
    const char *is)
{
	char value[512];
	size_t i;

	for (i = 0; f != NULL && i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0 && (label == NULL ||
		    (label_find(f->v[i].labels, label, value,
		    sizeof(value)) == 0 && strcmp(value, is) == 0)))
			return (&f->v[i]);
	return (NULL);
}

int
figures_get(const struct figures *f, const char *name, const char *label,
    const char *is, double *value)
{
	const struct sample *s = sample_find(f, name, label, is);

	if (s == NULL)
		return (-1);
	*value = s->value;
	return (0);
}

double
figures_value(const struct figures *f, const char *name, const char *label,
    const char *is)
{
	double value = 0;

	(void)figures_get(f, name, label, is, &value);
	return (value);
}

void
figures_label(const struct figures *f, const char *name, const char *label,
    const char *is, const char *wanted, char *out, size_t size)
{
	const struct sample *s = sample_find(f, name, label, is);

	out[0] = '\0';
	if (s != NULL)
		(void)label_find(s->labels, wanted, out, size);
}

size_t
figures_sum(const struct figures *f, const char *name, double *sum)
{
	size_t i, n = 0;

	*sum = 0;
	for (i = 0; f != NULL && i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0) {
			*sum += f->v[i].value;
			n++;
		}
	return (n);
}

static const struct sample *
sample_nth(const struct figures *f, const char *name, size_t nth)
{
	size_t i, n = 0;

	for (i = 0; f != NULL && i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0 && n++ == nth)
			return (&f->v[i]);
	return (NULL);
}

int
figures_nth(const struct figures *f, const char *name, size_t nth,
    const char *label, char *out, size_t size)
{
	const struct sample *s = sample_nth(f, name, nth);

	return (s == NULL ? -1 : label_find(s->labels, label, out, size));
}

int
figures_nth_value(const struct figures *f, const char *name, size_t nth,
    double *value)
{
	const struct sample *s = sample_nth(f, name, nth);

	if (s == NULL)
		return (-1);
	*value = s->value;
	return (0);
}
