#ifndef ELECT_BASE64_H
#define ELECT_BASE64_H

#include <stddef.h>

/* RFC 4648, with padding: as text that is to be freed. NULL: ENOMEM. */
char	*elect_base64(const char *p, size_t len);

/*
 * Decoded, with a NUL behind it that *len does not count; to be freed. NULL:
 * it is none (EINVAL), or ENOMEM.
 */
char	*elect_base64_decode(const char *text, size_t *len);

#endif
