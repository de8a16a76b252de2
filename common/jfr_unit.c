#include "jfr_unit.h"

#include <string.h>

#include "jfr.h"
#include "jfr_chunk.h"
#include "jfr_cursor.h"
#include "jfr_meta.h"
#include "jfr_text.h"

static const struct {
	const char	*name;
	unsigned int	 width;
} bases[] = {
	[JFR_BOOLEAN] = { "boolean", 1 }, [JFR_BYTE] = { "byte", 1 },
	[JFR_SHORT] = { "short", 2 }, [JFR_CHAR] = { "char", 2 },
	[JFR_INT] = { "int", 4 }, [JFR_LONG] = { "long", 8 },
	[JFR_FLOAT] = { "float", 4 }, [JFR_DOUBLE] = { "double", 8 },
	[JFR_STRING] = { "java.lang.String", 0 } };

enum jfr_base
jfr_base_of(const struct jfr_text *name)
{
	enum jfr_base b;

	for (b = JFR_BOOLEAN; b <= JFR_STRING; b++)
		if (jfr_text_is(name, bases[b].name))
			return (b);
	return (JFR_STRUCT);
}

unsigned int
jfr_base_width(enum jfr_base b)
{
	return (b == JFR_STRUCT ? 0 : bases[b].width);
}

int
jfr_base_packed(enum jfr_base b)
{
	return (b >= JFR_SHORT && b <= JFR_LONG);
}

enum jfr_mark
jfr_mark_of(const struct jfr_text *name)
{
	static const struct {
		const char	*name;
		enum jfr_mark	 mark;
	} marks[] = {
		{ "jdk.jfr.Timespan", JFR_IS_SPAN },
		{ "jdk.jfr.Timestamp", JFR_IS_TIME },
		{ "jdk.jfr.DataAmount", JFR_IS_AMOUNT },
		/* Before JDK 9 was released. */
		{ "jdk.jfr.MemoryAmount", JFR_IS_AMOUNT },
		{ "jdk.jfr.Frequency", JFR_IS_FREQUENCY },
		{ "jdk.jfr.Percentage", JFR_IS_PERCENTAGE },
		{ "jdk.jfr.MemoryAddress", JFR_IS_ADDRESS },
		{ "jdk.jfr.Unsigned", JFR_IS_UNSIGNED } };
	size_t i;

	for (i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (jfr_text_is(name, marks[i].name))
			return (marks[i].mark);
	return (JFR_NO_MARK);
}

/* The defaults are those of the annotations' own documentation. */
static enum jfr_scale
scale_of(const struct jfr_text *value, enum jfr_scale absent)
{
	static const struct {
		const char	*name;
		enum jfr_scale	 scale;
	} scales[] = {
		{ "TICKS", JFR_TICKS },
		{ "NANOSECONDS", JFR_NS }, { "MICROSECONDS", JFR_US },
		{ "MILLISECONDS", JFR_MS }, { "SECONDS", JFR_S },
		{ "NANOSECONDS_SINCE_EPOCH", JFR_NS },
		{ "MILLISECONDS_SINCE_EPOCH", JFR_MS },
		{ "SECONDS_SINCE_EPOCH", JFR_S } };
	size_t i;

	if (value == NULL)
		return (absent);
	for (i = 0; i < sizeof(scales) / sizeof(scales[0]); i++)
		if (jfr_text_is(value, scales[i].name))
			return (scales[i].scale);
	return (JFR_AS_IS);
}

void
jfr_unit_set(struct jfr_field *f, enum jfr_mark mark,
    const struct jfr_text *value)
{
	static const enum jfr_unit units[] = {
		[JFR_IS_SPAN] = JFR_SPAN, [JFR_IS_TIME] = JFR_TIME,
		[JFR_IS_AMOUNT] = JFR_BYTES, [JFR_IS_FREQUENCY] = JFR_HERTZ,
		[JFR_IS_PERCENTAGE] = JFR_SHARE,
		[JFR_IS_ADDRESS] = JFR_ADDRESS };

	if (mark == JFR_NO_MARK)
		return;
	if (mark == JFR_IS_UNSIGNED) {
		f->positive = 1;
		return;
	}
	f->unit = (unsigned char)units[mark];
	if (mark == JFR_IS_AMOUNT && value != NULL &&
	    jfr_text_is(value, "BITS"))
		f->unit = JFR_BITS;
	if (mark == JFR_IS_SPAN || mark == JFR_IS_TIME) {
		f->scale = (unsigned char)scale_of(value,
		    mark == JFR_IS_SPAN ? JFR_NS : JFR_MS);
		/* Of a unit that is not known, it is only a number. */
		if (f->scale == JFR_AS_IS)
			f->unit = JFR_NUMBER;
	}
}

/* The nearest integer towards zero; casting alone is undefined beyond it. */
static int64_t
truncated(double d)
{
	if (d != d)
		return (0);
	if (d >= 0x1p63)
		return (INT64_MAX);
	return (d < -0x1p63 ? INT64_MIN : (int64_t)d);
}

static const int64_t per[] = { [JFR_AS_IS] = 1, [JFR_NS] = 1, [JFR_US] = 1000,
    [JFR_MS] = 1000000, [JFR_S] = 1000000000 };

/* To nanoseconds, of an integer or of a real number. */
static void
scale_integer(struct jfr_value *v, enum jfr_scale scale,
    const struct jfr_chunk *c)
{
	int64_t ns;

	if (scale == JFR_TICKS && v->unit == JFR_TIME)
		v->integer = jfr_chunk_time(c, v->integer);
	else if (scale == JFR_TICKS)
		v->integer = jfr_chunk_span(c, v->integer);
	else if (__builtin_mul_overflow(v->integer, per[scale], &ns))
		v->integer = v->integer < 0 ? INT64_MIN : INT64_MAX;
	else
		v->integer = ns;
	v->real = (double)v->integer;
}

static void
scale_real(struct jfr_value *v, enum jfr_scale scale,
    const struct jfr_chunk *c)
{
	if (scale != JFR_TICKS)
		v->real *= (double)per[scale];
	else if (v->unit == JFR_TIME)
		v->real = (double)jfr_chunk_time(c, truncated(v->real));
	else
		v->real = v->real / (double)c->ticks_per_second * 1e9;
	v->integer = truncated(v->real);
}

static void
real_set(struct jfr_value *v, uint64_t bits, unsigned int width)
{
	uint32_t half = (uint32_t)bits;
	float f;

	v->kind = JFR_REAL;
	if (width == 4) {
		memcpy(&f, &half, sizeof(f));
		v->real = f;
	} else
		memcpy(&v->real, &bits, sizeof(v->real));
}

int
jfr_number_read(struct jfr_cursor *at, struct jfr_number n,
    const struct jfr_chunk *c, struct jfr_value *v)
{
	unsigned int width = bases[n.base].width;
	int is_real = n.base == JFR_FLOAT || n.base == JFR_DOUBLE;
	int64_t i = 0;

	v->unit = (enum jfr_unit)n.unit;
	if (jfr_base_packed((enum jfr_base)n.base)) {
		if (jfr_cursor_integer(at, width, &i) == -1)
			return (-1);
	} else {
		if (jfr_cursor_left(at) < width)
			return (-1);
		i = (int64_t)jfr_cursor_big(at->p, width);
		at->p += width;
	}
	if (is_real) {
		real_set(v, (uint64_t)i, width);
		scale_real(v, (enum jfr_scale)n.scale, c);
		return (0);
	}
	if (n.base == JFR_BYTE && !n.positive)
		i = (i ^ 0x80) - 0x80;
	else if (n.base == JFR_CHAR || (n.positive && width == 2))
		i = (uint16_t)i;
	else if (n.positive && width == 4)
		i = (uint32_t)i;
	v->kind = JFR_INTEGER;
	v->integer = i;
	/* What does not fit is at the end of the range; as a double it does. */
	if (n.positive && width == 8 && i < 0) {
		v->integer = INT64_MAX;
		v->real = (double)(uint64_t)i;
		return (0);
	}
	scale_integer(v, (enum jfr_scale)n.scale, c);
	return (0);
}
