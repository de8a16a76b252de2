#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "attime.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * The first 8 bytes are the time now, the rest is a text. What is not only
 * digits moves with now; what is does not.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	int64_t now, a, b, moved;
	int first, second;

	if (len < sizeof(now))
		return (0);
	memcpy(&now, in, sizeof(now));
	if (now == INT64_MAX)
		return (0);
	in += sizeof(now);
	len -= sizeof(now);
	first = attime_parse((const char *)in, len, now, &a);
	second = attime_parse((const char *)in, len, now + 1, &b);
	if (first == 0 && second == 0) {
		moved = b - a;
		if (moved != 0 && moved != 1)
			abort();
		if (len == 0 && (a != now || moved != 1))
			abort();
	}
	return (0);
}
