#ifndef REDACT_H
#define REDACT_H

#include <stddef.h>

struct buf;

/*
 * What a client sends that must not reach the disk. Is this the name of a
 * header or of a query parameter that carries a secret? Any case; a name is
 * one that holds one of the words in redact.c, so that X-Vault-Token and
 * dd-api-key need no line of their own.
 */
int	redact_name(const char *name, size_t len);

/*
 * Append a query (what stands behind the ?), with the values of secret
 * parameters replaced by "redacted". Names are compared percent-decoded.
 * -1: ENOMEM.
 */
int	redact_query(struct buf *, const char *query);

#endif
