#include "folded.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

/*
 * What a client sends must not cost more than its size says: bytes of names
 * that are looked at are counted, since a trie can branch in the middle of a
 * long one over and over; and so are steps in the tables, since names can be
 * made to collide.
 */
#define WORK		16	/* bytes looked at for each that may be kept */
#define STEPS		64	/* of a look-up, in the long run */
#define STEPS_FREE	65536
#define SLOTS		64	/* of a table at first */

static const char no_memory[] = "out of memory";
static const char too_large[] = "the stacks take more memory than they may";

struct folded_entry {
	size_t	 at;		/* in the bytes of all names */
	uint32_t len;
	uint32_t hash;
};

/* Numbers by hash, each plus one; 0 is no number. */
struct folded_table {
	uint32_t *slot;
	uint32_t  mask;		/* slots less one; they are a power of 2 */
};

struct folded {
	struct folded_limits	 limits;
	size_t			 memory;
	uint64_t		 work;
	uint64_t		 lookups;
	uint64_t		 steps;
	char			*bytes;
	size_t			 bytes_len, bytes_cap;
	struct folded_entry	*name;
	uint32_t		 names, names_cap;
	struct folded_node	*node;
	uint32_t		 nodes, nodes_cap;
	struct folded_table	 by_text;
	struct folded_table	 by_parent;
};

struct folded *
folded_new(const struct folded_limits *limits)
{
	struct folded *f;

	if ((f = calloc(1, sizeof(*f))) == NULL ||
	    (f->node = calloc(SLOTS, sizeof(*f->node))) == NULL ||
	    (f->by_text.slot = calloc(SLOTS, sizeof(uint32_t))) == NULL ||
	    (f->by_parent.slot = calloc(SLOTS, sizeof(uint32_t))) == NULL) {
		folded_free(f);
		return (NULL);
	}
	f->limits = *limits;
	f->nodes_cap = SLOTS;
	f->by_text.mask = f->by_parent.mask = SLOTS - 1;
	f->nodes = 1;
	return (f);
}

void
folded_free(struct folded *f)
{
	if (f == NULL)
		return;
	free(f->bytes);
	free(f->name);
	free(f->node);
	free(f->by_text.slot);
	free(f->by_parent.slot);
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

/* Room for one more of size bytes each. NULL: *why says it. */
static void *
folded_grow(struct folded *f, void *old, uint32_t *cap, size_t size,
    const char **why)
{
	uint32_t more = *cap == 0 ? SLOTS : *cap;
	void *p;

	if (more > UINT32_MAX / 4) {
		*why = too_large;
		return (NULL);
	}
	if (folded_take(f, more * size, why) == -1)
		return (NULL);
	if ((p = realloc(old, (*cap + more) * size)) == NULL) {
		*why = no_memory;
		return (NULL);
	}
	*cap += more;
	return (p);
}

static uint32_t
folded_hash(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return ((uint32_t)(h >> 32));
}

static uint32_t
folded_hash_text(const char *p, size_t len)
{
	uint64_t h = len, v;

	for (; len >= sizeof(v); p += sizeof(v), len -= sizeof(v)) {
		memcpy(&v, p, sizeof(v));
		h = (h ^ v) * UINT64_C(0x9fb21c651e98df25);
		h ^= h >> 32;
	}
	v = 0;
	memcpy(&v, p, len);
	return (folded_hash(h ^ v * UINT64_C(0xd6e8feb86659fd93)));
}

static uint32_t
folded_hash_node(const struct folded_node *n)
{
	return (folded_hash((uint64_t)n->parent << 32 | n->name));
}

/* One step to the next slot. -1: there have been too many for honest names. */
static int
folded_step(struct folded *f, uint32_t *slot, uint32_t mask, const char **why)
{
	*slot = (*slot + 1) & mask;
	if (++f->steps <= STEPS * f->lookups + STEPS_FREE)
		return (0);
	*why = "too many names collide";
	return (-1);
}

static void
folded_place(struct folded_table *t, uint32_t hash, uint32_t number)
{
	uint32_t i = hash & t->mask;

	while (t->slot[i] != 0)
		i = (i + 1) & t->mask;
	t->slot[i] = number + 1;
}

/* Twice the slots, empty. */
static int
folded_widen(struct folded *f, struct folded_table *t, const char **why)
{
	size_t slots = (size_t)t->mask + 1;
	uint32_t *slot;

	if (folded_take(f, slots * sizeof(*slot), why) == -1)
		return (-1);
	if ((slot = calloc(2 * slots, sizeof(*slot))) == NULL) {
		*why = no_memory;
		return (-1);
	}
	free(t->slot);
	t->slot = slot;
	t->mask = (uint32_t)(2 * slots - 1);
	return (0);
}

static int
folded_keep_bytes(struct folded *f, const char *p, size_t len,
    const char **why)
{
	size_t cap = f->bytes_cap == 0 ? 4096 : f->bytes_cap;
	char *bytes;

	while (cap - f->bytes_len < len)
		cap *= 2;
	if (cap > f->bytes_cap) {
		if (folded_take(f, cap - f->bytes_cap, why) == -1)
			return (-1);
		if ((bytes = realloc(f->bytes, cap)) == NULL) {
			*why = no_memory;
			return (-1);
		}
		f->bytes = bytes;
		f->bytes_cap = cap;
	}
	if (len != 0)
		memcpy(f->bytes + f->bytes_len, p, len);
	f->bytes_len += len;
	return (0);
}

static int
folded_keep_name(struct folded *f, const char *p, size_t len, uint32_t hash,
    const char **why)
{
	struct folded_entry *e;
	uint32_t i;

	if (f->names == f->names_cap) {
		e = folded_grow(f, f->name, &f->names_cap, sizeof(*e), why);
		if (e == NULL)
			return (-1);
		f->name = e;
	}
	if (f->names > f->by_text.mask / 2) {
		if (folded_widen(f, &f->by_text, why) == -1)
			return (-1);
		for (i = 0; i < f->names; i++)
			folded_place(&f->by_text, f->name[i].hash, i);
	}
	e = &f->name[f->names];
	e->at = f->bytes_len;
	e->len = (uint32_t)len;
	e->hash = hash;
	if (folded_keep_bytes(f, p, len, why) == -1)
		return (-1);
	folded_place(&f->by_text, hash, f->names++);
	return (0);
}

int
folded_name(struct folded *f, const char *p, size_t len, uint32_t *name,
    const char **why)
{
	const struct folded_entry *e;
	uint32_t hash, i;

	f->work += len;
	if (len > UINT32_MAX || f->work / WORK > f->limits.memory) {
		*why = too_large;
		return (-1);
	}
	f->lookups++;
	hash = folded_hash_text(p, len);
	for (i = hash & f->by_text.mask; f->by_text.slot[i] != 0;) {
		*name = f->by_text.slot[i] - 1;
		e = &f->name[*name];
		if (e->hash == hash && e->len == len &&
		    (len == 0 || memcmp(f->bytes + e->at, p, len) == 0))
			return (0);
		if (folded_step(f, &i, f->by_text.mask, why) == -1)
			return (-1);
	}
	*name = f->names;
	return (folded_keep_name(f, p, len, hash, why));
}

static int
folded_keep_node(struct folded *f, const struct folded_node *new,
    const char **why)
{
	struct folded_node *n;
	uint32_t i;

	if (f->nodes == f->nodes_cap) {
		n = folded_grow(f, f->node, &f->nodes_cap, sizeof(*n), why);
		if (n == NULL)
			return (-1);
		f->node = n;
	}
	if (f->nodes > f->by_parent.mask / 2) {
		if (folded_widen(f, &f->by_parent, why) == -1)
			return (-1);
		for (i = 1; i < f->nodes; i++)
			folded_place(&f->by_parent,
			    folded_hash_node(&f->node[i]), i);
	}
	f->node[f->nodes] = *new;
	folded_place(&f->by_parent, folded_hash_node(new), f->nodes++);
	return (0);
}

int
folded_child(struct folded *f, uint32_t node, uint32_t name, uint32_t *child,
    const char **why)
{
	struct folded_node new = { node, name, f->node[node].depth + 1, 0 };
	const struct folded_node *n;
	uint32_t i;

	if (new.depth > f->limits.depth) {
		*why = "a stack is too deep";
		return (-1);
	}
	f->lookups++;
	i = folded_hash_node(&new) & f->by_parent.mask;
	while (f->by_parent.slot[i] != 0) {
		*child = f->by_parent.slot[i] - 1;
		n = &f->node[*child];
		if (n->parent == node && n->name == name)
			return (0);
		if (folded_step(f, &i, f->by_parent.mask, why) == -1)
			return (-1);
	}
	*child = f->nodes;
	return (folded_keep_node(f, &new, why));
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
	return (f->nodes);
}

uint32_t
folded_names(const struct folded *f)
{
	return (f->names);
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
	*len = f->name[name].len;
	return (f->bytes + f->name[name].at);
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
