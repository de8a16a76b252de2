#include "recycle.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fifo.h"
#include "file.h"
#include "manager.h"
#include "move.h"
#include "queue.h"
#include "spool.h"
#include "stock.h"

/* A larger file would keep more disk than making it costs. */
#define BYTES_MAX	(UINT64_C(256) << 10)

/* By recycle_source's number, 0 left out. */
static const char *const takers[] = { NULL, "recv", "pull", "pyro", "metrics" };

#define TAKERS	(sizeof(takers) / sizeof(takers[0]))

_Static_assert(TAKERS == SOURCES, "as many pipes as takers");

unsigned char
recycle_source(const char *source)
{
	size_t i;

	for (i = 1; i < TAKERS; i++)
		if (strcmp(takers[i], source) == 0)
			return ((unsigned char)i);
	return (0);
}

/* The pipe to a producer; -1: it did not run when that was looked at. */
static int
recycle_pipe(struct manager *m, unsigned char source)
{
	char name[SPOOL_NAME_MAX + 16];

	if (m->spare[source] == 0) {
		snprintf(name, sizeof(name), SPOOL_PIPE "/%s.spare",
		    takers[source]);
		m->spare[source] = fifo_writer(m->root, name);
	}
	return (m->spare[source]);
}

int
recycle_delivered(struct consumer *c, const struct entry *e, const char *name)
{
	struct manager *m = c->manager;
	const char *id = e->id.text;
	unsigned char source = stock_source(m->stock, id);

	if (source == 0 || c->nspare == BATCH ||
	    stock_names(m->stock, id) != 1 ||
	    stock_bytes_of(m->stock, id) > BYTES_MAX ||
	    recycle_pipe(m, source) == -1 ||
	    move_spared(m->root, c->queue->name, name, takers[source],
	    id) == -1)
		return (move_delivered(m->root, c->queue->name, name));
	memcpy(c->spare[c->nspare].id, id, UUID_TEXT);
	c->spare[c->nspare++].source = source;
	return (0);
}

void
recycle_publish(struct consumer *c)
{
	struct manager *m = c->manager;
	const struct spared *s;
	size_t i;
	int *fd;

	for (i = 0; i < c->nspare; i++) {
		s = &c->spare[i];
		fd = &m->spare[s->source];
		if (*fd != -1 && fifo_put(*fd, "%s", s->id) == 0)
			continue;
		/* It has enough of them, or has gone. */
		if (*fd != -1 && errno != EAGAIN) {
			close(*fd);
			*fd = -1;
		}
		move_unspared(m->root, takers[s->source], s->id);
	}
	c->nspare = 0;
}

void
recycle_look_again(struct manager *m)
{
	size_t i;

	for (i = 1; i < TAKERS; i++)
		if (m->spare[i] == -1)
			m->spare[i] = 0;
}

void
recycle_sweep(struct manager *m)
{
	char name[SPOOL_FILE_MAX];
	const char *id;
	size_t i;
	DIR *dir;

	for (i = 1; i < TAKERS; i++) {
		snprintf(name, sizeof(name), SPOOL_SPARE "/%s", takers[i]);
		if ((dir = file_opendir(m->root, name)) == NULL)
			continue;
		while (file_next(dir, &id) == 1)
			if (uuid_valid(id))
				unlinkat(dirfd(dir), id, 0);
		closedir(dir);
	}
}
