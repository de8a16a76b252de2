#include "format.h"

#include <string.h>
#include <strings.h>

static const struct {
	const char	*end;
	const char	*format;
} format_ends[] = {
	{ ".pprof", "pprof" },
	{ ".pb", "pprof" },
	{ ".prof", "pprof" },
	{ ".jfr", "jfr" },
	{ ".collapse", "collapse" },
	{ ".collapsed", "collapse" },
	{ ".folded", "collapse" }
};

/* The length of a name without an end, where it has one. */
static size_t
format_without(const char *name, size_t len, const char *end)
{
	size_t n = strlen(end);

	if (len > n && strncasecmp(name + len - n, end, n) == 0)
		return (len - n);
	return (len);
}

const char *
format_by_name(const char *name)
{
	static const char *const packed[] = { ".gz", ".zst", ".lz4", ".zip" };
	size_t i, len = strlen(name), all = len;

	for (i = 0; i < sizeof(packed) / sizeof(packed[0]) && len == all; i++)
		len = format_without(name, all, packed[i]);
	for (i = 0; i < sizeof(format_ends) / sizeof(format_ends[0]); i++)
		if (format_without(name, len, format_ends[i].end) != len)
			return (format_ends[i].format);
	return (NULL);
}

/* gzip (RFC 1952): the name in its header, if there is one, decides. */
static const char *
format_gzip(const char *p, size_t len)
{
	const char *name = p + 10, *format;
	size_t skip;

	if (len < 12 || (p[3] & 8) == 0)
		return ("pprof");
	if ((p[3] & 4) != 0) {
		skip = 2 + ((size_t)(unsigned char)p[10] |
		    (size_t)(unsigned char)p[11] << 8);
		if (skip >= len - 10)
			return ("pprof");
		name += skip;
	}
	if (memchr(name, '\0', (size_t)(p + len - name)) == NULL)
		return ("pprof");
	format = format_by_name(name);
	return (format != NULL ? format : "pprof");
}

/*
 * profile.proto without gzip: field 1, a ValueType, whose own fields are two
 * varints, 1 and 2.
 */
static int
format_proto(const char *p, size_t len)
{
	return (len >= 6 && p[0] == 0x0a && p[1] >= 2 && p[1] <= 22 &&
	    (p[2] == 0x08 || p[2] == 0x10));
}

/* Text whose first line is "frame;frame 12". */
static int
format_collapsed(const char *p, size_t len)
{
	const char *nl = memchr(p, '\n', len), *s;
	size_t i, n = nl != NULL ? (size_t)(nl - p) : len;

	if (n > 0 && p[n - 1] == '\r')
		n--;
	for (i = 0; i < n; i++)
		if ((unsigned char)p[i] < 0x20 && p[i] != '\t')
			return (0);
	/* A first line that goes on behind what we see: one ; will do. */
	if (nl == NULL && len >= FORMAT_MAGIC)
		return (memchr(p, ';', n) != NULL && p[0] != '{' &&
		    p[0] != '[');
	for (s = p + n; s > p && s[-1] >= '0' && s[-1] <= '9';)
		s--;
	return (s < p + n && s > p + 1 && s[-1] == ' ');
}

const char *
format_by_magic(const char *p, size_t len)
{
	if (len >= 4 && memcmp(p, "FLR", 4) == 0)
		return ("jfr");
	if (len >= 2 && memcmp(p, "\x1f\x8b", 2) == 0)
		return (format_gzip(p, len));
	if (format_proto(p, len))
		return ("pprof");
	if (format_collapsed(p, len))
		return ("collapse");
	return (NULL);
}
