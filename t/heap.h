#ifndef HEAP_H
#define HEAP_H

#include <stddef.h>
#include <stdint.h>

struct buf;

/*
 * A heap profile as Go writes it, of a large program: samples of 8 to 40
 * frames with a label "bytes", 4 values each, among some 10 functions a
 * hundred samples, with names as long as Go's. Append it. Of the same seed a
 * later age is the same program later: most counters have grown, and there
 * are stacks that an earlier one has not. -1: ENOMEM.
 */
int	heap_make(struct buf *out, size_t samples, uint64_t seed,
	    unsigned int age);

#endif
