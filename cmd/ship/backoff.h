#ifndef BACKOFF_H
#define BACKOFF_H

#include <stdint.h>

/* min doubled n times, at most max; in ns. */
int64_t	backoff_step(int64_t min, int64_t max, unsigned int n);

/* Full jitter: anything from 0 to ns. */
int64_t	backoff_full(int64_t ns);

/*
 * Three quarters of ns to all of it: enough to part those that failed
 * together, and what has doubled is still longer than what came before.
 */
int64_t	backoff_part(int64_t ns);

#endif
