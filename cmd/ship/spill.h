#ifndef SPILL_H
#define SPILL_H

#include <stddef.h>
#include <stdint.h>

/*
 * A text of any length: in memory up to SPILL_MAX bytes, beyond that in a
 * nameless file in $TMPDIR.
 */
#define SPILL_MAX	65536

struct spill;

struct spill *spill_new(void);
void	spill_free(struct spill *);

/* Append. -1 with errno. */
int	spill_add(struct spill *, const void *p, size_t len);

uint64_t spill_length(const struct spill *);

/* Exactly len bytes at off, once all is added. -1 with errno. */
int	spill_read(const struct spill *, uint64_t off, void *p, size_t len);

/* No more is added. -1 with errno. */
int	spill_close(struct spill *);

#endif
