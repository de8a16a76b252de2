#include "point.h"

#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "facts.h"
#include "line.h"
#include "profile.h"
#include "record.h"
#include "sheet.h"
#include "trace.h"

/* What a tag or a field is called in the profile. */
struct point_row {
	const char	*name;
	const char	*key;
};

static const struct point_row point_tags[] = {
	{ "base_service", "base_service" },
	{ "container_host", "container_host" },
	{ "endpoint", "endpoint" },
	{ "env", "env" },
	{ "host", "host" },
	{ "http_method", "http_method" },
	{ "http_route", "http_route" },
	{ "http_status_code", "http_status_code" },
	{ "http_url", "http_url" },
	{ "operation", "operation" },
	{ "project", "project" },
	{ "service", "service" },
	{ "span_type", "span_type" },
	{ "status", "status" },
	{ "version", "version" }
};

static const struct point_row point_fields[] = {
	{ "resource", "resource" },
	{ "trace_id", "trace_id" },
	{ "span_id", "span_id" },
	{ "parent_id", "parent_id" },
	{ "format", "format" },
	{ "profiler", "profiler" },
	{ "profiler_version", "profiler_version" },
	{ "library_ver", "library_ver" },
	{ "runtime", "runtime" },
	{ "runtime_os", "runtime_os" },
	{ "runtime_arch", "runtime_arch" },
	{ "runtime_version", "runtime_version" },
	{ "runtime_compiler", "runtime_compiler" },
	{ "runtime_id", "runtime-id" },
	{ "pid", "pid" },
	{ "process_id", "process_id" }
};

#define TAGS	(sizeof(point_tags) / sizeof(point_tags[0]))
#define FIELDS	(sizeof(point_fields) / sizeof(point_fields[0]))

_Static_assert(TAGS + FIELDS <= POINT_KEYS, "room for all keys");

size_t
point_keys(const char *keys[POINT_KEYS])
{
	size_t i, n = 0;

	for (i = 0; i < TAGS; i++)
		keys[n++] = point_tags[i].key;
	for (i = 0; i < FIELDS; i++)
		keys[n++] = point_fields[i].key;
	return (n);
}

static int
point_empty(const char *value)
{
	return (value == NULL || *value == '\0' ||
	    strcmp(value, "unknown") == 0);
}

/* By the tags, the event, or the samples. NULL: not known. */
static const char *
point_value(const char *key, const struct profile *profile,
    const struct facts *facts, const struct trace *trace)
{
	const char *value = profile_tag(profile, key);

	/* An event's own version is that of its form. */
	if (point_empty(value) && strcmp(key, "version") != 0)
		value = facts_find(facts, key);
	if (point_empty(value))
		value = trace_value(trace, key);
	return (point_empty(value) ? NULL : value);
}

static void
point_tag(struct line *line, const char *key, const char *value)
{
	if (!point_empty(value))
		line_tag(line, key, value, strlen(value));
}

static void
point_text(struct line *line, const char *key, const char *value)
{
	if (value != NULL)
		line_text(line, key, value, strlen(value));
}

/* Of the attachments, as they were sent. */
static int64_t
point_size(const struct sheet *s)
{
	int64_t bytes = 0;
	size_t i;

	for (i = 0; i < s->nfiles; i++)
		bytes += (int64_t)s->files[i].len;
	return (bytes);
}

/* The event without what some put behind it. */
static size_t
point_message(const struct facts *facts)
{
	size_t len = facts->event.len;

	while (len > 0 && strchr(" \t\r\n", facts->event.p[len - 1]) != NULL)
		len--;
	return (len);
}

void
point_add(struct sheet *s, const struct profile *profile,
    const struct record *r, const struct facts *facts, const char *language)
{
	char host[256] = "";
	struct trace trace;
	size_t i;

	trace_find(s, &trace);
	for (i = 0; i < TAGS; i++)
		point_tag(s->line, point_tags[i].name,
		    point_value(point_tags[i].key, profile, facts, &trace));
	point_tag(s->line, "language", language);
	point_tag(s->line, "source_type", facts_find(facts, "profiler"));
	if (gethostname(host, sizeof(host) - 1) == 0)
		point_tag(s->line, "dk_fingerprint", host);
	line_int(s->line, "duration", s->end / 1000 - s->start / 1000);
	line_int(s->line, "start", s->start / 1000);
	line_int(s->line, "end", s->end / 1000);
	for (i = 0; i < FIELDS; i++)
		point_text(s->line, point_fields[i].name,
		    point_value(point_fields[i].key, profile, facts, &trace));
	point_text(s->line, "profile_id", r->id);
	line_int(s->line, "__file_size", point_size(s));
	line_text(s->line, "message", facts->event.p, point_message(facts));
}
