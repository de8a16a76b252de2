#ifndef CONF_VALUE_H
#define CONF_VALUE_H

struct buf;
struct conf_key;
struct conf_list;

/*
 * Set the field of a key in its struct (base) to what a file says.
 * said: the texts of a value; is_list: they came as a list. 0; 1: set, with a
 * warning in why; -1: not set, why says what was found and what was expected
 * (it is empty when memory ran out).
 */
int	conf_value_set(const struct conf_key *, void *base,
	    const struct conf_list *said, int is_list, struct buf *why);

/* From text alone, which may hold commas: for defaults. */
int	conf_value_default(const struct conf_key *, void *base,
	    const char *text);

#endif
