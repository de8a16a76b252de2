#include "pprof_table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

struct pprof_slot {
	uint32_t	hash;
	uint32_t	entry;		/* index + 1; 0: free */
};

struct pprof_table {
	uint64_t	 key[2];
	struct pprof_slot *slot;
	size_t		 mask;		/* slots - 1, all ones in binary */
	size_t		 n;		/* in use */
};

struct pprof_table *
pprof_table_new(void)
{
	const void *key = (const void *)getauxval(AT_RANDOM);
	struct pprof_table *t;

	if ((t = calloc(1, sizeof(*t))) == NULL)
		return (NULL);
	t->mask = 63;
	if ((t->slot = calloc(t->mask + 1, sizeof(*t->slot))) == NULL) {
		free(t);
		return (NULL);
	}
	/* 16 random bytes that the kernel gives to every program. */
	if (key != NULL)
		memcpy(t->key, key, sizeof(t->key));
	return (t);
}

void
pprof_table_free(struct pprof_table *t)
{
	if (t == NULL)
		return;
	free(t->slot);
	free(t);
}

static inline uint64_t
pprof_hash_turn(uint64_t v, unsigned int bits)
{
	return (v << bits | v >> (64 - bits));
}

/* SipRound of Aumasson and Bernstein, "SipHash" (2012). */
static inline void
pprof_hash_round(uint64_t *v)
{
	v[0] += v[1];
	v[1] = pprof_hash_turn(v[1], 13) ^ v[0];
	v[0] = pprof_hash_turn(v[0], 32);
	v[2] += v[3];
	v[3] = pprof_hash_turn(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = pprof_hash_turn(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = pprof_hash_turn(v[1], 17) ^ v[2];
	v[2] = pprof_hash_turn(v[2], 32);
}

void
pprof_hash_begin(struct pprof_hash *h, const struct pprof_table *t)
{
	h->v[0] = t->key[0] ^ UINT64_C(0x736f6d6570736575);
	h->v[1] = t->key[1] ^ UINT64_C(0x646f72616e646f6d);
	h->v[2] = t->key[0] ^ UINT64_C(0x6c7967656e657261);
	h->v[3] = t->key[1] ^ UINT64_C(0x7465646279746573);
}

void
pprof_hash_word(struct pprof_hash *h, uint64_t word)
{
	h->v[3] ^= word;
	pprof_hash_round(h->v);
	h->v[0] ^= word;
}

/* The last word has what is left of them, and their number. */
void
pprof_hash_bytes(struct pprof_hash *h, const void *p, size_t len)
{
	const unsigned char *from = p;
	uint64_t word;
	size_t left;

	for (left = len; left >= sizeof(word); left -= sizeof(word)) {
		memcpy(&word, from, sizeof(word));
		pprof_hash_word(h, word);
		from += sizeof(word);
	}
	word = 0;
	if (left != 0)
		memcpy(&word, from, left);
	pprof_hash_word(h, word | (uint64_t)len << 56);
}

uint32_t
pprof_hash_end(struct pprof_hash *h)
{
	h->v[2] ^= 0xff;
	pprof_hash_round(h->v);
	pprof_hash_round(h->v);
	pprof_hash_round(h->v);
	return ((uint32_t)(h->v[0] ^ h->v[1] ^ h->v[2] ^ h->v[3]));
}

uint32_t
pprof_table_next(const struct pprof_table *t, uint32_t hash, size_t *at)
{
	const struct pprof_slot *s;

	while ((s = &t->slot[*at & t->mask])->entry != 0) {
		(*at)++;
		if (s->hash == hash)
			return (s->entry - 1);
	}
	return (UINT32_MAX);
}

void
pprof_table_soon(const struct pprof_table *t, uint32_t hash)
{
	__builtin_prefetch(&t->slot[hash & t->mask]);
}

static void
pprof_table_put(struct pprof_table *t, uint32_t hash, uint32_t entry)
{
	size_t at = hash;

	while (t->slot[at & t->mask].entry != 0)
		at++;
	t->slot[at & t->mask].hash = hash;
	t->slot[at & t->mask].entry = entry;
}

int
pprof_table_room(struct pprof_table *t, size_t n)
{
	struct pprof_slot *old = t->slot;
	size_t i, slots = t->mask + 1, more = slots;

	/* A fifth stays free, so that a walk ends soon. */
	while (more / 5 * 4 < n)
		more *= 2;
	if (more == slots)
		return (0);
	if ((t->slot = calloc(more, sizeof(*old))) == NULL) {
		t->slot = old;
		return (-1);
	}
	t->mask = more - 1;
	for (i = 0; i < slots; i++)
		if (old[i].entry != 0)
			pprof_table_put(t, old[i].hash, old[i].entry);
	free(old);
	return (0);
}

int
pprof_table_add(struct pprof_table *t, uint32_t hash, uint32_t index)
{
	if (pprof_table_room(t, t->n + 1) == -1)
		return (-1);
	pprof_table_put(t, hash, index + 1);
	t->n++;
	return (0);
}
