#include "tags.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "tags_keys.h"
#include "tags_list.h"

struct tags {
	const struct tag *ours;
	size_t		 n;
	struct tags_keys keys;
	unsigned int	 turn[2];	/* lists begun, by role */
	enum tags_role	 role;
	struct tags_list reader;
	struct tags_entry *at;		/* of the tag being read, if any */
	size_t		 value_len;
	int		 same;		/* so far */
	struct buf	 value;		/* up to one over TAGS_VALUE */
};

struct tags *
tags_new(const struct tag *ours, size_t n)
{
	struct tags *t;
	struct tags_entry *e;
	size_t i;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	t->ours = ours;
	t->n = n;
	for (i = 0; i < n; i++) {
		if ((e = tags_keys_add(&t->keys, ours[i].key)) == NULL) {
			tags_free(t);
			return (NULL);
		}
		if (ours[i].fill)
			e->fill = &ours[i];
		else
			e->override = &ours[i];
	}
	return (t);
}

void
tags_free(struct tags *t)
{
	if (t == NULL)
		return;
	tags_keys_free(&t->keys);
	free(t->reader.key);
	buf_free(&t->value);
	free(t);
}

int
tags_know(struct tags *t, const char *key)
{
	struct tags_entry *e = tags_keys_add(&t->keys, key);

	if (e == NULL)
		return (-1);
	e->known = 1;
	return (0);
}

size_t
tags_key_max(const struct tags *t)
{
	return (t->keys.longest);
}

void
tags_begin(struct tags *t, enum tags_role role)
{
	tags_keys_sort(&t->keys);
	t->role = role;
	t->turn[role]++;
	t->reader.key_len = 0;
	t->reader.in_value = 0;
}

/* How often the client has it, by the list that counts. */
static unsigned int
tags_count(const struct tags *t, const struct tags_entry *e)
{
	return (e->turn == t->turn[TAGS_CLIENT] ? e->count : 0);
}

static void
tags_value_begin(struct tags *t, struct tags_entry *e)
{
	t->at = e;
	t->value_len = 0;
	t->value.len = 0;
	t->same = 1;
}

/* More of a value: compared where we would override, kept where known. */
static int
tags_value_feed(struct tags *t, const char *p, size_t len)
{
	const char *ours;
	size_t n;

	if (t->at == NULL || len == 0)
		return (0);
	if (t->at->override != NULL && t->same) {
		ours = t->at->override->value + t->value_len;
		t->same = strnlen(ours, len) == len &&
		    memcmp(ours, p, len) == 0;
	}
	t->value_len += len;
	if (!t->at->known)
		return (0);
	n = TAGS_VALUE + 1 - t->value.len;
	return (buf_add(&t->value, p, len < n ? len : n));
}

static int
tags_value_end(struct tags *t)
{
	struct tags_entry *e = t->at;

	if (e == NULL)
		return (0);
	if (t->role == TAGS_PROTECTED) {
		e->protect_turn = t->turn[TAGS_PROTECTED];
		return (0);
	}
	e->count = tags_count(t, e) == 0 ? 1 : 2;
	e->turn = t->turn[TAGS_CLIENT];
	e->empty = t->value_len == 0;
	e->same = t->same && e->override != NULL &&
	    e->override->value[t->value_len] == '\0';
	free(e->value);
	e->value = NULL;
	if (!e->known || t->value.len > TAGS_VALUE ||
	    memchr(t->value.len != 0 ? t->value.p : "", '\0', t->value.len) !=
	    NULL)
		return (0);
	e->value = strndup(t->value.len != 0 ? t->value.p : "", t->value.len);
	return (e->value != NULL ? 0 : -1);
}

static void
tags_on_key(const char *key, size_t len, void *arg)
{
	struct tags *t = arg;

	tags_value_begin(t, tags_keys_find(&t->keys, key, len));
}

static int
tags_on_value(const char *p, size_t len, void *arg)
{
	return (tags_value_feed(arg, p, len));
}

static int
tags_on_tag(void *arg)
{
	return (tags_value_end(arg));
}

/* What takes lists apart, once all keys are known. */
static int
tags_reader(struct tags *t)
{
	struct tags_list reader = { .key_max = t->keys.longest,
	    .on_key = tags_on_key, .on_value = tags_on_value,
	    .on_tag = tags_on_tag, .arg = t };

	if ((reader.key = malloc(t->keys.longest + 1)) == NULL)
		return (-1);
	t->reader = reader;
	return (0);
}

int
tags_feed(struct tags *t, const char *p, size_t len)
{
	if (t->reader.key == NULL && tags_reader(t) == -1)
		return (-1);
	return (tags_list_feed(&t->reader, p, len));
}

int
tags_end(struct tags *t)
{
	return (t->reader.key == NULL ? 0 : tags_list_end(&t->reader));
}

int
tags_field(struct tags *t, const char *key)
{
	struct tags_entry *e;

	tags_keys_sort(&t->keys);
	if ((e = tags_keys_find(&t->keys, key, strlen(key))) == NULL)
		return (0);
	if (tags_count(t, e) != 0 && !e->stood) {
		if (!e->empty)
			return (0);
		e->emptied = 1;
		e->count = 0;
	}
	e->stood = 1;
	t->role = TAGS_CLIENT;
	tags_value_begin(t, e);
	return (1);
}

int
tags_field_feed(struct tags *t, const char *p, size_t len)
{
	return (tags_value_feed(t, p, len));
}

int
tags_field_end(struct tags *t)
{
	return (tags_value_end(t));
}

int
tags_decide(struct tags *t)
{
	struct tags_entry *e;
	unsigned int count;
	size_t i;
	int changed = 0;

	tags_keys_sort(&t->keys);
	for (i = 0; i < t->keys.n; i++) {
		e = &t->keys.entry[i];
		count = tags_count(t, e);
		e->added = NULL;
		if (e->override != NULL && (t->turn[TAGS_PROTECTED] == 0 ||
		    e->protect_turn != t->turn[TAGS_PROTECTED])) {
			if (count != 1 || !e->same)
				e->added = e->override;
		} else if (e->fill != NULL && count == 0)
			e->added = e->fill;
		changed |= e->added != NULL;
	}
	return (changed);
}

int
tags_dropped(const struct tags *t, const char *key, size_t len)
{
	const struct tags_entry *e = tags_keys_find(&t->keys, key, len);

	return (e != NULL && (e->emptied ||
	    (e->added != NULL && e->added == e->override)));
}

int
tags_field_stays(const struct tags *t, const char *key)
{
	const struct tags_entry *e = tags_keys_find(&t->keys, key, strlen(key));

	return (e != NULL && e->stood && e->added == NULL);
}

int
tags_write(const struct tags *t, struct buf *b)
{
	const struct tags_entry *e;
	const struct tag *o;
	size_t i;
	int first = 1;

	for (i = 0; i < t->n; i++) {
		o = &t->ours[i];
		e = tags_keys_find(&t->keys, o->key, strlen(o->key));
		if (e == NULL || e->added != o)
			continue;
		if ((!first && buf_addc(b, ',') == -1) ||
		    json_escape(b, o->key, strlen(o->key)) == -1 ||
		    buf_addc(b, ':') == -1 ||
		    json_escape(b, o->value, strlen(o->value)) == -1)
			return (-1);
		first = 0;
	}
	return (0);
}

const char *
tags_value(const struct tags *t, const char *key)
{
	const struct tags_entry *e = tags_keys_find(&t->keys, key, strlen(key));

	if (e == NULL)
		return (NULL);
	if (e->added != NULL)
		return (e->added->value);
	return (tags_count(t, e) != 0 ? e->value : NULL);
}
