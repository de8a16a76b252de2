#include "elect_base64.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *
elect_base64(const char *p, size_t len)
{
	const unsigned char *in = (const unsigned char *)p;
	char *text = malloc((len + 2) / 3 * 4 + 1), *out = text;
	uint32_t three;
	size_t i;

	if (text == NULL)
		return (NULL);
	for (i = 0; i < len; i += 3) {
		three = (uint32_t)in[i] << 16;
		three |= i + 1 < len ? (uint32_t)in[i + 1] << 8 : 0;
		three |= i + 2 < len ? in[i + 2] : 0;
		*out++ = digits[three >> 18];
		*out++ = digits[three >> 12 & 63];
		*out++ = i + 1 < len ? digits[three >> 6 & 63] : '=';
		*out++ = i + 2 < len ? digits[three & 63] : '=';
	}
	*out = '\0';
	return (text);
}

char *
elect_base64_decode(const char *text, size_t *len)
{
	size_t n = strspn(text, digits), i;
	char *out = malloc(n / 4 * 3 + 4);
	uint32_t bits = 0;

	if (out == NULL)
		return (NULL);
	if (n % 4 == 1 || strspn(text + n, "=") != strlen(text + n)) {
		free(out);
		errno = EINVAL;
		return (NULL);
	}
	*len = 0;
	for (i = 0; i < n; i++) {
		bits = bits << 6 | (uint32_t)(strchr(digits, text[i]) - digits);
		if (i % 4 != 0)
			out[(*len)++] = (char)(bits >> (6 - 2 * (i % 4)));
	}
	out[*len] = '\0';
	return (out);
}
