#ifndef FOLDED_KEY_H
#define FOLDED_KEY_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct folded;

/*
 * A stack that is written with ";" between its frames, as it comes in pieces:
 * a frame that is not complete stays at hand, since a trie may branch in the
 * middle of one. A decoder goes back to where it branched.
 */
struct folded_key {
	struct folded	*folded;
	uint32_t	 node;	/* of the frames that are complete */
	size_t		 start;	/* of the one that is not, in text */
	struct buf	*text;	/* its owner's */
};

struct folded_mark {
	uint32_t	 node;
	size_t		 start;
	size_t		 len;
};

/* No byte yet. text is emptied. */
void	folded_key_begin(struct folded_key *, struct folded *, struct buf *text);

int	folded_key_add(struct folded_key *, const char *p, size_t len,
	    const char **why);

/* The key is complete: add its value. An empty frame at its end is none. */
int	folded_key_value(struct folded_key *, int64_t value,
	    const char **why);

struct folded_mark folded_key_mark(const struct folded_key *);
void	folded_key_back(struct folded_key *, const struct folded_mark *);

#endif
