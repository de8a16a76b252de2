#include "sampletype.h"

#include <string.h>

#include "when.h"

static const struct sampletype_word {
	const char	*word;
	const char	*type;
	const char	*unit;
	const char	*clock;		/* of samples: what runs between them */
} suffixes[] = {
	{ "alloc_in_new_tlab_bytes", "alloc_in_new_tlab_bytes", "bytes",
	    NULL },
	{ "alloc_in_new_tlab_objects", "alloc_in_new_tlab_objects", "count",
	    NULL },
	{ "alloc_objects", "alloc_objects", "count", NULL },
	{ "alloc_outside_tlab_bytes", "alloc_outside_tlab_bytes", "bytes",
	    NULL },
	{ "alloc_outside_tlab_objects", "alloc_outside_tlab_objects", "count",
	    NULL },
	{ "alloc_space", "alloc_space", "bytes", NULL },
	{ "block_count", "contentions", "count", NULL },
	{ "block_duration", "delay", "nanoseconds", NULL },
	{ "cpu", "samples", "count", "cpu" },
	{ "exceptions", "exceptions", "count", NULL },
	{ "goroutines", "goroutine", "count", NULL },
	{ "inuse_objects", "inuse_objects", "count", NULL },
	{ "inuse_space", "inuse_space", "bytes", NULL },
	{ "itimer", "samples", "count", "cpu" },
	{ "lock_count", "contentions", "count", NULL },
	{ "lock_duration", "delay", "nanoseconds", NULL },
	{ "mutex_count", "contentions", "count", NULL },
	{ "mutex_duration", "delay", "nanoseconds", NULL },
	{ "wall", "samples", "count", "wall" },
}, units_known[] = {
	{ "bytes", "space", "bytes", NULL },
	{ "goroutines", "goroutine", "count", NULL },
	{ "lock_nanoseconds", "delay", "nanoseconds", NULL },
	{ "lock_samples", "contentions", "count", NULL },
	{ "nanoseconds", "wall", "nanoseconds", NULL },
	{ "objects", "objects", "count", NULL },
	{ "samples", "samples", "count", "cpu" },
};

static const struct sampletype_word *
sampletype_find(const struct sampletype_word *w, size_t n, const char *word)
{
	for (; n > 0; n--, w++)
		if (strcmp(w->word, word) == 0)
			return (w);
	return (NULL);
}

static const struct sampletype_word *
sampletype_by_suffix(const char *suffix)
{
	return (sampletype_find(suffixes,
	    sizeof(suffixes) / sizeof(*suffixes), suffix));
}

static const struct sampletype_word *
sampletype_by_units(const char *units)
{
	return (sampletype_find(units_known,
	    sizeof(units_known) / sizeof(*units_known), units));
}

const char *
sampletype_suffix(const char *app, size_t *base)
{
	const char *dot = strrchr(app, '.');

	*base = strlen(app);
	if (dot == NULL || dot == app || sampletype_by_suffix(dot + 1) == NULL)
		return (NULL);
	*base = (size_t)(dot - app);
	return (dot + 1);
}

void
sampletype_of(const char *suffix, const char *units, uint32_t rate,
    struct sampletype *t)
{
	const struct sampletype_word *said, *by_suffix;
	const char *clock;

	memset(t, 0, sizeof(*t));
	by_suffix = suffix != NULL ? sampletype_by_suffix(suffix) : NULL;
	if (units == NULL || units[0] == '\0')
		units = "samples";
	said = sampletype_by_units(units);
	t->type = said != NULL ? said->type : "samples";
	t->unit = said != NULL ? said->unit : units;
	clock = said != NULL ? said->clock : NULL;
	if (by_suffix != NULL && (strcmp(units, "samples") == 0 ||
	    strcmp(by_suffix->unit, t->unit) == 0)) {
		t->type = by_suffix->type;
		t->unit = by_suffix->unit;
		clock = by_suffix->clock;
	} else if (by_suffix != NULL && by_suffix->clock != NULL &&
	    strcmp(t->unit, "nanoseconds") == 0)
		t->type = by_suffix->clock;
	if (clock != NULL && rate != 0) {
		t->period_type = clock;
		t->period = WHEN_SECOND / rate;
	}
}
