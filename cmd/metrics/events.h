#ifndef EVENTS_H
#define EVENTS_H

#include <stddef.h>

struct buf;
struct jfr_limits;
struct jfr_report;

/*
 * Append what a recording (JFR) has in it, as `jfr summary` shows it: version,
 * chunks, start, duration, and then each type of event, how many there are,
 * and their bytes, the most frequent first. -1: EINVAL, and *why says what is
 * wrong with it, or ENOMEM. A note in the report: it is incomplete.
 */
int	events_list(const char *p, size_t len, const struct jfr_limits *,
	    struct buf *out, struct jfr_report *, const char **why);

#endif
