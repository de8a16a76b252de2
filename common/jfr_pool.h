#ifndef JFR_POOL_H
#define JFR_POOL_H

#include <stddef.h>
#include <stdint.h>

struct jfr_chunk;
struct jfr_cursor;
struct jfr_planner;
struct jfr_room;

/*
 * The constants of a chunk: values that events, and other constants, refer to
 * by a key. They stand in checkpoint events, before or behind their use.
 */
struct jfr_pools;

struct jfr_pools *jfr_pools_new(void);

/* There are so many types now, and nothing is wanted. -1: no memory. */
int	jfr_pools_reset(struct jfr_pools *, size_t types, struct jfr_room *);

/* Constants of this type will be asked for. Is anything wanted? */
void	jfr_pools_want(struct jfr_pools *, uint32_t type);
int	jfr_pools_wanted(const struct jfr_pools *);

/*
 * Find all constants of the types wanted, in place of those of another chunk
 * with the same types. The planner plans for what has to be stepped over. -1:
 * a checkpoint is malformed, or they take too much of the room.
 */
int	jfr_pools_fill(struct jfr_pools *, struct jfr_chunk *,
	    struct jfr_planner *, const char **why);

/* The value of a constant; of two with one key the later one. 0: none. */
int	jfr_pools_find(const struct jfr_pools *, uint32_t type, int64_t key,
	    struct jfr_cursor *);

void	jfr_pools_free(struct jfr_pools *, struct jfr_room *);

#endif
