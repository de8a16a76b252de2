#ifndef SCRATCH_H
#define SCRATCH_H

struct spool;

/*
 * A file without a name, to read and write, for what is on its way: it is gone
 * with its descriptor. In the spool's tmp/pull, or without one in $TMPDIR. -1
 * with errno.
 */
int	scratch_open(const struct spool *);

#endif
