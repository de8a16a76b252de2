#include "line.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"

#define IN_MEASUREMENT	", "	/* what is escaped there */
#define IN_KEY		",= "
#define IN_TEXT		"\"\\"

/* Where a tag stands in line.text, not escaped yet. */
struct line_tag {
	size_t	key;
	size_t	key_len;
	size_t	value;
	size_t	value_len;
};

struct line {
	struct buf	*out;
	struct buf	 measurement;
	struct buf	 text;		/* keys and values of tags */
	struct buf	 tags;		/* of struct line_tag */
	struct buf	 fields;
	int		 failed;	/* there was no memory */
};

struct line *
line_new(struct buf *out)
{
	struct line *l;

	if ((l = calloc(1, sizeof(*l))) != NULL)
		l->out = out;
	return (l);
}

static void
line_add(struct line *l, struct buf *b, const void *p, size_t len)
{
	if (buf_add(b, p, len) == -1)
		l->failed = 1;
}

/* With a backslash before each of escaped, and U+FFFD for what is no UTF-8. */
static void
line_escape(struct line *l, struct buf *b, const char *p, size_t len,
    const char *escaped)
{
	const char *end, *from;
	int n = 0;

	if (len == 0)
		return;
	for (end = p + len; p < end;) {
		for (from = p; p < end; p += n)
			if ((n = json_sequence(p, (size_t)(end - p))) <= 0 ||
			    (*p != '\0' && strchr(escaped, *p) != NULL))
				break;
		line_add(l, b, from, (size_t)(p - from));
		if (p == end)
			break;
		if (n <= 0)
			line_add(l, b, "\xef\xbf\xbd", 3);
		else {
			line_add(l, b, "\\", 1);
			line_add(l, b, p, 1);
		}
		p++;
	}
}

/* A name, without what no name can hold. */
static void
line_name(struct line *l, struct buf *b, const char *p, size_t len,
    const char *escaped)
{
	const char *end, *from;

	while (len > 0 && p[len - 1] == '\\')
		len--;
	if (len == 0)
		return;
	for (end = p + len; p < end;) {
		for (from = p; p < end; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				break;
		line_escape(l, b, from, (size_t)(p - from), escaped);
		if (p == end)
			break;
		line_escape(l, b, " ", 1, escaped);
		p++;
	}
}

void
line_begin(struct line *l, const char *measurement)
{
	l->failed = 0;
	l->measurement.len = 0;
	l->text.len = 0;
	l->tags.len = 0;
	l->fields.len = 0;
	line_name(l, &l->measurement, measurement, strlen(measurement),
	    IN_MEASUREMENT);
}

void
line_tag(struct line *l, const char *key, const char *value, size_t len)
{
	struct line_tag tag;

	tag.key = l->text.len;
	line_name(l, &l->text, key, strlen(key), "");
	tag.value = l->text.len;
	line_name(l, &l->text, value, len, "");
	tag.key_len = tag.value - tag.key;
	tag.value_len = l->text.len - tag.value;
	if (tag.key_len != 0 && tag.value_len != 0)
		line_add(l, &l->tags, &tag, sizeof(tag));
}

static int
line_compare(const struct line *l, const struct line_tag *a,
    const struct line_tag *b)
{
	size_t len = a->key_len < b->key_len ? a->key_len : b->key_len;
	int d = memcmp(l->text.p + a->key, l->text.p + b->key, len);

	if (d != 0)
		return (d);
	return ((a->key_len > b->key_len) - (a->key_len < b->key_len));
}

/* By key; of one key in the order they came in. */
static int
line_order(const void *a, const void *b, void *l)
{
	const struct line_tag *s = a, *t = b;
	int d = line_compare(l, s, t);

	return (d != 0 ? d : (s->key > t->key) - (s->key < t->key));
}

static void
line_tags(struct line *l)
{
	struct line_tag *t = (struct line_tag *)(void *)l->tags.p;
	size_t i, n = l->tags.len / sizeof(*t);

	if (n > 1)
		qsort_r(t, n, sizeof(*t), line_order, l);
	for (i = 0; i < n; i++, t++) {
		if (i + 1 < n && line_compare(l, t, t + 1) == 0)
			continue;
		line_add(l, l->out, ",", 1);
		line_escape(l, l->out, l->text.p + t->key, t->key_len, IN_KEY);
		line_add(l, l->out, "=", 1);
		line_escape(l, l->out, l->text.p + t->value, t->value_len,
		    IN_KEY);
	}
}

/* Begin a field. 0: it has no name. */
static int
line_field(struct line *l, const char *field)
{
	size_t before = l->fields.len, bare;

	if (before != 0)
		line_add(l, &l->fields, ",", 1);
	bare = l->fields.len;
	line_name(l, &l->fields, field, strlen(field), IN_KEY);
	if (l->fields.len == bare) {
		l->fields.len = before;
		return (0);
	}
	line_add(l, &l->fields, "=", 1);
	return (1);
}

void
line_int(struct line *l, const char *field, int64_t v)
{
	if (line_field(l, field) &&
	    buf_addf(&l->fields, "%" PRId64 "i", v) == -1)
		l->failed = 1;
}

/* With the fewest of 15, 16 or 17 digits that read back as the same. */
void
line_float(struct line *l, const char *field, double v)
{
	char s[32];
	int digits = 15;

	if (!isfinite(v) || !line_field(l, field))
		return;
	do
		snprintf(s, sizeof(s), "%.*g", digits, v);
	while (++digits <= 17 && strtod(s, NULL) != v);
	line_add(l, &l->fields, s, strlen(s));
}

void
line_bool(struct line *l, const char *field, int v)
{
	if (line_field(l, field))
		line_add(l, &l->fields, v ? "true" : "false", v ? 4 : 5);
}

void
line_text(struct line *l, const char *field, const char *p, size_t len)
{
	if (!line_field(l, field))
		return;
	line_add(l, &l->fields, "\"", 1);
	line_escape(l, &l->fields, p, len, IN_TEXT);
	line_add(l, &l->fields, "\"", 1);
}

int
line_end(struct line *l, int64_t unix_ns)
{
	size_t before = l->out->len;

	if (l->fields.len != 0) {
		line_add(l, l->out, l->measurement.p, l->measurement.len);
		line_tags(l);
		line_add(l, l->out, " ", 1);
		line_add(l, l->out, l->fields.p, l->fields.len);
		if (buf_addf(l->out, " %" PRId64 "\n", unix_ns) == -1)
			l->failed = 1;
	}
	if (!l->failed)
		return (0);
	l->out->len = before;
	errno = ENOMEM;
	return (-1);
}

void
line_free(struct line *l)
{
	if (l == NULL)
		return;
	buf_free(&l->measurement);
	buf_free(&l->text);
	buf_free(&l->tags);
	buf_free(&l->fields);
	free(l);
}
