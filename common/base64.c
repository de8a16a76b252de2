#include "base64.h"

#include <stdint.h>

#include "buf.h"

/* The value of a digit. -1: none. */
static int
base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (c - 'A');
	if (c >= 'a' && c <= 'z')
		return (c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (c - '0' + 52);
	if (c == '+' || c == '-')
		return (62);
	return (c == '/' || c == '_' ? 63 : -1);
}

int
base64_decode(const char *p, size_t len, char *out, size_t *n)
{
	uint32_t bits = 0;
	size_t i, pad = 0;
	int digit;

	if (len % 4 == 0)
		while (pad < 2 && len > 0 && p[len - 1] == '=') {
			len--;
			pad++;
		}
	*n = 0;
	for (i = 0; i < len; i++) {
		if ((digit = base64_digit(p[i])) == -1)
			return (-1);
		bits = bits << 6 | (uint32_t)digit;
		if (i % 4 > 0)
			out[(*n)++] = (char)(bits >> (6 - 2 * (i % 4)));
	}
	return (len % 4 == 1 ? -1 : 0);
}

int
base64_encode(struct buf *b, const char *p, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *in = (const unsigned char *)p;
	uint32_t bits = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		bits = bits << 8 | in[i];
		if (buf_addc(b, digits[bits >> (2 * (i % 3) + 2) & 63]) == -1 ||
		    (i % 3 == 2 && buf_addc(b, digits[bits & 63]) == -1))
			return (-1);
	}
	if (len % 3 == 0)
		return (0);
	bits = len % 3 == 1 ? bits << 4 : bits << 2;
	if (buf_addc(b, digits[bits & 63]) == -1)
		return (-1);
	return (buf_adds(b, len % 3 == 1 ? "==" : "="));
}
