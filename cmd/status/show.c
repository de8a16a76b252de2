#include "show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "when.h"

static const char *
scaled(char out[SHOW_TEXT], double v, double step, const char *units)
{
	size_t i = 0;

	/* 999.5 would be four digits. */
	for (; v >= 999.5 && units[i + 1] != '\0'; i++)
		v /= step;
	if (units[i] == ' ')
		snprintf(out, SHOW_TEXT, "%.0f", v);
	else
		snprintf(out, SHOW_TEXT, i == 0 || v >= 9.95 ? "%.0f%c" :
		    "%.1f%c", v, units[i]);
	return (out);
}

const char *
show_count(char out[SHOW_TEXT], uint64_t n)
{
	if (n < 100000) {
		snprintf(out, SHOW_TEXT, "%" PRIu64, n);
		return (out);
	}
	return (scaled(out, (double)n, 1000, " kMGTPE"));
}

const char *
show_bytes(char out[SHOW_TEXT], double bytes)
{
	return (scaled(out, bytes < 0 ? 0 : bytes, 1024, "BKMGTPE"));
}

const char *
show_span(char out[SHOW_TEXT], double seconds)
{
	long long s = seconds < 0 ? 0 : seconds > 1e12 ? 1000000000000LL :
	    (long long)seconds;

	if (s < 100)
		snprintf(out, SHOW_TEXT, "%llds", s);
	else if (s < 6000)
		snprintf(out, SHOW_TEXT, "%lldm", s / 60);
	else if (s < 36000)
		snprintf(out, SHOW_TEXT, "%lldh%lldm", s / 3600,
		    s % 3600 / 60);
	else if (s < 360000)
		snprintf(out, SHOW_TEXT, "%lldh", s / 3600);
	else
		snprintf(out, SHOW_TEXT, "%lldd", s / 86400);
	return (out);
}

const char *
show_rate(char out[SHOW_TEXT], double v)
{
	if (v < 0)
		return (strcpy(out, "-"));
	if (v < 99.95)
		snprintf(out, SHOW_TEXT, v > 0 && v < 0.095 ? "%.2f" : "%.1f",
		    v);
	else
		return (scaled(out, v, 1000, " kMGTPE"));
	return (out);
}

const char *
show_time(char out[SHOW_TEXT], double unix_seconds)
{
	char text[WHEN_TEXT];

	when_format(text, (int64_t)unix_seconds * WHEN_SECOND, 0);
	snprintf(out, SHOW_TEXT, "%s", text);
	return (out);
}

const char *
show_title(char *out, size_t size, const char *prog)
{
	snprintf(out, size, "%s%s", strncmp(prog, "command.", 8) == 0 ? "" :
	    "prof-", prog);
	return (out);
}

static char
plain(char c)
{
	return (c >= 0x20 && c < 0x7f ? c : '?');
}

/* How much of text fits into width columns: whole words, if it can be. */
static size_t
fitting(const char *text, size_t width)
{
	size_t len = strlen(text), n;

	if (len <= width)
		return (len);
	for (n = width; n > 0 && text[n] != ' '; n--)
		;
	return (n > 0 ? n : width);
}

int
show_wrapped(struct buf *b, const char *first, const char *rest,
    const char *text, size_t width)
{
	const char *head = first;
	size_t n, i;

	do {
		n = fitting(text, width - strlen(head));
		if (buf_adds(b, head) == -1)
			return (-1);
		for (i = 0; i < n; i++)
			if (buf_addc(b, plain(text[i])) == -1)
				return (-1);
		if (buf_addc(b, '\n') == -1)
			return (-1);
		for (text += n; *text == ' '; text++)
			;
		head = rest;
	} while (*text != '\0');
	return (0);
}

int
show_line(struct buf *b, const char *text)
{
	for (; *text != '\0'; text++)
		if (buf_addc(b, plain(*text)) == -1)
			return (-1);
	return (0);
}
