#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sampletype.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A sample_type_config names a pprof or says why not, and keeps to it. */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why = NULL, *name, *again;

	if (len == 0)
		return (0);
	name = sampletype_file(p, len, &why);
	if (name == NULL ? why == NULL : strstr(name, ".pprof") == NULL)
		abort();
	again = sampletype_file(p, len, &why);
	if (again != name)
		abort();
	return (0);
}
