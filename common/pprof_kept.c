#include "pprof_kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_room.h"
#include "pprof_table.h"

struct pprof_kept *
pprof_kept_new(size_t types)
{
	struct pprof_kept *k;

	if ((k = calloc(1, sizeof(*k))) == NULL)
		return (NULL);
	k->types = types;
	if ((k->table = pprof_table_new()) == NULL) {
		free(k);
		return (NULL);
	}
	return (k);
}

void
pprof_kept_free(struct pprof_kept *k)
{
	if (k == NULL)
		return;
	pprof_table_free(k->table);
	free(k->sample);
	free(k->value);
	free(k->location);
	free(k->label);
	free(k);
}

static int
pprof_kept_room(struct pprof_kept *k, const struct pprof_sample *s)
{
	const char *why;
	void *p;

	if ((p = pprof_room(k->sample, &k->sample_cap, k->samples + 1,
	    sizeof(*k->sample), UINT32_MAX - 1, &why)) == NULL)
		return (-1);
	k->sample = p;
	if ((p = pprof_room(k->value, &k->value_cap,
	    (k->samples + 1) * k->types, sizeof(*k->value), SIZE_MAX, &why))
	    == NULL)
		return (-1);
	k->value = p;
	if ((p = pprof_room(k->location, &k->location_cap,
	    k->locations + s->depth, sizeof(*k->location), SIZE_MAX, &why))
	    == NULL)
		return (-1);
	k->location = p;
	if ((p = pprof_room(k->label, &k->label_cap, k->labels + s->labels,
	    sizeof(*k->label), SIZE_MAX, &why)) == NULL)
		return (-1);
	k->label = p;
	return (0);
}

int
pprof_kept_append(struct pprof_kept *k, const struct pprof_sample *s)
{
	struct pprof_stack *kept;

	if (pprof_kept_room(k, s) == -1)
		return (-1);
	kept = &k->sample[k->samples];
	kept->location = k->locations;
	kept->depth = s->depth;
	kept->label = k->labels;
	kept->labels = s->labels;
	memcpy(k->value + k->samples * k->types, s->value,
	    k->types * sizeof(*s->value));
	if (s->depth != 0)
		memcpy(k->location + k->locations, s->location,
		    s->depth * sizeof(*s->location));
	if (s->labels != 0)
		memcpy(k->label + k->labels, s->label,
		    s->labels * sizeof(*s->label));
	k->locations += s->depth;
	k->labels += s->labels;
	k->samples++;
	return (0);
}

/* Texts before numbers, each by key; those of one key stay in their order. */
static int
pprof_kept_before(const struct pprof_label *a, const struct pprof_label *b)
{
	if ((a->str != 0) != (b->str != 0))
		return (a->str != 0);
	return (a->key < b->key);
}

/* There are few: by insertion. */
static void
pprof_kept_sort(struct pprof_label *l, size_t n)
{
	struct pprof_label one;
	size_t i, j;

	for (i = 1; i < n; i++) {
		one = l[i];
		for (j = i; j > 0 && pprof_kept_before(&one, &l[j - 1]); j--)
			l[j] = l[j - 1];
		l[j] = one;
	}
}

static uint32_t
pprof_kept_hash(const struct pprof_kept *k, const struct pprof_sample *s)
{
	const struct pprof_label *l;
	struct pprof_hash h;
	size_t i;

	pprof_hash_begin(&h, k->table);
	pprof_hash_bytes(&h, s->location, s->depth * sizeof(*s->location));
	for (i = 0; i < s->labels; i++) {
		l = &s->label[i];
		pprof_hash_word(&h, l->key | (uint64_t)l->str << 32);
		pprof_hash_word(&h, l->unit);
		pprof_hash_word(&h, (uint64_t)l->num);
	}
	return (pprof_hash_end(&h));
}

static int
pprof_kept_is(const struct pprof_kept *k, const struct pprof_stack *kept,
    const struct pprof_sample *s)
{
	const struct pprof_label *a;
	size_t i;

	if (kept->depth != s->depth || kept->labels != s->labels)
		return (0);
	if (s->depth != 0 && memcmp(k->location + kept->location, s->location,
	    s->depth * sizeof(*s->location)) != 0)
		return (0);
	for (i = 0; i < s->labels; i++) {
		a = &k->label[kept->label + i];
		if (a->key != s->label[i].key || a->str != s->label[i].str ||
		    a->unit != s->label[i].unit || a->num != s->label[i].num)
			return (0);
	}
	return (1);
}

static int
pprof_kept_add(int64_t *to, const int64_t *value, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (__builtin_add_overflow(to[i], value[i], &to[i])) {
			errno = EOVERFLOW;
			return (-1);
		}
	return (0);
}

/* Kept as it came and sorted there, it is easily forgotten again. */
int
pprof_kept_merge(struct pprof_kept *k, const struct pprof_sample *s)
{
	struct pprof_stack *last;
	struct pprof_sample own = *s;
	uint32_t hash, i;
	size_t at;

	for (at = 0; at < k->types && s->value[at] == 0; at++)
		;
	if (at == k->types)
		return (0);
	if (pprof_kept_append(k, s) == -1)
		return (-1);
	last = &k->sample[k->samples - 1];
	if (s->labels != 0) {
		own.label = k->label + last->label;
		pprof_kept_sort(k->label + last->label, last->labels);
	}
	at = hash = pprof_kept_hash(k, &own);
	while ((i = pprof_table_next(k->table, hash, &at)) != UINT32_MAX)
		if (pprof_kept_is(k, &k->sample[i], &own))
			break;
	if (i == UINT32_MAX)
		return (pprof_table_add(k->table, hash,
		    (uint32_t)k->samples - 1));
	k->samples--;
	k->locations -= s->depth;
	k->labels -= s->labels;
	return (pprof_kept_add(k->value + i * k->types, s->value, k->types));
}
