#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "crc32c.h"

#define MAGIC	"prof-record 1\n"

static const struct {
	const char	*name;
	enum record_kind kind;
} kinds[] = {
	{ "profile", RECORD_PROFILE },
	{ "metric", RECORD_METRIC },
	{ "point", RECORD_POINT },
};

#define NKINDS	(sizeof(kinds) / sizeof(kinds[0]))

const char *
record_kind_name(enum record_kind kind)
{
	size_t i;

	for (i = 0; i < NKINDS; i++)
		if (kinds[i].kind == kind)
			return (kinds[i].name);
	return ("unknown");
}

enum record_kind
record_kind(const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < NKINDS; i++)
		if (strlen(kinds[i].name) == len &&
		    memcmp(kinds[i].name, name, len) == 0)
			return (kinds[i].kind);
	return (0);
}

void
record_clear(struct record *r)
{
	size_t i;

	free(r->source);
	free(r->received);
	free(r->remote);
	free(r->request);
	free(r->content_type);
	for (i = 0; i < r->nlines; i++) {
		free(r->lines[i].name);
		free(r->lines[i].value);
	}
	free(r->lines);
	memset(r, 0, sizeof(*r));
}

static int
record_clean(const char *p)
{
	for (; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return (0);
	return (1);
}

int
record_add(struct record *r, const char *name, const char *value)
{
	struct record_line line, *lines;

	if (!record_clean(value)) {
		errno = EINVAL;
		return (-1);
	}
	/* Room is doubled whenever the count reaches a power of two. */
	if ((r->nlines & (r->nlines - 1)) == 0) {
		lines = realloc(r->lines,
		    (r->nlines == 0 ? 1 : 2 * r->nlines) * sizeof(*lines));
		if (lines == NULL)
			return (-1);
		r->lines = lines;
	}
	line.name = strdup(name);
	line.value = strdup(value);
	if (line.name == NULL || line.value == NULL) {
		free(line.name);
		free(line.value);
		return (-1);
	}
	r->lines[r->nlines++] = line;
	return (0);
}

const char *
record_next(const struct record *r, const char *name, size_t *at)
{
	while (*at < r->nlines) {
		const struct record_line *line = &r->lines[(*at)++];

		if (strcmp(line->name, name) == 0)
			return (line->value);
	}
	return (NULL);
}

static int
record_line(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return (0);
	if (!record_clean(value)) {
		errno = EINVAL;
		return (-1);
	}
	return (buf_addf(b, "%s: %s\n", name, value));
}

int
record_encode(const struct record *r, struct buf *b)
{
	size_t had = b->len, i;

	if (buf_adds(b, MAGIC) == -1 ||
	    record_line(b, "id", r->id) == -1 ||
	    record_line(b, "kind", record_kind_name(r->kind)) == -1 ||
	    record_line(b, "source", r->source) == -1 ||
	    record_line(b, "received", r->received) == -1 ||
	    record_line(b, "parent",
	    r->parent[0] != '\0' ? r->parent : NULL) == -1 ||
	    record_line(b, "remote", r->remote) == -1 ||
	    record_line(b, "request", r->request) == -1 ||
	    record_line(b, "content-type", r->content_type) == -1)
		goto fail;
	for (i = 0; i < r->nlines; i++)
		if (record_line(b, r->lines[i].name, r->lines[i].value) == -1)
			goto fail;
	if (buf_addf(b, "length: %020d\ncrc32c: %08x\n\n", 0, 0) == -1)
		goto fail;
	if (b->len - had > RECORD_HEAD_MAX) {
		errno = EMSGSIZE;
		goto fail;
	}
	return (0);
fail:
	b->len = had;
	return (-1);
}

void
record_seal(char *head, size_t head_len, uint64_t length, uint32_t body_crc)
{
	char *tail = head + head_len - RECORD_TAIL;
	char text[RECORD_TAIL + 1];
	uint32_t crc;

	snprintf(text, sizeof(text), "length: %020llu\ncrc32c: %08x\n\n",
	    (unsigned long long)length, 0);
	memcpy(tail, text, RECORD_TAIL);
	crc = crc32c_join(crc32c(0, head, head_len), body_crc, length);
	snprintf(text, sizeof(text), "%08x", crc);
	memcpy(head + head_len - 10, text, 8);
}
