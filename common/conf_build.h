#ifndef CONF_BUILD_H
#define CONF_BUILD_H

#include <stddef.h>

struct buf;
struct conf;
struct conf_key;
struct conf_section;

/*
 * A configuration while it is read: what it says so far, and what stood in
 * which line, to check it by when all is read.
 */

/* One header of a section, and the keys below it. */
struct conf_opening {
	const struct conf_section *section;
	size_t		 owner;		/* which of the targets, destinations */
	unsigned int	 line;		/* 0: it stands in no file */
	unsigned int	 at[32];	/* line of each key (CONF_KEYS_MAX of
					   them), in the table's order; 0: not
					   given */
	unsigned int	 wrong;		/* a bit for each that was refused */
};

struct conf_build {
	struct conf	*c;
	const char	*file;
	struct buf	*said;
	size_t		 errors;
	int		 failed;	/* memory ran out */
	struct conf_opening *v;		/* in the file's order */
	size_t		 n;
	int		 ignore;	/* keys here: their section was refused */
};

/* A line for said, of an error or a warning; key may be NULL, line 0. */
void	conf_build_error(struct conf_build *, unsigned int line,
	    const char *key, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));
void	conf_build_warning(struct conf_build *, unsigned int line,
	    const char *key, const char *fmt, ...)
	    __attribute__((format(printf, 4, 5)));

/*
 * Begin a section, with a new owner if it begins one. NULL: ENOMEM. The
 * opening stays where it is until the next one is made.
 */
struct conf_opening *conf_build_open(struct conf_build *,
	    const struct conf_section *, unsigned int line);

/*
 * Of a key in the section that o is of: its row (an alias has that of the key
 * it stands for), or NULL; its line, or 0; and whether it was refused.
 */
const struct conf_key *conf_build_row(const struct conf_opening *o,
	    const char *key);
unsigned int conf_build_line(const struct conf_opening *o, const char *key);
int	conf_build_wrong(const struct conf_opening *o, const char *key);

/* A section header, and a key, as conf_read tells of them. */
void	conf_build_section(struct conf_build *, const char *name,
	    unsigned int line);
void	conf_build_key(struct conf_build *, const char *key,
	    const char *value, unsigned int line);

#endif
