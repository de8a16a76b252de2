#include "dataway.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "buf.h"
#include "cargo.h"
#include "conf.h"
#include "file.h"
#include "file_watch.h"
#include "record.h"
#include "secret.h"
#include "sinker.h"
#include "version.h"
#include "when.h"

#define TOKEN_MAX	4096

struct dataway {
	const struct conf_destination *d;
	char	*token;		/* from token_file, NULL: none */
	struct file_watch watch;	/* of token_file */
	int64_t	 looked;	/* there, by when_mono */
	int	 stale;		/* it has changed, and was not taken */
	size_t	 current;
};

/*
 * What stands on the one line of token_file, blanks around it dropped. NULL:
 * *why says it.
 */
static char *
token_read(const char *path, const char **why)
{
	struct buf b = { 0 };
	char *token = NULL, *p;

	*why = "token_file cannot be read";

	if (file_load(path, TOKEN_MAX, &b) == 0 &&
	    (p = buf_str(&b)) != NULL) {
		p += strspn(p, " \t\r\n");
		token = strndup(p, strcspn(p, " \t\r\n"));
	}
	buf_free(&b);
	if (token == NULL || token[0] != '\0')
		return (token);
	*why = "token_file is empty";
	free(token);
	return (NULL);
}

int
dataway_renew(struct dataway *dw, struct secret *secrets, const char **why)
{
	int64_t now = when_mono();
	char *token;

	if (now - dw->looked < WHEN_SECOND)
		return (0);
	dw->looked = now;
	if (!file_watch_look(&dw->watch))
		return (0);
	dw->stale = 1;
	if ((token = token_read(dw->d->token_file, why)) == NULL)
		return (-1);
	*why = "out of memory";
	if (secret_add(secrets, token, strlen(token)) == -1) {
		free(token);
		return (-1);
	}
	free(dw->token);
	dw->token = token;
	dw->stale = 0;
	return (1);
}

int
dataway_stale(const struct dataway *dw)
{
	return (dw->stale);
}

/* NULL, or what is wrong with a URL. */
static const char *
url_check(const char *url)
{
	const char *why = "url is not http:// or https:// with a host";
	char *scheme = NULL;
	CURLU *u = curl_url();

	if (u != NULL && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
	    (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0))
		why = NULL;
	curl_free(scheme);
	curl_url_cleanup(u);
	return (why);
}

static int
hide_all(const struct dataway *dw, struct secret *secrets)
{
	const struct conf_destination *d = dw->d;
	size_t i;

	for (i = 0; i < d->url.n; i++)
		if (secret_add_url(secrets, d->url.v[i]) == -1)
			return (-1);
	if (d->http_proxy != NULL &&
	    secret_add_url(secrets, d->http_proxy) == -1)
		return (-1);
	return (dw->token == NULL ? 0 :
	    secret_add(secrets, dw->token, strlen(dw->token)));
}

struct dataway *
dataway_new(const struct conf_destination *d, struct secret *secrets,
    const char **why)
{
	struct dataway *dw;
	size_t i;

	*why = "out of memory";
	if ((dw = calloc(1, sizeof(*dw))) == NULL)
		return (NULL);
	dw->d = d;
	dw->watch.paths[0] = d->token_file;
	file_watch_begin(&dw->watch);
	if (d->token_file != NULL &&
	    (dw->token = token_read(d->token_file, why)) == NULL)
		goto fail;
	*why = "no url";
	if (d->url.n == 0)
		goto fail;
	for (i = 0; i < d->url.n; i++)
		if ((*why = url_check(d->url.v[i])) != NULL)
			goto fail;
	*why = "out of memory";
	if (hide_all(dw, secrets) == -1)
		goto fail;
	return (dw);
fail:
	dataway_free(dw);
	return (NULL);
}

void
dataway_free(struct dataway *dw)
{
	if (dw == NULL)
		return;
	free(dw->token);
	free(dw);
}

size_t
dataway_urls(const struct dataway *dw)
{
	return (dw->d->url.n);
}

size_t
dataway_current(const struct dataway *dw)
{
	return (dw->current);
}

void
dataway_failed(struct dataway *dw, size_t i)
{
	if (dw->current == i)
		dw->current = (i + 1) % dw->d->url.n;
}

static const char *
path_of(enum record_kind kind)
{
	if (kind == RECORD_METRIC)
		return ("/v1/write/metric");
	if (kind == RECORD_POINT)
		return ("/v1/write/profiling");
	return ("/v1/upload/profiling");
}

char *
dataway_url(const struct dataway *dw, size_t i, const struct record *r)
{
	const char *url = dw->d->url.v[i];
	size_t base = strcspn(url, "?#"), query = strcspn(url, "#");
	struct buf b = { 0 };
	char *token = NULL;

	while (base > 0 && url[base - 1] == '/')
		base--;
	if (buf_add(&b, url, base) == -1 ||
	    buf_adds(&b, path_of(r->kind)) == -1)
		goto fail;
	url += strcspn(url, "?#");
	query -= (size_t)(url - dw->d->url.v[i]);
	if (buf_add(&b, url, query) == -1)
		goto fail;
	if (dw->token != NULL) {
		token = curl_easy_escape(NULL, dw->token, 0);
		if (token == NULL || buf_addf(&b, "%stoken=%s",
		    query == 0 ? "?" : query == 1 ? "" : "&", token) == -1)
			goto fail;
		curl_free(token);
	}
	if (buf_str(&b) == NULL)
		goto fail;
	return (b.p);
fail:
	curl_free(token);
	buf_free(&b);
	return (NULL);
}

/* Is the name, len bytes of it, that of a header we do not pass on? */
static int
header_ours(const char *name, size_t len)
{
	/* Of one hop; secrets; then what is ours to say. */
	static const char *const names[] = { "connection", "keep-alive",
	    "proxy-authenticate", "proxy-authorization", "proxy-connection",
	    "te", "trailer", "transfer-encoding", "upgrade", "expect",
	    "http2-settings", "authorization", "cookie", "dd-api-key", "host",
	    "content-length", "content-type", "x-datakit-version",
	    "x-prof-id", "x-global-tags" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == len &&
		    strncasecmp(name, names[i], len) == 0)
			return (1);
	return (0);
}

static int
list_add(struct curl_slist **list, const char *line)
{
	struct curl_slist *more = curl_slist_append(*list, line);

	if (more == NULL) {
		errno = ENOMEM;
		return (-1);
	}
	*list = more;
	return (0);
}

/* "name: value"; libcurl wants "name;" where there is no value. */
static int
list_addf(struct curl_slist **list, const char *name, size_t len,
    const char *value)
{
	struct buf b = { 0 };
	int result = -1;

	if (buf_add(&b, name, len) == 0 &&
	    buf_adds(&b, *value != '\0' ? ": " : ";") == 0 &&
	    buf_adds(&b, value) == 0 && buf_str(&b) != NULL)
		result = list_add(list, b.p);
	buf_free(&b);
	return (result);
}

#define ADD(list, name, value)	list_addf(list, name, strlen(name), value)

/* The client's own, those of the hop and ours left out. */
static int
list_client(struct curl_slist **list, const struct record *r, int *accept)
{
	const char *header, *value;
	size_t at = 0, len;

	while ((header = record_next(r, "header", &at)) != NULL) {
		len = strcspn(header, ":");
		if (header[len] != ':' || len == 0 || header_ours(header, len))
			continue;
		if (len == 6 && strncasecmp(header, "accept", len) == 0)
			*accept = 1;
		value = header + len + 1;
		value += strspn(value, " \t");
		if (list_addf(list, header, len, value) == -1)
			return (-1);
	}
	return (0);
}

static int
list_sinker(struct curl_slist **list, const struct cargo *c)
{
	struct buf b = { 0 };
	int result = -1;

	if (sinker_value(&b, c) == 0 &&
	    buf_str(&b) != NULL)
		result = b.len == 0 ? 0 : ADD(list, "X-Global-Tags", b.p);
	buf_free(&b);
	return (result);
}

struct curl_slist *
dataway_headers(const struct dataway *dw, const struct cargo *c)
{
	const struct record *r = c->record;
	const char *type = r->content_type;
	struct curl_slist *list = NULL;
	int accept = 0;

	if (type == NULL)
		type = r->kind == RECORD_PROFILE ? "application/octet-stream" :
		    "application/line-protocol";
	if (list_client(&list, r, &accept) == -1 ||
	    ADD(&list, "Content-Type", type) == -1 ||
	    ADD(&list, "X-Datakit-Version", "prof/" VERSION) == -1 ||
	    ADD(&list, "X-Prof-Id", r->id) == -1)
		goto fail;
	if (dw->d->enable_sinker && list_sinker(&list, c) == -1)
		goto fail;
	/* What libcurl would add of its own accord. */
	if ((!accept && list_add(&list, "Accept:") == -1) ||
	    list_add(&list, "Expect:") == -1)
		goto fail;
	return (list);
fail:
	curl_slist_free_all(list);
	return (NULL);
}
