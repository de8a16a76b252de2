#ifndef CONF_READ_H
#define CONF_READ_H

#include <stdio.h>

/*
 * The lines of a configuration file, made fit for inih's stream reader and
 * read by it. What profile.conf has of TOML (indentation, [[x]], inputs.,
 * quotes, lists, comments behind values) and what inih would misread silently
 * is settled here, line by line; lines are counted here too.
 */

#define CONF_LINE_MAX		4096	/* bytes without the line's end */
#define CONF_SECTION_MAX	49	/* bytes; inih would cut the rest off */

struct conf_read_calls {
	/* A section header, without brackets and inputs.; NULL: a wrong one,
	   of which on_wrong has been told. */
	void	(*on_section)(const char *name, unsigned int line, void *arg);
	/* value still has its quotes: see conf_text_parse, which takes it. */
	void	(*on_key)(const char *key, const char *value, unsigned int line,
		    void *arg);
	/* A line that is refused; key may be NULL. */
	void	(*on_wrong)(const char *key, const char *why, unsigned int line,
		    void *arg);
};

/* Read f to its end. -1: errno says why reading failed. */
int	conf_read(FILE *f, const struct conf_read_calls *, void *arg);

#endif
