#include "record_request.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "buf.h"
#include "conf.h"
#include "httpd.h"
#include "record.h"
#include "redact.h"
#include "when.h"

/*
 * Headers that are no part of the record: of the one connection (RFC 9110,
 * 7.6.1), about framing, those that the record has a line of its own for, and
 * those in which a proxy repeats the request's target with its query.
 */
static const char *const dropped[] = {
	"connection", "keep-alive", "te", "trailer", "transfer-encoding",
	"upgrade", "host", "content-length", "content-type", "expect",
	"referer", "forwarded-uri", "x-forwarded-uri", "x-original-uri",
	"x-original-url", "x-rewrite-url",
};

/* Is name in the comma-separated list? */
static int
listed(const char *list, const char *name)
{
	size_t len = strlen(name), n, end;

	for (; *list != '\0'; list += n) {
		list += strspn(list, ", \t");
		n = end = strcspn(list, ",");
		while (end > 0 && (list[end - 1] == ' ' ||
		    list[end - 1] == '\t'))
			end--;
		if (end == len && strncasecmp(list, name, len) == 0)
			return (1);
	}
	return (0);
}

static int
request_keeps(const struct httpd_request *request, const char *header,
    const char *const *without)
{
	const char *name, *value;
	size_t i;

	for (; without != NULL && *without != NULL; without++)
		if (strcasecmp(header, *without) == 0)
			return (0);
	for (i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++)
		if (strcasecmp(header, dropped[i]) == 0)
			return (0);
	if (strncasecmp(header, "proxy-", strlen("proxy-")) == 0 ||
	    redact_name(header, strlen(header)))
		return (0);
	for (i = 0; httpd_field(request, i, &name, &value) == 0; i++)
		if (strcasecmp(name, "connection") == 0 &&
		    listed(value, header))
			return (0);
	return (1);
}

/* What b holds, as a string that a record can hold; b is left empty. */
static char *
request_text(struct buf *b)
{
	char *text = buf_str(b), *p;

	if (text == NULL) {
		buf_free(b);
		return (NULL);
	}
	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	memset(b, 0, sizeof(*b));
	return (text);
}

static char *
request_copy(const char *value)
{
	struct buf b = { 0 };

	if (buf_adds(&b, value) == -1)
		return (NULL);
	return (request_text(&b));
}

/* "METHOD /path?query". The authority of an absolute-form target, which may
 * hold a password, is left out. */
static char *
request_line(const struct httpd_request *request)
{
	const char *query = httpd_query(request);
	struct buf b = { 0 };

	if (buf_addf(&b, "%s %s%s", httpd_method(request),
	    httpd_path(request), *query != '\0' ? "?" : "") == -1 ||
	    redact_query(&b, query) == -1) {
		buf_free(&b);
		return (NULL);
	}
	return (request_text(&b));
}

/* Add the line "name: key SEPARATOR value". */
static int
request_pair(struct record *r, const char *name, const char *key,
    const char *separator, const char *value)
{
	struct buf b = { 0 };
	char *text;
	int result;

	if (buf_addf(&b, "%s%s%s", key, separator, value) == -1) {
		buf_free(&b);
		return (-1);
	}
	if ((text = request_text(&b)) == NULL)
		return (-1);
	result = record_add(r, name, text);
	free(text);
	return (result);
}

static int
request_tags(struct record *r, const char *name,
    const struct conf_pairs *tags)
{
	size_t i;

	for (i = 0; i < tags->n; i++)
		if (request_pair(r, name, tags->v[i].key, "=",
		    tags->v[i].value) == -1)
			return (-1);
	return (0);
}

int
record_request(struct record *r, const struct httpd_request *request,
    const struct conf *conf, const char *source, const char *const *without)
{
	const char *type = httpd_header(request, "content-type");
	const char *name, *value;
	char received[WHEN_TEXT];
	size_t i;

	when_format(received, when_now(), 9);
	r->kind = RECORD_PROFILE;
	r->source = request_copy(source);
	r->received = request_copy(received);
	r->remote = request_copy(httpd_remote(request));
	r->request = request_line(request);
	r->content_type = request_copy(type != NULL ? type : "");
	if (r->source == NULL || r->received == NULL || r->remote == NULL ||
	    r->request == NULL || r->content_type == NULL)
		return (-1);
	for (i = 0; httpd_field(request, i, &name, &value) == 0; i++)
		if (request_keeps(request, name, without) &&
		    request_pair(r, "header", name, ": ", value) == -1)
			return (-1);
	if (request_tags(r, "tag", &conf->tags) == -1)
		return (-1);
	return (request_tags(r, "global-tag", &conf->global_host_tags));
}
