#ifndef SHOW_H
#define SHOW_H

#include <stddef.h>
#include <stdint.h>

struct buf;

#define SHOW_TEXT	40	/* room for a number that a person reads */

/* 999, 12k, 3.4M: five characters at most. */
const char *show_count(char out[SHOW_TEXT], uint64_t n);

/* 12B, 3.4M, 5.6G: five characters at most. */
const char *show_bytes(char out[SHOW_TEXT], double bytes);

/* 45s, 12m, 3h5m, 9d: five characters at most, up to 99 hours. */
const char *show_span(char out[SHOW_TEXT], double seconds);

/* 0.5, 123, 4.5k a second; "-" for a negative one. */
const char *show_rate(char out[SHOW_TEXT], double a_second);

/* 2026-11-22T18:00:00Z */
const char *show_time(char out[SHOW_TEXT], double unix_seconds);

/* What PROG is called: prof-recv, prof-ship.main, command.copy. */
const char *show_title(char *out, size_t size, const char *prog);

/*
 * Append text in lines of at most width columns, the first behind `first`, the
 * others behind `rest`; bytes that are no printable ASCII become '?', for they
 * are a destination's or a client's. -1: ENOMEM.
 */
int	show_wrapped(struct buf *, const char *first, const char *rest,
	    const char *text, size_t width);

/* The same bytes in one line. */
int	show_line(struct buf *, const char *text);

#endif
