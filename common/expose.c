#include "expose.h"

#include <inttypes.h>
#include <string.h>

#include "buf.h"

int
expose_type(struct buf *b, const char *name, const char *type,
    const char *help)
{
	return (buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    type));
}

int
expose_one(struct buf *b, const char *name, const char *type,
    const char *help, uint64_t value)
{
	if (expose_type(b, name, type, help) == -1)
		return (-1);
	return (buf_addf(b, "%s %" PRIu64 "\n", name, value));
}

size_t
expose_character(const char *p, size_t len)
{
	/* By its first byte: how many follow, and bounds of the first of them,
	 * which keep out what is longer than need be, and surrogates. */
	static const struct {
		unsigned char	from, to, more, least, most;
	} firsts[] = {
		{ 0x01, 0x7f, 0, 0, 0 }, { 0xc2, 0xdf, 1, 0x80, 0xbf },
		{ 0xe0, 0xe0, 2, 0xa0, 0xbf }, { 0xe1, 0xec, 2, 0x80, 0xbf },
		{ 0xed, 0xed, 2, 0x80, 0x9f }, { 0xee, 0xef, 2, 0x80, 0xbf },
		{ 0xf0, 0xf0, 3, 0x90, 0xbf }, { 0xf1, 0xf3, 3, 0x80, 0xbf },
		{ 0xf4, 0xf4, 3, 0x80, 0x8f },
	};
	const unsigned char *u = (const unsigned char *)p;
	size_t i, j;

	for (i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		if (u[0] < firsts[i].from || u[0] > firsts[i].to)
			continue;
		if (len <= firsts[i].more || (firsts[i].more > 0 &&
		    (u[1] < firsts[i].least || u[1] > firsts[i].most)))
			return (0);
		for (j = 2; j <= firsts[i].more; j++)
			if ((u[j] & 0xc0) != 0x80)
				return (0);
		return (firsts[i].more + 1u);
	}
	return (0);
}

int
expose_label(struct buf *b, const char *value)
{
	size_t left = strlen(value), n;
	int result = 0;

	for (; result == 0 && left > 0; value += n, left -= n) {
		n = expose_character(value, left);
		if (n == 0) {
			result = buf_addc(b, '?');
			n = 1;
		} else if (*value == '\n')
			result = buf_adds(b, "\\n");
		else if (*value == '"' || *value == '\\')
			result = buf_addf(b, "\\%c", *value);
		else
			result = buf_add(b, value, n);
	}
	return (result);
}
