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

/* FNV-1a, 64 bits, from a basis that may be another one. */
static uint64_t
hash(uint64_t h, const char *s)
{
	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return (h);
}

/* Let every bit of it depend on all (the finalizer of splitmix64). */
static uint64_t
mix(uint64_t h)
{
	h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
	return (h ^ h >> 31);
}

void
uuid_derive(char out[UUID_TEXT], const char *parent, const char *kind,
    unsigned int index)
{
	uint64_t a, b;
	char text[16];

	snprintf(text, sizeof(text), " %u", index);
	a = hash(hash(hash(UINT64_C(0xcbf29ce484222325), parent), kind), text);
	b = mix(a ^ hash(UINT64_C(0x9e3779b97f4a7c15), parent));
	a = mix(a);
	snprintf(out, UUID_TEXT, "%.13s-7%03x-%04x-%04x%08x", parent,
	    (unsigned int)(a & 0xfff),
	    (unsigned int)(a >> 12 & 0x3fff) | 0x8000,
	    (unsigned int)(b & 0xffff), (unsigned int)(b >> 16 & 0xffffffff));
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
