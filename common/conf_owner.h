#ifndef CONF_OWNER_H
#define CONF_OWNER_H

#include <stddef.h>

struct conf;
struct conf_pairs;
struct conf_section;

/*
 * The structs that the offsets of a section's keys are into: the struct conf
 * itself, or one of its targets, listeners or destinations.
 */

/* How many there are, and one of them. */
size_t	conf_owners(const struct conf *, const struct conf_section *);
void	*conf_owner(struct conf *, const struct conf_section *, size_t i);

/* Add one at the end, all zeros; there is but one struct conf. -1: ENOMEM. */
int	conf_owner_begin(struct conf *, const struct conf_section *);

/* Append key = value, copied. -1: ENOMEM. */
int	conf_pairs_add(struct conf_pairs *, const char *key,
	    const char *value);

#endif
