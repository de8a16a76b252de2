#include "origin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "event_write.h"
#include "labels.h"
#include "language.h"
#include "sampletype.h"

#define RESERVED	"__"	/* what Pyroscope's own labels begin with */

struct origin *
origin_new(void)
{
	struct origin *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	if ((o->labels = calloc(1, sizeof(*o->labels))) != NULL)
		return (o);
	free(o);
	return (NULL);
}

void
origin_free(struct origin *o)
{
	if (o == NULL)
		return;
	free(o->app);
	labels_free(o->labels);
	free(o->labels);
	free(o->spy);
	free(o->units);
	free(o->aggregation);
	free(o);
}

const char *
origin_language(const struct origin *o)
{
	static const char *const spies[][2] = { { "nodespy", "nodejs" },
	    { "ebpfspy", "cpp" }, { "gospy", "golang" }, { "pyspy", "python" },
	    { "rbspy", "ruby" }, { "phpspy", "php" }, { "javaspy", "java" },
	    { "dotnetspy", "dotnet" } };
	static const char *const keys[] = { "language", "runtime",
	    "telemetry.sdk.language", "process.runtime.name",
	    "otel.scope.name" };
	const char *found, *value;
	size_t i;

	for (i = 0; o->spy != NULL && i < sizeof(spies) / sizeof(*spies); i++)
		if (strcmp(o->spy, spies[i][0]) == 0)
			return (spies[i][1]);
	if (o->spy != NULL &&
	    (found = language_find(o->spy, strlen(o->spy))) != NULL)
		return (found);
	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if ((value = labels_get(o->labels, keys[i])) != NULL &&
		    (found = language_find(value, strlen(value))) != NULL)
			return (found);
	return (NULL);
}

/* Has the list a tag of that key? */
static int
origin_has(const struct buf *tags, const char *key)
{
	const char *p = tags->p, *end = p + tags->len, *comma;
	size_t len = strlen(key);

	for (; p != NULL && p < end; p = comma != NULL ? comma + 1 : end) {
		comma = memchr(p, ',', (size_t)(end - p));
		if ((size_t)(end - p) > len && memcmp(p, key, len) == 0 &&
		    p[len] == ':')
			return (1);
	}
	return (0);
}

/* A tag that says something, unless one of its key is there. */
static int
origin_tag(struct buf *tags, const char *key, const char *value)
{
	if (value == NULL || *value == '\0' || origin_has(tags, key))
		return (0);
	return (event_write_tag(tags, key, value));
}

int
origin_listener(const struct conf_pyroscope *l, struct buf *tags)
{
	const char *keys[] = { "service", "env", "version" };
	const char *values[] = { l->service, l->env, l->version };
	const char *value;
	size_t i, j;

	for (i = 0; i < 3; i++) {
		value = values[i];
		for (j = 0; j < l->tags.n; j++)
			if (strcmp(l->tags.v[j].key, keys[i]) == 0)
				value = l->tags.v[j].value;
		if (origin_tag(tags, keys[i], value) == -1)
			return (-1);
	}
	for (i = 0; i < l->tags.n; i++)
		if (origin_tag(tags, l->tags.v[i].key, l->tags.v[i].value) ==
		    -1)
			return (-1);
	return (0);
}

static int
origin_labels(const struct origin *o, struct buf *tags)
{
	const struct label *label;
	size_t i;

	for (i = 0; i < o->labels->n; i++) {
		label = &o->labels->label[i];
		if (strncmp(label->key, RESERVED, strlen(RESERVED)) != 0 &&
		    origin_tag(tags, label->key, label->value) == -1)
			return (-1);
	}
	return (origin_tag(tags, "runtime-id",
	    labels_get(o->labels, "runtime_id")));
}

/* Where nobody says which service it is, the application is one. */
static int
origin_service(const struct origin *o, struct buf *tags)
{
	char *name;
	size_t len;
	int result;

	(void)sampletype_suffix(o->app, &len);
	if ((name = strndup(o->app, len)) == NULL)
		return (-1);
	result = origin_tag(tags, "service", name);
	free(name);
	return (result);
}

int
origin_tags(const struct origin *o, const char *format, struct buf *tags)
{
	char rate[16] = "";

	if (o->units != NULL)
		snprintf(rate, sizeof(rate), "%u", (unsigned int)o->rate);
	if (origin_tag(tags, "app_name", o->app) == -1 ||
	    origin_tag(tags, "input_format", format) == -1 ||
	    origin_tag(tags, "spy_name", o->spy) == -1 ||
	    origin_tag(tags, "sample_rate", rate) == -1 ||
	    origin_tag(tags, "units", o->units) == -1 ||
	    origin_tag(tags, "aggregation_type", o->aggregation) == -1 ||
	    origin_labels(o, tags) == -1)
		return (-1);
	return (origin_service(o, tags));
}

int
origin_own(const struct conf_pyroscope *l, struct buf *tags)
{
	size_t i;

	for (i = 0; i < l->tags.n; i++)
		if (event_write_tag(tags, l->tags.v[i].key,
		    l->tags.v[i].value) == -1)
			return (-1);
	return (0);
}
