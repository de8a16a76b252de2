#ifndef POINT_H
#define POINT_H

#include <stddef.h>

struct facts;
struct profile;
struct record;
struct sheet;

/*
 * Add the tags and fields of the point that a backend keeps of a profile to
 * the sheet's line, which is begun: its event as message, its times in
 * microseconds, and what is known of it by its tags, by its event and by the
 * labels of its samples. prof-metrics(8) lists them.
 */
void	point_add(struct sheet *, const struct profile *, const struct record *,
	    const struct facts *, const char *language);

/* The keys of tags that are to be looked up for it. How many there are. */
#define POINT_KEYS	40	/* at most */

size_t	point_keys(const char *keys[POINT_KEYS]);

#endif
