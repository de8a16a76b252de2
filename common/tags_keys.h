#ifndef TAGS_KEYS_H
#define TAGS_KEYS_H

/* Of tags*.c only: the keys that matter, and what is known of each. */

#include <stddef.h>

struct tag;

struct tags_entry {
	const char	*key;
	const struct tag *override;	/* ours; NULL: none; so fill */
	const struct tag *fill;
	const struct tag *added;	/* decided: the one of them */
	int		 known;
	/* Of the client's list; void unless turn is that of the list. */
	unsigned int	 turn;
	unsigned int	 count;		/* tags of the key; 2: two or more */
	int		 same;		/* the last has the override's value */
	int		 empty;		/* the last has none */
	int		 stood;		/* a field stands in */
	int		 emptied;	/* in the place of empty tags */
	char		*value;		/* the last one's, if known and short */
	unsigned int	 protect_turn;	/* it is protected in this turn */
};

/* All zeros is empty. */
struct tags_keys {
	struct tags_entry *entry;
	size_t		 n;
	size_t		 cap;
	int		 sorted;
	size_t		 longest;	/* bytes of a key */
};

/* One more, perhaps of a key that is there (borrowed). NULL: ENOMEM. */
struct tags_entry *tags_keys_add(struct tags_keys *, const char *key);

/* Sort them, and make one of those of a key: to be said before find. */
void	tags_keys_sort(struct tags_keys *);

/* NULL: it does not matter. */
struct tags_entry *tags_keys_find(const struct tags_keys *, const char *key,
	    size_t len);

/* With the values. */
void	tags_keys_free(struct tags_keys *);

#endif
