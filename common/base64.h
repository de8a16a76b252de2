#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>

struct buf;

/* Base64 (RFC 4648), of either alphabet, with padding or without. */

/*
 * Decode to out, which has room for len bytes (it may be p), and say how many
 * it became. -1: it is none.
 */
int	base64_decode(const char *p, size_t len, char *out, size_t *n);

/* Append it, in the standard alphabet and padded. -1: ENOMEM. */
int	base64_encode(struct buf *, const char *p, size_t len);

#endif
