#ifndef SCHEDULE_H
#define SCHEDULE_H

#include <stdint.h>

/*
 * When rounds are due: spread over the interval by a hash of the target, the
 * same on every start, so that many targets do not come all at once and a
 * restart changes nothing. All times in ns.
 */

/* Of a target's url, and which of several with the same url it is. */
uint64_t schedule_hash(const char *url, unsigned int nth);

/* From now (of the wall clock) to the first round that is due. */
int64_t	schedule_first(uint64_t hash, int64_t interval, int64_t now);

/*
 * The round behind one that was due at due, seen at now (when_mono): those
 * that are past by then are left out, and *skipped says how many.
 */
int64_t	schedule_next(int64_t due, int64_t interval, int64_t now,
	    uint64_t *skipped);

#endif
