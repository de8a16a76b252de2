#include "endpoint.h"

#include <string.h>

#include <curl/curl.h>

#include "buf.h"

#define ROOT	"/debug/pprof"

const char *
endpoint_socket(const char *url, size_t *len)
{
	if (strncmp(url, "unix:", 5) != 0)
		return (NULL);
	*len = strcspn(url + 5, ":");
	return (url + 5);
}

const char *
endpoint_host(const char *url, size_t *len)
{
	const char *host, *at;

	if (endpoint_socket(url, len) != NULL) {
		*len += 5;
		return (url);
	}
	host = strstr(url, "://") + 3;
	*len = strcspn(host, "/?");
	if ((at = memrchr(host, '@', *len)) != NULL) {
		*len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	return (host);
}

/* The path and query of a url. */
static const char *
behind(const char *url)
{
	const char *p;
	size_t len;

	if ((p = endpoint_socket(url, &len)) != NULL)
		return (p[len] == ':' ? p + len + 1 : "");
	p = strstr(url, "://") + 3;
	return (p + strcspn(p, "/?"));
}

int
endpoint_url(struct buf *out, const char *url, const char *path,
    unsigned int seconds)
{
	const char *own = behind(url), *query = strchr(own, '?');
	size_t len = query != NULL ? (size_t)(query - own) : strlen(own), n;
	const char *separator = "?";

	if (endpoint_socket(url, &n) != NULL ?
	    buf_adds(out, "http://localhost") == -1 :
	    buf_add(out, url, (size_t)(own - url)) == -1)
		return (-1);
	while (len > 0 && own[len - 1] == '/')
		len--;
	if (buf_add(out, own, len) == -1)
		return (-1);
	if ((len < strlen(ROOT) || memcmp(own + len - strlen(ROOT), ROOT,
	    strlen(ROOT)) != 0) && buf_adds(out, ROOT) == -1)
		return (-1);
	if (buf_addf(out, "/%s", path) == -1)
		return (-1);
	if (query != NULL) {
		if (buf_adds(out, query) == -1)
			return (-1);
		separator = query[1] != '\0' ? "&" : "";
	}
	return (seconds == 0 ? 0 :
	    buf_addf(out, "%sseconds=%u", separator, seconds));
}

/* Do the urls have the same part, the default where it is not written? */
static int
same_part(CURLU *a, CURLU *b, CURLUPart part)
{
	char *x = NULL, *y = NULL;
	int same;

	same = curl_url_get(a, part, &x, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    curl_url_get(b, part, &y, CURLU_DEFAULT_PORT) == CURLUE_OK &&
	    strcasecmp(x, y) == 0;
	curl_free(x);
	curl_free(y);
	return (same);
}

int
endpoint_same(const char *from, const char *to)
{
	CURLU *a = curl_url(), *b = curl_url();
	int same;

	same = a != NULL && b != NULL &&
	    curl_url_set(a, CURLUPART_URL, from, 0) == CURLUE_OK &&
	    curl_url_set(b, CURLUPART_URL, to, 0) == CURLUE_OK &&
	    same_part(a, b, CURLUPART_SCHEME) &&
	    same_part(a, b, CURLUPART_HOST) && same_part(a, b, CURLUPART_PORT);
	curl_url_cleanup(a);
	curl_url_cleanup(b);
	return (same);
}
