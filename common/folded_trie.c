#include "folded.h"

#include <stdlib.h>

#include "buf.h"
#include "folded_key.h"
#include "pprof_wire.h"

#define LEVELS	16	/* branches above a node, for each frame of a stack */

/* A node of which children are still to come. */
struct folded_level {
	struct folded_mark	 mark;
	uint64_t		 left;
};

struct folded_branch {
	struct folded_level	*level;
	size_t			 n;
	size_t			 cap;
	size_t			 max;
};

struct folded_item {
	const char	*name;
	size_t		 len;
	uint64_t	 value;
	uint64_t	 children;
};

static int
folded_push(struct folded_branch *b, const struct folded_mark *mark,
    uint64_t left, const char **why)
{
	size_t cap = b->cap == 0 ? 64 : 2 * b->cap;
	struct folded_level *level;

	if (b->n == b->cap) {
		if (b->n >= b->max) {
			*why = "nodes nest too deeply";
			return (-1);
		}
		level = realloc(b->level, cap * sizeof(*level));
		if (level == NULL) {
			*why = "out of memory";
			return (-1);
		}
		b->level = level;
		b->cap = cap;
	}
	b->level[b->n].mark = *mark;
	b->level[b->n++].left = left;
	return (0);
}

static int
folded_item(struct pprof_wire *w, struct folded_item *item, const char **why)
{
	uint64_t len;

	*why = "a node is cut short, or has a number over 64 bits";
	if (w->at == w->end) {
		*why = "nodes are missing at the end";
		return (-1);
	}
	if (pprof_varint(w, &len) == -1 || len > (uint64_t)(w->end - w->at))
		return (-1);
	item->name = (const char *)w->at;
	item->len = (size_t)len;
	w->at += len;
	if (pprof_varint(w, &item->value) == -1 ||
	    pprof_varint(w, &item->children) == -1)
		return (-1);
	if (item->value > INT64_MAX) {
		*why = "a value is over 63 bits";
		return (-1);
	}
	return (0);
}

/* The next node, below the last level. */
static int
folded_step_in(struct folded_key *k, struct pprof_wire *w, int tree,
    struct folded_branch *b, const char **why)
{
	struct folded_level *up = b->n > 0 ? &b->level[b->n - 1] : NULL;
	struct folded_item item;
	struct folded_mark mark;

	if (folded_item(w, &item, why) == -1)
		return (-1);
	if (tree ? up == NULL && item.len != 0 : up != NULL && item.len == 0) {
		*why = tree ? "the root of a tree has a name" :
		    "a node of a trie has no name";
		return (-1);
	}
	if (up != NULL) {
		folded_key_back(k, &up->mark);
		if (--up->left == 0)
			b->n--;
	}
	if (folded_key_add(k, item.name, item.len, why) == -1 ||
	    (item.value != 0 && folded_key_value(k, (int64_t)item.value,
	    why) == -1))
		return (-1);
	if (item.children == 0)
		return (0);
	if (tree && up != NULL && folded_key_add(k, ";", 1, why) == -1)
		return (-1);
	mark = folded_key_mark(k);
	return (folded_push(b, &mark, item.children, why));
}

static int
folded_preorder(struct folded *f, const char *p, size_t len, int tree,
    const char **why)
{
	struct pprof_wire w = { (const unsigned char *)p,
	    (const unsigned char *)(len != 0 ? p + len : p) };
	struct folded_branch b = { NULL, 0, 0, 0 };
	struct buf text = { 0 };
	struct folded_key k;
	int result = -1;

	b.max = (size_t)folded_depth(f) * LEVELS;
	folded_key_begin(&k, f, &text);
	do {
		if (folded_step_in(&k, &w, tree, &b, why) == -1)
			goto out;
	} while (b.n > 0);
	if (w.at < w.end)
		*why = "bytes behind the last node";
	else
		result = 0;
out:
	free(b.level);
	buf_free(&text);
	return (result);
}

int
folded_trie(struct folded *f, const char *p, size_t len, const char **why)
{
	return (folded_preorder(f, p, len, 0, why));
}

int
folded_tree(struct folded *f, const char *p, size_t len, const char **why)
{
	return (folded_preorder(f, p, len, 1, why));
}
