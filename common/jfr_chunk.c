#include "jfr_chunk.h"

#include <string.h>

#include "jfr.h"
#include "jfr_cursor.h"

/* OpenJDK's jfrChunkWriter.cpp, and ChunkHeader.java; all big-endian. */
#define HEADER		68
#define AT_VERSION	4	/* major, minor: 2 bytes each */
#define AT_SIZE		8
#define AT_METADATA	24	/* 16: the last checkpoint */
#define AT_START	32
#define AT_DURATION	40
#define AT_START_TICKS	48
#define AT_FREQUENCY	56
#define AT_STATE	64	/* 0: finished; else still written. JDK 11 and
				   others: part of the flags, and 0 */
#define AT_FLAGS	67
#define COMPRESSED	1	/* flag: of integers */

#define SECOND		1000000000

static const char magic[4] = "FLR";

static int
begins_chunk(const unsigned char *p, size_t len)
{
	return (len >= sizeof(magic) && memcmp(p, magic, sizeof(magic)) == 0);
}

/* How far it can be read. */
static void
chunk_extent(struct jfr_chunk *c, size_t len)
{
	uint64_t size = jfr_cursor_big(c->p + AT_SIZE, 8);

	c->end = c->p + len;
	c->metadata = jfr_cursor_big(c->p + AT_METADATA, 8);
	if (c->p[AT_STATE] != 0 || size == 0)
		c->note = "a chunk was still being written";
	else if (size > len || size < HEADER)
		c->note = "a chunk is cut short";
	if (size > HEADER && size <= len)
		c->end = c->p + size;
}

/* The header at p; what is cut short within it has no events. */
static int
chunk_open(struct jfr_chunk *c, const unsigned char *p, size_t len,
    const char **why)
{
	memset(c, 0, sizeof(*c));
	if (len == 0 || memcmp(p, magic, len < sizeof(magic) ? len :
	    sizeof(magic)) != 0) {
		*why = "not a JFR recording";
		return (-1);
	}
	c->p = p;
	c->end = p + len;
	if (len < HEADER) {
		c->note = "a chunk is cut short";
		return (0);
	}
	c->major = (int)jfr_cursor_big(p + AT_VERSION, 2);
	c->minor = (int)jfr_cursor_big(p + AT_VERSION + 2, 2);
	if (c->major != 2) {
		*why = "unsupported version of JFR: only 2.x is";
		return (-1);
	}
	c->start = (int64_t)jfr_cursor_big(p + AT_START, 8);
	c->duration = (int64_t)jfr_cursor_big(p + AT_DURATION, 8);
	c->start_ticks = (int64_t)jfr_cursor_big(p + AT_START_TICKS, 8);
	c->ticks_per_second = (int64_t)jfr_cursor_big(p + AT_FREQUENCY, 8);
	c->plain = (p[AT_FLAGS] & COMPRESSED) == 0;
	if (c->ticks_per_second <= 0) {
		*why = "a chunk's clock stands still";
		return (-1);
	}
	chunk_extent(c, len);
	return (0);
}

static void
chunk_report(struct jfr_report *report, const struct jfr_chunk *c)
{
	if (report->chunks++ == 0) {
		report->major = c->major;
		report->minor = c->minor;
		report->start = c->start;
	}
	/* What is too long to be added was no duration. */
	if (c->duration > 0)
		(void)__builtin_add_overflow(report->duration, c->duration,
		    &report->duration);
	if (c->note != NULL && report->note == NULL)
		report->note = c->note;
}

int
jfr_chunks(const char *first, size_t len,
    int (*on_chunk)(struct jfr_chunk *, void *, const char **), void *arg,
    struct jfr_report *report, const char **why)
{
	const unsigned char *p = (const unsigned char *)first;
	const unsigned char *end = len != 0 ? p + len : p;
	struct jfr_chunk c;
	int status;

	memset(report, 0, sizeof(*report));
	do {
		if (chunk_open(&c, p, (size_t)(end - p), why) == -1 ||
		    (status = on_chunk(&c, arg, why)) == -1)
			return (-1);
		report->undecoded += status == 0;
		chunk_report(report, &c);
		p = c.end;
		/* What nobody vouches for may end anywhere. */
	} while (p < end && (c.note == NULL ||
	    begins_chunk(p, (size_t)(end - p))));
	return (0);
}

static int
raw_read(struct jfr_cursor *at, struct jfr_raw *e)
{
	const unsigned char *start = at->p;
	int64_t size;

	if (jfr_cursor_integer(at, 4, &size) == -1 ||
	    jfr_cursor_integer(at, 8, &e->type) == -1 ||
	    size < at->p - start || size > at->end - start)
		return (-1);
	e->p = at->p;
	e->end = start + size;
	e->size = (uint64_t)size;
	return (0);
}

const unsigned char *
jfr_chunk_first(const struct jfr_chunk *c)
{
	return ((size_t)(c->end - c->p) < HEADER ? c->end : c->p + HEADER);
}

int
jfr_chunk_next(struct jfr_chunk *c, const unsigned char **at,
    struct jfr_raw *e, const char **why)
{
	struct jfr_cursor cursor;

	if (*at == c->end)
		return (0);
	cursor = (struct jfr_cursor){ *at, c->end, c->plain };
	if (c->note != NULL &&
	    begins_chunk(*at, (size_t)(c->end - *at))) {
		c->end = *at;
		return (0);
	}
	if (raw_read(&cursor, e) == -1) {
		if (c->note == NULL) {
			*why = "an event does not fit into its chunk";
			return (-1);
		}
		c->end = *at;
		return (0);
	}
	*at = e->end;
	return (1);
}

/* The last one that the events of an unfinished chunk hold. */
static int
metadata_search(struct jfr_chunk *c, struct jfr_raw *found, const char **why)
{
	const unsigned char *at = jfr_chunk_first(c);
	struct jfr_raw e;
	int any = 0;

	while (jfr_chunk_next(c, &at, &e, why) == 1) {
		if (e.type == JFR_METADATA) {
			*found = e;
			any = 1;
		}
	}
	if (!any)
		c->note = "a chunk ends before the description of its types";
	return (any);
}

/* What it says, behind when it was written, how long that took, its number. */
static int
metadata_open(const struct jfr_chunk *c, struct jfr_raw *e, const char **why)
{
	struct jfr_cursor at = { e->p, e->end, c->plain };
	int64_t ignored;
	int i;

	for (i = 0; i < 3; i++) {
		if (jfr_cursor_integer(&at, 8, &ignored) == -1) {
			*why = "the description of types is malformed";
			return (-1);
		}
	}
	e->p = at.p;
	return (1);
}

int
jfr_chunk_metadata(struct jfr_chunk *c, struct jfr_raw *e, const char **why)
{
	size_t len = (size_t)(c->end - c->p);
	struct jfr_cursor at = { c->p, c->end, c->plain };

	if (c->metadata >= HEADER && c->metadata < len) {
		at.p += c->metadata;
		if (raw_read(&at, e) == 0 && e->type == JFR_METADATA)
			return (metadata_open(c, e, why));
	}
	if (c->note == NULL) {
		*why = "the description of types is not where it should be";
		return (-1);
	}
	return (metadata_search(c, e, why) == 0 ? 0 :
	    metadata_open(c, e, why));
}

int64_t
jfr_chunk_span(const struct jfr_chunk *c, int64_t ticks)
{
	int64_t rate = c->ticks_per_second, ns, rest;

	if (rate == SECOND)
		return (ticks);
	rest = ticks % rate;
	if (__builtin_mul_overflow(ticks / rate, SECOND, &ns))
		return (ticks < 0 ? INT64_MIN : INT64_MAX);
	/* A clock too fast for 63 bits: nobody has one, but it may be said. */
	for (; rate > INT64_MAX / SECOND; rate /= 2)
		rest /= 2;
	return (ns + rest * SECOND / rate);
}

int64_t
jfr_chunk_time(const struct jfr_chunk *c, int64_t ticks)
{
	int64_t since, ns;

	if (__builtin_sub_overflow(ticks, c->start_ticks, &since))
		return (ticks < c->start_ticks ? INT64_MIN : INT64_MAX);
	since = jfr_chunk_span(c, since);
	if (__builtin_add_overflow(c->start, since, &ns))
		return (since < 0 ? INT64_MIN : INT64_MAX);
	return (ns);
}
