#ifndef BATCH_H
#define BATCH_H

#include <stddef.h>

struct pulled;
struct round;

/*
 * What becomes one record: profiles that were fetched are looked at, made into
 * deltas, and committed, with the baselines that the next deltas are made by.
 * All of that is beside the loop; in between the election is asked.
 */

/*
 * Begin; takes the files of the n profiles over. The round is told when it is
 * over, also if it could not begin.
 */
void	batch_new(struct round *, const struct pulled *, size_t n);

#endif
