#include "elect_members.h"

#include <stdlib.h>
#include <string.h>

/* The end of MurmurHash3: every bit of x changes every bit of what comes. */
static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 33) * UINT64_C(0xff51afd7ed558ccd);
	x = (x ^ x >> 33) * UINT64_C(0xc4ceb9fe1a85ec53);
	return (x ^ x >> 33);
}

/* FNV-1a, mixed. */
static uint64_t
seed(const char *name)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return (mix(h));
}

struct elect_members *
elect_members_new(size_t n)
{
	return (calloc(1, sizeof(struct elect_members) +
	    n * sizeof(struct elect_member)));
}

void
elect_members_add(struct elect_members *m, const char *name, uint64_t order,
    int64_t lease, int self)
{
	struct elect_member *one = &m->v[m->n++];

	one->seed = seed(name);
	one->order = order;
	one->lease = lease;
	one->self = self;
}

const struct elect_member *
elect_members_owner(const struct elect_members *m, uint64_t hash)
{
	const struct elect_member *one, *best = NULL;
	uint64_t drawn, highest = 0;

	for (one = m->v; one < m->v + m->n; one++) {
		drawn = mix(one->seed ^ hash);
		if (best == NULL || drawn > highest ||
		    (drawn == highest && one->order > best->order)) {
			best = one;
			highest = drawn;
		}
	}
	return (best);
}

int
elect_members_same(const struct elect_members *a,
    const struct elect_members *b)
{
	return (a->n == b->n &&
	    (a->n == 0 || memcmp(a->v, b->v, a->n * sizeof(a->v[0])) == 0));
}

int64_t
elect_members_lease(const struct elect_members *m)
{
	const struct elect_member *one;
	int64_t lease = 0;

	for (one = m->v; one < m->v + m->n; one++)
		if (!one->self && one->lease > lease)
			lease = one->lease;
	return (lease);
}
