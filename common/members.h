#ifndef MEMBERS_H
#define MEMBERS_H

#include <stdint.h>

struct buf;
struct event_facts;
struct form;
struct tagging;

/* What an event's missing members are made of. */
struct members {
	const struct form	 *form;
	const struct tagging *tagging;	/* decided */
	const struct event_facts *facts;	/* all zeros: there is no event */
};

/*
 * Append the members that the event lacks, `"format":"jfr","end":"..."`.
 * -1 with errno.
 */
int	members_write(const struct members *, struct buf *);

/*
 * When the profile starts and ends: by its event, else by its tags and fields,
 * else when it was received. In ns since 1970.
 */
int64_t	members_start(const struct members *);
int64_t	members_end(const struct members *);

/* The backend's name for its language (language.h), or "unknown". */
const char *members_language(const struct members *);

#endif
