#ifndef FOLDED_H
#define FOLDED_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * Stacks and how often each was seen: what the formats trie, tree, groups,
 * lines and speedscope of Pyroscope's clients have in common. Kept as a tree
 * of frames, each name once; the same stack met again adds to the first.
 *
 * Everything here that returns -1 says *why: over a limit, malformed, or "out
 * of memory". What was added until then stays; it is good for nothing.
 */
struct folded;

struct folded_limits {
	size_t	memory;		/* bytes, about; besides what is copied while
				   it grows */
	uint32_t depth;		/* frames of a stack */
};

/* What no real profile comes near to. */
#define FOLDED_LIMITS	{ 128 * 1024 * 1024, 10000 }

#define FOLDED_ROOT	0	/* the node of the stack without frames */

struct folded_node {
	uint32_t parent;	/* a node met before; the root has itself */
	uint32_t name;
	uint32_t depth;		/* frames; the root has none */
	int64_t	 self;		/* the sum of the values of just this stack */
};

/* NULL: ENOMEM. */
struct folded *folded_new(const struct folded_limits *);
void	folded_free(struct folded *);

/* Decoders: add all stacks of a file ----------------------------------- */

/*
 * Formats trie and tree (grafana/pyroscope, structs/transporttrie and
 * storage/tree, DeserializeNoDict): nodes in preorder, each a name (uvarint
 * length, bytes), a uvarint value and a uvarint number of children. A stack is
 * the names from the root on, in a tree with ";" between them, split at ";";
 * an empty frame at its end is none.
 *
 * Other than the reference, which loses a part of it without a word: a trie
 * that is empty or ends between two nodes is refused, and so are bytes behind
 * the last node; the value of a tree's root is that of the stack without
 * frames; those of two siblings with one name add up; values over 63 bits are
 * refused. A node of a trie without a name makes it panic, and a name of a
 * tree's root is cut: both are refused.
 */
int	folded_trie(struct folded *, const char *p, size_t len,
	    const char **why);
int	folded_tree(struct folded *, const char *p, size_t len,
	    const char **why);

/*
 * Format groups: lines "frame;frame value", split at the last blank; lines end
 * with LF or CRLF, the last perhaps without; empty ones do not count. A value
 * is a number as Go's strconv.Atoi takes it, and may be negative. Other than
 * the reference: a line without a blank is refused, not skipped; one over
 * 64 KiB does not end it.
 *
 * Format lines: the same without a value, which is 1.
 */
int	folded_groups(struct folded *, const char *p, size_t len,
	    const char **why);
int	folded_lines(struct folded *, const char *p, size_t len,
	    const char **why);

/* By hand: for decoders ------------------------------------------------ */

/* The number of a name, and the node of a frame of that name called by node. */
int	folded_name(struct folded *, const char *p, size_t len,
	    uint32_t *name, const char **why);
int	folded_child(struct folded *, uint32_t node, uint32_t name,
	    uint32_t *child, const char **why);

/* Add to a node's own value. */
int	folded_add(struct folded *, uint32_t node, int64_t value,
	    const char **why);

/* What is there -------------------------------------------------------- */

/* How many nodes (the root is one) and names; both count from 0. */
uint32_t folded_nodes(const struct folded *);
uint32_t folded_names(const struct folded *);

/* The frames that a stack may have, by the limits. */
uint32_t folded_depth(const struct folded *);

/* Borrowed until something is added. No NUL behind a name. */
const struct folded_node *folded_node(const struct folded *, uint32_t node);
const char *folded_text(const struct folded *, uint32_t name, size_t *len);

/* The names of a stack, root first, to names: room for its depth. */
void	folded_stack(const struct folded *, uint32_t node, uint32_t *names);

/*
 * Append collapsed text: a line "frame;frame value" for each stack whose value
 * is not 0, in the order they were met first. Within a frame ";" becomes ":"
 * and a control byte a blank, so that a line has the frames it should. -1:
 * also when that is more than max bytes (a deep stack is written out for each
 * of its callers that has a value).
 */
int	folded_write(const struct folded *, struct buf *, size_t max,
	    const char **why);

#endif
