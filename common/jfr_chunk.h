#ifndef JFR_CHUNK_H
#define JFR_CHUNK_H

#include <stddef.h>
#include <stdint.h>

struct jfr_report;

/* Types of events that no metadata describes. */
#define JFR_METADATA	0
#define JFR_CHECKPOINT	1

/*
 * A chunk: a header of 68 bytes, then events. One that is whole says how long
 * it is and where its metadata stands. One whose recording was cut, or still
 * runs, or died, is read up to where its writer vouches for it, or else to
 * the first thing that is no event.
 */
struct jfr_chunk {
	const unsigned char	*p;
	const unsigned char	*end;		/* behind what can be read */
	const char		*note;		/* NULL, or why that is not all */
	uint64_t		 metadata;	/* offset; 0: not known */
	int			 plain;		/* integers are not compressed */
	int			 major;
	int			 minor;
	int64_t			 start;		/* ns since 1970 */
	int64_t			 duration;	/* ns */
	int64_t			 start_ticks;
	int64_t			 ticks_per_second;
};

/* An event: size and type are read, the fields stand from p to end. */
struct jfr_raw {
	const unsigned char	*p;
	const unsigned char	*end;
	uint64_t		 size;		/* all of it */
	int64_t			 type;
};

/*
 * Open each chunk of a recording, and note in the report what it is like.
 * on_chunk returns 1; 0: it could not be decoded; or -1. -1: it did, or there
 * is no chunk where one should be, or its version is not supported.
 */
int	jfr_chunks(const char *p, size_t len,
	    int (*on_chunk)(struct jfr_chunk *, void *arg, const char **why),
	    void *arg, struct jfr_report *, const char **why);

/*
 * The event at *at, which is moved behind it, beginning with the first. 1; 0:
 * there are no more; -1: what stands there is no event. In a chunk with a note
 * that is an end like any other, and its end is set there.
 */
const unsigned char *jfr_chunk_first(const struct jfr_chunk *);
int	jfr_chunk_next(struct jfr_chunk *, const unsigned char **at,
	    struct jfr_raw *, const char **why);

/*
 * Find the metadata of a chunk: *e is that event, from its strings on. 1; 0:
 * there is none, which is noted; -1: it is not where the header says, or cut
 * short.
 */
int	jfr_chunk_metadata(struct jfr_chunk *, struct jfr_raw *e,
	    const char **why);

/*
 * Ticks to nanoseconds, truncated towards zero, by the chunk's clock; and to
 * nanoseconds since 1970. What is out of range is the end of it.
 */
int64_t	jfr_chunk_span(const struct jfr_chunk *, int64_t ticks);
int64_t	jfr_chunk_time(const struct jfr_chunk *, int64_t ticks);

#endif
