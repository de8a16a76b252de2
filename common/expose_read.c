#include "expose_read.h"

#include <stdlib.h>
#include <string.h>

#define NUMBER	40	/* room for a value, with a NUL */

size_t
expose_name_length(const char *p, const char *end)
{
	const char *q = p;

	while (q < end && ((*q >= 'a' && *q <= 'z') ||
	    (*q >= 'A' && *q <= 'Z') || *q == '_' || *q == ':' ||
	    (q > p && *q >= '0' && *q <= '9')))
		q++;
	return ((size_t)(q - p));
}

/* Behind a quoted value that begins at p, or NULL. */
static const char *
value_end(const char *p, const char *end)
{
	if (p == end || *p++ != '"')
		return (NULL);
	for (; p < end && *p != '"'; p++)
		if (*p == '\\' && (++p == end ||
		    (*p != '\\' && *p != '"' && *p != 'n')))
			return (NULL);
	return (p < end ? p + 1 : NULL);
}

/* Behind NAME="VALUE",... and the brace that closes them, or NULL. */
static const char *
labels_end(const char *p, const char *end)
{
	size_t n;

	for (;;) {
		if ((n = expose_name_length(p, end)) == 0 || p + n == end ||
		    p[n] != '=' || (p = value_end(p + n + 1, end)) == NULL ||
		    p == end)
			return (NULL);
		if (*p == '}')
			return (p + 1);
		if (*p++ != ',')
			return (NULL);
	}
}

/* All of it must be a number. */
static int
number_read(const char *p, const char *end, double *value)
{
	char text[NUMBER], *rest;
	size_t len = (size_t)(end - p);

	if (len == 0 || len >= sizeof(text) || *p == ' ' || *p == '\t')
		return (-1);
	memcpy(text, p, len);
	text[len] = '\0';
	*value = strtod(text, &rest);
	return (rest == text + len ? 0 : -1);
}

int
expose_sample_read(const char *line, size_t len, struct expose_sample *s)
{
	const char *p = line, *end = line + len;

	if (memchr(line, '\0', len) != NULL)
		return (-1);
	s->name = p;
	s->name_len = expose_name_length(p, end);
	p += s->name_len;
	if (s->name_len == 0 || p == end)
		return (-1);
	s->labels = p;
	s->labels_len = 0;
	if (*p == '{') {
		s->labels = p + 1;
		if ((p = labels_end(s->labels, end)) == NULL)
			return (-1);
		s->labels_len = (size_t)(p - 1 - s->labels);
	}
	if (p == end || *p != ' ')
		return (-1);
	return (number_read(p + 1, end, &s->value));
}

int
expose_sample_is(const struct expose_sample *s, const char *name)
{
	return (strlen(name) == s->name_len &&
	    memcmp(name, s->name, s->name_len) == 0);
}

/* A quoted value that is known to be well, unquoted. */
static void
value_copy(const char *p, char *out, size_t size)
{
	for (p++; *p != '"' && size > 1; p++, size--) {
		if (*p == '\\')
			p++;
		*out++ = *p == 'n' && p[-1] == '\\' ? '\n' : *p;
	}
	*out = '\0';
}

int
expose_sample_label(const struct expose_sample *s, const char *label,
    char *out, size_t size)
{
	const char *p = s->labels, *end = p + s->labels_len;
	size_t n;

	*out = '\0';
	while (p < end) {
		n = expose_name_length(p, end);
		if (n == strlen(label) && memcmp(p, label, n) == 0) {
			value_copy(p + n + 1, out, size);
			return (0);
		}
		if ((p = value_end(p + n + 1, end)) == NULL)
			break;
		/* A comma, or the end. */
		p++;
	}
	return (-1);
}
