#include "recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"

#define HEADER	68

enum { NAME_METADATA, NAME_CLASS, NAME_FIELD, NAME_ANNOTATION, NAME_NAME,
    NAME_ID, NAME_SUPER, NAME_EVENT, NAME_POOLED, NAME_TRUE, NAME_DIMENSION,
    NAME_ONE, NAME_VALUE, NAME_ROOT, NAME_REGION };

static const char *const fixed[] = { "metadata", "class", "field",
    "annotation", "name", "id", "superType", "jdk.jfr.Event", "constantPool",
    "true", "dimension", "1", "value", "root", "region", NULL };

static void
put_big(struct buf *b, uint64_t v, unsigned int width)
{
	while (width-- > 0)
		must(buf_addc(b, (char)(v >> 8 * width)) == 0);
}

static void
put_packed(struct buf *b, uint64_t v)
{
	int i;

	for (i = 0; i < 8 && v > 0x7f; i++, v >>= 7)
		must(buf_addc(b, (char)(v | 0x80)) == 0);
	must(buf_addc(b, (char)v) == 0);
}

static void
put(struct recording *r, int64_t v, unsigned int width)
{
	if (r->plain)
		put_big(&r->out, (uint64_t)v, width);
	else
		put_packed(&r->out, width == 8 ? (uint64_t)v :
		    width == 4 ? (uint32_t)v : (uint16_t)v);
}

void
recording_set(struct recording *r, size_t at, int64_t value)
{
	int i;

	for (i = 0; i < 8; i++)
		r->out.p[r->chunk + at + (size_t)i] =
		    (char)(value >> 8 * (7 - i));
}

void
recording_begin(struct recording *r, int64_t ticks_per_second, int plain)
{
	r->chunk = r->out.len;
	r->plain = plain;
	r->metadata = r->checkpoint = 0;
	must(buf_add(&r->out, "FLR\0\0\2\0\1", 8) == 0);
	put_big(&r->out, 0, 8);			/* size */
	put_big(&r->out, 0, 8);			/* last checkpoint */
	put_big(&r->out, 0, 8);			/* metadata */
	put_big(&r->out, RECORDING_START, 8);
	put_big(&r->out, 1000000000, 8);	/* it lasts a second */
	put_big(&r->out, 1000, 8);		/* ticks at its start */
	put_big(&r->out, (uint64_t)ticks_per_second, 8);
	put_big(&r->out, plain ? 0 : 1, 4);
}

void
recording_end(struct recording *r)
{
	recording_set(r, 8, (int64_t)(r->out.len - r->chunk));
	recording_set(r, 16, r->checkpoint);
	recording_set(r, 24, r->metadata);
}

void
recording_event(struct recording *r, int64_t type)
{
	r->event = r->out.len;
	put_big(&r->out, 0, 4);			/* size */
	put(r, type, 8);
}

/* The size takes 4 bytes, compressed or not, as in JDK's own. */
void
recording_over(struct recording *r)
{
	uint32_t size = (uint32_t)(r->out.len - r->event);
	int i;

	for (i = 0; i < 4; i++)
		r->out.p[r->event + (size_t)i] = (char)(r->plain ?
		    size >> 8 * (3 - i) :
		    i == 3 ? size >> 21 : (size >> 7 * i) | 0x80);
}

void
recording_byte(struct recording *r, int v)
{
	must(buf_addc(&r->out, (char)v) == 0);
}

void
recording_short(struct recording *r, int v)
{
	put(r, v, 2);
}

void
recording_int(struct recording *r, int32_t v)
{
	put(r, v, 4);
}

void
recording_long(struct recording *r, int64_t v)
{
	put(r, v, 8);
}

void
recording_real(struct recording *r, double v, int width)
{
	float f = (float)v;
	uint64_t bits;
	uint32_t half;

	memcpy(&bits, &v, sizeof(bits));
	memcpy(&half, &f, sizeof(half));
	put_big(&r->out, width == 4 ? half : bits, (unsigned int)width);
}

void
recording_text(struct recording *r, int form, const char *text)
{
	recording_byte(r, form);
	if (form < 2)
		return;
	if (form == 2) {
		recording_long(r, strtoll(text, NULL, 10));
		return;
	}
	recording_int(r, (int32_t)strlen(text));
	for (; *text != '\0'; text++)
		if (form == 4)
			recording_short(r, (unsigned char)*text);
		else
			recording_byte(r, *text);
}

void
recording_checkpoint(struct recording *r, int32_t pools)
{
	int64_t before = r->checkpoint;

	r->checkpoint = (int64_t)(r->out.len - r->chunk);
	recording_event(r, 1);
	recording_long(r, 1000);
	recording_long(r, 0);
	recording_long(r, before == 0 ? 0 : before - r->checkpoint);
	recording_byte(r, 0);
	recording_int(r, pools);
}

void
recording_pool(struct recording *r, int64_t type, int32_t n)
{
	recording_long(r, type);
	recording_int(r, n);
}

static int32_t
name_of(struct recording *r, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < r->nnames; i++)
		if (strlen(r->names[i]) == len &&
		    strncmp(r->names[i], name, len) == 0)
			return ((int32_t)i);
	must(r->nnames < RECORDING_NAMES);
	must((r->names[i] = strndup(name, len)) != NULL);
	r->nnames++;
	return ((int32_t)i);
}

/* The next word of a line; 0: there is none. */
static size_t
word(const char **at, const char **w)
{
	*at += strspn(*at, " ");
	*w = *at;
	*at += strcspn(*at, " \n");
	return ((size_t)(*at - *w));
}

static void
pair(struct recording *r, int32_t key, const char *value, size_t len)
{
	recording_int(r, key);
	recording_int(r, name_of(r, value, len));
}

static void
annotation(struct recording *r, const char *w, size_t len)
{
	const char *value = memchr(w, '=', len);
	size_t id = value != NULL ? (size_t)(value - w) : len;

	recording_int(r, NAME_ANNOTATION);
	recording_int(r, value != NULL ? 2 : 1);
	pair(r, NAME_CLASS, w + 1, id - 1);
	if (value != NULL)
		pair(r, NAME_VALUE, value + 1, len - id - 1);
	recording_int(r, 0);
}

/* The rest of a line "field NAME TYPE ...". */
static void
field(struct recording *r, const char *at)
{
	const char *name, *type, *w, *notes[9];
	size_t nlen = word(&at, &name), tlen = word(&at, &type);
	int32_t n = 0, pooled = 0, array = 0;

	while (word(&at, &w) != 0) {
		if (*w == '@')
			notes[n++] = w;
		pooled |= *w == 'p';
		array |= *w == 'a';
	}
	recording_int(r, NAME_FIELD);
	recording_int(r, 2 + pooled + array);
	pair(r, NAME_NAME, name, nlen);
	pair(r, NAME_CLASS, type, tlen);
	if (pooled) {
		recording_int(r, NAME_POOLED);
		recording_int(r, NAME_TRUE);
	}
	if (array) {
		recording_int(r, NAME_DIMENSION);
		recording_int(r, NAME_ONE);
	}
	recording_int(r, n);
	for (pooled = 0; pooled < n; pooled++)
		annotation(r, notes[pooled], strcspn(notes[pooled], " \n"));
}

static const char *
next_line(const char *line)
{
	line = strchr(line, '\n');
	return (line == NULL ? "" : line + 1);
}

/* Types, from lines; those of a type's fields begin with a space. */
static void
classes(struct recording *r, const char *text)
{
	const char *line, *at, *w, *id, *name;
	size_t len, nlen;
	int32_t n = 0;

	for (line = text; *line != '\0'; line = next_line(line))
		n += *line != ' ';
	recording_int(r, n);
	for (line = text; *line != '\0';) {
		at = line;
		word(&at, &w);
		recording_int(r, NAME_CLASS);
		recording_int(r, *w == 'e' ? 3 : 2);
		len = word(&at, &id);
		nlen = word(&at, &name);
		pair(r, NAME_NAME, name, nlen);
		pair(r, NAME_ID, id, len);
		if (*w == 'e') {
			recording_int(r, NAME_SUPER);
			recording_int(r, NAME_EVENT);
		}
		line = next_line(line);
		for (n = 0, at = line; *at == ' '; at = next_line(at))
			n++;
		recording_int(r, n);
		for (; n > 0; n--, line = next_line(line)) {
			at = line;
			word(&at, &w);
			field(r, at);
		}
	}
}

void
recording_types(struct recording *r, const char *text)
{
	struct recording tree = { .plain = r->plain };
	size_t i;

	for (i = 0; fixed[i] != NULL; i++)
		name_of(&tree, fixed[i], strlen(fixed[i]));
	recording_int(&tree, NAME_ROOT);
	recording_int(&tree, 0);
	recording_int(&tree, 2);
	recording_int(&tree, NAME_METADATA);
	recording_int(&tree, 0);
	classes(&tree, text);
	recording_int(&tree, NAME_REGION);
	recording_int(&tree, 0);
	recording_int(&tree, 0);

	r->metadata = (int64_t)(r->out.len - r->chunk);
	recording_event(r, 0);
	recording_long(r, 1000);
	recording_long(r, 0);
	recording_long(r, 1);
	recording_int(r, (int32_t)tree.nnames);
	for (i = 0; i < tree.nnames; i++)
		recording_text(r, 3, tree.names[i]);
	must(buf_add(&r->out, tree.out.p, tree.out.len) == 0);
	recording_over(r);
	recording_free(&tree);
}

void
recording_free(struct recording *r)
{
	while (r->nnames > 0)
		free(r->names[--r->nnames]);
	buf_free(&r->out);
}
