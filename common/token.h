#ifndef TOKEN_H
#define TOKEN_H

#include <stddef.h>

/*
 * Bearer tokens that clients may show, from a file with one a line. Only
 * digests of them are kept.
 */
struct tokens;

#define TOKEN_FILE_MAX	65536	/* bytes of the file */
#define TOKEN_MAX	1000	/* tokens in it */

/*
 * Read path, which is copied. Blank lines, and those that begin with #, are
 * none; a token holds no blanks or control bytes. NULL: errno, or 0 and *why.
 */
struct tokens *tokens_new(const char *path, const char **why);
void	tokens_free(struct tokens *);

/*
 * If the file has changed read it again: 1. 0: it has not. -1: it cannot be
 * read, or is wrong, as tokens_new says; those read before stay.
 */
int	tokens_renew(struct tokens *, const char **why);

/* Is p one of them? It takes as long whatever it is, but for its length. */
int	tokens_match(const struct tokens *, const char *p, size_t len);

#endif
