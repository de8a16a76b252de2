#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "event_write.h"
#include "kind.h"
#include "plan.h"
#include "secret.h"
#include "when.h"

/* What a target's tags are put together of; of a key the last counts. */
struct tagging {
	const struct conf_pair *v[3];
	size_t	n[3];
};

static const char *
last_value(const struct tagging *t, const char *key)
{
	size_t i, j;

	for (i = 3; i-- > 0;)
		for (j = t->n[i]; j-- > 0;)
			if (strcmp(t->v[i][j].key, key) == 0)
				return (t->v[i][j].value);
	return (NULL);
}

/* Does a set before the i-th, from the first on, have that key? */
static int
said_before(const struct tagging *t, size_t first, size_t i, const char *key)
{
	size_t j;

	for (; i-- > first;)
		for (j = 0; j < t->n[i]; j++)
			if (strcmp(t->v[i][j].key, key) == 0)
				return (1);
	return (0);
}

/* The sets from first on as "key:value,key:value", or NULL. Empty: none. */
static char *
tags_text(const struct tagging *t, size_t first)
{
	struct buf out = { 0 };
	const char *key, *value;
	size_t i, j;

	for (i = first; i < 3; i++)
		for (j = 0; j < t->n[i]; j++) {
			key = t->v[i][j].key;
			value = last_value(t, key);
			if (said_before(t, first, i, key) || value == NULL ||
			    *value == '\0')
				continue;
			if (event_write_tag(&out, key, value) == -1) {
				buf_free(&out);
				return (NULL);
			}
		}
	return (buf_str(&out));
}

static int
order_tags(struct order *o, const struct conf_pairs *labels)
{
	const struct conf_target *t = o->t;
	struct conf_pair own[] = {
		{ (char *)"service", t->service },
		{ (char *)"version", t->version },
		{ (char *)"env", t->env },
	};
	struct tagging all = { .v = { own, t->tags.v }, .n = { 3, t->tags.n } };
	size_t i;

	for (i = 0; i < 3; i++)
		if (own[i].value == NULL)
			own[i].value = (char *)"";
	if (labels != NULL) {
		all.v[2] = labels->v;
		all.n[2] = labels->n;
	}
	o->tags = tags_text(&all, 0);
	o->own_tags = tags_text(&all, 1);
	return (o->tags != NULL && o->own_tags != NULL ? 0 : -1);
}

/* By the section, or in shorter time by -w. */
static void
order_times(struct order *o, int64_t wait)
{
	int64_t most;

	o->interval = o->t->interval;
	o->timeout = o->t->timeout;
	o->cpu_seconds = (unsigned int)o->t->cpu_seconds;
	if (wait == 0)
		return;
	o->interval = wait;
	most = wait / 10 * 8 / WHEN_SECOND;
	if (o->cpu_seconds > most)
		o->cpu_seconds = most > 1 ? (unsigned int)most : 1;
}

struct order *
order_new(struct plan *plan, const struct conf_target *t, const char *url,
    const struct conf_pairs *labels)
{
	struct order *o;
	size_t i, kind;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	o->held = 1;
	o->plan = plan_hold(plan);
	o->t = t;
	secret_url(o->shown, sizeof(o->shown), url);
	order_times(o, plan->wait);
	for (i = 0; i < t->enabled_types.n; i++)
		if ((kind = kind_find(t->enabled_types.v[i])) < KINDS)
			o->kinds |= 1U << kind;
	if ((o->url = strdup(url)) == NULL || order_tags(o, labels) == -1) {
		order_drop(o);
		return (NULL);
	}
	return (o);
}

struct order *
order_hold(struct order *o)
{
	o->held++;
	return (o);
}

void
order_drop(struct order *o)
{
	if (o == NULL || --o->held > 0)
		return;
	plan_drop(o->plan);
	free(o->url);
	free(o->tags);
	free(o->own_tags);
	free(o);
}
