#include "attime.h"

#include <stdio.h>
#include <string.h>

#include "when.h"

#define TEXT_MAX	64	/* bytes that count */
#define DAY		(24 * 3600)

static int
attime_multiply(int64_t n, int64_t unit, int64_t *ns)
{
	return (__builtin_mul_overflow(n, unit, ns) ? -1 : 0);
}

/* How many of the first bytes are digits, and their value. */
static int
attime_number(const char *s, size_t *digits, int64_t *n)
{
	size_t i;

	*n = 0;
	for (i = 0; s[i] >= '0' && s[i] <= '9'; i++)
		if (__builtin_mul_overflow(*n, 10, n) ||
		    __builtin_add_overflow(*n, s[i] - '0', n))
			return (-1);
	*digits = i;
	return (0);
}

/* YYYYMMDD. -1: no day that is known. */
static int
attime_day(const char *s, int64_t *ns)
{
	char text[WHEN_TEXT];
	int n;

	n = snprintf(text, sizeof(text), "%.4s-%.2s-%.2sT00:00:00Z", s, s + 4,
	    s + 6);
	if (strncmp(s, "1901", 4) < 0)
		return (-1);
	return (when_parse(text, (size_t)n, ns));
}

static int
attime_digits(const char *s, size_t digits, int64_t n, int64_t *ns)
{
	switch (digits) {
	case 8:
		if (attime_day(s, ns) == 0)
			return (0);
		break;
	case 13:
		return (attime_multiply(n, 1000000, ns));
	case 16:
		return (attime_multiply(n, 1000, ns));
	case 19:
		*ns = n;
		return (0);
	}
	return (attime_multiply(n, WHEN_SECOND, ns));
}

/* Seconds of a unit, by how it begins. */
static int64_t
attime_unit(const char *s)
{
	switch (*s) {
	case 's':
		return (1);
	case 'M':
		return (30 * DAY);
	case 'm':
		return (strncmp(s, "mon", 3) == 0 ? 30 * DAY : 60);
	case 'h':
		return (3600);
	case 'd':
		return (DAY);
	case 'w':
		return (7 * DAY);
	case 'y':
		return (365 * DAY);
	}
	return (0);
}

/* s begins with a sign. */
static int
attime_offset(const char *s, int64_t now, int64_t *ns)
{
	int64_t n, offset;
	size_t digits;

	if (attime_number(s + 1, &digits, &n) == -1 ||
	    attime_multiply(n, attime_unit(s + 1 + digits) * WHEN_SECOND,
	    &offset) == -1)
		return (-1);
	if (*s == '-')
		offset = -offset;
	return (__builtin_add_overflow(now, offset, ns) ? -1 : 0);
}

int
attime_parse(const char *p, size_t len, int64_t now, int64_t *ns)
{
	char text[TEXT_MAX + 1];
	const char *sign;
	size_t digits, n = 0;
	int64_t v;

	for (; len > 0; p++, len--) {
		if (*p == '\0' || strchr(" \t\r\n\v\f_,", *p) != NULL)
			continue;
		if (n == TEXT_MAX)
			return (-1);
		text[n++] = *p;
	}
	text[n] = '\0';
	if (n > 0 && strspn(text, "0123456789") == n)
		return (attime_number(text, &digits, &v) == -1 ? -1 :
		    attime_digits(text, digits, v, ns));
	if ((sign = strchr(text, '+')) == NULL)
		sign = strchr(text, '-');
	if (sign != NULL)
		return (attime_offset(sign, now, ns));
	*ns = now;
	return (0);
}
