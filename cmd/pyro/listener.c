#include "listener.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "origin.h"

static int
listener_read(struct listener *l, const struct conf_pyroscope *section)
{
	struct buf tags = { 0 }, own = { 0 };
	int result = -1;

	if (origin_listener(section, &tags) == -1 ||
	    origin_own(section, &own) == -1)
		goto out;
	l->wait = section->join_timeout;
	l->url = strdup(section->url);
	l->tags = buf_str(&tags) != NULL ? strdup(tags.p) : NULL;
	l->own = buf_str(&own) != NULL ? strdup(own.p) : NULL;
	if (l->url != NULL && l->tags != NULL && l->own != NULL)
		result = 0;
out:
	buf_free(&tags);
	buf_free(&own);
	return (result);
}

int
listeners_read(struct listeners *l, const struct conf *conf)
{
	size_t i;

	l->v = calloc(conf->npyroscopes + 1, sizeof(*l->v));
	if (l->v == NULL)
		return (-1);
	for (l->n = conf->npyroscopes, i = 0; i < l->n; i++)
		if (listener_read(&l->v[i], &conf->pyroscopes[i]) == -1)
			return (-1);
	return (0);
}

void
listeners_free(struct listeners *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		free(l->v[i].url);
		free(l->v[i].tags);
		free(l->v[i].own);
	}
	free(l->v);
	memset(l, 0, sizeof(*l));
}

int
listeners_urls(const struct listeners *l, struct conf_list *urls)
{
	size_t i;

	if ((urls->v = calloc(l->n + 1, sizeof(*urls->v))) == NULL)
		return (-1);
	for (i = 0; i < l->n; i++)
		urls->v[i] = l->v[i].url;
	urls->n = l->n;
	return (0);
}

int64_t
listeners_wait(const struct listeners *l, const char *key)
{
	size_t i, len = strcspn(key, "\n");

	for (i = 0; i < l->n; i++)
		if (strlen(l->v[i].url) == len &&
		    memcmp(l->v[i].url, key, len) == 0)
			return (l->v[i].wait);
	return (0);
}

int
listeners_differ(const struct listeners *l, const struct conf *conf)
{
	size_t i;

	if (l->n != conf->npyroscopes)
		return (1);
	for (i = 0; i < l->n; i++)
		if (strcmp(l->v[i].url, conf->pyroscopes[i].url) != 0)
			return (1);
	return (0);
}
