#ifndef WRITTEN_H
#define WRITTEN_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct pprof;
struct pprof_write;

/* A profile of two sample types, "samples" and "cpu", with a full head. */
struct pprof_write *written_begin(int merge, size_t expected);

/* A sample without labels. */
void	written_sample(struct pprof_write *, const uint32_t *stack,
	    size_t depth, int64_t first, int64_t second);

/* It, written to out and read again; w is freed. NULL, and it says why. */
struct pprof *written_end(struct pprof_write *w, struct buf *out);

/* A profile read and written again, merged or not. 0; -1: it cannot be. */
int	written_again(const struct buf *in, int merge, struct buf *out);

#endif
