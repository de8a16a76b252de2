#include "stamp.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "facts.h"
#include "line.h"
#include "profile.h"
#include "record.h"
#include "tags_list.h"

#define SUB_TAGS	256	/* at most */
#define SUB_KEY		1024	/* bytes of a key; longer ones are left out */

/* Of sub_custom_tags, the one that is being read. */
struct stamp_sub {
	struct line	*line;
	struct tags_list list;
	struct buf	 value;
	unsigned int	 n;
};

static void
sub_on_key(const char *key, size_t len, void *arg)
{
	struct stamp_sub *s = arg;

	/* It stands in the list's own memory. */
	(void)key;
	s->list.key[len <= SUB_KEY ? len : 0] = '\0';
	s->value.len = 0;
}

static int
sub_on_value(const char *p, size_t len, void *arg)
{
	struct stamp_sub *s = arg;

	return (buf_add(&s->value, p, len));
}

static int
sub_on_tag(void *arg)
{
	struct stamp_sub *s = arg;

	if (s->n++ < SUB_TAGS)
		line_tag(s->line, s->list.key, s->value.p, s->value.len);
	return (0);
}

static void
stamp_sub(struct line *line, const char *list)
{
	struct stamp_sub s = { .line = line };

	s.list.key_max = SUB_KEY;
	s.list.key = calloc(1, SUB_KEY + 2);
	s.list.on_key = sub_on_key;
	s.list.on_value = sub_on_value;
	s.list.on_tag = sub_on_tag;
	s.list.arg = &s;
	if (s.list.key != NULL &&
	    tags_list_feed(&s.list, list, strlen(list)) == 0)
		(void)tags_list_end(&s.list);
	free(s.list.key);
	buf_free(&s.value);
}

/* "key=value" */
static void
stamp_lines(struct line *line, const struct record *r, const char *name)
{
	const char *tag, *equals;
	size_t at = 0;
	char *key;

	while ((tag = record_next(r, name, &at)) != NULL) {
		if ((equals = strchr(tag, '=')) == NULL ||
		    (key = strndup(tag, (size_t)(equals - tag))) == NULL)
			continue;
		line_tag(line, key, equals + 1, strlen(equals + 1));
		free(key);
	}
}

void
stamp(struct line *line, const struct profile *profile,
    const struct record *r, const struct facts *facts, const char *language)
{
	static const char *const keys[] = { "host", "service", "env",
	    "version" };
	const char *value;
	size_t i;

	line_tag(line, "language", language, strlen(language));
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if ((value = profile_tag(profile, keys[i])) != NULL)
			line_tag(line, keys[i], value, strlen(value));
	stamp_lines(line, r, "global-tag");
	stamp_lines(line, r, "tag");
	if ((value = facts_find(facts, "sub_custom_tags")) != NULL)
		stamp_sub(line, value);
}
