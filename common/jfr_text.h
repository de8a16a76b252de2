#ifndef JFR_TEXT_H
#define JFR_TEXT_H

#include <stddef.h>
#include <stdint.h>

struct jfr_cursor;
struct jfr_text;

/* Read a text; -1: too few bytes, or an encoding that nobody has (0 to 5). */
int	jfr_text_read(struct jfr_cursor *, struct jfr_text *);

/* Step over one. */
int	jfr_text_skip(struct jfr_cursor *);

/* Is it s, which is ASCII? And the n bytes at s? */
int	jfr_text_is(const struct jfr_text *, const char *s);
int	jfr_text_same(const struct jfr_text *, const char *s, size_t n);

/* A decimal number. -1: it is none, or is out of range. */
int	jfr_text_number(const struct jfr_text *, int64_t *);

/* Byte by byte as they are encoded, for sorting; 0: the same. */
int	jfr_text_order(const struct jfr_text *, const struct jfr_text *);

#endif
