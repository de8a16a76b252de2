#ifndef SCRATCH_H
#define SCRATCH_H

#include <stddef.h>
#include <stdint.h>

struct spool;

/*
 * Files without a name, to read and write, for what is on its way; they are
 * gone with their descriptors. Small ones are in memory, for files made and
 * removed in masses are slow on some file systems (spare.h); large ones, and
 * all where many are in memory already, in the spool's tmp/pull, or without a
 * spool in $TMPDIR.
 */
#define SCRATCH_SMALL	((uint64_t)256 * 1024)		/* bytes of one, */
#define SCRATCH_MEMORY	((uint64_t)16 * 1024 * 1024)	/* and of all */

/* A new one. -1 with errno. */
int	scratch_open(void);

/*
 * Append, at is how much is in it; fd becomes a file of the disk's when it is
 * time. -1 with errno.
 */
int	scratch_write(int fd, const struct spool *, uint64_t at, const void *p,
	    size_t len);

/* Close it; -1 is none. Of copies of its descriptor just one. */
void	scratch_close(int fd);

#endif
