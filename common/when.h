#ifndef WHEN_H
#define WHEN_H

#include <sys/time.h>

#include <stddef.h>
#include <stdint.h>

#define WHEN_SECOND	INT64_C(1000000000)
#define WHEN_TEXT	40	/* room for any text made here, with its NUL */

/*
 * Nanoseconds since 1970 by the wall clock; by a clock that never jumps, and
 * that goes on while the machine is suspended, as leases do.
 */
int64_t	when_now(void);
int64_t	when_mono(void);

/*
 * So many nanoseconds as timers take them, in whole microseconds; none where
 * they are negative.
 */
struct timeval when_timeval(int64_t ns);

/*
 * RFC 3339 with 0 to 9 fraction digits and a zone, such as
 * 2026-11-22T10:00:39.895Z or ...+08:00, to nanoseconds since 1970.
 * -1: not that, or out of the years 1678 to 2261.
 */
int	when_parse(const char *p, size_t len, int64_t *ns);

/*
 * UTC with a Z. digits of fraction 0 to 9; -1: as many as are needed (Go's
 * RFC3339Nano). Returns the length.
 */
size_t	when_format(char out[WHEN_TEXT], int64_t ns, int digits);

/*
 * A duration as Go writes it (1m30s, 75s, 500ms, 1.5h, 0) to nanoseconds.
 * -1: not that, negative, or too long for 63 bits.
 */
int	when_duration(const char *s, int64_t *ns);

#endif
