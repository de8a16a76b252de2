#ifndef JFR_CURSOR_H
#define JFR_CURSOR_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A place in a recording, and where its chunk, or its event, ends. Every step
 * is -1 when there are too few bytes, and nothing is read behind the end.
 */
struct jfr_cursor {
	const unsigned char	*p;
	const unsigned char	*end;
	int			 plain;	/* integers are not compressed */
};

static inline size_t
jfr_cursor_left(const struct jfr_cursor *c)
{
	return ((size_t)(c->end - c->p));
}

static inline int
jfr_cursor_skip(struct jfr_cursor *c, uint64_t n)
{
	if (n > jfr_cursor_left(c))
		return (-1);
	c->p += n;
	return (0);
}

/* Big-endian, of 1 to 8 bytes. */
static inline uint64_t
jfr_cursor_big(const unsigned char *p, unsigned int width)
{
	uint64_t v = 0;

	while (width-- > 0)
		v = v << 8 | *p++;
	return (v);
}

/*
 * Compressed: 7 bits a byte, the lowest first, the high bit set where more
 * follows; of a ninth byte all 8 bits count.
 */
static inline int
jfr_cursor_packed(struct jfr_cursor *c, uint64_t *v)
{
	const unsigned char *p = c->p;
	unsigned int shift;
	uint64_t sum = 0;

	if (p < c->end && *p < 0x80) {
		*v = *p;
		c->p = p + 1;
		return (0);
	}
	for (shift = 0; p < c->end; shift += 7) {
		if (*p < 0x80 || shift == 56) {
			*v = sum | (uint64_t)*p << shift;
			c->p = p + 1;
			return (0);
		}
		sum |= (uint64_t)(*p++ & 0x7f) << shift;
	}
	return (-1);
}

/* A short, int or long (width 2, 4, 8), with its sign. */
static inline int
jfr_cursor_integer(struct jfr_cursor *c, unsigned int width, int64_t *v)
{
	uint64_t u;

	if (!c->plain) {
		if (jfr_cursor_packed(c, &u) == -1)
			return (-1);
	} else {
		if (jfr_cursor_left(c) < width)
			return (-1);
		u = jfr_cursor_big(c->p, width);
		c->p += width;
	}
	*v = width == 8 ? (int64_t)u : width == 4 ? (int32_t)u : (int16_t)u;
	return (0);
}

/* Step over n integers, compressed. */
static inline int
jfr_cursor_skip_packed(struct jfr_cursor *c, uint64_t n)
{
	const unsigned char *p = c->p, *last;

	for (; n > 0; n--) {
		last = jfr_cursor_left(c) < 9 ? c->end : p + 9;
		while (p < last && *p >= 0x80)
			p++;
		if (p == last && p - c->p < 9)
			return (-1);
		c->p = p = p == last ? p : p + 1;
	}
	return (0);
}

/* A number of bytes or elements to come, each of at least a byte. */
static inline int
jfr_cursor_count(struct jfr_cursor *c, size_t *n)
{
	int64_t v;

	if (jfr_cursor_integer(c, 4, &v) == -1 || v < 0 ||
	    (uint64_t)v > jfr_cursor_left(c))
		return (-1);
	*n = (size_t)v;
	return (0);
}

#endif
