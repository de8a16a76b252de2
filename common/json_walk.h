#ifndef JSON_WALK_H
#define JSON_WALK_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * A JSON object that is in memory, walked through in place and in order, for
 * texts that are read in parts and never changed. json_check first: what is
 * not well-formed must not be walked.
 *
 *	struct json_walk w = { p, p + len };
 *	struct json_raw key;
 *
 *	json_walk_enter(&w);
 *	while (json_walk_key(&w, &key))
 *		if (json_raw_is(&key, "name"))
 *			json_walk_raw(&w, &value);
 *		else
 *			json_walk_skip(&w);
 *
 * A copy of a walk is a place to come back to.
 */
struct json_walk {
	const char	*at;
	const char	*end;
};

/* Text as it is written: of a string its inside, of a number all of it. */
struct json_raw {
	const char	*p;
	size_t		 len;
};

/*
 * 0; -1: not an object, malformed, nested deeper than max_depth, or out of
 * memory: *why.
 */
int	json_check(const char *p, size_t len, unsigned int max_depth,
	    const char **why);

/* How the value at hand begins: { [ " - 0 (any digit) t f n. */
char	json_walk_type(struct json_walk *);

/* Into the object or array at hand. */
void	json_walk_enter(struct json_walk *);

/* In an object: 1, the next value is at hand; 0, behind its end. */
int	json_walk_key(struct json_walk *, struct json_raw *key);

/* The same in an array. */
int	json_walk_item(struct json_walk *);

/* Behind the value at hand, whatever it is. */
void	json_walk_skip(struct json_walk *);

/* The string, number or word at hand, and behind it. */
void	json_walk_raw(struct json_walk *, struct json_raw *);

/* Is a string, decoded, this one? */
int	json_raw_is(const struct json_raw *, const char *s);

/*
 * A number times 10 to the digits, to the nearest integer. 0: exactly; 1: with
 * a fraction that was rounded; -1: over 63 bits.
 */
int	json_raw_scaled(const struct json_raw *, int digits, int64_t *v);

#endif
