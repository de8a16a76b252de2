#include "conf_find.h"

#include <string.h>

#include "conf_table.h"

#define PREFIX	(sizeof(CONF_NAMED) - sizeof("NAME"))
#define LONGEST	49	/* bytes of a name that are compared */

const struct conf_section *
conf_find_section(const char *name)
{
	const struct conf_section *s;

	for (s = conf_table; s->name != NULL; s++)
		if (strcmp(s->name, CONF_NAMED) == 0 ?
		    strncmp(name, CONF_NAMED, PREFIX) == 0 :
		    strcmp(name, s->name) == 0)
			return (s);
	return (NULL);
}

const struct conf_key *
conf_find_key(const struct conf_section *s, const char *name)
{
	const struct conf_key *k;

	for (k = s->keys; k->name != NULL; k++)
		if (strcmp(name, k->name) == 0)
			return (k);
	return (NULL);
}

static size_t
least(size_t a, size_t b)
{
	return (a < b ? a : b);
}

/* Bytes to insert, remove or replace to make b of a (Levenshtein). */
static size_t
distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], alen = strlen(a), blen = strlen(b);
	size_t i, j, corner, above;

	if (alen > LONGEST || blen > LONGEST)
		return (LONGEST);
	for (j = 0; j <= blen; j++)
		row[j] = j;
	for (i = 1; i <= alen; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= blen; j++) {
			above = row[j];
			row[j] = least(least(above, row[j - 1]) + 1,
			    corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	return (row[blen]);
}

/* Is candidate more like name than best, and like enough to be meant? */
static int
nearer(const char *name, const char *candidate, const char *best)
{
	size_t d = distance(name, candidate);

	return (d <= 3 && d * 2 < strlen(candidate) &&
	    (best == NULL || d < distance(name, best)));
}

const char *
conf_near_section(const char *name)
{
	const struct conf_section *s;
	const char *best = NULL;

	for (s = conf_table; s->name != NULL; s++)
		if (nearer(name, s->name, best))
			best = s->name;
	return (best);
}

const char *
conf_near_key(const struct conf_section *s, const char *name)
{
	const struct conf_key *k;
	const char *best = NULL;

	for (k = s->keys; k->name != NULL; k++)
		if (nearer(name, k->name, best))
			best = k->name;
	return (best);
}
