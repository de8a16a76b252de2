#include "kills.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uuid.h"

struct kills {
	struct kill {
		char		 id[UUID_TEXT];	/* "": free */
		unsigned int	 n;
	}	v[KILLS_MAX];
	size_t	next;		/* the oldest */
};

struct kills *
kills_new(void)
{
	return (calloc(1, sizeof(struct kills)));
}

void
kills_free(struct kills *k)
{
	free(k);
}

static struct kill *
kills_find(struct kills *k, const char *id)
{
	size_t i;

	for (i = 0; i < KILLS_MAX; i++)
		if (strcmp(k->v[i].id, id) == 0)
			return (&k->v[i]);
	return (NULL);
}

unsigned int
kills_add(struct kills *k, const char *id)
{
	struct kill *kill = kills_find(k, id);

	if (kill == NULL) {
		kill = &k->v[k->next];
		k->next = (k->next + 1) % KILLS_MAX;
		snprintf(kill->id, sizeof(kill->id), "%s", id);
		kill->n = 0;
	}
	return (++kill->n);
}

void
kills_forget(struct kills *k, const char *id)
{
	struct kill *kill = kills_find(k, id);

	if (kill != NULL)
		memset(kill, 0, sizeof(*kill));
}
