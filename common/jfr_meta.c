#include "jfr_meta.h"

#include <stdlib.h>
#include <string.h>

#include "jfr.h"
#include "jfr_cursor.h"
#include "jfr_ids.h"
#include "jfr_room.h"
#include "jfr_text.h"
#include "jfr_tree.h"
#include "jfr_unit.h"

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
	struct jfr_meta	*m;
	struct jfr_room	*room;
};

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
	    jfr_tree_text(&m->strings, name));
}

static void *
type_new(struct reading *r)
{
	struct jfr_type *t;

	if ((t = jfr_table_add(&r->m->types, r->room, sizeof(*t))) != NULL)
		*t = (struct jfr_type){ .id = -1, .name = JFR_NOWHERE,
		    .first = (uint32_t)r->m->fields.n };
	return (t);
}

static void *
field_new(struct reading *r)
{
	struct jfr_type *types = r->m->types.p;
	struct jfr_field *f;

	if ((f = jfr_table_add(&r->m->fields, r->room, sizeof(*f))) == NULL)
		return (NULL);
	*f = (struct jfr_field){ .class = -1, .name = JFR_NOWHERE,
	    .type = JFR_NOWHERE };
	types[r->m->types.n - 1].nfields++;
	return (f);
}

static void *
note_new(struct reading *r)
{
	struct note *n;

	if ((n = jfr_table_add(&r->m->notes, r->room, sizeof(*n))) != NULL)
		*n = (struct note){ -1, (uint32_t)r->m->fields.n - 1,
		    JFR_NOWHERE };
	return (n);
}

/*
 * Only what stands where it belongs is one of those, so that the fields of a
 * type stand in a row.
 */
static int
on_element(struct jfr_element *e, const struct jfr_element *parent, void *arg)
{
	static const struct {
		enum jfr_word	 word, parent;
		void		*(*make)(struct reading *);
	} kinds[] = {
		{ JFR_WORD_CLASS, JFR_WORD_METADATA, type_new },
		{ JFR_WORD_FIELD, JFR_WORD_CLASS, field_new },
		{ JFR_WORD_ANNOTATION, JFR_WORD_FIELD, note_new } };
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (e->word == kinds[i].word &&
		    parent->word == kinds[i].parent) {
			e->made = kinds[i].make(arg);
			return (e->made == NULL ? -1 : 0);
		}
	}
	if (e->word != JFR_WORD_METADATA)
		e->word = JFR_OTHER_WORD;
	return (0);
}

static int
field_set(const struct jfr_meta *m, struct jfr_field *f, enum jfr_word key,
    uint32_t value)
{
	const struct jfr_text *text = jfr_meta_name(m, value);
	int64_t dimension;

	if (key == JFR_WORD_NAME)
		f->name = value;
	else if (key == JFR_WORD_POOLED)
		f->pooled = (unsigned char)jfr_text_is(text, "true");
	else if (key == JFR_WORD_CLASS)
		return (jfr_text_number(text, &f->class));
	else if (key == JFR_WORD_DIMENSION) {
		if (jfr_text_number(text, &dimension) == -1)
			return (-1);
		f->array = dimension > 0;
	}
	return (0);
}

static int
on_attribute(const struct jfr_element *e, enum jfr_word key, uint32_t value,
    void *arg)
{
	struct reading *r = arg;
	const struct jfr_text *text = jfr_meta_name(r->m, value);
	struct jfr_type *t = e->made;
	struct note *n = e->made;

	if (e->word == JFR_WORD_FIELD)
		return (field_set(r->m, e->made, key, value));
	if (e->word == JFR_WORD_ANNOTATION && key == JFR_WORD_CLASS)
		return (jfr_text_number(text, &n->class));
	if (e->word == JFR_WORD_ANNOTATION && key == JFR_WORD_VALUE)
		n->value = value;
	if (e->word == JFR_WORD_CLASS && key == JFR_WORD_ID)
		return (jfr_text_number(text, &t->id));
	if (e->word == JFR_WORD_CLASS && key == JFR_WORD_NAME)
		t->name = value;
	if (e->word == JFR_WORD_CLASS && key == JFR_WORD_SUPER)
		t->event = (unsigned char)jfr_text_is(text, "jdk.jfr.Event");
	return (0);
}

uint32_t
jfr_meta_find(const struct jfr_meta *m, int64_t id)
{
	return (jfr_ids_find(m->ids, id));
}

static int
ids_add(struct jfr_meta *m, struct jfr_room *room)
{
	const struct jfr_type *t = m->types.p;
	uint32_t i;

	for (i = 0; i < m->types.n; i++)
		if (jfr_ids_add(m->ids, t[i].id, i, room) == -1)
			return (-1);
	jfr_ids_sort(m->ids);
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

int
jfr_meta_read(struct jfr_meta *m, const struct jfr_cursor *strings,
    struct jfr_room *room, const char **why)
{
	struct reading r = { m, room };
	struct jfr_gardener gardener = { on_element, on_attribute, &r };
	struct jfr_cursor at = *strings;

	m->types.n = m->fields.n = m->notes.n = 0;
	jfr_ids_clear(m->ids);
	if (jfr_tree_read(&m->strings, &at, room, &gardener, why) == -1)
		return (-1);
	if (ids_add(m, room) == -1) {
		*why = room->why;
		return (-1);
	}
	fields_resolve(m);
	return (0);
}
