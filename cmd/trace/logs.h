#ifndef LOGS_H
#define LOGS_H

#include <stddef.h>
#include <stdint.h>

struct story;

/*
 * Lines of logs that speak of records whose ids begin alike, kept in memory
 * since a pipe is read once: at most LOGS_LINES of them.
 */
#define LOGS_LINES	100000

struct logs;

/* Of ids that begin like prefix, as far as ids of one moment do. */
struct logs *logs_new(const char *prefix);
void	logs_free(struct logs *);

/* Read a log, "-": standard input. -1: errno. */
int	logs_read(struct logs *, const char *path);

/* Call on_id for every id in them. It stops where that returns -1. */
int	logs_ids(const struct logs *, int (*on_id)(const char *id, void *arg),
	    void *arg);

/* Add what they tell of a story's record. -1: ENOMEM. */
int	logs_tell(const struct logs *, struct story *);

/* Were there more lines than are kept? */
int	logs_cut(const struct logs *);

#endif
