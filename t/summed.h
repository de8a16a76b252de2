#ifndef SUMMED_H
#define SUMMED_H

#include <stddef.h>
#include <stdint.h>

struct folded;

/*
 * What stacks must keep to, whoever decoded them: written as collapsed text
 * and read again, or as pprof, they add up to the same. Aborts where not.
 */
void	summed_hold(const struct folded *);

/* So must those of this decoder; or it says why there are none. */
void	summed_check(int (*decode)(struct folded *, const char *, size_t,
	    const char **), const uint8_t *in, size_t len);

#endif
