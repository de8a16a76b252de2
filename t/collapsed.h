#ifndef COLLAPSED_H
#define COLLAPSED_H

#include <stddef.h>

struct folded;

/* A decoder of folded.h. */
typedef int	decoder(struct folded *, const char *, size_t, const char **);

/* By the format's name, or what begins with it. */
decoder	*decoder_of(const char *format);

/*
 * Collapsed text, or "! " and what is wrong, of at most 1 MiB of stacks of at
 * most 100 frames; to be freed.
 */
char	*collapsed_of(decoder *decode, const char *p, size_t len);

/* At most 64 lines, sorted; the text is freed, the result is to be. */
char	*collapsed_sort(char *text);

/* Are these, sorted, what is expected? Says so where they are not. */
int	collapsed_is(decoder *decode, const char *p, size_t len,
	    const char *expected);

/* The bytes of a string literal that may have NULs in it. */
#define COLLAPSED_IS(decode, bytes, expected)	\
	collapsed_is(decode, bytes, sizeof(bytes) - 1, expected)

#endif
