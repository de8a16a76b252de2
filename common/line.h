#ifndef LINE_H
#define LINE_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * InfluxDB's line protocol, as its EBNF (influxdata/line-protocol) and its
 * reference page have it:
 *
 *   MEASUREMENT[,TAG=VALUE]... FIELD=VALUE[,FIELD=VALUE]... NANOSECONDS
 *
 * Names are measurement, tag, tag value and field. Of them the protocol cannot
 * carry everything, so that here, as in the reference's point checker, a
 * control byte becomes a space and backslashes at the end go. In names and
 * texts what is no UTF-8 becomes U+FFFD. All else comes back from a parser as
 * it was, line feeds in texts too (they are not escaped: only within quotes).
 */
struct line;

/* Lines are appended to out, which stays the caller's. NULL: ENOMEM. */
struct line *line_new(struct buf *out);

/*
 * Another line; one that was not ended is forgotten. measurement is not empty
 * and does not begin with #. Errors of these are told by line_end.
 */
void	line_begin(struct line *, const char *measurement);

/*
 * In any order: they are sorted by key. The last of several of one key counts;
 * one without key or value is left out.
 */
void	line_tag(struct line *, const char *key, const char *value,
	    size_t len);

/* In the order they are to stand in. A field that is not finite is left out. */
void	line_int(struct line *, const char *field, int64_t);
void	line_float(struct line *, const char *field, double);
void	line_bool(struct line *, const char *field, int);
void	line_text(struct line *, const char *field, const char *p, size_t len);

/*
 * Write it, with a line feed. Without a field there is no line, and nothing is
 * written. -1: ENOMEM, and out holds what it held before.
 */
int	line_end(struct line *, int64_t unix_ns);

void	line_free(struct line *);

#endif
