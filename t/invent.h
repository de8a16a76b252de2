#ifndef INVENT_H
#define INVENT_H

#include <stdint.h>

struct buf;

/*
 * A program at random, with inlined functions, labels and several mappings,
 * and two heap profiles of it, of which the second is later: samples of some
 * stacks are in both, in one or in none. Each is encoded here, with ids,
 * orders and repetitions of its own: libraries at other places, tables
 * shuffled, one location under two ids, samples in parts, labels in any
 * order, numbers packed or not.
 */
struct program;

/*
 * plain: without what go tool pprof -base drops, which is empty stacks, or
 * treats otherwise, which is values in use in the first profile. To be freed
 * by free().
 */
struct program *invent(uint64_t seed, int plain);

/* which: 0, the first; 1. To be called in this order. */
struct buf invent_profile(const struct program *, int which);

#endif
