#include "pprof_kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_arena.h"
#include "pprof_room.h"
#include "pprof_strings.h"
#include "pprof_table.h"

#define MOST	(UINT32_MAX - 1)	/* samples */
#define AHEAD	16			/* of those looked up together */

struct pprof_kept *
pprof_kept_new(size_t types, size_t expected,
    const struct pprof_strings *strings)
{
	struct pprof_kept *k;
	const char *why;

	if ((k = calloc(1, sizeof(*k))) == NULL)
		return (NULL);
	k->types = types;
	k->expected = expected;
	k->strings = strings;
	k->arena = pprof_arena_new();
	k->table = pprof_table_new();
	k->sample = pprof_room(NULL, &k->sample_cap, expected,
	    sizeof(*k->sample), MOST, &why);
	if (k->arena == NULL || k->table == NULL || k->sample == NULL ||
	    pprof_table_room(k->table, expected) == -1) {
		pprof_kept_free(k);
		return (NULL);
	}
	return (k);
}

void
pprof_kept_free(struct pprof_kept *k)
{
	if (k == NULL)
		return;
	pprof_arena_free(k->arena);
	pprof_table_free(k->table);
	free(k->sample);
	free(k->sorted);
	free(k);
}

int
pprof_kept_append(struct pprof_kept *k, const struct pprof_sample *s)
{
	struct pprof_stack *to;
	const char *why;

	errno = ENOMEM;
	if (s->depth > MOST || s->labels > MOST ||
	    (to = pprof_room(k->sample, &k->sample_cap, k->samples + 1,
	    sizeof(*to), MOST, &why)) == NULL)
		return (-1);
	k->sample = to;
	to += k->samples;
	/* In one piece, for they are looked at together. */
	if ((to->value = pprof_arena_take(k->arena,
	    k->types * sizeof(*s->value) + s->labels * sizeof(*s->label) +
	    s->depth * sizeof(*s->location))) == NULL)
		return (-1);
	memcpy(to->value, s->value, k->types * sizeof(*s->value));
	to->label = (struct pprof_label *)(to->value + k->types);
	if ((to->labels = (uint32_t)s->labels) != 0)
		memcpy(to->label, s->label, s->labels * sizeof(*s->label));
	to->location = (uint32_t *)(to->label + s->labels);
	if ((to->depth = (uint32_t)s->depth) != 0)
		memcpy(to->location, s->location,
		    s->depth * sizeof(*s->location));
	to->gone = 0;
	k->samples++;
	return (0);
}

/* Texts before numbers, each by key; those of one key stay in their order. */
static int
pprof_kept_before(const struct pprof_kept *k, const struct pprof_label *a,
    const struct pprof_label *b)
{
	struct pprof_text x, y;
	int before;

	if ((a->str != 0) != (b->str != 0))
		return (a->str != 0);
	if (a->key == b->key)
		return (0);
	x = pprof_strings_text(k->strings, a->key);
	y = pprof_strings_text(k->strings, b->key);
	before = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);
	return (before != 0 ? before < 0 : x.len < y.len);
}

/* Sort a copy of its labels. They are few: by insertion. */
static int
pprof_kept_sort(struct pprof_kept *k, struct pprof_sample *s)
{
	struct pprof_label *l;
	const char *why;
	size_t i, j;

	if (s->labels < 2)
		return (0);
	if ((l = pprof_room(k->sorted, &k->sorted_cap, s->labels, sizeof(*l),
	    SIZE_MAX, &why)) == NULL)
		return (-1);
	for (i = 0; i < s->labels; i++) {
		for (j = i; j > 0; j--) {
			if (!pprof_kept_before(k, &s->label[i], &l[j - 1]))
				break;
			l[j] = l[j - 1];
		}
		l[j] = s->label[i];
	}
	s->label = k->sorted = l;
	return (0);
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
pprof_kept_is(const struct pprof_stack *kept, const struct pprof_sample *s)
{
	const struct pprof_label *a = kept->label, *b = s->label;
	size_t i;

	if (kept->depth != s->depth || kept->labels != s->labels)
		return (0);
	if (s->depth != 0 && memcmp(kept->location, s->location,
	    s->depth * sizeof(*s->location)) != 0)
		return (0);
	for (i = 0; i < s->labels; i++)
		if (a[i].key != b[i].key || a[i].str != b[i].str ||
		    a[i].unit != b[i].unit || a[i].num != b[i].num)
			return (0);
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

/* Merge a kept sample into an equal one before it, or remember it. */
static int
pprof_kept_look_up(struct pprof_kept *k, size_t which)
{
	struct pprof_stack *s = &k->sample[which];
	const struct pprof_sample as = { s->location, s->depth, s->value,
	    s->label, s->labels };
	size_t at = s->hash;
	uint32_t i;

	while ((i = pprof_table_next(k->table, s->hash, &at)) != UINT32_MAX)
		if (pprof_kept_is(&k->sample[i], &as))
			break;
	if (i == UINT32_MAX)
		return (pprof_table_add(k->table, s->hash, (uint32_t)which));
	s->gone = 1;
	k->next = i + 1;
	return (pprof_kept_add(k->sample[i].value, s->value, k->types));
}

int
pprof_kept_settle(struct pprof_kept *k)
{
	size_t i;

	for (; k->looked_up < k->samples; k->looked_up++) {
		if ((i = k->looked_up + AHEAD) < k->samples)
			pprof_table_soon(k->table, k->sample[i].hash);
		if (pprof_kept_look_up(k, k->looked_up) == -1)
			return (-1);
	}
	/* If that was one that came alone it need not even stay. */
	if (k->samples != 0 && k->sample[k->samples - 1].gone) {
		k->looked_up = --k->samples;
		pprof_arena_return(k->arena);
	}
	return (0);
}

/*
 * A second profile mostly brings the samples of the first in the same order:
 * the one behind the last that was found is tried first. Until one is found
 * so, samples are not looked up one by one, but together, which spares the
 * wait for the table.
 */
int
pprof_kept_merge(struct pprof_kept *k, const struct pprof_sample *s)
{
	struct pprof_sample sorted = *s;
	size_t i;

	for (i = 0; i < k->types && s->value[i] == 0; i++)
		;
	if (i == k->types)
		return (0);
	if (pprof_kept_sort(k, &sorted) == -1)
		return (-1);
	if (k->next < k->samples && !k->sample[k->next].gone &&
	    pprof_kept_is(&k->sample[k->next], &sorted))
		return (pprof_kept_add(k->sample[k->next++].value, s->value,
		    k->types));
	if (pprof_kept_append(k, &sorted) == -1)
		return (-1);
	k->sample[k->samples - 1].hash = pprof_kept_hash(k, &sorted);
	return (k->next == 0 && k->samples < k->expected ? 0 :
	    pprof_kept_settle(k));
}
