#ifndef SECRET_H
#define SECRET_H

#include <stddef.h>

struct buf;

/*
 * What a client sends that must not reach the disk. Is this the name of a
 * header or of a query parameter that carries a secret? Any case; a name is
 * one that holds one of the words in secret.c, so that X-Vault-Token and
 * dd-api-key need no line of their own.
 */
int	secret_name(const char *name, size_t len);

/*
 * Append a query (what stands behind the ?), with the values of secret
 * parameters replaced by "redacted". Names are compared percent-decoded.
 * -1: ENOMEM.
 */
int	secret_query(struct buf *, const char *query);

#endif
