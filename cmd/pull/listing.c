#include "listing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "buf.h"
#include "conf_owner.h"
#include "conf_shape.h"
#include "file.h"

static const char no_memory[] = "out of memory";

static void
listed_clear(struct listed *t)
{
	size_t i;

	for (i = 0; i < t->labels.n; i++) {
		free(t->labels.v[i].key);
		free(t->labels.v[i].value);
	}
	free(t->labels.v);
	free(t->url);
}

static void
listed_free(struct listed *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		listed_clear(&v[i]);
	free(v);
}

void
listing_clear(struct listing *l)
{
	listed_free(l->v, l->n);
	l->v = NULL;
	l->n = 0;
}

/* The url of what a list calls a target. NULL: *why. */
static char *
listed_url(const char *target, json_t *labels, const char **why)
{
	const char *scheme = json_string_value(json_object_get(labels,
	    "__scheme__"));
	struct buf url = { 0 };

	*why = no_memory;
	if ((strstr(target, "://") == NULL && strncmp(target, "unix:", 5) != 0 &&
	    buf_addf(&url, "%s://", scheme != NULL ? scheme : "http") == -1) ||
	    buf_adds(&url, target) == -1 || buf_str(&url) == NULL) {
		buf_free(&url);
		return (NULL);
	}
	if (conf_shape_url(url.p, "http|https|unix"))
		return (url.p);
	*why = "a target is neither host:port nor a url";
	buf_free(&url);
	return (NULL);
}

/* One target of a group. */
static int
add_target(struct listing *l, json_t *target, json_t *labels,
    const char **why)
{
	struct listed *v;
	const char *key;
	json_t *value;

	*why = "a target is no string";
	if (!json_is_string(target))
		return (-1);
	*why = no_memory;
	if ((v = realloc(l->v, (l->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	l->v = v;
	memset(v += l->n, 0, sizeof(*v));
	v->url = listed_url(json_string_value(target), labels, why);
	if (v->url == NULL)
		return (-1);
	l->n++;
	json_object_foreach(labels, key, value) {
		*why = "a label is no string";
		if (!json_is_string(value))
			return (-1);
		*why = no_memory;
		if (strncmp(key, "__", 2) != 0 && conf_pairs_add(&v->labels,
		    key, json_string_value(value)) == -1)
			return (-1);
	}
	return (0);
}

static int
add_groups(struct listing *l, json_t *list, const char **why)
{
	json_t *group, *targets, *labels;
	size_t i, j;

	*why = "it is no list of groups";
	if (!json_is_array(list))
		return (-1);
	for (i = 0; i < json_array_size(list); i++) {
		group = json_array_get(list, i);
		targets = json_object_get(group, "targets");
		labels = json_object_get(group, "labels");
		*why = "a group has no list of targets";
		if (!json_is_array(targets))
			return (-1);
		*why = "a group's labels are no object";
		if (labels != NULL && !json_is_object(labels))
			return (-1);
		for (j = 0; j < json_array_size(targets); j++)
			if (add_target(l, json_array_get(targets, j), labels,
			    why) == -1)
				return (-1);
	}
	return (0);
}

int
listing_parse(struct listing *l, const char *p, size_t len, const char **why)
{
	static char said[JSON_ERROR_TEXT_LENGTH];
	struct listing fresh = { 0 };
	json_error_t error;
	json_t *list;
	int result;

	if ((list = json_loadb(p, len, 0, &error)) == NULL) {
		memcpy(said, error.text, sizeof(said));
		*why = said;
		return (-1);
	}
	result = add_groups(&fresh, list, why);
	json_decref(list);
	if (result == -1) {
		listing_clear(&fresh);
		return (-1);
	}
	listing_clear(l);
	l->v = fresh.v;
	l->n = fresh.n;
	return (0);
}

static int
same_file(const struct stat *a, const struct stat *b)
{
	return (a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	    a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	    a->st_mtim.tv_nsec == b->st_mtim.tv_nsec);
}

int
listing_read(struct listing *l, const char **why)
{
	struct buf b = { 0 };
	struct stat st;
	int result = -1;

	memset(&st, 0, sizeof(st));
	if (stat(l->path, &st) == -1) {
		*why = strerror(errno);
		memset(&l->seen, 0, sizeof(l->seen));
		return (-1);
	}
	if (same_file(&st, &l->seen))
		return (0);
	if (file_load(l->path, LISTING_MAX, &b) == -1)
		*why = strerror(errno);
	else if (listing_parse(l, b.p, b.len, why) == 0)
		result = 1;
	buf_free(&b);
	l->seen = st;
	return (result);
}
