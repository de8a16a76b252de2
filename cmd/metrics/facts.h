#ifndef FACTS_H
#define FACTS_H

#include <stddef.h>

#include "buf.h"

struct profile;

/*
 * An event as it goes out, and its members that are texts or numbers, with
 * those that it lacks; where a key stands twice, the last.
 */
struct facts {
	struct buf	 event;		/* the JSON text */
	struct buf	 lacks;		/* another one, of what it lacks */
	const struct buf *text;		/* that is being read */
	struct facts_member {
		char		*key;
		char		*value;		/* decoded */
	}		*member;
	size_t		 n;
	int		 broken;	/* out of memory */
};

/* Members beyond so many, and values longer than that, are left out. */
#define FACTS_MAX	256
#define FACTS_VALUE	65536

/* Of an event that is no JSON there are none. -1 with errno. */
int	facts_read(struct facts *, const struct profile *);
const char *facts_find(const struct facts *, const char *key);
void	facts_clear(struct facts *);

#endif
