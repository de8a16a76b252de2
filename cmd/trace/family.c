#include "family.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "spool.h"
#include "walk.h"

#define MOMENT	13	/* characters of an id that are its time */

int
family_add(struct family *f, const char *id)
{
	size_t len = strlen(f->prefix), i;
	char (*v)[UUID_TEXT];

	if (strncmp(id, f->prefix, len < MOMENT ? len : MOMENT) != 0 ||
	    f->n == FAMILY_MAX)
		return (0);
	for (i = 0; i < f->n; i++)
		if (strcmp(f->v[i], id) == 0)
			return (0);
	if ((v = realloc(f->v, (f->n + 1) * sizeof(*v))) == NULL)
		return (-1);
	f->v = v;
	memcpy(f->v[f->n++], id, UUID_TEXT);
	return (0);
}

static int
on_place(const struct place *p, void *arg)
{
	return (family_add(arg, p->id));
}

static int
on_line(enum ledger_word word, const char *id, uint64_t count, void *arg)
{
	(void)word;
	(void)count;
	return (id == NULL ? 0 : family_add(arg, id));
}

struct search {
	struct family	*family;
	int		 root;
};

static int
on_ledger(const char *queue, void *arg)
{
	struct search *s = arg;

	errno = 0;
	if (ledger_read(s->root, queue, on_line, s->family) == -1) {
		if (errno == ENOMEM)
			return (-1);
		s->family->error = errno;
	}
	return (0);
}

int
family_search(struct family *f, int root)
{
	static const char *const states[] = { SPOOL_NEW, SPOOL_QUEUE,
	    SPOOL_DEAD };
	struct search s = { f, root };
	size_t i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (walk(root, states[i], NULL, on_place, f) == -1) {
			if (errno == ENOMEM)
				return (-1);
			f->error = errno;
		}
	if (walk_queues(root, SPOOL_LEDGER, on_ledger, &s) == -1) {
		if (errno == ENOMEM)
			return (-1);
		f->error = errno;
	}
	return (0);
}

int
family_derived(const char *id, const char *parent)
{
	static const char *const kinds[] = { "metric", "point" };
	char made[UUID_TEXT];
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uuid_derive(made, parent, kinds[i], 0);
		if (strcmp(made, id) == 0)
			return (1);
	}
	return (0);
}

/* Is it made from another one that the prefix may mean? */
static int
is_child(const struct family *f, const char *id)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		if (strncmp(f->v[i], f->prefix, strlen(f->prefix)) == 0 &&
		    strcmp(f->v[i], id) != 0 && family_derived(id, f->v[i]))
			return (1);
	return (0);
}

const char *
family_pick(const struct family *f, const char **second)
{
	const char *found = NULL;
	size_t i;

	*second = NULL;
	for (i = 0; i < f->n; i++) {
		if (strncmp(f->v[i], f->prefix, strlen(f->prefix)) != 0 ||
		    is_child(f, f->v[i]))
			continue;
		if (found != NULL) {
			*second = f->v[i];
			return (found);
		}
		found = f->v[i];
	}
	return (found);
}
