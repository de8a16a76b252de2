#include "uuid.h"

#include <sys/random.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "when.h"

void
uuid_v7(char out[UUID_TEXT])
{
	uint64_t ms = (uint64_t)(when_now() / 1000000);
	unsigned char r[10];
	ssize_t n;

	/* Up to 256 bytes never come short once the kernel is seeded. */
	do
		n = getrandom(r, sizeof(r), 0);
	while (n != (ssize_t)sizeof(r));
	snprintf(out, UUID_TEXT,
	    "%08x-%04x-7%01x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    (unsigned int)(ms >> 16 & 0xffffffff), (unsigned int)(ms & 0xffff),
	    r[0] & 0xf, r[1], (r[2] & 0x3f) | 0x80, r[3], r[4], r[5], r[6],
	    r[7], r[8], r[9]);
}

int64_t
uuid_time(const char *s)
{
	char hex[13];

	memcpy(hex, s, 8);
	memcpy(hex + 8, s + 9, 4);
	hex[12] = '\0';
	return ((int64_t)strtoull(hex, NULL, 16));
}

int
uuid_valid(const char *s)
{
	int i;

	for (i = 0; i < UUID_LEN; i++)
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (s[i] != '-')
				return (0);
		} else if (s[i] == '\0' ||
		    strchr("0123456789abcdef", s[i]) == NULL)
			return (0);
	return (s[i] == '\0');
}
