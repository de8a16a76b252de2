#ifndef PPROF_TABLE_H
#define PPROF_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A hash table of indices into somebody's array: it holds no keys, its user
 * compares. The hash is SipHash-1-3 with the process's own key, for clients
 * choose what is hashed, and would choose what collides.
 */
struct pprof_table;

struct pprof_table *pprof_table_new(void);
void	pprof_table_free(struct pprof_table *);

/*
 * Begin a hash; add words, and the words of len bytes; end it.
 */
struct pprof_hash {
	uint64_t	v[4];
};

void	pprof_hash_begin(struct pprof_hash *, const struct pprof_table *);
void	pprof_hash_word(struct pprof_hash *, uint64_t word);
void	pprof_hash_bytes(struct pprof_hash *, const void *p, size_t len);
uint32_t pprof_hash_end(struct pprof_hash *);

/*
 * The next index that was added with this hash, UINT32_MAX: no more. *at is
 * the hash at first.
 */
uint32_t pprof_table_next(const struct pprof_table *, uint32_t hash,
	    size_t *at);

/* It will be looked for soon: so that the wait is over then. */
void	pprof_table_soon(const struct pprof_table *, uint32_t hash);

/* Room for n entries in all, so that it need not grow. -1: ENOMEM. */
int	pprof_table_room(struct pprof_table *, size_t n);

/* -1: ENOMEM. */
int	pprof_table_add(struct pprof_table *, uint32_t hash, uint32_t index);

#endif
