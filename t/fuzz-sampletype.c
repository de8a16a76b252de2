#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "must.h"
#include "sampletype.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A sample_type_config names a pprof or says why not, and keeps to it. */
/* A name with units behind a comma: what is counted is said in words. */
static void
name(const char *p, size_t len)
{
	char *app = malloc(len + 1), *units;
	struct sampletype t;
	const char *suffix;
	size_t base;

	must(app != NULL);
	memcpy(app, p, len);
	app[len] = '\0';
	if ((units = strchr(app, ',')) != NULL)
		*units++ = '\0';
	suffix = sampletype_suffix(app, &base);
	must(suffix == NULL ? base == strlen(app) : app[base] == '.' &&
	    strcmp(app + base + 1, suffix) == 0);
	sampletype_of(suffix, units, (uint32_t)len * 7, &t);
	must(t.type != NULL && *t.type != '\0' && t.unit != NULL &&
	    *t.unit != '\0' && t.period >= 0);
	must(t.period == 0 || t.period_type != NULL);
	free(app);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why = NULL, *file, *again;

	if (len == 0)
		return (0);
	file = sampletype_file(p, len, &why);
	if (file == NULL ? why == NULL : strstr(file, ".pprof") == NULL)
		abort();
	again = sampletype_file(p, len, &why);
	if (again != file)
		abort();
	name(p, len);
	return (0);
}
