#ifndef DERIVE_H
#define DERIVE_H

struct report;
struct spool;

/*
 * Commit what was made of the record in fd, whose id must be that: records of
 * kind metric and point, whose ids are functions of it. Blocks, and may run in
 * several threads. Made before and still in new/ is as good. Returns how many
 * there are; -1 with *why and errno, 0 if the record is at fault.
 */
int	derive_commit(struct spool *, int fd, const char *id,
	    const struct report *, const char **why);

#endif
