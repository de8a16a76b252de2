#ifndef CONF_TEXT_H
#define CONF_TEXT_H

#include <stddef.h>

struct buf;
struct conf_list;

/*
 * A value as it stands behind "key =": bare words up to the line's end or a
 * '#' with a blank before it; "text" with \" and \\; 'text' with no escapes;
 * or a list of such texts, ["a", 'b'] (TOML 1.0, the part of it that the
 * reference's files use). What it says is appended to said, unless that is
 * NULL; *end is set behind its last byte (a comment may follow).
 * CONF_TEXT_ONE or CONF_TEXT_LIST; CONF_TEXT_OPEN: a list that does not end on
 * the line; CONF_TEXT_WRONG: *why says what; with *why NULL it is ENOMEM.
 */
enum conf_text { CONF_TEXT_ONE, CONF_TEXT_LIST, CONF_TEXT_OPEN,
    CONF_TEXT_WRONG };
enum conf_text conf_text_parse(const char *value, struct conf_list *said,
	    const char **end, const char **why);

/* Append a copy of len bytes. -1: ENOMEM. */
int	conf_list_add(struct conf_list *, const char *p, size_t len);
void	conf_list_free(struct conf_list *);

#endif
