#ifndef CONF_FIND_H
#define CONF_FIND_H

struct conf_key;
struct conf_section;

/*
 * Rows of conf_table by name; NULL: none. CONF_NAMED stands for any name of a
 * destination.
 */
const struct conf_section *conf_find_section(const char *name);
const struct conf_key *conf_find_key(const struct conf_section *,
	    const char *name);

/* The name most like a wrong one, or NULL where none is much like it. */
const char *conf_near_section(const char *name);
const char *conf_near_key(const struct conf_section *, const char *name);

#endif
