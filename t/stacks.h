#ifndef STACKS_H
#define STACKS_H

struct buf;
struct pprof;

/*
 * A profile's samples as text, one a line, sorted: frames from the root to
 * the leaf as FUNCTION:LINE with ";" between them, labels if any, values.
 * Lines that would differ in values alone are one, with the sums.
 *
 *	main;main.work:7 {kind=a worker=1} {bytes=[80]} [1 10000000]
 *
 * 0; -1: *why.
 */
int	stacks_print(struct pprof *, struct buf *out, const char **why);

#endif
