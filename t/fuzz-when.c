/* A time, a duration: what is read is written, and read again, as the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "when.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	char text[WHEN_TEXT], *p = malloc(len + 1);
	struct timeval wait;
	int64_t ns, again;
	size_t n;

	must(p != NULL);
	memcpy(p, in, len);
	p[len] = '\0';
	if (when_parse(p, len, &ns) == 0) {
		n = when_format(text, ns, -1);
		must(n < WHEN_TEXT && strlen(text) == n);
		/* A zone may have moved it out of the years. */
		if (when_parse(text, n, &again) == 0)
			must(again == ns);
	}
	if (when_duration(p, &ns) == 0) {
		must(ns >= 0);
		wait = when_timeval(ns);
		must(wait.tv_usec < 1000000);
		must(wait.tv_sec * WHEN_SECOND + wait.tv_usec * 1000 ==
		    ns - ns % 1000);
		wait = when_timeval(-ns);
		must(ns == 0 || (wait.tv_sec == 0 && wait.tv_usec == 0));
	}
	free(p);
	return (0);
}
