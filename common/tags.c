#include "tags.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "tags_list.h"

/* A key that matters. */
struct tags_entry {
	const char	*key;
	const struct tag *override;	/* ours; NULL: none; so fill */
	const struct tag *fill;
	const struct tag *added;	/* decided: the one of them */
	int		 known;
	/* Of the client's list; void unless turn is that of the list. */
	unsigned int	 turn;
	unsigned int	 count;		/* tags of the key; 2: two or more */
	int		 same;		/* the last has the override's value */
	int		 empty;		/* the last has none */
	int		 stood;		/* a field stands in */
	int		 emptied;	/* in the place of empty tags */
	char		*value;		/* the last one's, if known and short */
	unsigned int	 protect_turn;	/* it is protected in this turn */
};

struct tags {
	const struct tag *ours;
	size_t		 n;
	struct tags_entry *entry;
	size_t		 nentry;
	size_t		 cap;
	int		 sorted;
	size_t		 key_max;
	unsigned int	 turn[2];	/* lists begun, by role */
	enum tags_role	 role;
	struct tags_list reader;
	struct tags_entry *at;		/* of the tag being read, if any */
	size_t		 value_len;
	int		 same;		/* so far */
	struct buf	 value;		/* up to one over TAGS_VALUE */
};

static struct tags_entry *
tags_add(struct tags *t, const char *key)
{
	struct tags_entry *e;
	size_t cap = t->cap != 0 ? 2 * t->cap : 32;

	if (t->nentry == t->cap) {
		e = reallocarray(t->entry, cap, sizeof(*e));
		if (e == NULL)
			return (NULL);
		t->entry = e;
		t->cap = cap;
	}
	e = &t->entry[t->nentry++];
	memset(e, 0, sizeof(*e));
	e->key = key;
	if (strlen(key) > t->key_max)
		t->key_max = strlen(key);
	t->sorted = 0;
	return (e);
}

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
		if ((e = tags_add(t, ours[i].key)) == NULL) {
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
	size_t i;

	if (t == NULL)
		return;
	for (i = 0; i < t->nentry; i++)
		free(t->entry[i].value);
	free(t->entry);
	free(t->reader.key);
	buf_free(&t->value);
	free(t);
}

int
tags_know(struct tags *t, const char *key)
{
	struct tags_entry *e = tags_add(t, key);

	if (e == NULL)
		return (-1);
	e->known = 1;
	return (0);
}

size_t
tags_key_max(const struct tags *t)
{
	return (t->key_max);
}

static const struct tag *
tags_first(const struct tag *a, const struct tag *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL ? a : b);
	return (a < b ? a : b);
}

static int
tags_order(const void *a, const void *b)
{
	const struct tags_entry *x = a, *y = b;

	return (strcmp(x->key, y->key));
}

/* Sort the entries, and make one of those of a key. */
static void
tags_sort(struct tags *t)
{
	struct tags_entry *e;
	size_t i, n = 0;

	if (t->sorted || t->nentry == 0)
		return;
	qsort(t->entry, t->nentry, sizeof(*t->entry), tags_order);
	for (i = 1; i < t->nentry; i++) {
		e = &t->entry[n];
		if (strcmp(e->key, t->entry[i].key) != 0) {
			t->entry[++n] = t->entry[i];
			continue;
		}
		e->known |= t->entry[i].known;
		e->override = tags_first(e->override, t->entry[i].override);
		e->fill = tags_first(e->fill, t->entry[i].fill);
	}
	t->nentry = n + 1;
	t->sorted = 1;
}

static struct tags_entry *
tags_find(const struct tags *t, const char *key, size_t len)
{
	size_t low = 0, high = t->nentry, mid, n;
	int order;

	if (len > t->key_max)
		return (NULL);
	while (low < high) {
		mid = low + (high - low) / 2;
		n = strlen(t->entry[mid].key);
		order = memcmp(t->entry[mid].key, key, n < len ? n : len);
		if (order == 0)
			order = (n > len) - (n < len);
		if (order == 0)
			return (&t->entry[mid]);
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return (NULL);
}

void
tags_begin(struct tags *t, enum tags_role role)
{
	tags_sort(t);
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

	tags_value_begin(t, tags_find(t, key, len));
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
	struct tags_list reader = { .key_max = t->key_max,
	    .on_key = tags_on_key, .on_value = tags_on_value,
	    .on_tag = tags_on_tag, .arg = t };

	if ((reader.key = malloc(t->key_max + 1)) == NULL)
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

	tags_sort(t);
	if ((e = tags_find(t, key, strlen(key))) == NULL)
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

	tags_sort(t);
	for (i = 0; i < t->nentry; i++) {
		e = &t->entry[i];
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
	const struct tags_entry *e = tags_find(t, key, len);

	return (e != NULL && (e->emptied ||
	    (e->added != NULL && e->added == e->override)));
}

int
tags_field_stays(const struct tags *t, const char *key)
{
	const struct tags_entry *e = tags_find(t, key, strlen(key));

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
		e = tags_find(t, o->key, strlen(o->key));
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
	const struct tags_entry *e = tags_find(t, key, strlen(key));

	if (e == NULL)
		return (NULL);
	if (e->added != NULL)
		return (e->added->value);
	return (tags_count(t, e) != 0 ? e->value : NULL);
}
