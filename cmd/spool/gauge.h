#ifndef GAUGE_H
#define GAUGE_H

#include <stddef.h>

struct buf;
struct consumer;
struct manager;

/* A figure that each queue has. */
struct gauge {
	const char	*name;
	const char	*help;
	double		(*value)(const struct consumer *);
	int		 digits;	/* behind the point */
};

/* Append n of them, of all queues, as expose.h has it. -1: ENOMEM. */
int	gauge_write(const struct gauge *, size_t n, const struct manager *,
	    struct buf *);

#endif
