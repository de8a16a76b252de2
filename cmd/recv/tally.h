#ifndef TALLY_H
#define TALLY_H

#include <stdint.h>

struct buf;
struct httpd_stats;

/* Why a draft was given up. */
enum tally_why { TALLY_BAD, TALLY_DISK, TALLY_GONE, TALLY_WHYS };

#define TALLY_STATUS	600

/* What prof-recv counts, from its start. */
struct tally {
	uint64_t answers[TALLY_STATUS];	/* by status */
	uint64_t records;		/* committed */
	uint64_t bytes;			/* of their bodies */
	uint64_t discarded[TALLY_WHYS];
	uint64_t commits;		/* tried, */
	int64_t	 commit_time;		/* and the ns they took in all */
	unsigned int uploads;		/* now */
	unsigned int waiting;		/* commits now */
};

void	tally_answer(struct tally *, int status);

/*
 * Append everything in the Prometheus text format (version 0.0.4), with the n
 * addresses listened on. -1: ENOMEM.
 */
int	tally_print(const struct tally *, const struct httpd_stats *,
	    char *const *addresses, unsigned int n, struct buf *);

#endif
