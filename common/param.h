#ifndef PARAM_H
#define PARAM_H

#include <stddef.h>

struct buf;

/*
 * A header value with parameters, as form-data; name="a"; filename="b"
 * (RFC 9110, 5.6.6; RFC 2183; RFC 7578).
 */
struct param {
	const char	*name;
	size_t		 name_len;
	const char	*value;		/* without its quotes */
	size_t		 value_len;
	int		 quoted;
};

/* The word in front of the parameters is that one, in any case. */
int	param_word(const char **p, const char *end, const char *word);

/* The parameter at *p, which moves behind it. 1; 0: none left; -1: bad. */
int	param_next(const char **p, const char *end, struct param *);

/* Is it called that, in any case? */
int	param_is(const struct param *, const char *name);

/*
 * Append its value. In a quoted one \" and \\ are undone (any other backslash
 * is itself: old browsers send paths), and %22, which browsers write for a
 * quote; %0D and %0A stay, so that a name never holds a line break. -1: ENOMEM.
 */
int	param_text(const struct param *, struct buf *out);

#endif
