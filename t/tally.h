#ifndef TALLY_H
#define TALLY_H

#include <stddef.h>
#include <stdint.h>

/* What load counts. All zeros is an empty one. */
struct tally {
	uint64_t	 begun;
	uint64_t	 acked;		/* answered 200 */
	uint64_t	 refused;	/* answered something else */
	uint64_t	 retried;	/* begun again: the connection failed */
	uint64_t	 lost;		/* given up at the end */
	uint64_t	 bytes;		/* sent */
	unsigned int	 status[600];
	uint32_t	*sample;	/* latencies of 200s, us */
	size_t		 samples;
};

/* An answer that took ns. -1: ENOMEM. */
int	tally_answer(struct tally *, int status, int64_t ns);

/* Print a line of key=value; the run took ns. Frees the samples. */
void	tally_print(struct tally *, int64_t ns);

#endif
