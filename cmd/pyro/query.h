#ifndef QUERY_H
#define QUERY_H

#include <stdint.h>

struct buf;
struct origin;

/*
 * The query of POST /ingest, as Go's net/url takes it apart: pairs between
 * ampersands, "+" a blank, %XX a byte; of two of a name the first counts, and
 * what is malformed or holds a semicolon is none.
 */

/*
 * Append the value of a parameter. 1; 0: there is none, or it is empty, which
 * is the same to Pyroscope; -1: ENOMEM.
 */
int	query_value(const char *query, const char *name, struct buf *);

/*
 * Fill a new origin with what the query says: name (required), from,
 * until, spyName, units, aggregationType, sampleRate, and the defaults of what
 * it does not say; now is for the times. -1: *why says what is wrong, or "out
 * of memory"; free it in either case.
 */
int	query_read(const char *query, int64_t now, struct origin *,
	    const char **why);

#endif
