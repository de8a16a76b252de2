#include "jfr_meta.h"

#include <stdlib.h>
#include <string.h>

#include "jfr.h"
#include "jfr_cursor.h"
#include "jfr_ids.h"
#include "jfr_room.h"
#include "jfr_text.h"
#include "jfr_unit.h"

#define DEPTH	16		/* of elements; producers have 5 */

/* Names of elements and attributes, each looked at once a string. */
enum word { WORD_NEW, WORD_OTHER, WORD_METADATA, WORD_CLASS, WORD_FIELD,
    WORD_ANNOTATION, WORD_ID, WORD_NAME, WORD_SUPER, WORD_POOLED,
    WORD_DIMENSION, WORD_VALUE };

static const char *const words[] = {
	[WORD_METADATA] = "metadata", [WORD_CLASS] = "class",
	[WORD_FIELD] = "field", [WORD_ANNOTATION] = "annotation",
	[WORD_ID] = "id", [WORD_NAME] = "name", [WORD_SUPER] = "superType",
	[WORD_POOLED] = "constantPool", [WORD_DIMENSION] = "dimension",
	[WORD_VALUE] = "value" };

struct string {
	struct jfr_text	 text;
	enum word	 word;
};

/* Of a field; its type may be described further on. */
struct note {
	int64_t		 class;
	uint32_t	 field;
	uint32_t	 value;		/* of strings, or JFR_NOWHERE */
};

struct jfr_meta {
	struct jfr_table strings;
	struct jfr_table types;
	struct jfr_table fields;
	struct jfr_table notes;
	struct jfr_ids	*ids;
};

/* While an event is read. */
struct reading {
	struct jfr_meta		*m;
	struct jfr_room		*room;
	struct jfr_cursor	 at;
	const char		*why;
};

static const char malformed[] = "the description of types is malformed";

struct jfr_meta *
jfr_meta_new(void)
{
	struct jfr_meta *m;

	if ((m = calloc(1, sizeof(*m))) == NULL)
		return (NULL);
	if ((m->ids = jfr_ids_new()) == NULL) {
		free(m);
		return (NULL);
	}
	return (m);
}

void
jfr_meta_free(struct jfr_meta *m, struct jfr_room *room)
{
	if (m == NULL)
		return;
	jfr_table_free(&m->strings, room);
	jfr_table_free(&m->types, room);
	jfr_table_free(&m->fields, room);
	jfr_table_free(&m->notes, room);
	jfr_ids_free(m->ids, room);
	free(m);
}

size_t
jfr_meta_types(const struct jfr_meta *m)
{
	return (m->types.n);
}

size_t
jfr_meta_fields(const struct jfr_meta *m)
{
	return (m->fields.n);
}

const struct jfr_type *
jfr_meta_type(const struct jfr_meta *m, uint32_t index)
{
	return ((const struct jfr_type *)m->types.p + index);
}

const struct jfr_field *
jfr_meta_field(const struct jfr_meta *m, uint32_t index)
{
	return ((const struct jfr_field *)m->fields.p + index);
}

const struct jfr_text *
jfr_meta_name(const struct jfr_meta *m, uint32_t name)
{
	static const struct jfr_text none;

	return (name == JFR_NOWHERE ? &none :
	    &((const struct string *)m->strings.p)[name].text);
}

/* An index of the strings. */
static int
index_read(struct reading *r, uint32_t *index)
{
	int64_t v;

	if (jfr_cursor_integer(&r->at, 4, &v) == -1 || v < 0 ||
	    (uint64_t)v >= r->m->strings.n) {
		r->why = malformed;
		return (-1);
	}
	*index = (uint32_t)v;
	return (0);
}

static int
count_read(struct reading *r, size_t *n)
{
	if (jfr_cursor_count(&r->at, n) == 0)
		return (0);
	r->why = malformed;
	return (-1);
}

static enum word
word_of(struct jfr_meta *m, uint32_t index)
{
	struct string *s = (struct string *)m->strings.p + index;
	enum word w;

	if (s->word != WORD_NEW)
		return (s->word);
	for (w = WORD_METADATA; w <= WORD_VALUE; w++)
		if (jfr_text_is(&s->text, words[w]))
			return (s->word = w);
	return (s->word = WORD_OTHER);
}

static int
strings_read(struct reading *r)
{
	struct string *s;
	size_t n;

	if (count_read(r, &n) == -1)
		return (-1);
	if ((s = jfr_table_reserve(&r->m->strings, r->room, n,
	    sizeof(*s))) == NULL) {
		r->why = r->room->why;
		return (-1);
	}
	for (r->m->strings.n = n; n > 0; n--, s++) {
		s->word = WORD_NEW;
		if (jfr_text_read(&r->at, &s->text) == -1) {
			r->why = malformed;
			return (-1);
		}
	}
	return (0);
}

/* What an element turned into; of is the word it is known by here. */
struct element {
	enum word	 of;
	struct jfr_type	 *type;
	struct jfr_field *field;
	struct note	 *note;
};

static int
element_new(struct reading *r, enum word word, enum word parent,
    struct element *e)
{
	struct jfr_meta *m = r->m;
	struct jfr_type *types = m->types.p;
	void *made = e;

	memset(e, 0, sizeof(*e));
	e->of = word;
	if (word == WORD_CLASS && parent == WORD_METADATA) {
		made = e->type = jfr_table_add(&m->types, r->room,
		    sizeof(*e->type));
		if (made != NULL)
			*e->type = (struct jfr_type){ .id = -1,
			    .name = JFR_NOWHERE,
			    .first = (uint32_t)m->fields.n };
	} else if (word == WORD_FIELD && parent == WORD_CLASS) {
		made = e->field = jfr_table_add(&m->fields, r->room,
		    sizeof(*e->field));
		if (made != NULL) {
			*e->field = (struct jfr_field){ .class = -1,
			    .name = JFR_NOWHERE, .type = JFR_NOWHERE };
			types[m->types.n - 1].nfields++;
		}
	} else if (word == WORD_ANNOTATION && parent == WORD_FIELD) {
		made = e->note = jfr_table_add(&m->notes, r->room,
		    sizeof(*e->note));
		if (made != NULL)
			*e->note = (struct note){ -1,
			    (uint32_t)m->fields.n - 1, JFR_NOWHERE };
	} else if (word != WORD_METADATA)
		e->of = WORD_OTHER;
	if (made == NULL)
		r->why = r->room->why;
	return (made == NULL ? -1 : 0);
}

static int
attribute_set(struct reading *r, struct element *e, enum word key,
    uint32_t value)
{
	const struct jfr_text *text = jfr_meta_name(r->m, value);
	int64_t number = 0;

	if (e->type != NULL && key == WORD_NAME)
		e->type->name = value;
	else if (e->type != NULL && key == WORD_SUPER)
		e->type->event = (unsigned char)jfr_text_is(text,
		    "jdk.jfr.Event");
	else if (e->field != NULL && key == WORD_NAME)
		e->field->name = value;
	else if (e->field != NULL && key == WORD_POOLED)
		e->field->pooled = (unsigned char)jfr_text_is(text, "true");
	else if (e->note != NULL && key == WORD_VALUE)
		e->note->value = value;
	else if ((e->type != NULL && key == WORD_ID) ||
	    (e->field != NULL && key == WORD_DIMENSION) ||
	    ((e->field != NULL || e->note != NULL) && key == WORD_CLASS)) {
		if (jfr_text_number(text, &number) == -1) {
			r->why = malformed;
			return (-1);
		}
		if (e->type != NULL)
			e->type->id = number;
		else if (e->note != NULL)
			e->note->class = number;
		else if (key == WORD_CLASS)
			e->field->class = number;
		else
			e->field->array = number > 0;
	}
	return (0);
}

/* An element, its attributes, and its children. */
static int
element_read(struct reading *r, enum word parent, unsigned int depth)
{
	struct element e;
	uint32_t name, key, value;
	size_t n;

	if (depth == DEPTH) {
		r->why = malformed;
		return (-1);
	}
	if (index_read(r, &name) == -1 ||
	    element_new(r, word_of(r->m, name), parent, &e) == -1 ||
	    count_read(r, &n) == -1)
		return (-1);
	for (; n > 0; n--)
		if (index_read(r, &key) == -1 || index_read(r, &value) == -1 ||
		    attribute_set(r, &e, word_of(r->m, key), value) == -1)
			return (-1);
	if (count_read(r, &n) == -1)
		return (-1);
	for (; n > 0; n--)
		if (element_read(r, e.of, depth + 1) == -1)
			return (-1);
	return (0);
}

uint32_t
jfr_meta_find(const struct jfr_meta *m, int64_t id)
{
	return (jfr_ids_find(m->ids, id));
}

static int
ids_add(struct reading *r)
{
	const struct jfr_type *t = r->m->types.p;
	uint32_t i;

	for (i = 0; i < r->m->types.n; i++) {
		if (jfr_ids_add(r->m->ids, t[i].id, i, r->room) == -1) {
			r->why = r->room->why;
			return (-1);
		}
	}
	jfr_ids_sort(r->m->ids);
	return (0);
}

/* What can be said of types and fields only when all are known. */
static void
fields_resolve(struct jfr_meta *m)
{
	struct jfr_type *types = m->types.p, *t;
	struct jfr_field *fields = m->fields.p;
	const struct note *n = m->notes.p;
	uint32_t type;
	size_t i;

	for (t = types, i = m->types.n; i > 0; i--, t++) {
		if (t->nfields == 0)
			t->base = (unsigned char)jfr_base_of(
			    jfr_meta_name(m, t->name));
		t->mark = (unsigned char)jfr_mark_of(
		    jfr_meta_name(m, t->name));
	}
	for (i = 0; i < m->fields.n; i++)
		fields[i].type = jfr_meta_find(m, fields[i].class);
	for (i = m->notes.n; i > 0; i--, n++) {
		type = jfr_meta_find(m, n->class);
		if (type != JFR_NOWHERE)
			jfr_unit_set(&fields[n->field],
			    (enum jfr_mark)types[type].mark,
			    n->value == JFR_NOWHERE ? NULL :
			    jfr_meta_name(m, n->value));
	}
}

static void
meta_clear(struct jfr_meta *m)
{
	m->strings.n = m->types.n = m->fields.n = m->notes.n = 0;
	jfr_ids_clear(m->ids);
}

int
jfr_meta_read(struct jfr_meta *m, const struct jfr_cursor *at,
    struct jfr_room *room, const char **why)
{
	struct reading r = { m, room, *at, malformed };
	int64_t ignored;
	unsigned int i;

	meta_clear(m);
	/* When it was written, how long that took, its number. */
	for (i = 0; i < 3; i++)
		if (jfr_cursor_integer(&r.at, 8, &ignored) == -1)
			goto bad;
	if (strings_read(&r) == -1 ||
	    element_read(&r, WORD_OTHER, 0) == -1 || ids_add(&r) == -1)
		goto bad;
	fields_resolve(m);
	return (0);
bad:
	meta_clear(m);
	*why = r.why;
	return (-1);
}
