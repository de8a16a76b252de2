#include "jfr_tree.h"

#include "jfr.h"
#include "jfr_cursor.h"
#include "jfr_room.h"
#include "jfr_text.h"

#define DEPTH	16		/* of elements; producers have 5 */

static const char *const words[] = {
	[JFR_WORD_METADATA] = "metadata", [JFR_WORD_CLASS] = "class",
	[JFR_WORD_FIELD] = "field", [JFR_WORD_ANNOTATION] = "annotation",
	[JFR_WORD_ID] = "id", [JFR_WORD_NAME] = "name",
	[JFR_WORD_SUPER] = "superType", [JFR_WORD_POOLED] = "constantPool",
	[JFR_WORD_DIMENSION] = "dimension", [JFR_WORD_VALUE] = "value" };

/* Each string is compared with the words once. */
struct string {
	struct jfr_text	 text;
	enum jfr_word	 word;
};

struct reading {
	struct jfr_table		*strings;
	struct jfr_cursor		*at;
	struct jfr_room			*room;
	const struct jfr_gardener	*gardener;
};

const struct jfr_text *
jfr_tree_text(const struct jfr_table *strings, uint32_t index)
{
	return (&((const struct string *)strings->p)[index].text);
}

/* An index of the strings. */
static int
index_read(struct reading *r, uint32_t *index)
{
	int64_t v;

	if (jfr_cursor_integer(r->at, 4, &v) == -1 || v < 0 ||
	    (uint64_t)v >= r->strings->n)
		return (-1);
	*index = (uint32_t)v;
	return (0);
}

static enum jfr_word
word_of(const struct reading *r, uint32_t index)
{
	struct string *s = (struct string *)r->strings->p + index;
	enum jfr_word w;

	if (s->word != JFR_NEW_WORD)
		return (s->word);
	for (w = JFR_WORD_METADATA; w <= JFR_WORD_VALUE; w++)
		if (jfr_text_is(&s->text, words[w]))
			return (s->word = w);
	return (s->word = JFR_OTHER_WORD);
}

static int
strings_read(struct reading *r)
{
	struct string *s;
	size_t n;

	if (jfr_cursor_count(r->at, &n) == -1)
		return (-1);
	r->strings->n = 0;
	if ((s = jfr_table_reserve(r->strings, r->room, n,
	    sizeof(*s))) == NULL)
		return (-1);
	for (r->strings->n = n; n > 0; n--, s++) {
		s->word = JFR_NEW_WORD;
		if (jfr_text_read(r->at, &s->text) == -1)
			return (-1);
	}
	return (0);
}

static int
attributes_read(struct reading *r, const struct jfr_element *e)
{
	uint32_t key, value;
	size_t n;

	if (jfr_cursor_count(r->at, &n) == -1)
		return (-1);
	for (; n > 0; n--)
		if (index_read(r, &key) == -1 || index_read(r, &value) == -1 ||
		    r->gardener->on_attribute(e, word_of(r, key), value,
		    r->gardener->arg) == -1)
			return (-1);
	return (0);
}

/* An element, and those in it. */
static int
element_read(struct reading *r, const struct jfr_element *parent,
    unsigned int depth)
{
	struct jfr_element e = { JFR_OTHER_WORD, NULL };
	uint32_t name;
	size_t n;

	if (depth == DEPTH || index_read(r, &name) == -1)
		return (-1);
	e.word = word_of(r, name);
	if (r->gardener->on_element(&e, parent, r->gardener->arg) == -1 ||
	    attributes_read(r, &e) == -1 ||
	    jfr_cursor_count(r->at, &n) == -1)
		return (-1);
	for (; n > 0; n--)
		if (element_read(r, &e, depth + 1) == -1)
			return (-1);
	return (0);
}

int
jfr_tree_read(struct jfr_table *strings, struct jfr_cursor *at,
    struct jfr_room *room, const struct jfr_gardener *gardener,
    const char **why)
{
	static const struct jfr_element none = { JFR_OTHER_WORD, NULL };
	struct reading r = { strings, at, room, gardener };

	room->why = NULL;
	if (strings_read(&r) == 0 && element_read(&r, &none, 0) == 0)
		return (0);
	*why = room->why != NULL ? room->why :
	    "the description of types is malformed";
	return (-1);
}
