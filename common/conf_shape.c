#include "conf_shape.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

#include "buf.h"

/* A host's name or address of len bytes; IPv6 in brackets. */
static int
is_host(const char *p, size_t len)
{
	const char *more = "-._";
	size_t i;

	if (len > 2 && p[0] == '[' && p[len - 1] == ']') {
		more = ":.%-_";
		p++;
		len -= 2;
	}
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)p[i]) && (p[i] == '\0' ||
		    strchr(more, p[i]) == NULL))
			return (0);
	return (len > 0);
}

/* A port from least to 65535. */
static int
is_port(const char *p, size_t len, long least)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (!isdigit((unsigned char)p[i]))
			return (0);
	return (len > 0 && len < 6 && strtol(p, NULL, 10) >= least &&
	    strtol(p, NULL, 10) <= 65535);
}

int
conf_shape_address(const char *s)
{
	const struct sockaddr_un *sun = NULL;
	const char *colon;

	if (strncmp(s, "unix:", 5) == 0)
		return (s[5] == '/' && strlen(s + 5) < sizeof(sun->sun_path));
	if (strncmp(s, "https://", 8) == 0 || strncmp(s, "http://", 7) == 0)
		s = strstr(s, "//") + 2;
	colon = strrchr(s, ':');
	return (colon != NULL && is_port(colon + 1, strlen(colon + 1), 0) &&
	    (colon == s || is_host(s, (size_t)(colon - s))));
}

/* Where the authority of a url stands: *host behind its userinfo, *end. */
static void
authority(const char *url, const char **start, const char **host,
    const char **end)
{
	const char *p;

	*start = *host = strstr(url, "://") + 3;
	*end = *start + strcspn(*start, "/?");
	for (p = *start; p < *end; p++)
		if (*p == '@')
			*host = p + 1;
}

/* Is s /socket, or /socket:/path?query? */
static int
is_socket(const char *s)
{
	const struct sockaddr_un *sun = NULL;
	size_t len = strcspn(s, ":"), i;

	for (i = 0; s[i] != '\0'; i++)
		if (!isgraph((unsigned char)s[i]) || strchr("\"\\<>#", s[i]))
			return (0);
	return (*s == '/' && len < sizeof(sun->sun_path) &&
	    (s[len] == '\0' || s[len + 1] == '/'));
}

int
conf_shape_url(const char *s, const char *schemes)
{
	const char *start, *host, *end, *colon, *p;
	size_t len = strcspn(s, ":"), at = 0, word;
	int place;

	for (place = 0;; place++) {
		if ((p = conf_shape_word(schemes, place, &word)) == NULL)
			return (0);
		if (word == len && memcmp(p, s, len) == 0)
			break;
	}
	if (len == 4 && memcmp(s, "file", 4) == 0)
		return (s[len] == ':' && s[len + 1] == '/');
	if (len == 4 && memcmp(s, "unix", 4) == 0)
		return (s[len] == ':' && is_socket(s + len + 1));
	for (at = len; s[at] != '\0'; at++)
		if (!isgraph((unsigned char)s[at]) || strchr("\"\\<>#", s[at]))
			return (0);
	if (strncmp(s + len, "://", 3) != 0)
		return (0);
	authority(s, &start, &host, &end);
	/* The last colon, unless it is within the brackets of IPv6. */
	for (colon = end; colon > host && *colon != ':' && colon[-1] != ']';)
		colon--;
	if (colon == end || *colon != ':')
		return (is_host(host, (size_t)(end - host)));
	return (is_host(host, (size_t)(colon - host)) &&
	    is_port(colon + 1, (size_t)(end - colon) - 1, 1));
}

int
conf_shape_endpoint(const char *s)
{
	const char *p;

	for (p = s; *p != '\0'; p++)
		if (!isgraph((unsigned char)*p) || strchr("?#\"\\", *p))
			return (0);
	return (*s == '/');
}

int
conf_shape_header(const char *s)
{
	size_t len = strcspn(s, ":"), i;

	/* A token (RFC 9110, 5.6.2). */
	for (i = 0; i < len; i++)
		if (!isalnum((unsigned char)s[i]) &&
		    strchr("!#$%&'*+-.^_`|~", s[i]) == NULL)
			return (0);
	return (len > 0 && s[len] == ':');
}

/* The query p, each value of it as "***"; a name alone may be the secret. */
static int
redact_query(struct buf *b, const char *p)
{
	size_t len, name;

	for (;;) {
		len = strcspn(p, "&");
		name = strcspn(p, "=&");
		if (name < len && buf_add(b, p, name + 1) == -1)
			return (-1);
		if (len != 0 && buf_adds(b, "***") == -1)
			return (-1);
		p += len;
		if (*p == '\0')
			return (0);
		if (buf_addc(b, *p++) == -1)
			return (-1);
	}
}

int
conf_shape_redact(struct buf *b, const char *url)
{
	const char *start, *host, *end, *query;

	if (strncmp(url, "unix:", 5) == 0)
		start = host = end = url;
	else if (strstr(url, "://") == NULL || strncmp(url, "file:", 5) == 0)
		return (buf_adds(b, url));
	else
		authority(url, &start, &host, &end);
	if (buf_add(b, url, (size_t)(start - url)) == -1 ||
	    (host > start && buf_adds(b, "***@") == -1))
		return (-1);
	query = end + strcspn(end, "?");
	if (*query == '?')
		query++;
	if (buf_add(b, host, (size_t)(query - host)) == -1)
		return (-1);
	return (*query == '\0' ? 0 : redact_query(b, query));
}

const char *
conf_shape_word(const char *words, int place, size_t *len)
{
	for (; place > 0; place--) {
		words += strcspn(words, "|");
		if (*words == '\0')
			return (NULL);
		words++;
	}
	*len = strcspn(words, "|");
	return (words);
}

int
conf_shape_place(const char *words, const char *s)
{
	const char *p;
	size_t len;
	int i;

	for (i = 0; (p = conf_shape_word(words, i, &len)) != NULL; i++)
		if (strlen(s) == len && memcmp(p, s, len) == 0)
			return (i);
	return (-1);
}
