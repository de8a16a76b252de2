#ifndef JFR_TREE_H
#define JFR_TREE_H

#include <stddef.h>
#include <stdint.h>

struct jfr_cursor;
struct jfr_room;
struct jfr_table;
struct jfr_text;

/*
 * A metadata event is a tree of elements, each with a name, attributes, and
 * elements in it, all made of the strings that stand before the tree. These
 * names are known; of the others only their place matters.
 */
enum jfr_word { JFR_NEW_WORD, JFR_OTHER_WORD, JFR_WORD_METADATA,
    JFR_WORD_CLASS, JFR_WORD_FIELD, JFR_WORD_ANNOTATION, JFR_WORD_ID,
    JFR_WORD_NAME, JFR_WORD_SUPER, JFR_WORD_POOLED, JFR_WORD_DIMENSION,
    JFR_WORD_VALUE };

/* What an element is, and what was made of it. */
struct jfr_element {
	enum jfr_word	 word;
	void		*made;
};

/* Each returns -1 to refuse: on_element with no memory, which room says. */
struct jfr_gardener {
	int	(*on_element)(struct jfr_element *,
		    const struct jfr_element *parent, void *arg);
	int	(*on_attribute)(const struct jfr_element *, enum jfr_word key,
		    uint32_t value, void *arg);
	void	*arg;
};

/*
 * Read strings and tree. Attributes come behind their element, and before the
 * elements in it. -1: malformed, no memory, or refused; *why says so.
 */
int	jfr_tree_read(struct jfr_table *strings, struct jfr_cursor *,
	    struct jfr_room *, const struct jfr_gardener *, const char **why);

/* A string, by its index. */
const struct jfr_text *jfr_tree_text(const struct jfr_table *strings,
	    uint32_t index);

#endif
