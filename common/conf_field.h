#ifndef CONF_FIELD_H
#define CONF_FIELD_H

#include <stdint.h>

struct buf;
struct conf_key;

/* The field that a key's offset names in its struct (base), of any kind. */

void	*conf_field_at(const struct conf_key *, void *base);

/*
 * As a file would say it, urls redacted unless it is to be exact; nothing where
 * it is empty.
 */
int	conf_field_print(const struct conf_key *, const void *base, int exact,
	    struct buf *out);

/* Is it a text or list with nothing in it? Numbers never are. */
int	conf_field_empty(const struct conf_key *, const void *base);

void	conf_field_free(const struct conf_key *, void *base);

/* The name of the key's type, "list of url"; its bounds or words. */
int	conf_field_type(const struct conf_key *, struct buf *out);
int	conf_field_bounds(const struct conf_key *, struct buf *out);

/* A duration in the largest unit that divides it. */
int	conf_field_duration(struct buf *out, uint64_t ns);

#endif
