#ifndef EXPOSE_H
#define EXPOSE_H

#include <stdint.h>

struct buf;

/*
 * Figures in the Prometheus text format 0.0.4. Each appends; -1: ENOMEM.
 */

/* The lines in front of a figure's samples. type: counter, gauge, summary. */
int	expose_type(struct buf *, const char *name, const char *type,
	    const char *help);

/* A figure of one sample without labels. */
int	expose_one(struct buf *, const char *name, const char *type,
	    const char *help, uint64_t value);

/* A label's value: what would end it is escaped. */
int	expose_label(struct buf *, const char *value);

#endif
