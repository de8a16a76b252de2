#ifndef PULLED_H
#define PULLED_H

#include <stddef.h>
#include <stdint.h>

/* A profile of a round, from its fetch to its record. */
enum pulled_fate {
	PULLED_FAILED,		/* it is no profile */
	PULLED_BROKEN,		/* our own disk or memory failed */
	PULLED_SENT,		/* as it came, or its delta */
	PULLED_FIRST,		/* kept, for the next one to be compared with */
	PULLED_RESTARTED	/* the same: it is another run's */
};

struct pulled {
	size_t		 kind;
	int		 fd;		/* as it came */
	int		 delta;		/* what is sent in its place; -1: none */
	uint64_t	 length;	/* of what is sent */
	int64_t		 start;		/* ns since 1970: of the fetch, or of */
	int64_t		 end;		/* what the delta is of */
	enum pulled_fate fate;
	const char	*why;		/* NULL: as it should be */
};

/* Is it the one that the next is compared with, if its kind grows? */
static inline int
pulled_kept(const struct pulled *p)
{
	return (p->fate != PULLED_FAILED && p->fate != PULLED_BROKEN);
}

#endif
