#include "stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "when.h"

#define TAI_HEX		24	/* digits: 16 of seconds, 8 of nanoseconds */
#define TAI_UNIX	(UINT64_C(0x4000000000000000) + 10)

int
stamp_is_tai(const char *line)
{
	return (line[0] == '@' && strspn(line + 1, "0123456789abcdef") ==
	    TAI_HEX);
}

static int
tai_parse(const char *line, int64_t *ns, const char **rest)
{
	char seconds[17], nanos[9];
	uint64_t s, fraction;

	memcpy(seconds, line + 1, 16);
	seconds[16] = '\0';
	memcpy(nanos, line + 17, 8);
	nanos[8] = '\0';
	s = strtoull(seconds, NULL, 16) - TAI_UNIX;
	fraction = strtoul(nanos, NULL, 16);
	if (s > INT64_MAX / WHEN_SECOND - 1 || fraction >= WHEN_SECOND)
		return (-1);
	*ns = (int64_t)s * WHEN_SECOND + (int64_t)fraction;
	*rest = line + 1 + TAI_HEX;
	return (0);
}

/* Is text like that, where 0 in shape is any digit? */
static int
is_shaped(const char *text, const char *shape)
{
	for (; *shape != '\0'; text++, shape++)
		if (*shape == '0' ? *text < '0' || *text > '9' :
		    *text != *shape)
			return (0);
	return (1);
}

/* By the zone of this host, without its fraction. */
static int
local_parse(const char *line, int64_t *ns)
{
	struct tm tm = { .tm_isdst = -1 };
	time_t t;

	if (strptime(line, "%Y-%m-%d %H:%M:%S", &tm) == NULL ||
	    (t = mktime(&tm)) == -1 || t <= INT64_MIN / WHEN_SECOND ||
	    t >= INT64_MAX / WHEN_SECOND)
		return (-1);
	*ns = (int64_t)t * WHEN_SECOND;
	return (0);
}

/* The digits behind a point, as ns; *p goes behind them. */
static int64_t
fraction(const char **p)
{
	int64_t ns = 0, unit = WHEN_SECOND / 10;

	if (**p != '.')
		return (0);
	for ((*p)++; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		ns += (**p - '0') * unit;
	return (ns);
}

/* +0000, as journalctl has it, is +00:00. */
static int
zone_parse(const char **p, char out[8])
{
	strcpy(out, "Z");
	if (**p == 'Z') {
		(*p)++;
	} else if ((**p == '+' || **p == '-') && is_shaped(*p + 1, "0000")) {
		snprintf(out, 8, "%.3s:%.2s", *p, *p + 3);
		*p += 5;
	} else if ((**p == '+' || **p == '-') && is_shaped(*p + 1, "00:00")) {
		snprintf(out, 8, "%.6s", *p);
		*p += 6;
	}
	return (**p == ' ' || **p == '\0' ? 0 : -1);
}

static int
iso_parse(const char *line, int64_t *ns, const char **rest)
{
	const char *p = line + 19;
	char text[40], zone[8];
	int64_t part = fraction(&p);

	if (line[10] == ' ') {
		*rest = p;
		if (local_parse(line, ns) == -1)
			return (-1);
		*ns += part;
		return (*p == ' ' ? 0 : -1);
	}
	if (zone_parse(&p, zone) == -1)
		return (-1);
	*rest = p;
	snprintf(text, sizeof(text), "%.10sT%.8s%s", line, line + 11, zone);
	if (when_parse(text, strlen(text), ns) == -1)
		return (-1);
	*ns += part;
	return (0);
}

static int
unix_parse(const char *line, int64_t *ns, const char **rest)
{
	const char *p = line + strspn(line, "0123456789");
	int64_t seconds;

	if (p - line != 10 || *p != '.')
		return (-1);
	seconds = strtoll(line, NULL, 10);
	if (seconds > INT64_MAX / WHEN_SECOND - 1)
		return (-1);
	*ns = seconds * WHEN_SECOND + fraction(&p);
	*rest = p;
	return (*p == ' ' ? 0 : -1);
}

int
stamp_parse(const char *line, int64_t *ns, const char **rest)
{
	int result;

	if (stamp_is_tai(line))
		result = tai_parse(line, ns, rest);
	else if (is_shaped(line, "0000-00-00") &&
	    strchr("T_ ", line[10]) != NULL && line[10] != '\0' &&
	    is_shaped(line + 11, "00:00:00"))
		result = iso_parse(line, ns, rest);
	else
		result = unix_parse(line, ns, rest);
	if (result == 0)
		*rest += strspn(*rest, " ");
	return (result);
}
