#ifndef ATTIME_H
#define ATTIME_H

#include <stddef.h>
#include <stdint.h>

/*
 * A time as Pyroscope's clients write it in from= and until= (grafana/pyroscope,
 * pkg/util/attime). Blanks, "_" and "," do not count, wherever they stand.
 *
 *   only digits   8 that are a day of 1901 to 2261 (20260131): its midnight,
 *                 UTC; 13: milliseconds since 1970; 16: microseconds; 19:
 *                 nanoseconds; any other number of them: seconds
 *   all else      now, plus or minus what stands behind the first "+" or, where
 *                 there is none, the first "-": a number, and a unit that
 *                 begins with s, mon or M (30 days), m (minutes, so ms, too),
 *                 h, d, w or y (365 days); any other unit is 0 long. What
 *                 stands in front of the sign is not looked at, and neither is
 *                 what comes behind the unit's first letters: now-1h30m is
 *                 an hour ago, 2026-01-31 is now
 *
 * No byte at all is now, too. Times are in nanoseconds since 1970.
 * -1: over 64 bytes that count, or no time of 64 bits (the reference wraps
 * around).
 */
int	attime_parse(const char *p, size_t len, int64_t now, int64_t *ns);

#endif
