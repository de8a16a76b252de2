#include "elect_etcd.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <jansson.h>

#include "buf.h"
#include "elect_base64.h"

static char *
join(const char *prefix, const char *name)
{
	char *key;

	return (asprintf(&key, "%s%s", prefix, name) == -1 ? NULL : key);
}

int
elect_etcd_keys(struct elect_etcd_keys *k, const char *name_space)
{
	/* Escaped, so that no namespace's keys are within another's. */
	char *escaped = curl_easy_escape(NULL, name_space, 0);
	int result = -1;

	memset(k, 0, sizeof(*k));
	if (escaped != NULL && asprintf(&k->prefix, "/prof/election/%s/",
	    escaped) == -1)
		k->prefix = NULL;
	curl_free(escaped);
	if (k->prefix != NULL &&
	    (k->leader = join(k->prefix, "leader")) != NULL &&
	    (k->last = join(k->prefix, "last")) != NULL &&
	    (k->members = join(k->prefix, "members/")) != NULL)
		result = 0;
	return (result);
}

void
elect_etcd_keys_clear(struct elect_etcd_keys *k)
{
	free(k->prefix);
	free(k->leader);
	free(k->last);
	free(k->members);
	memset(k, 0, sizeof(*k));
}

/* A string in base64; NULL: ENOMEM. */
static json_t *
coded(const char *p, size_t len)
{
	char *text = elect_base64(p, len);
	json_t *json = text != NULL ? json_string(text) : NULL;

	free(text);
	return (json);
}

static json_t *
text(const char *s)
{
	return (coded(s, strlen(s)));
}

static json_t *
number(int64_t n)
{
	char digits[32];

	snprintf(digits, sizeof(digits), "%" PRId64, n);
	return (json_string(digits));
}

/* What is behind all keys that begin so; it ends with no 0xff. */
static json_t *
behind(const char *prefix)
{
	char *end = strdup(prefix);
	json_t *json = NULL;

	if (end != NULL) {
		end[strlen(end) - 1]++;
		json = text(end);
	}
	free(end);
	return (json);
}

/* json_pack takes what it is given, and gives NULL if any of it is NULL. */
static json_t *
put(const char *key, const char *value, int64_t lease)
{
	return (json_pack("{s:{s:o, s:o, s:o}}", "request_put", "key",
	    text(key), "value", text(value), "lease", number(lease)));
}

static json_t *
unmade(const char *key)
{
	return (json_pack("{s:s, s:o, s:s}", "target", "CREATE", "key",
	    text(key), "create_revision", "0"));
}

/* Append it, and free it. */
static int
write(struct buf *b, json_t *json)
{
	char *s = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
	int result = s != NULL ? buf_adds(b, s) : -1;

	free(s);
	json_decref(json);
	return (result);
}

int
elect_etcd_login(struct buf *b, const char *user, const char *password)
{
	return (write(b, json_pack("{s:s, s:s}", "name", user, "password",
	    password)));
}

int
elect_etcd_grant(struct buf *b, int64_t seconds)
{
	return (write(b, json_pack("{s:o}", "TTL", number(seconds))));
}

int
elect_etcd_lease(struct buf *b, int64_t lease)
{
	return (write(b, json_pack("{s:o}", "ID", number(lease))));
}

int
elect_etcd_look(struct buf *b, const struct elect_etcd_keys *k)
{
	return (write(b, json_pack("{s:o, s:o}", "key", text(k->prefix),
	    "range_end", behind(k->prefix))));
}

int
elect_etcd_campaign(struct buf *b, const struct elect_etcd_keys *k,
    int64_t lease, const char *name, int64_t last)
{
	return (write(b, json_pack("{s:[o, {s:s, s:o, s:o, s:s}, "
	    "{s:s, s:o, s:o}], s:[o, o]}",
	    "compare", unmade(k->leader),
	    "target", "CREATE", "key", text(k->members), "range_end",
	    behind(k->members), "create_revision", "0",
	    "target", "MOD", "key", text(k->last), "mod_revision",
	    number(last),
	    "success", put(k->leader, name, lease), put(k->last, name, 0))));
}

int
elect_etcd_join(struct buf *b, const struct elect_etcd_keys *k, int64_t lease,
    int64_t seconds, const char *name)
{
	char *key = NULL, *value = NULL;
	int result = -1;

	if (asprintf(&key, "%s%" PRIx64, k->members, (uint64_t)lease) == -1)
		key = NULL;
	else if (asprintf(&value, "%" PRId64 " %s", seconds, name) == -1)
		value = NULL;
	else
		/* Nobody can be back where all work. */
		result = write(b, json_pack("{s:[o], s:[o, o]}", "compare",
		    unmade(k->leader), "success", put(key, value, lease),
		    put(k->last, "", 0)));
	free(key);
	free(value);
	return (result);
}
