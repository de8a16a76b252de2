#include "fields.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "multipart.h"

#define HEAD	8192		/* bytes of a part's headers */

struct fields_reader {
	struct fields	*fields;
	const char	*body;
	int		 failed;	/* no memory */
};

static void
on_part(const struct multipart_part *part, void *arg)
{
	struct fields_reader *r = arg;
	struct field *grown, *new;

	if (r->failed)
		return;
	grown = reallocarray(r->fields->field, r->fields->n + 1,
	    sizeof(*grown));
	if (grown == NULL) {
		r->failed = 1;
		return;
	}
	r->fields->field = grown;
	new = &grown[r->fields->n++];
	new->name = strdup(part->name != NULL ? part->name : "");
	new->p = r->body + part->body;
	new->len = 0;
	r->failed = new->name == NULL;
}

static void
on_end(uint64_t end, void *arg)
{
	struct fields_reader *r = arg;
	struct field *last;

	if (r->failed)
		return;
	last = &r->fields->field[r->fields->n - 1];
	last->len = (size_t)end - (size_t)(last->p - r->body);
}

int
fields_read(struct fields *fields, const char *content_type, const char *p,
    size_t len, size_t n, const char **why)
{
	static const struct multipart_calls calls = { .on_part = on_part,
	    .on_end = on_end };
	struct multipart_limits limits = { n, HEAD };
	struct fields_reader r = { fields, p, 0 };
	struct multipart *m;
	uint64_t at;
	int result = -1;

	m = multipart_new(content_type, &limits, &calls, &r, why);
	if (m == NULL)
		return (-1);
	if (multipart_feed(m, p, len) == -1 || multipart_finish(m) == -1)
		*why = multipart_why(m, &at);
	else if (r.failed)
		*why = "out of memory";
	else
		result = 0;
	multipart_free(m);
	return (result);
}

void
fields_free(struct fields *fields)
{
	size_t i;

	for (i = 0; i < fields->n; i++)
		free(fields->field[i].name);
	free(fields->field);
	memset(fields, 0, sizeof(*fields));
}

int
fields_find(const struct fields *fields, const char *name,
    const struct field **found, const char **why)
{
	size_t i;

	*found = NULL;
	for (i = 0; i < fields->n; i++) {
		if (strcmp(fields->field[i].name, name) != 0)
			continue;
		if (*found != NULL) {
			*why = "the form has two parts of one name";
			return (-1);
		}
		*found = &fields->field[i];
	}
	return (0);
}
