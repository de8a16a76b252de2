#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "buf.h"
#include "http_h2.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Whole and byte by byte it is answered in the same way. */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct http_h2 *whole = http_h2_new("text"), *bytes;
	struct buf a = { 0 }, b = { 0 };
	int result = 0, other = 0;
	size_t i;

	bytes = http_h2_new("text");
	if (whole == NULL || bytes == NULL)
		abort();
	result = http_h2_feed(whole, (const char *)in, len, &a);
	for (i = 0; i < len && other == 0; i++)
		other = http_h2_feed(bytes, (const char *)in + i, 1, &b);
	if (result != other || (result == 1 && a.len != b.len))
		abort();
	http_h2_free(whole);
	http_h2_free(bytes);
	buf_free(&a);
	buf_free(&b);
	return (0);
}
