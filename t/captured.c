#include "captured.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "file.h"
#include "http_chunk.h"
#include "inflate.h"
#include "multipart.h"

static void
captured_dechunk(struct captured *c, const char *p, size_t len)
{
	struct http_chunk chunk = { 0 };
	const char *why, *piece;
	ssize_t took;
	size_t n;

	while (len > 0 && !http_chunk_done(&chunk)) {
		took = http_chunk_feed(&chunk, p, len, &piece, &n, &why);
		if (took == -1)
			return;
		buf_add(&c->body, piece, n);
		p += took;
		len -= (size_t)took;
	}
}

/* The value of a header line, if it is that one. */
static const char *
captured_header(const char *line, const char *name)
{
	size_t len = strlen(name);

	return (strncasecmp(line, name, len) == 0 && line[len] == ':' ?
	    line + len + 2 : NULL);
}

int
captured_read(struct captured *c, const char *name)
{
	const char *data = getenv("DATA"), *value;
	char path[4096], *head, *line, *end, *save = NULL;
	int chunked = 0;

	memset(c, 0, sizeof(*c));
	snprintf(path, sizeof(path), "%s/pyro/%s.http",
	    data != NULL ? data : "t/data", name);
	if (file_slurp(AT_FDCWD, path, 1 << 20, &c->file) == -1 ||
	    (end = strstr(buf_str(&c->file), "\r\n\r\n")) == NULL)
		return (-1);
	head = strndup(c->file.p, (size_t)(end - c->file.p));
	line = strtok_r(head, "\r\n", &save);
	line += strcspn(line, " ");
	c->target = strndup(line + 1, strcspn(line + 1, " "));
	while ((line = strtok_r(NULL, "\r\n", &save)) != NULL) {
		if ((value = captured_header(line, "content-type")) != NULL)
			c->type = strdup(value);
		value = captured_header(line, "content-encoding");
		if (value != NULL)
			c->encoding = strdup(value);
		if (captured_header(line, "transfer-encoding") != NULL)
			chunked = 1;
	}
	free(head);
	end += 4;
	if (chunked)
		captured_dechunk(c, end,
		    c->file.len - (size_t)(end - c->file.p));
	else
		buf_add(&c->body, end,
		    c->file.len - (size_t)(end - c->file.p));
	return (0);
}

void
captured_free(struct captured *c)
{
	buf_free(&c->file);
	buf_free(&c->body);
	free(c->target);
	free(c->type);
	free(c->encoding);
}

struct captured_wanted {
	const char	*name;
	int		 in;		/* the part at hand */
	int		 found;
	struct buf	*out;
};

static void
on_part(const struct multipart_part *part, void *arg)
{
	struct captured_wanted *w = arg;

	w->in = part->name != NULL && strcmp(part->name, w->name) == 0;
	w->found |= w->in;
}

static void
on_body(const char *p, size_t len, void *arg)
{
	struct captured_wanted *w = arg;

	if (w->in)
		buf_add(w->out, p, len);
}

int
captured_part(const struct captured *c, const char *name, struct buf *out)
{
	static const struct multipart_calls calls = { on_part, on_body, NULL };
	static const struct multipart_limits limits = { 20, 4096 };
	struct captured_wanted w = { name, 0, 0, out };
	struct multipart *m;
	const char *why;

	m = multipart_new(c->type, &limits, &calls, &w, &why);
	if (m == NULL || multipart_feed(m, c->body.p, c->body.len) == -1 ||
	    multipart_finish(m) == -1)
		w.found = 0;
	multipart_free(m);
	return (w.found ? 0 : -1);
}

int
captured_inflate(const struct buf *in, struct buf *out)
{
	static const struct inflate_limits limits = { 1 << 24, 0 };
	const char *why;

	return (inflate_whole(in->p, in->len, &limits, out, &why));
}
