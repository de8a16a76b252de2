/* Any bytes as a list of targets: urls that the configuration would take. */
/* parts: cmd/pull/listing.o */
/* covers: cmd/pull/listing.c */
#include <stdint.h>
#include <stdlib.h>

#include "../cmd/pull/listing.h"
#include "conf_shape.h"

int	LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct listing l = { .path = "f" };
	const char *why = NULL;
	size_t i;

	if (listing_parse(&l, (const char *)p, len, &why) == -1 &&
	    (why == NULL || *why == '\0' || l.n != 0))
		abort();
	for (i = 0; i < l.n; i++)
		if (!conf_shape_url(l.v[i].url, "http|https|unix"))
			abort();
	listing_clear(&l);
	return (0);
}
