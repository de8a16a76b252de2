/* parts: t/summed.o */
#include <stdint.h>
#include <stdlib.h>

#include "folded.h"
#include "speedscope.h"
#include "summed.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const struct folded_limits limits = { 1 << 20, 64 };
	struct speedscope s;
	const char *why = NULL;
	size_t i, units = 0;

	if (speedscope_read((const char *)in, len, &limits, &s, &why) == -1) {
		if (why == NULL)
			abort();
	} else {
		for (i = 0; i < SPEEDSCOPE_UNITS; i++)
			if (s.folded[i] != NULL) {
				summed_hold(s.folded[i]);
				units++;
			}
		if (units == 0)
			abort();
	}
	speedscope_free(&s);
	return (0);
}
