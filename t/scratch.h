#ifndef SCRATCH_H
#define SCRATCH_H

struct spool;

/*
 * A spool in $TMPDIR with one queue, q: the same at each call, and removed when
 * the process exits.
 */
struct spool *scratch_spool(void);

#endif
