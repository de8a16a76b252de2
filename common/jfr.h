#ifndef JFR_H
#define JFR_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Recordings of JDK Flight Recorder, version 2.x, as JDK 11 and later,
 * async-profiler and Datadog's profiler write them: a row of chunks, each with
 * its own clock, its own description of its types (metadata), and constants
 * that its events refer to. Where a field stands and what it means is taken
 * from that description, never from the producer's version.
 *
 * There is no specification. What is known is in OpenJDK's jdk.jfr.internal
 * (consumer.ChunkHeader, MetadataReader, consumer.StringParser) and in JDK
 * Mission Control's flightrecorder.internal.parser.v1.
 *
 * The recording is borrowed, and so is every text that a value points to.
 */

/* A text as it stands in the recording; see jfr_text_utf8. */
enum jfr_form { JFR_NULL, JFR_EMPTY, JFR_POOLED, JFR_UTF8, JFR_CHARS,
    JFR_LATIN1, JFR_PLAIN_CHARS };

struct jfr_text {
	const char	*p;
	size_t		 len;		/* bytes at p */
	int64_t		 key;		/* JFR_POOLED: of the constant */
	enum jfr_form	 form;
};

enum jfr_kind {
	JFR_NONE,	/* no such field, or a constant that is not there */
	JFR_INTEGER,	/* boolean, byte, short, char, int, long */
	JFR_REAL,	/* float, double; integer has it truncated */
	JFR_TEXT
};

/* What its annotations say that a number is. */
enum jfr_unit {
	JFR_NUMBER,
	JFR_SPAN,	/* jdk.jfr.Timespan: converted to nanoseconds */
	JFR_TIME,	/* jdk.jfr.Timestamp: to nanoseconds since 1970 */
	JFR_BYTES,	/* jdk.jfr.DataAmount, MemoryAmount */
	JFR_BITS,	/* jdk.jfr.DataAmount of BITS */
	JFR_HERTZ,	/* jdk.jfr.Frequency */
	JFR_SHARE,	/* jdk.jfr.Percentage: 1 is all of it */
	JFR_ADDRESS	/* jdk.jfr.MemoryAddress */
};

struct jfr_value {
	enum jfr_kind	 kind;
	enum jfr_unit	 unit;
	int64_t		 integer;	/* truncated, and at the end of its
					   range where it is beyond it */
	double		 real;		/* the same number */
	struct jfr_text	 text;
};

/*
 * What is wanted of a recording: events of a type, by its name, and of each
 * some fields, NULL after the last. A field may be a path: "duration",
 * "sampledThread.javaName", into constants and into what is nested; not into
 * arrays. Of one name only one wish.
 */
#define JFR_FIELDS	8

struct jfr_wish {
	const char	*event;
	const char	*fields[JFR_FIELDS + 1];
};

struct jfr_limits {
	size_t	memory;		/* bytes of tables, beside the recording */
};

/* Those of a JDK's recording of any size take 250 KB. */
#define JFR_LIMITS	{ 16 * 1024 * 1024 }

/* What was seen on the way. */
struct jfr_report {
	uint32_t	 chunks;
	uint32_t	 undecoded;	/* of these: without a description */
	int		 major;		/* version of the first chunk */
	int		 minor;
	int64_t		 start;		/* of the first; ns since 1970 */
	int64_t		 duration;	/* sum, ns; what is still open: 0 */
	const char	*note;		/* NULL, or a fixed sentence: how a
					   chunk is incomplete or still open
					   and was read as far as it goes */
};

/*
 * An event of wishes[wish], its values in the order of the fields. Return 0,
 * or -1 to stop; jfr_read then returns -1 with *why NULL.
 */
typedef int	jfr_event(size_t wish, const struct jfr_value *values,
		    void *arg);

/*
 * Tell every event wished for, in the order of the file. 0; -1: EINVAL, with
 * *why: this is no recording, of an unsupported version, malformed, or takes
 * more tables than limits allow; ENOMEM. Events may have been told before.
 * A recording of which no chunk could be decoded is malformed, too.
 */
int	jfr_read(const char *p, size_t len, const struct jfr_wish *wishes,
	    size_t n, const struct jfr_limits *limits, jfr_event *on_event,
	    void *arg, struct jfr_report *report, const char **why);

/* Of a type of events: how many there are, and their bytes in the file. */
struct jfr_tally {
	struct jfr_text	 name;		/* JFR_NULL: all not described */
	uint64_t	 count;
	uint64_t	 bytes;
};

/*
 * Every type of event that occurs or is described, the most frequent first,
 * then by name; also jdk.Metadata and jdk.CheckPoint, the descriptions and the
 * constants. The numbers are those of `jfr summary`. The caller frees
 * *tallies. -1 as jfr_read; a chunk without a description is counted, too.
 */
int	jfr_list(const char *p, size_t len, const struct jfr_limits *limits,
	    struct jfr_tally **tallies, size_t *n, struct jfr_report *report,
	    const char **why);

/* Append a text as UTF-8. JFR_NULL and JFR_POOLED add nothing. -1: ENOMEM */
int	jfr_text_utf8(const struct jfr_text *, struct buf *);

#endif
