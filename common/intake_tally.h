#ifndef INTAKE_TALLY_H
#define INTAKE_TALLY_H

#include <stdint.h>

#include "histogram.h"

struct buf;
struct httpd_stats;

/* Why a draft was given up. */
enum intake_why { INTAKE_BAD, INTAKE_DISK, INTAKE_GONE, INTAKE_WHYS };

#define INTAKE_STATUS	600

/* What a program that takes profiles over HTTP counts, from its start. */
struct intake_tally {
	uint64_t answers[INTAKE_STATUS];	/* by status */
	uint64_t records;		/* committed */
	uint64_t discarded[INTAKE_WHYS];
	struct histogram request;	/* head's end to answer */
	struct histogram commit;	/* tried */
	struct histogram size;		/* of bodies committed */
	unsigned int uploads;		/* now */
	unsigned int waiting;		/* commits now */
	int	 error;			/* why the last record was not taken */
	int64_t	 settled;		/* when_mono of that, of the last commit,
					   or of the first one that waits */
};

/* One answered, that took so many ns; -1: it never became a request. */
void	intake_tally_answer(struct intake_tally *, int status, int64_t took);

/*
 * Append everything in the Prometheus text format (version 0.0.4), with the n
 * addresses listened on; figures are called prof_PROG_... -1: ENOMEM.
 */
int	intake_tally_print(const struct intake_tally *, const char *prog,
	    const struct httpd_stats *, char *const *addresses,
	    unsigned int n, struct buf *);

#endif
