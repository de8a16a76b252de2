#include "sampletype.h"

#include <string.h>

#include "json_walk.h"

#define DEPTH		8	/* levels of a config; there are 2 */

/* What a config tells, the surest first. */
enum sampletype_kind { SAMPLETYPE_GOROUTINE, SAMPLETYPE_HEAP, SAMPLETYPE_MUTEX,
    SAMPLETYPE_BLOCK, SAMPLETYPE_CPU, SAMPLETYPE_KINDS };

static const char *const files[] = { "goroutines.pprof", "delta-heap.pprof",
    "delta-mutex.pprof", "delta-block.pprof", "cpu.pprof" };

static const struct sampletype_key {
	const char		*type;
	enum sampletype_kind	 kind;
} keys[] = {
	{ "goroutine", SAMPLETYPE_GOROUTINE },
	{ "alloc_objects", SAMPLETYPE_HEAP },
	{ "alloc_space", SAMPLETYPE_HEAP },
	{ "inuse_objects", SAMPLETYPE_HEAP },
	{ "inuse_space", SAMPLETYPE_HEAP },
	{ "samples", SAMPLETYPE_CPU },
	{ "cpu", SAMPLETYPE_CPU },
};

static int
sampletype_has(const struct json_raw *raw, const char *word)
{
	return (raw->len != 0 &&
	    memmem(raw->p, raw->len, word, strlen(word)) != NULL);
}

/* The settings of one type, at hand. */
static int
sampletype_settings(struct json_walk *w, struct json_raw *display,
    const char **why)
{
	struct json_raw key;
	char type = json_walk_type(w);

	memset(display, 0, sizeof(*display));
	if (type == 'n') {
		json_walk_skip(w);
		return (0);
	}
	if (type != '{') {
		*why = "a sample type's settings are no object";
		return (-1);
	}
	json_walk_enter(w);
	while (json_walk_key(w, &key))
		if (json_raw_is(&key, "display-name") &&
		    json_walk_type(w) == '"')
			json_walk_raw(w, display);
		else
			json_walk_skip(w);
	return (0);
}

const char *
sampletype_file(const char *p, size_t len, const char **why)
{
	int told[SAMPLETYPE_KINDS] = { 0 };
	struct json_raw key, display;
	struct json_walk w;
	size_t i;

	if (p == NULL)
		return (files[SAMPLETYPE_CPU]);
	if (json_check(p, len, DEPTH, why) == -1)
		return (NULL);
	w = (struct json_walk){ p, p + len };
	json_walk_enter(&w);
	while (json_walk_key(&w, &key)) {
		if (sampletype_settings(&w, &display, why) == -1)
			return (NULL);
		for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			if (json_raw_is(&key, keys[i].type))
				told[keys[i].kind] = 1;
		if (json_raw_is(&key, "contentions") ||
		    json_raw_is(&key, "delay")) {
			told[SAMPLETYPE_MUTEX] |=
			    sampletype_has(&display, "mutex");
			told[SAMPLETYPE_BLOCK] |=
			    sampletype_has(&display, "block");
		}
	}
	for (i = 0; i < SAMPLETYPE_KINDS; i++)
		if (told[i])
			return (files[i]);
	return ("auto.pprof");
}
