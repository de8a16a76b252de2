#include "secret.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/evp.h>

#define SECRET_MIN	4

int
secret_add(struct secret *s, const char *p, size_t len)
{
	char **v;

	if (len < SECRET_MIN)
		return (0);
	if ((v = realloc(s->v, (s->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	s->v = v;
	if ((v[s->n] = strndup(p, len)) == NULL)
		return (-1);
	s->n++;
	return (0);
}

/* As written and decoded. */
static int
secret_add_both(struct secret *s, const char *p, size_t len)
{
	int n = 0, result;
	char *plain;

	if (secret_add(s, p, len) == -1 ||
	    (plain = curl_easy_unescape(NULL, p, (int)len, &n)) == NULL)
		return (-1);
	result = (size_t)n != len ? secret_add(s, plain, (size_t)n) : 0;
	curl_free(plain);
	return (result);
}

int
secret_add_basic(struct secret *s, const char *userinfo)
{
	size_t len = strlen(userinfo);
	unsigned char *text;
	int n, result = -1;

	if (len > INT32_MAX / 2 || (text = malloc(4 * (len / 3 + 1) + 1)) ==
	    NULL)
		return (-1);
	n = EVP_EncodeBlock(text, (const unsigned char *)userinfo, (int)len);
	if (n >= 0)
		result = secret_add(s, (const char *)text, (size_t)n);
	free(text);
	return (result);
}

/* As it is sent: decoded, and in base64. */
static int
secret_add_userinfo(struct secret *s, const char *p, size_t len)
{
	int n, result;
	char *plain;

	if ((plain = curl_easy_unescape(NULL, p, (int)len, &n)) == NULL)
		return (-1);
	result = secret_add_basic(s, plain);
	curl_free(plain);
	return (result);
}

int
secret_add_url(struct secret *s, const char *url)
{
	const char *host = strstr(url, "://"), *at, *colon, *p;
	size_t len;

	host = host != NULL ? host + 3 : url;
	len = strcspn(host, "/?#");
	if ((at = memrchr(host, '@', len)) != NULL) {
		colon = memchr(host, ':', (size_t)(at - host));
		p = colon != NULL ? colon + 1 : host;
		if (secret_add_both(s, p, (size_t)(at - p)) == -1 ||
		    secret_add_userinfo(s, host, (size_t)(at - host)) == -1)
			return (-1);
	}
	p = strchr(url, '?');
	for (; p != NULL && *p != '#' && *p != '\0'; p += strcspn(p, "&#")) {
		p++;
		if (strncasecmp(p, "token=", 6) == 0 &&
		    secret_add_both(s, p + 6, strcspn(p + 6, "&#")) == -1)
			return (-1);
	}
	return (0);
}

void
secret_hide(const struct secret *s, char *text)
{
	size_t i, k, len, end = strlen(text);
	char *p;

	for (i = 0; i < s->n; i++) {
		len = strlen(s->v[i]);
		for (p = text; (p = strstr(p, s->v[i])) != NULL;)
			memset(p, '*', len);
		for (k = len - 1; k >= SECRET_MIN; k--)
			if (k <= end &&
			    memcmp(text + end - k, s->v[i], k) == 0)
				memset(text + end - k, '*', k);
	}
}

void
secret_free(struct secret *s)
{
	size_t i;

	for (i = 0; i < s->n; i++)
		free(s->v[i]);
	free(s->v);
	memset(s, 0, sizeof(*s));
}

void
secret_url(char *out, size_t size, const char *url)
{
	const char *host = strstr(url, "://"), *at;
	size_t scheme = host != NULL ? (size_t)(host + 3 - url) : 0, len;

	host = url + scheme;
	len = strcspn(host, "?#");
	at = memrchr(host, '@', strcspn(host, "/?#"));
	if (at != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	snprintf(out, size, "%.*s%.*s", (int)scheme, url, (int)len, host);
}
