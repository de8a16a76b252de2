#ifndef SENT_H
#define SENT_H

#include <stddef.h>

#include "buf.h"
#include "record.h"

/* A body made a record and then a parcel, as unit tests need it. */
struct sent {
	struct record	 r;
	struct buf	 body;		/* what is sent, once it is read */
	int		 fd;
	struct parcel	*parcel;	/* NULL: why, and errno */
	const struct profile *profile;	/* the parcel's */
	const char	*why;
	int		 error;
};

#define SENT_RECEIVED	"2026-11-22T12:00:00.5Z"

/*
 * lines are "name value" for record_add, NULL behind the last. The tags "team"
 * and "long" can be looked up.
 */
void	sent_make(struct sent *, const struct buf *body, const char *type,
	    const char *const *lines);

/* Read the parcel in pieces of step bytes. -1: it does not end where it says. */
int	sent_read(struct sent *, size_t step);

/* The part of the parcel that is its event. NULL: none is. */
const struct parcel_part *sent_event(const struct sent *);

void	sent_free(struct sent *);

#endif
