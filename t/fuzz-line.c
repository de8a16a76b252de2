#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "line.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * What was written must be read back, by a reader of InfluxDB's grammar as
 * simple as can be. The input is a row of: a letter (tag, int, float, bool,
 * text), the length of a name, the name, the length of a value, the value.
 */

#define PARTS	64

struct part {
	char		 letter;
	char		*name;		/* with a NUL behind it */
	char		*value;
	size_t		 len;
};

/* Take a length and as many bytes; 0: there are no more. */
static int
taken(const uint8_t **p, size_t *left, char **out, size_t *len)
{
	if (*left == 0)
		return (0);
	*len = (size_t)**p % 32 < *left ? (size_t)**p % 32 : *left - 1;
	*out = malloc(*len + 1);
	memcpy(*out, *p + 1, *len);
	(*out)[*len] = '\0';
	*p += *len + 1;
	*left -= *len + 1;
	return (1);
}

static double
as_double(const struct part *part)
{
	double v = 0;

	memcpy(&v, part->value, part->len < 8 ? part->len : 8);
	return (v);
}

static int64_t
as_int(const struct part *part)
{
	int64_t v = 0;

	memcpy(&v, part->value, part->len < 8 ? part->len : 8);
	return (v);
}

static void
written(struct line *l, const struct part *part)
{
	switch (part->letter) {
	case 't':
		line_tag(l, part->name, part->value, part->len);
		break;
	case 'i':
		line_int(l, part->name, as_int(part));
		break;
	case 'f':
		line_float(l, part->name, as_double(part));
		break;
	case 'b':
		line_bool(l, part->name, part->len & 1);
		break;
	default:
		line_text(l, part->name, part->value, part->len);
	}
}

/* A name up to one of stop, its escapes undone. */
static const char *
name_read(const char *p, const char *stop, struct buf *name)
{
	name->len = 0;
	for (; strchr(stop, *p) == NULL; p++) {
		must((unsigned char)*p >= 0x20 && *p != 0x7f);
		if (*p == '\\' && p[1] != '\0' && strchr(stop, p[1]) != NULL)
			p++;
		buf_addc(name, *p);
	}
	must(name->len != 0 && name->p[name->len - 1] != '\\');
	(void)buf_str(name);
	return (p);
}

/* Is it what is left of what was written? Only ASCII is compared. */
static int
same_name(const struct buf *read, const char *from, size_t len)
{
	size_t i;

	while (len > 0 && from[len - 1] == '\\')
		len--;
	for (i = 0; i < len; i++)
		if ((unsigned char)from[i] >= 0x80)
			return (read->len >= len);
	if (read->len != len)
		return (0);
	for (i = 0; i < len; i++)
		if (read->p[i] != ((unsigned char)from[i] < 0x20 ||
		    from[i] == 0x7f ? ' ' : from[i]))
			return (0);
	return (1);
}

static const char *
text_read(const char *p, const char *end, struct buf *text)
{
	text->len = 0;
	for (must(*p++ == '"'); *p != '"'; p++) {
		if (*p == '\\')
			must(*++p == '"' || *p == '\\');
		must(p < end);
		buf_addc(text, *p);
	}
	return (p + 1);
}

static int
same_text(const struct buf *read, const struct part *part)
{
	size_t i;

	for (i = 0; i < part->len; i++)
		if ((unsigned char)part->value[i] >= 0x80)
			return (read->len >= part->len);
	return (read->len == part->len && (part->len == 0 ||
	    memcmp(read->p, part->value, part->len) == 0));
}

static const char *
value_read(const char *p, const char *end, const struct part *part)
{
	struct buf text = { 0 };
	char *rest;

	switch (part->letter) {
	case 'i':
		must(strtoll(p, &rest, 10) == as_int(part) && *rest == 'i');
		return (rest + 1);
	case 'f':
		must(strtod(p, &rest) == as_double(part));
		return (rest);
	case 'b':
		must(strncmp(p, part->len & 1 ? "true" : "false",
		    part->len & 1 ? 4 : 5) == 0);
		return (p + (part->len & 1 ? 4 : 5));
	default:
		p = text_read(p, end, &text);
		must(same_text(&text, part));
		buf_free(&text);
		return (p);
	}
}

/* Does a name consist of what is left out? */
static int
nameless(const char *name)
{
	return (strspn(name, "\\") == strlen(name));
}

/* The tags, in order; each the last of its name, none twice. */
static const char *
tags_read(const char *p, struct part *parts, size_t n)
{
	struct buf key = { 0 }, value = { 0 }, last = { 0 };
	size_t i, found;

	while (*p == ',') {
		p = name_read(p + 1, ",= ", &key);
		must(*p == '=');
		p = name_read(p + 1, ",= ", &value);
		must(*p != '=');
		must(last.len == 0 || strcmp(last.p, key.p) < 0);
		for (i = found = 0; i < n; i++)
			found += parts[i].letter == 't' &&
			    same_name(&key, parts[i].name,
			    strlen(parts[i].name)) &&
			    same_name(&value, parts[i].value, parts[i].len);
		must(found > 0);
		last.len = 0;
		buf_add(&last, key.p, key.len);
		(void)buf_str(&last);
	}
	buf_free(&key);
	buf_free(&value);
	buf_free(&last);
	return (p);
}

/* The point that parts are written as. */
static void
point_read(const char *p, const char *end, struct part *parts, size_t n)
{
	struct buf name = { 0 };
	size_t i;
	char sep = ' ';

	must(*p++ == 'm');
	p = tags_read(p, parts, n);
	for (i = 0; i < n; i++) {
		if (parts[i].letter == 't' || nameless(parts[i].name) ||
		    (parts[i].letter == 'f' && !isfinite(as_double(&parts[i]))))
			continue;
		must(*p == sep);
		sep = ',';
		p = name_read(p + 1, ",= ", &name);
		must(same_name(&name, parts[i].name, strlen(parts[i].name)));
		must(*p == '=');
		p = value_read(p + 1, end, &parts[i]);
	}
	must(strcmp(p, " -7\n") == 0 && p + 4 == end);
	buf_free(&name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf out = { 0 };
	struct line *l = line_new(&out);
	struct part parts[PARTS] = { { 0 } };
	size_t n, i, bare, fields = 0;

	line_begin(l, "m");
	for (n = 0; n < PARTS && len > 0; n++) {
		parts[n].letter = "tifbs"[*in++ % 5];
		len--;
		if (!taken(&in, &len, &parts[n].name, &bare) ||
		    !taken(&in, &len, &parts[n].value, &parts[n].len))
			break;
		written(l, &parts[n]);
		fields += parts[n].letter != 't' && !nameless(parts[n].name) &&
		    (parts[n].letter != 'f' || isfinite(as_double(&parts[n])));
	}
	must(line_end(l, -7) == 0 && (out.len != 0) == (fields != 0));
	if (out.len != 0)
		point_read(buf_str(&out), out.p + out.len, parts, n);
	for (i = 0; i < PARTS; i++) {
		free(parts[i].name);
		free(parts[i].value);
	}
	line_free(l);
	buf_free(&out);
	return (0);
}
