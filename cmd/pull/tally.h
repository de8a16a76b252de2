#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

#include "elect.h"
#include "fetch.h"
#include "histogram.h"
#include "kind.h"

struct buf;
struct pull;

/* Why a round that was due was not begun. */
enum tally_missed { TALLY_BUSY, TALLY_FULL, TALLY_UNABLE, TALLY_NOT_ELECTED,
    TALLY_LATE, TALLY_MISSED };

/* What a fetch came to: its end, then what its bytes are. */
enum { TALLY_NO_PROFILE = FETCH_ENDS, TALLY_RESULTS };

/* What prof-pull counts, from its start. */
struct tally {
	uint64_t rounds;		/* begun */
	uint64_t missed[TALLY_MISSED];
	uint64_t fetches[KINDS][TALLY_RESULTS];
	uint64_t fetched;		/* bytes */
	uint64_t first;			/* profiles kept for a delta to come, */
	uint64_t restarted;		/* and those because of a restart */
	uint64_t records;		/* committed */
	uint64_t lost_records;		/* not committed: the spool, */
	uint64_t late_records;		/* or elected no more */
	struct histogram commit;	/* tried */
	struct histogram size;		/* of bodies committed */
	uint64_t elections[ELECT_CHANGES];
	unsigned int running;		/* rounds now */
};

/* Append everything in the Prometheus text format (0.0.4). -1: ENOMEM. */
int	tally_print(const struct pull *, struct buf *);

#endif
