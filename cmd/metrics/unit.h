#ifndef UNIT_H
#define UNIT_H

#include <stdint.h>

struct pprof_sums;
struct sheet;
struct sheet_file;

/* What a sum of a pprof counts. */
enum unit { UNIT_COUNT, UNIT_TIME, UNIT_BYTES };

/*
 * The sum of a sample type, in nanoseconds or bytes; a unit that is not known
 * is taken for those, and noted. 1; 0: there is no such type, or it is out of
 * range, which is noted.
 */
int	unit_sum(struct sheet *, const struct sheet_file *,
	    const struct pprof_sums *, const char *type, enum unit,
	    int64_t *sum);

#endif
