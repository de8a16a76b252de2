/* clear_cache_on_start: begin with an empty spool, and say what went. */
#include "manager.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "move.h"
#include "queue.h"
#include "spool.h"
#include "walk.h"

struct clearing {
	struct manager	*manager;
	size_t		 removed;
};

static int
clear_place(const struct place *p, void *arg)
{
	struct clearing *c = arg;
	const char *name = strcmp(p->queue, SPOOL_NONE) == 0 ? p->name : p->id;

	if (strcmp(p->state, SPOOL_NEW) != 0) {
		if (request_act(c->manager, "rm", p->queue, name) == -1)
			return (errno == ENOENT ? 0 : -1);
	} else {
		if (move_admitted(c->manager->root, p->id) == -1)
			return (-1);
		log_warn(p->id, "removed", "queue=- state=new");
	}
	c->removed++;
	return (0);
}

int
clear_all(struct manager *m)
{
	struct clearing c = { .manager = m };

	if (walk(m->root, NULL, NULL, clear_place, &c) == -1)
		return (-1);
	if (c.removed > 0)
		log_warn(NULL, "spool cleared", "names=%zu key=%s", c.removed,
		    "clear_cache_on_start");
	return (0);
}
