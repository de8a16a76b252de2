#ifndef STAMP_H
#define STAMP_H

#include <stdint.h>

/*
 * The time that a supervisor's logger puts before a line: TAI64N as svlogd -t,
 * s6-log t and multilog write it (@4000...); ISO 8601 as svlogd -tt and -ttt
 * (UTC), s6-log T (a blank in the middle: local time) and journalctl -o
 * short-iso, short-iso-precise write it; unix seconds as -o short-unix does.
 */

/* Unix ns, and *rest behind the stamp. -1: there is none. */
int	stamp_parse(const char *line, int64_t *ns, const char **rest);

/* Was it TAI64N? s6's count leap seconds, 27 more than the others'. */
int	stamp_is_tai(const char *line);

#define STAMP_LEAP	27	/* seconds, since 2017 */

#endif
