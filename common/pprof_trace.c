#include "pprof_trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pprof.h"
#include "pprof_room.h"
#include "pprof_table.h"

/* The labels of one trace: a string of the profile, or else a number. */
struct pprof_trace_set {
	uint32_t	str[PPROF_TRACE_LABELS];
	int64_t		num[PPROF_TRACE_LABELS];
	int64_t		value;
};

struct pprof_traces {
	const struct pprof	*p;
	unsigned char		*label;		/* [string]: which it is the
						   key of, + 1; OTHER: none;
						   0: not looked yet */
	struct pprof_trace_set	*set;
	size_t			 sets;
	size_t			 cap;
	struct pprof_table	*table;
};

#define OTHER	(PPROF_TRACE_LABELS + 1)

/* Is it this key, with a space or "_" between its words? */
static int
pprof_trace_key_is(const struct pprof_text *t, const char *key)
{
	size_t i;

	if (t->len != strlen(key))
		return (0);
	for (i = 0; i < t->len; i++)
		if (t->p[i] != key[i] && (t->p[i] != '_' || key[i] != ' '))
			return (0);
	return (1);
}

static unsigned int
pprof_trace_label(struct pprof_traces *t, uint32_t key)
{
	static const char *const keys[] = {
		[PPROF_TRACE_ENDPOINT] = "trace endpoint",
		[PPROF_TRACE_ID] = "trace id",
		[PPROF_TRACE_SPAN] = "span id",
		[PPROF_TRACE_ROOT_SPAN] = "local root span id" };
	unsigned int i;

	if (t->label[key] != 0)
		return (t->label[key]);
	for (i = 0; i < PPROF_TRACE_LABELS; i++)
		if (pprof_trace_key_is(&t->p->string[key], keys[i]))
			break;
	t->label[key] = (unsigned char)(i < PPROF_TRACE_LABELS ? i + 1 : OTHER);
	return (t->label[key]);
}

/* The labels of a sample that matter. 0: it has none of them. */
static int
pprof_trace_set(struct pprof_traces *t, const struct pprof_sample *s,
    struct pprof_trace_set *set)
{
	const struct pprof_label *l;
	unsigned int which;
	size_t i;
	int any = 0;

	memset(set, 0, sizeof(*set));
	for (i = 0; i < s->labels; i++) {
		l = &s->label[i];
		if ((which = pprof_trace_label(t, l->key)) == OTHER)
			continue;
		set->str[which - 1] = l->str;
		set->num[which - 1] = l->num;
		any = 1;
	}
	return (any);
}

static struct pprof_trace_set *
pprof_trace_find(struct pprof_traces *t, const struct pprof_trace_set *set,
    const char **why)
{
	struct pprof_trace_set *room;
	struct pprof_hash h;
	uint32_t hash, i;
	size_t at;

	pprof_hash_begin(&h, t->table);
	pprof_hash_bytes(&h, set->str, sizeof(set->str));
	pprof_hash_bytes(&h, set->num, sizeof(set->num));
	at = hash = pprof_hash_end(&h);
	while ((i = pprof_table_next(t->table, hash, &at)) < t->sets)
		if (memcmp(set->str, t->set[i].str, sizeof(set->str)) == 0 &&
		    memcmp(set->num, t->set[i].num, sizeof(set->num)) == 0)
			return (&t->set[i]);
	if ((room = pprof_room(t->set, &t->cap, t->sets + 1, sizeof(*room),
	    UINT32_MAX - 1, why)) == NULL)
		return (NULL);
	t->set = room;
	if (pprof_table_add(t->table, hash, (uint32_t)t->sets) == -1) {
		*why = pprof_no_memory;
		return (NULL);
	}
	room[t->sets] = *set;
	return (&room[t->sets++]);
}

static int
pprof_traces_read(struct pprof_traces *t, struct pprof *p, const char **why)
{
	struct pprof_trace_set one, *set;
	struct pprof_sample s;
	int more;

	while ((more = pprof_next(p, &s, why)) == 1) {
		if (!pprof_trace_set(t, &s, &one))
			continue;
		if ((set = pprof_trace_find(t, &one, why)) == NULL)
			return (-1);
		if (__builtin_add_overflow(set->value, s.value[0],
		    &set->value))
			set->value = s.value[0] < 0 ? INT64_MIN : INT64_MAX;
	}
	return (more);
}

static void
pprof_trace_tell(const struct pprof_traces *t, struct pprof_trace *told)
{
	const struct pprof_trace_set *most = &t->set[0];
	struct pprof_trace_text *text;
	const struct pprof_text *str;
	size_t i;

	for (i = 1; i < t->sets; i++)
		if (t->set[i].value > most->value)
			most = &t->set[i];
	told->value = most->value;
	for (i = 0; i < PPROF_TRACE_LABELS; i++) {
		text = &told->label[i];
		str = &t->p->string[most->str[i]];
		text->p = str->p;
		text->len = str->len;
		if (most->num[i] == 0)
			continue;
		/* Ids have 64 bits without a sign, in a field that has one. */
		text->p = text->digits;
		text->len = (size_t)snprintf(text->digits,
		    sizeof(text->digits), "%" PRIu64, (uint64_t)most->num[i]);
	}
}

int
pprof_trace(struct pprof *p, struct pprof_trace *told, const char **why)
{
	struct pprof_traces t = { .p = p };
	int result = -1;

	memset(told, 0, sizeof(*told));
	t.label = calloc(p->strings, 1);
	t.table = pprof_table_new();
	if (t.label == NULL || t.table == NULL)
		*why = pprof_no_memory;
	else if ((result = pprof_traces_read(&t, p, why)) == 0 && t.sets != 0) {
		pprof_trace_tell(&t, told);
		result = 1;
	}
	pprof_table_free(t.table);
	free(t.label);
	free(t.set);
	return (result);
}
