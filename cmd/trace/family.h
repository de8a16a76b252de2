#ifndef FAMILY_H
#define FAMILY_H

#include <stddef.h>

#include "uuid.h"

/* The ids that a prefix may mean, and those made from them. */
struct family {
	const char	*prefix;
	char		(*v)[UUID_TEXT];
	size_t		 n;
	int		 error;		/* errno of what could not be read */
};

#define FAMILY_MAX	1000	/* more are as good as none */

/* Note an id that begins at the same moment. -1: ENOMEM. */
int	family_add(struct family *, const char *id);

/* Note all that the spool knows, root being open. -1: ENOMEM. */
int	family_search(struct family *, int root);

/*
 * The one that is meant: of a record and what was made from it, that record.
 * NULL: none, or several (*second is another).
 */
const char *family_pick(const struct family *, const char **second);

/* Was id made from parent? */
int	family_derived(const char *id, const char *parent);

#endif
