#ifndef TAGS_LIST_H
#define TAGS_LIST_H

#include <stddef.h>

/*
 * A list of tags, taken apart as it comes (tags.h has its rules). A tag
 * without a byte is none and is not told.
 */
struct tags_list {
	char	*key;		/* room for key_max + 1 bytes, its owner's */
	size_t	 key_max;	/* of a longer key that many and one are told */
	size_t	 key_len;
	int	 in_value;
	void	(*on_key)(const char *key, size_t len, void *arg);
	int	(*on_value)(const char *p, size_t len, void *arg);
	int	(*on_tag)(void *arg);	/* it is complete */
	void	*arg;
};

/* 0; -1: on_value or on_tag said so. */
int	tags_list_feed(struct tags_list *, const char *p, size_t len);
int	tags_list_end(struct tags_list *);

#endif
