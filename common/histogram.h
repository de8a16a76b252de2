#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

struct buf;

/*
 * How often a value was how large, as Prometheus' histograms have it. All
 * zeros is an empty one. Not for several threads.
 *
 * Times, from 1 ms to 1 min, 1-2.5-5 in each power of ten: an fsync takes from
 * 1 ms (flash) to 50 (disks that turn), an upload from one round trip to the
 * 30 s and more of a timeout; what is faster than 1 ms needs no telling apart.
 * Sizes, from 1 KiB to 256 MiB, each four times the one before: profiles have
 * from a few KiB to some MiB, and 256 MiB is more than is taken.
 */
#define HISTOGRAM_BUCKETS	16	/* the last: all that is larger */

struct histogram {
	uint64_t	 counts[HISTOGRAM_BUCKETS];
	uint64_t	 sum;		/* of the values: ns or bytes */
};

void	histogram_time(struct histogram *, int64_t ns);
void	histogram_size(struct histogram *, uint64_t bytes);

/*
 * Append it, of times in seconds or of sizes in bytes, with its HELP and TYPE;
 * label is a further one as in queue="main", or "". -1: ENOMEM.
 */
int	histogram_print_times(const struct histogram *, struct buf *,
	    const char *name, const char *label, const char *help);
int	histogram_print_sizes(const struct histogram *, struct buf *,
	    const char *name, const char *label, const char *help);

#endif
