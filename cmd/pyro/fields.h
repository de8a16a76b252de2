#ifndef FIELDS_H
#define FIELDS_H

#include <stddef.h>

/* A multipart/form-data body that is in memory: what its parts are. */
struct field {
	char		*name;		/* "": none */
	const char	*p;		/* its content, in the body */
	size_t		 len;
};

struct fields {
	struct field	*field;
	size_t		 n;
};

/*
 * Take a body apart, at most n parts. -1: *why; free the parts in either case.
 */
int	fields_read(struct fields *, const char *content_type, const char *p,
	    size_t len, size_t n, const char **why);
void	fields_free(struct fields *);

/*
 * The part of that name; *found is NULL where there is none. -1: there are
 * several, and *why says so.
 */
int	fields_find(const struct fields *, const char *name,
	    const struct field **, const char **why);

#endif
