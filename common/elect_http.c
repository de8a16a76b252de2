#include "elect_http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <event2/event.h>

#include "buf.h"
#include "conf.h"
#include "elect_backend.h"
#include "multi.h"
#include "secret.h"
#include "version.h"
#include "when.h"

#define LAST	(2 * WHEN_SECOND)

enum { PROXY, CA, CERT, KEY, PEER };

struct elect_http {
	struct multi	*multi;
	char		**urls;
	size_t		 n;
	char		*files[PEER];	/* and a proxy; each may be NULL */
	struct secret	 secrets;
	size_t		 current;	/* of the urls */
	size_t		 failures;	/* since the last good answer */
	CURL		*easy;		/* under way, or NULL */
	struct curl_slist *headers;
	int64_t		 sent;
	struct buf	 body;		/* of the answer */
	int		 large;
	char		 curl_said[CURL_ERROR_SIZE];
	void		(*on_answer)(const struct elect_http_answer *, void *);
	void		*arg;
	struct elect	*elect;
};

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct elect_http *h = arg;

	n *= size;
	h->large = n > ELECT_HTTP_MAX - h->body.len;
	return (h->large || buf_add(&h->body, p, n) == -1 ? 0 : n);
}

/* Forget the request. */
static void
drop(struct elect_http *h)
{
	if (h->easy != NULL) {
		multi_remove(h->multi, h->easy);
		curl_easy_cleanup(h->easy);
	}
	h->easy = NULL;
	curl_slist_free_all(h->headers);
	h->headers = NULL;
}

/* NULL, or why it is no answer; said has room for it. */
static const char *
judge(struct elect_http *h, CURLcode code, long status, char said[256])
{
	if (h->large)
		snprintf(said, 256, "an answer over %zu bytes",
		    ELECT_HTTP_MAX);
	else if (code == CURLE_OPERATION_TIMEDOUT)
		snprintf(said, 256, "no answer in time");
	else if (code == CURLE_COULDNT_CONNECT)
		snprintf(said, 256, "cannot connect");
	else if (code != CURLE_OK) {
		secret_hide(&h->secrets, h->curl_said);
		snprintf(said, 256, "%s", h->curl_said[0] != '\0' ?
		    h->curl_said : curl_easy_strerror(code));
	} else if (status != 200) {
		/* Hidden before it is cut. */
		secret_hide(&h->secrets, h->body.p);
		snprintf(said, 256, "status %ld %.*s", status,
		    (int)strcspn(h->body.p, "\r\n"), h->body.p);
	} else
		return (NULL);
	return (said);
}

static void
on_end(CURL *easy, CURLcode code, void *arg)
{
	struct elect_http *h = arg;
	struct elect_http_answer answer = { .sent = h->sent };
	char said[256];
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	answer.why = buf_str(&h->body) == NULL ? "out of memory" :
	    judge(h, code, status, said);
	drop(h);
	answer.status = code == CURLE_OK ? (int)status : 0;
	answer.p = h->body.p != NULL ? h->body.p : "";
	answer.len = h->body.len;
	h->on_answer(&answer, h->arg);
}

static int
copy(char **to, const char *from)
{
	return (from != NULL && (*to = strdup(from)) == NULL ? -1 : 0);
}

static int
copy_peer(struct elect_http *h, const struct elect_http_peer *peer)
{
	const struct conf_list *urls = peer->urls;

	if ((h->urls = calloc(urls->n, sizeof(*h->urls))) == NULL)
		return (-1);
	for (; h->n < urls->n; h->n++)
		if (copy(&h->urls[h->n], urls->v[h->n]) == -1 ||
		    secret_add_url(&h->secrets, urls->v[h->n]) == -1)
			return (-1);
	if (peer->proxy != NULL &&
	    secret_add_url(&h->secrets, peer->proxy) == -1)
		return (-1);
	return (copy(&h->files[PROXY], peer->proxy) == -1 ||
	    copy(&h->files[CA], peer->ca_file) == -1 ||
	    copy(&h->files[CERT], peer->cert_file) == -1 ||
	    copy(&h->files[KEY], peer->key_file) == -1 ? -1 : 0);
}

static void
on_files(const char *why, void *arg)
{
	struct elect_http *h = arg;

	elect_files(h->elect, why);
}

struct elect_http *
elect_http_new(struct event_base *base, const struct elect_http_peer *peer,
    void (*on_answer)(const struct elect_http_answer *, void *), void *arg)
{
	struct elect_http *h;

	if ((h = calloc(1, sizeof(*h))) == NULL)
		return (NULL);
	h->on_answer = on_answer;
	h->arg = arg;
	h->elect = peer->elect;
	if (copy_peer(h, peer) == 0 &&
	    (h->multi = multi_new(base, 1, on_end, h)) != NULL) {
		multi_on_files(h->multi, on_files, h);
		return (h);
	}
	elect_http_free(h);
	errno = ENOMEM;
	return (NULL);
}

void
elect_http_free(struct elect_http *h)
{
	size_t i;

	if (h == NULL)
		return;
	drop(h);
	multi_free(h->multi);
	for (i = 0; i < h->n; i++)
		free(h->urls[i]);
	free(h->urls);
	for (i = 0; i < PEER; i++)
		free(h->files[i]);
	secret_free(&h->secrets);
	buf_free(&h->body);
	free(h);
}

struct secret *
elect_http_secrets(struct elect_http *h)
{
	return (&h->secrets);
}

void
elect_http_good(struct elect_http *h)
{
	h->failures = 0;
}

int
elect_http_next(struct elect_http *h)
{
	h->current = (h->current + 1) % h->n;
	return (h->failures < h->n && ++h->failures < h->n);
}

/* The current url with what stands in front of its query and behind it. */
static int
address(const struct elect_http *h, const char *path, const char *query,
    struct buf *b)
{
	const char *url = h->urls[h->current];
	size_t len = strcspn(url, "?#"), own;
	const char *rest = url + len;

	while (len > 0 && url[len - 1] == '/')
		len--;
	own = rest[0] == '?' ? strcspn(++rest, "#") : 0;
	if (buf_add(b, url, len) == -1 || buf_adds(b, path) == -1 ||
	    (own + strlen(query) > 0 && buf_addc(b, '?') == -1) ||
	    buf_add(b, rest, own) == -1 ||
	    (own > 0 && query[0] != '\0' && buf_addc(b, '&') == -1) ||
	    buf_adds(b, query) == -1)
		return (-1);
	return (buf_str(b) != NULL ? 0 : -1);
}

static int
add_header(struct elect_http *h, const char *name, const char *value)
{
	struct curl_slist *more = NULL;
	struct buf line = { 0 };

	if (buf_addf(&line, "%s:%s%s", name, *value != '\0' ? " " : "",
	    value) == 0 && buf_str(&line) != NULL)
		more = curl_slist_append(h->headers, line.p);
	buf_free(&line);
	if (more == NULL)
		return (-1);
	h->headers = more;
	return (0);
}

/* The request as h->easy. -1: ENOMEM. */
static int
make(struct elect_http *h, const char *path, const char *query,
    const char *authorization, const char *body, int64_t timeout)
{
	const struct multi_peer peer = {
		.timeout = timeout,
		.proxy = h->files[PROXY],
		.ca_file = h->files[CA],
		.cert_file = h->files[CERT],
		.key_file = h->files[KEY],
	};
	struct buf url = { 0 };
	int result = -1;

	drop(h);
	h->body.len = 0;
	h->large = 0;
	h->curl_said[0] = '\0';
	if (address(h, path, query, &url) == -1 ||
	    add_header(h, "Content-Type", "application/json") == -1 ||
	    add_header(h, "Expect", "") == -1 ||
	    (authorization != NULL &&
	    add_header(h, "Authorization", authorization) == -1) ||
	    (h->easy = multi_easy(h->multi, &peer)) == NULL)
		goto out;
	curl_easy_setopt(h->easy, CURLOPT_URL, url.p);
	curl_easy_setopt(h->easy, CURLOPT_HTTPHEADER, h->headers);
	curl_easy_setopt(h->easy, CURLOPT_HEADEROPT,
	    (long)CURLHEADER_SEPARATE);
	curl_easy_setopt(h->easy, CURLOPT_USERAGENT, "prof/" VERSION);
	curl_easy_setopt(h->easy, CURLOPT_COPYPOSTFIELDS, body);
	curl_easy_setopt(h->easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(h->easy, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(h->easy, CURLOPT_ERRORBUFFER, h->curl_said);
	h->sent = when_mono();
	result = 0;
out:
	buf_free(&url);
	return (result);
}

int
elect_http_send(struct elect_http *h, const char *path, const char *query,
    const char *authorization, const char *body, int64_t timeout)
{
	if (make(h, path, query, authorization, body, timeout) == 0 &&
	    multi_add(h->multi, h->easy) == 0)
		return (0);
	drop(h);
	errno = ENOMEM;
	return (-1);
}

void
elect_http_last(struct elect_http *h, const char *path,
    const char *authorization, const char *body)
{
	if (make(h, path, "", authorization, body, LAST) == 0)
		(void)curl_easy_perform(h->easy);
	if (h->easy != NULL)
		curl_easy_cleanup(h->easy);
	h->easy = NULL;
	drop(h);
}
