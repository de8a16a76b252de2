#ifndef REPORT_H
#define REPORT_H

#include <stddef.h>

#include "buf.h"

/* What came of a profile: what the worker sends back. */
enum report_state {
	REPORT_MADE,		/* all there was to make */
	REPORT_BAD,		/* the record, or the bare profile, is at
				   fault */
	REPORT_TROUBLE		/* the disk or memory: it may go better later */
};

#define REPORT_NOTES	32	/* at most */
#define REPORT_NOTE	512	/* bytes of one */
#define REPORT_WHY	200

struct report {
	enum report_state state;
	char		 why[REPORT_WHY];	/* unless it was made */
	struct buf	 metric;	/* line protocol, or nothing */
	struct buf	 point;
	struct buf	 notes;		/* "PART\0WHY\0" each */
	unsigned int	 nnotes;
	size_t		 last;		/* where the last of them begins */
};

/* All zeros is an empty one; empty it again. */
void	report_clear(struct report *);

/*
 * Say that a part was of no use, and why. The same at once again is not said,
 * and those beyond the bound are lost.
 */
void	report_note(struct report *, const char *part, const char *why);

/* The next one after *at (start with 0). 0: there is none. */
int	report_next(const struct report *, size_t *at, const char **part,
	    const char **why);

/* Of the profile as a whole; cut to fit. */
void	report_say(struct report *, enum report_state, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* Append it as bytes. -1: ENOMEM. */
int	report_encode(const struct report *, struct buf *);

/*
 * Take it from bytes: 1; 0: they are not all there; -1: they are none, or over
 * max bytes. They come from a process that has read what clients send: nothing
 * in them is trusted. -1 also without memory.
 */
int	report_decode(struct report *, const char *p, size_t len, size_t max);

#endif
