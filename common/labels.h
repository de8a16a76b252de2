#ifndef LABELS_H
#define LABELS_H

#include <stddef.h>

struct buf;

#define LABELS_MAX	256	/* labels of a set */

struct label {
	char	*key;
	char	*value;		/* perhaps empty; may hold commas */
};

/* A set of labels, in the order of their keys' bytes. All zeros is empty. */
struct labels {
	struct label	*label;
	size_t		 n;
};

/*
 * Add a label (copied); one of the same key is replaced. -1: the key is empty
 * or not plain, the value holds a NUL, there are too many, or out of memory:
 * *why says which.
 */
int	labels_set(struct labels *, const char *key, size_t key_len,
	    const char *value, size_t len, const char **why);

/* Only letters, digits, "_", "." and "-" (ASCII)? */
int	labels_plain(const char *p, size_t len);

/* The value of a key; NULL: there is no such label. */
const char *labels_get(const struct labels *, const char *key);

/* Take a label out, where there is one. */
void	labels_drop(struct labels *, const char *key);

/* Append a=b,c=d. -1: ENOMEM. */
int	labels_write(const struct labels *, struct buf *);

void	labels_free(struct labels *);

#endif
