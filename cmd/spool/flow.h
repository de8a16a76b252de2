#ifndef FLOW_H
#define FLOW_H

#include <stddef.h>
#include <stdint.h>

/*
 * How fast a count grows: what it was in the last minutes, so that whoever
 * reads the figures once has rates at once. Times are when_mono's.
 */
#define FLOW_MARKS	32

struct flow {
	struct {
		int64_t		at;
		int64_t		count;
	}		 mark[FLOW_MARKS];	/* a ring */
	size_t		 n;			/* noted so far */
};

/* Note what the count is now; every 10 s, five minutes are remembered. */
void	flow_note(struct flow *, int64_t now, int64_t count);

/*
 * By how much it grew a second, between the last mark and the oldest that is
 * no more than span ns before it. 0: too little is known.
 */
double	flow_rate(const struct flow *, int64_t span);

#endif
