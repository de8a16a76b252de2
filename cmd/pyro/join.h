#ifndef JOIN_H
#define JOIN_H

#include <stdint.h>

struct joint;
struct keep;

#define JOIN_NAME	48	/* room for a part's name */

/* The parts of a set become its record. */
struct join {
	struct keep	*keep;
	const char	*id;		/* of the set, and of the record */
	const struct joint *joint;
	unsigned int	 parts;		/* bits: the first file of each */
	/* What came of it: */
	uint64_t	 length;	/* of the record's body */
	unsigned int	 files;		/* bits: those in the record */
	unsigned int	 bad;		/* parts that cannot be read: they stay
					   where they are, */
	const char	*why;		/* and why the last of them cannot */
};

/* What a part is called in keep/pyro; bit is its first file's. */
void	join_name(char out[JOIN_NAME], const char *id, unsigned int bit);

/*
 * Commit the record, with its parts gone. Blocks. 0; 1: it is committed, and
 * keep_finish is to be said until it succeeds; -1: errno, nothing has changed.
 */
int	join(struct join *);

#endif
