#include "elect_etcd.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "elect_base64.h"
#include "elect_members.h"
#include "when.h"

static const char no_memory[] = "out of memory";

static json_t *
load(const char *p, size_t len, const char **why)
{
	json_t *all = json_loadb(p, len, JSON_DISABLE_EOF_CHECK, NULL);

	*why = "an answer that is no JSON";
	return (all);
}

/* Of 64 bits, a string; left out it is 0. */
static int64_t
number(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	const char *digits = json_string_value(value);

	return (digits != NULL ? strtoll(digits, NULL, 10) :
	    (int64_t)json_integer_value(value));
}

/* A key or value, decoded; left out it is empty. NULL: it is neither. */
static char *
string(json_t *object, const char *key)
{
	const char *coded = json_string_value(json_object_get(object, key));
	size_t len;

	return (elect_base64_decode(coded != NULL ? coded : "", &len));
}

/* A member's "SECONDS NAME". */
static int
add_member(struct elect_etcd_view *v, json_t *kv, const char *value,
    int64_t lease, const char **why)
{
	int self = number(kv, "lease") == lease;
	long long seconds;
	char *name;

	*why = "too many members";
	if (v->members->n == ELECT_MEMBERS_MAX)
		return (-1);
	seconds = strtoll(value, &name, 10);
	*why = "a member that is none";
	if (*name != ' ' || seconds < 1 || seconds > 86400)
		return (-1);
	elect_members_add(v->members, name + 1,
	    (uint64_t)number(kv, "create_revision"), seconds * WHEN_SECOND,
	    self);
	v->joined |= self;
	return (0);
}

/* One key; takes value. */
static int
add_key(struct elect_etcd_view *v, const struct elect_etcd_keys *k,
    json_t *kv, const char *key, char *value, int64_t lease, const char **why)
{
	int result = 0;

	if (strcmp(key, k->leader) == 0) {
		free(v->leader);
		v->leader = value;
		v->leader_lease = number(kv, "lease");
		return (0);
	}
	if (strcmp(key, k->last) == 0) {
		free(v->last);
		v->last = value;
		v->last_revision = number(kv, "mod_revision");
		return (0);
	}
	if (strncmp(key, k->members, strlen(k->members)) == 0)
		result = add_member(v, kv, value, lease, why);
	free(value);
	return (result);
}

static int
read_keys(struct elect_etcd_view *v, const struct elect_etcd_keys *k,
    json_t *kvs, int64_t lease, const char **why)
{
	char *key, *value;
	json_t *kv;
	size_t i;
	int result;

	json_array_foreach(kvs, i, kv) {
		*why = "a key that is no base64";
		if ((key = string(kv, "key")) == NULL)
			return (-1);
		if ((value = string(kv, "value")) == NULL) {
			free(key);
			return (-1);
		}
		result = add_key(v, k, kv, key, value, lease, why);
		free(key);
		if (result == -1)
			return (-1);
	}
	return (0);
}

int
elect_etcd_view(const char *p, size_t len, const struct elect_etcd_keys *k,
    int64_t lease, struct elect_etcd_view *v, const char **why)
{
	json_t *all = load(p, len, why);
	int result = -1;

	if (all == NULL)
		return (-1);
	*why = "an answer of another kind";
	/* All that was written stands in a header; without one it is none. */
	if (!json_is_object(json_object_get(all, "header")))
		goto out;
	*why = no_memory;
	v->members = elect_members_new(ELECT_MEMBERS_MAX);
	if (v->members == NULL)
		goto out;
	result = read_keys(v, k, json_object_get(all, "kvs"), lease, why);
out:
	json_decref(all);
	return (result);
}

void
elect_etcd_view_clear(struct elect_etcd_view *v)
{
	free(v->leader);
	free(v->last);
	free(v->members);
	memset(v, 0, sizeof(*v));
}

static int
seconds_of(json_t *o, int64_t least, int64_t *seconds, const char **why)
{
	*seconds = number(o, "TTL");
	*why = "a lease that is none";
	return (*seconds < least || *seconds > 86400 ? -1 : 0);
}

int
elect_etcd_granted(const char *p, size_t len, int64_t *lease,
    int64_t *seconds, const char **why)
{
	json_t *all = load(p, len, why);
	int result;

	if (all == NULL)
		return (-1);
	*lease = number(all, "ID");
	result = seconds_of(all, 1, seconds, why);
	json_decref(all);
	return (*lease == 0 ? -1 : result);
}

int
elect_etcd_renewed(const char *p, size_t len, int64_t *seconds,
    const char **why)
{
	json_t *all = load(p, len, why), *renewed;
	int result = -1;

	if (all == NULL)
		return (-1);
	renewed = json_object_get(all, "result");
	*why = "an answer of another kind";
	if (json_is_object(renewed))
		result = seconds_of(renewed, 0, seconds, why);
	json_decref(all);
	return (result);
}

int
elect_etcd_done(const char *p, size_t len, const char **why)
{
	json_t *all = load(p, len, why);
	int result = -1;

	if (all == NULL)
		return (-1);
	*why = "an answer of another kind";
	if (json_is_object(json_object_get(all, "header")))
		result = json_is_true(json_object_get(all, "succeeded"));
	json_decref(all);
	return (result);
}

char *
elect_etcd_token(const char *p, size_t len, const char **why)
{
	json_t *all = load(p, len, why);
	const char *token;
	char *copy = NULL;

	if (all == NULL)
		return (NULL);
	*why = "an answer without a token";
	token = json_string_value(json_object_get(all, "token"));
	/* It becomes a header. */
	if (token != NULL && strpbrk(token, "\r\n") == NULL &&
	    (copy = strdup(token)) == NULL)
		*why = no_memory;
	json_decref(all);
	return (copy);
}

int
elect_etcd_error(const char *p, size_t len, char *out, size_t size)
{
	json_t *all = json_loadb(p, len, JSON_DISABLE_EOF_CHECK, NULL);
	json_t *o = json_object_get(all, "error");
	const char *said;
	int code;

	/* Of a stream it is an object of its own. */
	if (!json_is_object(o))
		o = all;
	said = json_string_value(json_object_get(o, "message"));
	if (said == NULL)
		said = json_string_value(json_object_get(o, "error"));
	code = (int)json_integer_value(json_object_get(o, "code"));
	if (code == 0)
		code = (int)json_integer_value(json_object_get(o,
		    "grpc_code"));
	if (said == NULL)
		code = 0;
	else
		snprintf(out, size, "%s", said);
	json_decref(all);
	return (code);
}
