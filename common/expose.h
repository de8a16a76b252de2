#ifndef EXPOSE_H
#define EXPOSE_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Figures in the Prometheus text format 0.0.4. Each appends; -1: ENOMEM.
 */

/*
 * The lines in front of a figure's samples. type: counter, gauge, histogram.
 */
int	expose_type(struct buf *, const char *name, const char *type,
	    const char *help);

/* A figure of one sample without labels. */
int	expose_one(struct buf *, const char *name, const char *type,
	    const char *help, uint64_t value);

/* A label's value: what would end it is escaped, what is no UTF-8 a "?". */
int	expose_label(struct buf *, const char *value);

/*
 * Bytes of the character at p, of which there are len and one at least; 0: it
 * is no UTF-8 (RFC 3629), which the format does not allow.
 */
size_t	expose_character(const char *p, size_t len);

#endif
