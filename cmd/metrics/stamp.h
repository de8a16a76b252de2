#ifndef STAMP_H
#define STAMP_H

struct facts;
struct line;
struct profile;
struct record;

/*
 * The tags of a metric point: language, host, service, env and version of the
 * profile; before them go the record's global-tag lines, before those its tag
 * lines, and before all the event's sub_custom_tags. Unlike an event, where
 * global tags fill gaps only: so it is in the reference.
 */
void	stamp(struct line *, const struct profile *, const struct record *,
	    const struct facts *, const char *language);

#endif
