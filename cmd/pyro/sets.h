#ifndef SETS_H
#define SETS_H

#include <stddef.h>
#include <stdint.h>

struct event_base;
struct joint;
struct keep;
struct pool;

/*
 * Sets of which parts are still to come. A part is stored in keep/pyro; with
 * its last one, or when it has waited long enough, a set is joined into a
 * record, under the id that it got when it began. What is here is made anew
 * from keep/pyro at the start.
 */
struct sets;
struct set;

struct sets_calls {
	/* A set became a record: its body, and its files as a joint's bits. */
	void	(*on_joined)(const char *id, uint64_t length, int complete,
		    void *arg);
	/* It could not; it is tried again. Told once of a set. */
	void	(*on_late)(const char *id, int error, void *arg);
	/* This part is none. It stays where it is. */
	void	(*on_bad)(const char *name, const char *why, void *arg);
	void	*arg;
};

/* Sets are joined by the pool. All are borrowed. NULL with errno. */
struct sets *sets_new(struct event_base *, struct keep *, struct pool *,
	    const struct sets_calls *);
void	sets_free(struct sets *);

/*
 * At the start: a part that is in keep/pyro, of the set with that id, which
 * waits for so many ns from its beginning. -1: ENOMEM.
 */
int	sets_restore(struct sets *, const struct joint *, const char *key,
	    const char *id, unsigned int bits, int64_t wait);

/* How many wait. */
unsigned int sets_count(const struct sets *);

/*
 * The set that takes a part with these files (bits of the joint): the oldest
 * of that key that lacks them, or a new one that is to wait for so many ns.
 * name (JOIN_NAME bytes) is where in keep/pyro the part is to be put; say
 * sets_stored then. NULL: ENOMEM.
 */
struct set *sets_take(struct sets *, const struct joint *, const char *key,
	    unsigned int bits, int64_t wait, char *name);

/* The id of the record that a set becomes, until sets_stored. */
const char *sets_id(const struct set *);

/* The part is there for good, or it could not be put there. */
void	sets_stored(struct sets *, struct set *, unsigned int bits, int is);

#endif
