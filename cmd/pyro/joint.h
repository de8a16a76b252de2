#ifndef JOINT_H
#define JOINT_H

#include <stddef.h>

struct buf;
struct origin;
struct product;

/*
 * Which profiles of which clients are joined into one record: a set. Its parts
 * are files, each once; with all of them it is complete.
 */
struct joint {
	const char	*spy;
	const char	*const *files;
	size_t		 n;
	int		 spans;		/* its times are those of all parts;
					   else those of the first file's */
};

/* By the client's name, which may be NULL. NULL: they are not joined. */
const struct joint *joint_find(const char *spy);

/* A file as a bit, 1 << its place in files; 0: it is none of them. */
unsigned int joint_bit(const struct joint *, const char *file);

/*
 * The files of a product, as bits. 0: it has one that is
 * none of these, and is not joined.
 */
unsigned int joint_bits(const struct joint *, const struct product *);

/* Of a bit set: has it all files? */
int	joint_complete(const struct joint *, unsigned int bits);

/*
 * Append what parts of one set have in common; listener is what they came in
 * by. 1; 0: this profile goes alone; -1: ENOMEM.
 */
int	joint_key(const struct joint *, const struct origin *,
	    const char *listener, struct buf *);

#endif
