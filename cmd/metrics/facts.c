#include "facts.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "json.h"
#include "profile.h"

static int
facts_on_event(const char *p, size_t len, void *arg)
{
	return (buf_add(arg, p, len));
}

static void
facts_add(struct facts *f, const char *key, const struct buf *value)
{
	struct facts_member *m = &f->member[f->n];

	m->key = strdup(key);
	m->value = strndup(value->len != 0 ? value->p : "", value->len);
	f->n++;
	if (m->key == NULL || m->value == NULL)
		f->broken = 1;
}

static void
facts_on_member(const struct json_member *m, void *arg)
{
	struct facts *f = arg;
	const char *p = f->text->p + m->start;
	size_t len = (size_t)(m->end - m->start);
	struct buf value = { 0 };
	int result;

	if (f->broken || f->n == FACTS_MAX || len > FACTS_VALUE)
		return;
	if (m->type == JSON_STRING)
		result = json_unescape(&value, p + 1, len - 2);
	else if (m->type == JSON_NUMBER)
		result = buf_add(&value, p, len);
	else
		return;
	if (result == 0)
		facts_add(f, m->key, &value);
	else if (errno == ENOMEM)
		f->broken = 1;
	buf_free(&value);
}

/* What is no JSON ends where it is wrong. */
static int
facts_parse(struct facts *f, const struct buf *text)
{
	struct json *json;
	const char *why;
	uint64_t at;

	if ((json = json_new(EVENT_DEPTH, facts_on_member, f)) == NULL)
		return (-1);
	f->text = text;
	if (text->len != 0)
		(void)json_feed(json, text->p, text->len);
	(void)json_finish(json, &why, &at);
	json_free(json);
	if (f->broken)
		errno = ENOMEM;
	return (f->broken ? -1 : 0);
}

int
facts_read(struct facts *f, const struct profile *profile)
{
	struct buf members = { 0 };
	int result = -1;

	memset(f, 0, sizeof(*f));
	f->member = calloc(FACTS_MAX, sizeof(*f->member));
	if (f->member == NULL ||
	    profile_members(profile, &members) == -1 ||
	    buf_addc(&f->lacks, '{') == -1 ||
	    buf_add(&f->lacks, members.p, members.len) == -1 ||
	    buf_addc(&f->lacks, '}') == -1 ||
	    facts_parse(f, &f->lacks) == -1)
		goto out;
	if (profile_event(profile, facts_on_event, &f->event) == 0)
		result = facts_parse(f, &f->event);
out:
	buf_free(&members);
	return (result);
}

const char *
facts_find(const struct facts *f, const char *key)
{
	size_t i = f->n;

	while (i-- > 0)
		if (strcmp(f->member[i].key, key) == 0)
			return (f->member[i].value);
	return (NULL);
}

void
facts_clear(struct facts *f)
{
	size_t i;

	for (i = 0; i < f->n; i++) {
		free(f->member[i].key);
		free(f->member[i].value);
	}
	free(f->member);
	buf_free(&f->event);
	buf_free(&f->lacks);
	memset(f, 0, sizeof(*f));
}
