#ifndef COUNTS_H
#define COUNTS_H

#include <stdint.h>

struct buf;

/* What prof-metrics counts, for stat/metrics. */
enum counts_verdict { COUNTS_OK, COUNTS_RETRY, COUNTS_DEAD, COUNTS_BACK,
    COUNTS_VERDICTS };

struct counts {
	uint64_t	verdicts[COUNTS_VERDICTS];
	uint64_t	made[2];	/* records of kind metric, point */
	uint64_t	notes;		/* parts of no use */
	uint64_t	killed;		/* orders that the worker ended over */
	int64_t		last_ok;	/* unix ns; 0: never */
};

/* What holds now. */
struct counts_now {
	unsigned int	 in_hand;
	unsigned int	 window;
	unsigned long	 starts;	/* of a worker */
};

/* Append them in Prometheus' text format. -1: ENOMEM. */
int	counts_text(const struct counts *, const struct counts_now *,
	    struct buf *out);

#endif
