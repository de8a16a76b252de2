#ifndef TAGS_H
#define TAGS_H

#include <stddef.h>

struct buf;

/*
 * The client's tags and ours, merged. A list of tags is "key:value,key:value";
 * it is split at commas and at the first colon, a tag without one is a key
 * with an empty value, and with one in front it is all key. There is no way
 * to write a comma within a tag.
 *
 * First the client's lists are read, in memory that depends only on the keys
 * that matter here: ours, and those known; then it is decided; then the
 * client's list can be filtered and ours be written behind it.
 */
struct tags;

#define TAGS_VALUE	1024	/* bytes of a value that is kept */

/* A tag of ours. No comma in either, no colon in the key. */
struct tag {
	const char	*key;
	const char	*value;
	int		 fill;		/* only where the client has no such key
					   (an empty value is no gap); else it
					   overrides, unless protected */
};

/* ours are borrowed; of two of a key and a sort the first counts. */
struct tags *tags_new(const struct tag *ours, size_t n);
void	tags_free(struct tags *);

/* key (borrowed) matters; to be said before the first list. -1: ENOMEM. */
int	tags_know(struct tags *, const char *key);

/* The client's own, or (sub_custom_tags) those of it that none overrides. */
enum tags_role { TAGS_CLIENT, TAGS_PROTECTED };

/*
 * A list, decoded, in pieces of any size. Of several of a sort the last counts
 * (as of several members of a JSON object). -1: ENOMEM.
 */
void	tags_begin(struct tags *, enum tags_role);
int	tags_feed(struct tags *, const char *p, size_t len);
int	tags_end(struct tags *);

/*
 * A form field of a known key, after the lists: it stands in where the list
 * has no such tag, or only an empty one. 1: it does, feed its value (without
 * commas) and end it; 0: it does not.
 */
int	tags_field(struct tags *, const char *key);
int	tags_field_feed(struct tags *, const char *p, size_t len);
int	tags_field_end(struct tags *);

/* All is read. 1: ours change something; 0: the client's stay as they are. */
int	tags_decide(struct tags *);

/* What was decided: does a tag of that key leave the client's list? */
int	tags_dropped(const struct tags *, const char *key, size_t len);

/* Does the field of that key, standing in, stay? */
int	tags_field_stays(const struct tags *, const char *key);

/* Append those of ours that are added, as a list, escaped for JSON. */
int	tags_write(const struct tags *, struct buf *);

/*
 * The final value of a key that is known, valid until tags_free. NULL: there
 * is none, or it is over TAGS_VALUE bytes or has a NUL in it.
 */
const char *tags_value(const struct tags *, const char *key);

/*
 * The client's list once more, without what is dropped, to out, which returns
 * -1 to stop.
 */
struct tags_filter;

struct tags_filter *tags_filter_new(const struct tags *,
	    int (*out)(const char *p, size_t len, void *arg), void *arg);

/*
 * More of it, as json_text hands it on: a run of bytes that stand for
 * themselves (text is raw then), or one escape. Raw bytes go out.
 */
int	tags_filter_feed(struct tags_filter *, const char *raw, size_t raw_len,
	    const char *text, size_t len);

/* It is complete. 1: another tag behind it needs a comma in front; 0; -1. */
int	tags_filter_end(struct tags_filter *);
void	tags_filter_free(struct tags_filter *);

/* No key longer than this leaves a list. */
size_t	tags_key_max(const struct tags *);

#endif
