#ifndef INTAKE_TROUBLE_H
#define INTAKE_TROUBLE_H

#include <stdint.h>

/*
 * Uploads that were refused because of the spool: each would fail like the one
 * before, hundreds in a second, so each reason is said at once and then every
 * ten seconds. Zeros are none. It speaks for the program, so it logs.
 */
#define INTAKE_REASONS	8

struct intake_trouble {
	struct {
		const char	*why;	/* a fixed sentence; NULL: unused */
		int64_t		 again;	/* when_mono: not said before */
	}		 reason[INTAKE_REASONS];
	int64_t		 last;		/* when_mono of the last upload */
	uint64_t	 refused;	/* in all, */
	uint64_t	 said;		/* and when a line was written last */
};

/* One more, for this reason; cause is an errno, or 0. */
void	intake_trouble_refused(struct intake_trouble *, const char *remote,
	    const char *why, int cause);

/* One was taken: it is over when none was refused for a second. */
void	intake_trouble_taken(struct intake_trouble *);

#endif
