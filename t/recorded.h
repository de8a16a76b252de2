#ifndef RECORDED_H
#define RECORDED_H

#include <stddef.h>
#include <stdint.h>

struct jfr_limits;
struct jfr_wish;
struct recording;

/* What a JFR recording is read as, for tests, and types to make one of. */

#define SECOND	INT64_C(1000000000)

#define RECORDED_BASES							\
	"type 1 long\ntype 2 int\ntype 3 short\ntype 4 char\n"		\
	"type 5 byte\ntype 6 boolean\ntype 7 float\ntype 8 double\n"		\
	"type 9 java.lang.String\n"
#define RECORDED_NOTES							\
	"type 20 jdk.jfr.Timespan\ntype 21 jdk.jfr.Timestamp\n"		\
	"type 22 jdk.jfr.DataAmount\ntype 23 jdk.jfr.Unsigned\n"		\
	"type 24 jdk.jfr.Frequency\ntype 25 jdk.jfr.Percentage\n"		\
	"type 26 jdk.jfr.MemoryAddress\ntype 27 jdk.jfr.Label\n"		\
	"type 28 jdk.jfr.MemoryAmount\n"

extern const struct jfr_limits recorded_limits;

/*
 * All that is told of a recording, as text to be freed: values, units behind
 * them, "; " behind an event; "~" a note, "!" an error.
 */
char	*recorded(const char *p, size_t len, const struct jfr_wish *, size_t n,
	    const struct jfr_limits *);

/* Is it that, within recorded_limits? If not it is printed. */
int	recorded_is(const struct recording *, const struct jfr_wish *,
	    size_t n, const char *expected);

/*
 * A chunk with one jdk.FileRead of this type and duration, and what wishes
 * for that; behind it an event of a type that is not described.
 */
void	recorded_read(struct recording *, int64_t clock, int plain,
	    const char *type, int64_t ticks);
extern const struct jfr_wish *const recorded_reads;

#endif
