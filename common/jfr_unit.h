#ifndef JFR_UNIT_H
#define JFR_UNIT_H

#include <stdint.h>

struct jfr_chunk;
struct jfr_cursor;
struct jfr_field;
struct jfr_text;
struct jfr_value;

/* What a type without fields is, by its name. */
enum jfr_base { JFR_STRUCT, JFR_BOOLEAN, JFR_BYTE, JFR_SHORT, JFR_CHAR,
    JFR_INT, JFR_LONG, JFR_FLOAT, JFR_DOUBLE, JFR_STRING };

/* What a type says of a field that is annotated with it. */
enum jfr_mark { JFR_NO_MARK, JFR_IS_SPAN, JFR_IS_TIME, JFR_IS_AMOUNT,
    JFR_IS_FREQUENCY, JFR_IS_PERCENTAGE, JFR_IS_ADDRESS, JFR_IS_UNSIGNED };

enum jfr_scale { JFR_AS_IS, JFR_TICKS, JFR_NS, JFR_US, JFR_MS, JFR_S };

/* By the name of a type. */
enum jfr_base jfr_base_of(const struct jfr_text *name);
enum jfr_mark jfr_mark_of(const struct jfr_text *name);

/* Note in a field what an annotation says; value NULL: its default. */
void	jfr_unit_set(struct jfr_field *, enum jfr_mark,
	    const struct jfr_text *value);

/* Bytes that a number, not compressed, takes; 0: no number. */
unsigned int jfr_base_width(enum jfr_base);

/* Is it one of those that are compressed? */
int	jfr_base_packed(enum jfr_base);

/* What a number is made of: from struct jfr_field, and its type. */
struct jfr_number {
	unsigned char	 base;
	unsigned char	 positive;
	unsigned char	 unit;
	unsigned char	 scale;
};

/* Read a number, and make of it what it is. -1: too few bytes. */
int	jfr_number_read(struct jfr_cursor *, struct jfr_number,
	    const struct jfr_chunk *, struct jfr_value *);

#endif
