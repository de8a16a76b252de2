#ifndef VITALS_H
#define VITALS_H

#include <stdint.h>

struct buf;
struct spool;

/*
 * What every program says of itself in stat/PROG, beside its own figures:
 * prof.7, "STATISTICS". All zeros is one that has said nothing yet.
 */
struct vitals {
	int64_t		 started;	/* unix ns of the first writing */
	uint64_t	 starts;	/* one more than its predecessor's */
};

/*
 * Put text, a program's own figures, and its vitals behind them in stat/PROG.
 * They are appended to text, which stays the caller's. -1 with errno.
 */
int	vitals_write(struct vitals *, struct spool *, const char *prog,
	    struct buf *text);

#endif
