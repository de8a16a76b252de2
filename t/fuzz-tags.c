/*
 * A list of tags, in whatever pieces it comes: ours are merged as is said in
 * tags.h, by one look at each tag, and merging them once more changes nothing.
 */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "must.h"
#include "tags.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static const struct tag ours[] = { { "k", "v", 0 }, { "host", "h1", 1 },
    { "long.key", "", 0 }, { "a", "b", 1 } };

#define OURS	(sizeof(ours) / sizeof(ours[0]))

static int
on_out(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

/* The next tag of a list; the key ends at the first colon but in front. */
static int
next(const char **p, const char *end, const char **key, size_t *key_len,
    const char **value, size_t *len)
{
	const char *comma, *colon;

	while (*p < end && **p == ',')
		(*p)++;
	if (*p == end)
		return (0);
	if ((comma = memchr(*p, ',', (size_t)(end - *p))) == NULL)
		comma = end;
	*key = *p;
	colon = **p == ':' ? NULL : memchr(*p, ':', (size_t)(comma - *p));
	*key_len = (size_t)((colon != NULL ? colon : comma) - *p);
	*value = colon != NULL ? colon + 1 : comma;
	*len = (size_t)(comma - *value);
	*p = comma;
	return (1);
}

/* The last value of a key; NULL: none. Is any of them not empty? */
static const char *
last(const char *p, size_t list, const char *name, size_t *len)
{
	const char *end = p + list, *key, *value, *found = NULL;
	size_t key_len, n;

	while (next(&p, end, &key, &key_len, &value, &n))
		if (key_len == strlen(name) && memcmp(key, name, key_len) == 0) {
			found = value;
			*len = n;
		}
	return (found);
}

/* A field stands in where the list says nothing of its key. */
static void
field(struct tags *t, const char *p, size_t list)
{
	const char *said, *value;
	size_t len = 0;
	int stands;

	said = last(p, list, "service", &len);
	stands = tags_field(t, "service");
	must(stands || said != NULL);
	if (stands)
		must(tags_field_feed(t, "f", 1) == 0 && tags_field_end(t) == 0);
	(void)tags_decide(t);
	value = tags_value(t, "service");
	if (stands)
		must(value != NULL && strcmp(value, "f") == 0 &&
		    tags_field_stays(t, "service"));
	else if (len <= TAGS_VALUE && memchr(said, '\0', len) == NULL)
		must(value != NULL && strlen(value) == len &&
		    memcmp(value, said, len) == 0);
	else
		must(value == NULL);
}

/* 0: nothing changes, else the list with ours is appended. */
static int
merged(const char *p, size_t len, size_t step, struct buf *out)
{
	struct tags *t = tags_new(ours, OURS);
	struct tags_filter *filter;
	size_t i, n;
	int change, comma;

	must(t != NULL && tags_know(t, "service") == 0);
	tags_begin(t, TAGS_CLIENT);
	for (i = 0; i < len; i += n) {
		n = len - i < step ? len - i : step;
		must(tags_feed(t, p + i, n) == 0);
	}
	must(tags_end(t) == 0);
	if ((change = tags_decide(t)) != 0) {
		must((filter = tags_filter_new(t, on_out, out)) != NULL);
		for (i = 0; i < len; i += n) {
			n = len - i < step ? len - i : step;
			must(tags_filter_feed(filter, p + i, n, p + i, n) == 0);
		}
		must((comma = tags_filter_end(filter)) != -1);
		tags_filter_free(filter);
		if (comma)
			must(buf_addc(out, ',') == 0);
		must(tags_write(t, out) == 0);
	}
	field(t, p, len);
	tags_free(t);
	return (change);
}

static void
holds(const char *p, size_t len, const struct buf *out)
{
	const char *was, *is;
	size_t i, was_len, is_len;

	for (i = 0; i < OURS; i++) {
		was = last(p, len, ours[i].key, &was_len);
		is = last(out->p, out->len, ours[i].key, &is_len);
		must(is != NULL);
		if (ours[i].fill && was != NULL)
			must(is_len == was_len &&
			    memcmp(is, was, is_len) == 0);
		else
			must(is_len == strlen(ours[i].value) &&
			    memcmp(is, ours[i].value, is_len) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in;
	struct buf whole = { 0 }, other = { 0 };
	int change = merged(p, len, len + 1, &whole);

	must(merged(p, len, 1, &other) == change);
	must(other.len == whole.len && (whole.len == 0 ||
	    memcmp(other.p, whole.p, whole.len) == 0));
	other.len = 0;
	must(merged(p, len, 1 + len % 7, &other) == change);
	must(other.len == whole.len && (whole.len == 0 ||
	    memcmp(other.p, whole.p, whole.len) == 0));
	if (change) {
		holds(p, len, &whole);
		other.len = 0;
		must(merged(whole.p, whole.len, 3, &other) == 0);
	}
	buf_free(&whole);
	buf_free(&other);
	return (0);
}
