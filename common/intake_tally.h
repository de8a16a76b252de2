#ifndef INTAKE_TALLY_H
#define INTAKE_TALLY_H

#include <stdint.h>

struct buf;
struct httpd_stats;

/* Why a draft was given up. */
enum intake_why { INTAKE_BAD, INTAKE_DISK, INTAKE_GONE, INTAKE_WHYS };

#define INTAKE_STATUS	600

/* What a program that takes profiles over HTTP counts, from its start. */
struct intake_tally {
	uint64_t answers[INTAKE_STATUS];	/* by status */
	uint64_t records;		/* committed */
	uint64_t bytes;			/* of their bodies */
	uint64_t discarded[INTAKE_WHYS];
	uint64_t commits;		/* tried, */
	int64_t	 commit_time;		/* and the ns they took in all */
	unsigned int uploads;		/* now */
	unsigned int waiting;		/* commits now */
};

void	intake_tally_answer(struct intake_tally *, int status);

/*
 * Append everything in the Prometheus text format (version 0.0.4), with the n
 * addresses listened on; figures are called prof_PROG_... -1: ENOMEM.
 */
int	intake_tally_print(const struct intake_tally *, const char *prog,
	    const struct httpd_stats *, char *const *addresses,
	    unsigned int n, struct buf *);

#endif
