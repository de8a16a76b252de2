#ifndef UUID_H
#define UUID_H

#include <stdint.h>

#define UUID_LEN	36
#define UUID_TEXT	(UUID_LEN + 1)	/* with its NUL */

/* A new UUIDv7 (RFC 9562, 5.7): milliseconds of the wall clock, then random. */
void	uuid_v7(char out[UUID_TEXT]);

/*
 * The id of what is made from parent: its time, and for the rest a hash of it,
 * kind and index, so that the same is made twice under the same id.
 */
void	uuid_derive(char out[UUID_TEXT], const char *parent, const char *kind,
	    unsigned int index);

/* The time in a UUIDv7, in milliseconds since 1970. */
int64_t	uuid_time(const char *s);

/* Is s a UUID in lower case: 8-4-4-4-12 hexadecimal digits, and no more? */
int	uuid_valid(const char *s);

#endif
