#include "folded.h"

#include <stdlib.h>

#include "pprof.h"
#include "pprof_room.h"
#include "pprof_strings.h"
#include "pprof_table.h"

/*
 * What a client sends must not cost more than its size says: bytes of names
 * that are looked at are counted, too, for a trie can branch in the middle of
 * a long one over and over.
 */
#define WORK		16	/* bytes looked at for each that may be kept */

/* Memory of a name besides its bytes; of a node: with what finds them. */
#define NAME_SIZE	40
#define NODE_SIZE	(sizeof(struct folded_node) + 24)

static const char too_large[] = "the stacks take more memory than they may";

struct folded {
	struct folded_limits	 limits;
	size_t			 memory;
	uint64_t		 work;
	struct pprof_strings	*names;
	struct folded_node	*node;
	size_t			 nodes;
	size_t			 cap;
	struct pprof_table	*children;	/* nodes, by parent and name */
};

struct folded *
folded_new(const struct folded_limits *limits)
{
	struct folded *f;
	const char *why;

	if ((f = calloc(1, sizeof(*f))) == NULL)
		return (NULL);
	f->limits = *limits;
	f->names = pprof_strings_new();
	f->children = pprof_table_new();
	f->node = pprof_room(NULL, &f->cap, 1, sizeof(*f->node), SIZE_MAX,
	    &why);
	if (f->names == NULL || f->children == NULL || f->node == NULL) {
		folded_free(f);
		return (NULL);
	}
	f->node[FOLDED_ROOT] = (struct folded_node){ FOLDED_ROOT, 0, 0, 0 };
	f->nodes = 1;
	return (f);
}

void
folded_free(struct folded *f)
{
	if (f == NULL)
		return;
	pprof_strings_free(f->names);
	pprof_table_free(f->children);
	free(f->node);
	free(f);
}

/* May n more bytes be kept? They are counted. */
static int
folded_take(struct folded *f, size_t n, const char **why)
{
	if (n > f->limits.memory - f->memory) {
		*why = too_large;
		return (-1);
	}
	f->memory += n;
	return (0);
}

int
folded_name(struct folded *f, const char *p, size_t len, uint32_t *name,
    const char **why)
{
	size_t known = pprof_strings_count(f->names);

	f->work += len;
	if (f->work / WORK > f->limits.memory) {
		*why = too_large;
		return (-1);
	}
	if ((*name = pprof_strings_add(f->names, p, len)) == UINT32_MAX) {
		*why = pprof_no_memory;
		return (-1);
	}
	return (*name < known ? 0 : folded_take(f, len + NAME_SIZE, why));
}

static uint32_t
folded_hash(const struct folded *f, const struct folded_node *n)
{
	struct pprof_hash h;

	pprof_hash_begin(&h, f->children);
	pprof_hash_word(&h, (uint64_t)n->parent << 32 | n->name);
	return (pprof_hash_end(&h));
}

int
folded_child(struct folded *f, uint32_t node, uint32_t name, uint32_t *child,
    const char **why)
{
	struct folded_node new = { node, name, f->node[node].depth + 1, 0 };
	uint32_t hash = folded_hash(f, &new);
	size_t at = hash;
	void *room;

	if (new.depth > f->limits.depth) {
		*why = "a stack is too deep";
		return (-1);
	}
	while ((*child = pprof_table_next(f->children, hash, &at)) < f->nodes)
		if (f->node[*child].parent == node &&
		    f->node[*child].name == name)
			return (0);
	if (folded_take(f, NODE_SIZE, why) == -1 ||
	    (room = pprof_room(f->node, &f->cap, f->nodes + 1, sizeof(new),
	    UINT32_MAX - 1, why)) == NULL)
		return (-1);
	f->node = room;
	*child = (uint32_t)f->nodes;
	if (pprof_table_add(f->children, hash, *child) == -1) {
		*why = pprof_no_memory;
		return (-1);
	}
	f->node[f->nodes++] = new;
	return (0);
}

int
folded_add(struct folded *f, uint32_t node, int64_t value, const char **why)
{
	if (!__builtin_add_overflow(f->node[node].self, value,
	    &f->node[node].self))
		return (0);
	*why = "a stack's values are over 63 bits";
	return (-1);
}

uint32_t
folded_nodes(const struct folded *f)
{
	return ((uint32_t)f->nodes);
}

uint32_t
folded_names(const struct folded *f)
{
	return ((uint32_t)pprof_strings_count(f->names));
}

uint32_t
folded_depth(const struct folded *f)
{
	return (f->limits.depth);
}

const struct folded_node *
folded_node(const struct folded *f, uint32_t node)
{
	return (&f->node[node]);
}

const char *
folded_text(const struct folded *f, uint32_t name, size_t *len)
{
	struct pprof_text t = pprof_strings_text(f->names, name);

	*len = t.len;
	return (t.p);
}

void
folded_stack(const struct folded *f, uint32_t node, uint32_t *names)
{
	uint32_t depth;

	for (; node != FOLDED_ROOT; node = f->node[node].parent) {
		depth = f->node[node].depth;
		names[depth - 1] = f->node[node].name;
	}
}
