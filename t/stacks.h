#ifndef STACKS_H
#define STACKS_H

#include <stddef.h>
#include <stdint.h>

struct folded;

/*
 * What every decoder of stacks must keep to, whatever the bytes: it says why
 * it refuses them; what it takes, written as collapsed text and read again,
 * or as pprof, adds up to the same. Aborts where it does not.
 */
void	stacks_check(int (*decode)(struct folded *, const char *, size_t,
	    const char **), const uint8_t *in, size_t len);

#endif
