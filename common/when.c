#include "when.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int64_t
when_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return ((int64_t)ts.tv_sec * WHEN_SECOND + ts.tv_nsec);
}

int64_t
when_now(void)
{
	return (when_clock(CLOCK_REALTIME));
}

int64_t
when_mono(void)
{
	return (when_clock(CLOCK_BOOTTIME));
}

struct timeval
when_timeval(int64_t ns)
{
	struct timeval tv = { 0 };

	if (ns > 0) {
		tv.tv_sec = ns / WHEN_SECOND;
		tv.tv_usec = ns % WHEN_SECOND / 1000;
	}
	return (tv);
}

/* Exactly n decimal digits at *p, which moves behind them; -1: not so. */
static int
when_digits(const char **p, const char *end, int n)
{
	int v = 0;

	for (; n > 0; n--, (*p)++) {
		if (*p == end || **p < '0' || **p > '9')
			return (-1);
		v = v * 10 + (**p - '0');
	}
	return (v);
}

static int
when_byte(const char **p, const char *end, const char *any)
{
	if (*p == end || **p == '\0' || strchr(any, **p) == NULL)
		return (-1);
	(*p)++;
	return (0);
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t
when_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468);
}

static int
when_month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
	    31 };

	if (month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
		return (29);
	return (days[month - 1]);
}

/* The fraction behind the seconds, if there is one, in nanoseconds. */
static int
when_fraction(const char **p, const char *end)
{
	int n, v = 0;

	if (*p == end || **p != '.')
		return (0);
	(*p)++;
	for (n = 0; *p < end && **p >= '0' && **p <= '9'; n++, (*p)++) {
		if (n == 9)
			return (-1);
		v = v * 10 + (**p - '0');
	}
	if (n == 0)
		return (-1);
	for (; n < 9; n++)
		v *= 10;
	return (v);
}

/* The zone, as seconds east of UTC, or INT_MIN. */
static int
when_zone(const char **p, const char *end)
{
	int sign, hour, minute;

	if (when_byte(p, end, "Zz") == 0)
		return (0);
	if (*p == end)
		return (INT_MIN);
	sign = **p == '-' ? -1 : 1;
	if (when_byte(p, end, "+-") == -1 ||
	    (hour = when_digits(p, end, 2)) == -1 ||
	    when_byte(p, end, ":") == -1 ||
	    (minute = when_digits(p, end, 2)) == -1 || hour > 23 || minute > 59)
		return (INT_MIN);
	return (sign * (hour * 3600 + minute * 60));
}

int
when_parse(const char *p, size_t len, int64_t *ns)
{
	const char *end = p + len;
	int year, month, day, hour, minute, second, fraction, zone;
	int64_t t;

	if ((year = when_digits(&p, end, 4)) == -1 ||
	    when_byte(&p, end, "-") == -1 ||
	    (month = when_digits(&p, end, 2)) == -1 ||
	    when_byte(&p, end, "-") == -1 ||
	    (day = when_digits(&p, end, 2)) == -1 ||
	    when_byte(&p, end, "Tt ") == -1 ||
	    (hour = when_digits(&p, end, 2)) == -1 ||
	    when_byte(&p, end, ":") == -1 ||
	    (minute = when_digits(&p, end, 2)) == -1 ||
	    when_byte(&p, end, ":") == -1 ||
	    (second = when_digits(&p, end, 2)) == -1 ||
	    (fraction = when_fraction(&p, end)) == -1 ||
	    (zone = when_zone(&p, end)) == INT_MIN || p != end)
		return (-1);
	if (year < 1678 || year > 2261 || month < 1 || month > 12 || day < 1 ||
	    day > when_month_days(year, month) || hour > 23 || minute > 59 ||
	    second > 60)
		return (-1);
	t = when_days(year, month, day) * 86400 + hour * 3600 + minute * 60 +
	    second - zone;
	*ns = t * WHEN_SECOND + fraction;
	return (0);
}

size_t
when_format(char out[WHEN_TEXT], int64_t ns, int digits)
{
	int64_t second = ns / WHEN_SECOND;
	int64_t fraction = ns % WHEN_SECOND;
	char f[16];
	struct tm tm;
	time_t t;
	size_t n;

	if (fraction < 0) {
		fraction += WHEN_SECOND;
		second--;
	}
	t = (time_t)second;
	gmtime_r(&t, &tm);
	n = strftime(out, WHEN_TEXT, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(f, sizeof(f), "%09d", (int)fraction);
	if (digits < 0)
		for (digits = 9; digits > 0 && f[digits - 1] == '0';)
			digits--;
	if (digits > 0)
		n += (size_t)snprintf(out + n, WHEN_TEXT - n, ".%.*s", digits,
		    f);
	out[n++] = 'Z';
	out[n] = '\0';
	return (n);
}

/* The unit at *s, which moves behind it; 0: none. */
static int64_t
when_unit(const char **s)
{
	static const struct {
		const char	*name;
		int64_t		 ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "\xc2\xb5s", 1000 },
		{ "\xce\xbcs", 1000 },
		{ "ms", 1000000 },
		{ "s", WHEN_SECOND },
		{ "m", 60 * WHEN_SECOND },
		{ "h", 3600 * WHEN_SECOND },
	};
	size_t i, len;

	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		len = strlen(units[i].name);
		if (strncmp(*s, units[i].name, len) == 0) {
			*s += len;
			return (units[i].ns);
		}
	}
	return (0);
}

int
when_duration(const char *s, int64_t *ns)
{
	int64_t whole, unit, part, scale, sum = 0;
	int n;

	if (strcmp(s, "0") == 0) {
		*ns = 0;
		return (0);
	}
	do {
		whole = part = 0;
		scale = 1;
		for (n = 0; *s >= '0' && *s <= '9'; s++, n++) {
			if (n == 12)
				return (-1);
			whole = whole * 10 + (*s - '0');
		}
		if (*s == '.')
			for (s++; *s >= '0' && *s <= '9'; s++, n++)
				if (scale < WHEN_SECOND) {
					part = part * 10 + (*s - '0');
					scale *= 10;
				}
		if (n == 0 || (unit = when_unit(&s)) == 0 ||
		    __builtin_mul_overflow(whole, unit, &whole) ||
		    __builtin_add_overflow(sum, whole, &sum))
			return (-1);
		/* Below a second the fraction of a unit fits 63 bits as is. */
		part = (int64_t)((__extension__ (__int128)part) * unit / scale);
		if (__builtin_add_overflow(sum, part, &sum))
			return (-1);
	} while (*s != '\0');
	*ns = sum;
	return (0);
}
