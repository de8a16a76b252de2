#include "sinker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "cargo.h"
#include "conf.h"
#include "file.h"
#include "profile.h"
#include "record.h"

#define LINE_PIECE	4096	/* of a first line whose tags are looked at */

char **
sinker_keys(const struct record *r, const struct conf_list *customer,
    size_t *n)
{
	const char *tag;
	char **keys;
	size_t i, j, at = 0;

	*n = 0;
	keys = calloc(r->nlines + customer->n + 1, sizeof(*keys));
	if (keys == NULL)
		return (NULL);
	while ((tag = record_next(r, "global-tag", &at)) != NULL)
		if ((keys[(*n)++] = strndup(tag, strcspn(tag, "="))) == NULL)
			goto fail;
	for (i = 0; i < customer->n; i++) {
		for (j = 0; j < *n && strcmp(keys[j], customer->v[i]) != 0;)
			j++;
		if (j == *n && (keys[(*n)++] = strdup(customer->v[i])) == NULL)
			goto fail;
	}
	return (keys);
fail:
	sinker_keys_free(keys, *n);
	return (NULL);
}

void
sinker_keys_free(char **keys, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		free(keys[i]);
	free(keys);
}

/* Append ",key=value" (the comma not at first). */
static int
sinker_add(struct buf *out, const char *key, const char *value)
{
	size_t at;

	if ((out->len != 0 && buf_addc(out, ',') == -1) ||
	    buf_adds(out, key) == -1 || buf_addc(out, '=') == -1)
		return (-1);
	at = out->len - strlen(key) - 1;
	if (buf_adds(out, value) == -1)
		return (-1);
	for (; at < out->len; at++)
		if ((unsigned char)out->p[at] < 0x20 || out->p[at] == 0x7f)
			out->p[at] = '_';
	return (0);
}

/*
 * The next item of line protocol at *p up to an unescaped byte of stop, with
 * its backslashes undone, in place; *p moves to that byte.
 */
static char *
line_item(char **p, const char *stop)
{
	char *item = *p, *to = *p, *from = *p;

	while (*from != '\0' && strchr(stop, *from) == NULL) {
		if (*from == '\\' && from[1] != '\0' &&
		    strchr(", =\\", from[1]) != NULL)
			from++;
		*to++ = *from++;
	}
	*p = from;
	/* The stop byte is read by the caller before it is overwritten. */
	if (to != from)
		*to = '\0';
	return (item);
}

/* The value of a tag in "name,tag=v,tag=v field=..." or NULL. */
static char *
line_tag(const char *line, const char *want)
{
	char *copy, *p, *key, *value, *found = NULL, end;

	if ((copy = strdup(line)) == NULL)
		return (NULL);
	p = copy;
	line_item(&p, ", \n");
	while (found == NULL && *p == ',') {
		p++;
		key = line_item(&p, "=, \n");
		if (*p != '=')
			break;
		*p++ = '\0';
		value = line_item(&p, ", \n");
		end = *p;
		*p = '\0';
		if (strcmp(key, want) == 0)
			found = strdup(value);
		*p = end;
	}
	free(copy);
	return (found);
}

/* From the first line of a record of line protocol. */
static int
sinker_line(struct buf *out, const struct cargo *c)
{
	const struct record *r = c->record;
	size_t len = r->length < LINE_PIECE ? (size_t)r->length : LINE_PIECE;
	char *line, *value;
	size_t i;
	int result = -1;

	if ((line = calloc(1, len + 1)) == NULL)
		return (-1);
	if (file_pread(c->fd, line, len, r->head) == -1)
		goto out;
	for (i = 0; i < c->nkeys; i++) {
		if ((value = line_tag(line, c->keys[i])) == NULL)
			continue;
		result = sinker_add(out, c->keys[i], value);
		free(value);
		if (result == -1)
			goto out;
	}
	result = 0;
out:
	free(line);
	return (result);
}

static int
by_text(const void *a, const void *b)
{
	return (strcmp(*(char *const *)a, *(char *const *)b));
}

/* All global tags, sorted. */
static int
sinker_globals(struct buf *out, const struct record *r)
{
	const char **tags, *tag;
	size_t n = 0, i, at = 0;
	int result = 0;

	if ((tags = calloc(r->nlines + 1, sizeof(*tags))) == NULL)
		return (-1);
	while ((tag = record_next(r, "global-tag", &at)) != NULL)
		tags[n++] = tag;
	qsort(tags, n, sizeof(*tags), by_text);
	for (i = 0; i < n && result == 0; i++) {
		if (i != 0)
			result = buf_addc(out, ',');
		if (result == 0)
			result = buf_adds(out, tags[i]);
	}
	free(tags);
	return (result);
}

int
sinker_value(struct buf *out, const struct cargo *c)
{
	const char *value;
	size_t i;

	if (c->profile == NULL) {
		if (sinker_line(out, c) == -1)
			return (-1);
	} else
		for (i = 0; i < c->nkeys; i++) {
			value = profile_tag(c->profile, c->keys[i]);
			if (value != NULL &&
			    sinker_add(out, c->keys[i], value) == -1)
				return (-1);
		}
	return (out->len == 0 ? sinker_globals(out, c->record) : 0);
}
