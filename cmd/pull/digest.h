#ifndef DIGEST_H
#define DIGEST_H

#include <stdint.h>

struct pulled;
struct spool;

/*
 * What becomes of what was fetched: its fate, why, and a delta. Reads whole
 * profiles into memory and takes its time, so it is for a thread.
 */

/* A profile inflates to so many times body_size_limit_mb at most. */
#define DIGEST_INFLATES	8

/* Of one that is taken as it comes; limit is body_size_limit. */
void	digest_plain(struct pulled *, uint64_t limit);

/*
 * Of one that grows: prev is what it was before, -1: not known. p->delta, an
 * empty scratch file, gets the delta.
 */
void	digest_grown(struct pulled *p, int prev, uint64_t limit,
	    const struct spool *);

#endif
