#include "multipart_head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "param.h"

void
multipart_head_clear(struct multipart_head *h)
{
	free(h->name);
	free(h->filename);
	free(h->type);
	memset(h, 0, sizeof(*h));
}

/* A parameter's value in memory of its own; -1: there is one already. */
static int
multipart_take(char **to, const struct param *param)
{
	struct buf b = { 0 };

	if (*to != NULL)
		return (-1);
	if (param_text(param, &b) == -1 || (*to = buf_str(&b)) == NULL) {
		buf_free(&b);
		return (-1);
	}
	return (0);
}

/* The name and the file name. filename* is ignored: RFC 7578 forbids it. */
static int
multipart_disposition(struct multipart_head *h, const char *p, const char *end)
{
	struct param param;
	int n;

	if (h->disposed || !param_word(&p, end, "form-data"))
		return (-1);
	h->disposed = 1;
	while ((n = param_next(&p, end, &param)) == 1) {
		if (param_is(&param, "name") &&
		    multipart_take(&h->name, &param) == -1)
			return (-1);
		if (param_is(&param, "filename") &&
		    multipart_take(&h->filename, &param) == -1)
			return (-1);
	}
	return (n);
}

/* A Content-Length of the part's own, which a rewriter has to correct. */
static void
multipart_length(struct multipart_head *h, const char *p, const char *end,
    uint64_t at)
{
	size_t n = strspn(p, "0123456789");

	if (n != 0 && p + n == end) {
		h->length_at = at;
		h->length_digits = n;
	}
}

/* A header field's name, up to its colon. */
static int
multipart_is(const char *p, const char *colon, const char *name)
{
	return ((size_t)(colon - p) == strlen(name) &&
	    strncasecmp(p, name, strlen(name)) == 0);
}

const char *
multipart_head_line(struct multipart_head *h, const char *p, size_t len,
    uint64_t at)
{
	static const char wrong[] = "malformed part header";
	const char *end = p + len, *colon = memchr(p, ':', len), *s;

	if (colon == p)
		return ("part header without a name");
	if (colon == NULL)
		return (wrong);
	for (s = p; s < colon; s++)
		if (*s <= ' ' || *s >= 0x7f || strchr("\"(),/;<=>?@[\\]{}", *s))
			return (wrong);
	for (; s < end; s++)
		if ((*s >= 0 && *s < ' ' && *s != '\t') || *s == 0x7f)
			return (wrong);
	for (s = colon + 1; s < end && (*s == ' ' || *s == '\t'); s++)
		continue;
	while (end > s && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	if (multipart_is(p, colon, "content-disposition"))
		return (multipart_disposition(h, s, end) == 0 ? NULL : wrong);
	if (multipart_is(p, colon, "content-length"))
		multipart_length(h, s, end, at + (uint64_t)(s - p));
	if (multipart_is(p, colon, "content-type")) {
		free(h->type);
		if ((h->type = strndup(s, (size_t)(end - s))) == NULL)
			return ("out of memory");
	}
	return (NULL);
}
