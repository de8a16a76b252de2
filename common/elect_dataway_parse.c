#include "elect_dataway.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "when.h"

#define INTERVAL	4	/* seconds, as the reference has it */
#define INTERVAL_MAX	60

/* Does it say, if it says it, what we have asked for? */
static int
same(json_t *content, const char *key, const char *ours)
{
	const char *theirs = json_string_value(json_object_get(content, key));

	return (theirs == NULL || theirs[0] == '\0' ||
	    strcmp(theirs, ours) == 0);
}

static void
read_interval(json_t *content, struct elect_dataway_answer *a)
{
	json_t *interval = json_object_get(content, "interval");
	json_int_t seconds = json_integer_value(interval);

	if (interval == NULL)
		seconds = INTERVAL;
	else if (seconds < 1 || seconds > INTERVAL_MAX) {
		a->odd = "an interval out of 1 to 60 seconds, taken as 4";
		seconds = INTERVAL;
	}
	a->interval = seconds * WHEN_SECOND;
}

static int
read_content(json_t *content, const char *name_space, const char *id,
    struct elect_dataway_answer *a, const char **why)
{
	const char *status = json_string_value(json_object_get(content,
	    "status"));
	const char *leader = json_string_value(json_object_get(content,
	    "incumbency_id"));

	*why = "an answer without a status";
	if (status == NULL)
		return (-1);
	*why = "an answer with an unknown status";
	a->elected = strcmp(status, "success") == 0;
	if (!a->elected && strcmp(status, "defeat") != 0)
		return (-1);
	*why = "an answer to another host's question";
	if (!same(content, "id", id) ||
	    !same(content, "namespace", name_space))
		return (-1);
	*why = "success, but another host is named";
	if (a->elected && !same(content, "incumbency_id", id))
		return (-1);
	snprintf(a->leader, sizeof(a->leader), "%s", a->elected ? id :
	    leader != NULL ? leader : "");
	read_interval(content, a);
	return (0);
}

int
elect_dataway_parse(const char *p, size_t len, const char *name_space,
    const char *id, struct elect_dataway_answer *a, const char **why)
{
	json_t *all = json_loadb(p, len, 0, NULL);
	int result;

	memset(a, 0, sizeof(*a));
	*why = "an answer that is no JSON";
	if (all == NULL)
		return (-1);
	result = read_content(json_object_get(all, "content"), name_space, id,
	    a, why);
	json_decref(all);
	return (result);
}
