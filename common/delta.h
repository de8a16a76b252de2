#ifndef DELTA_H
#define DELTA_H

#include <stddef.h>

struct buf;
struct pprof_limits;
struct pprof_type;

/*
 * What happened between two cumulative pprof of one program (Go's heap,
 * allocs, mutex, block), both inflated.
 */
enum delta_verdict {
	DELTA_FAILED = -1,
	DELTA_MADE,
	DELTA_RESTARTED,	/* not of one run of one program: the current
				   one is the new baseline */
	DELTA_ALREADY		/* one of them is no cumulative profile */
};

/*
 * Append, to out, the current profile with the previous values of the wanted
 * sample types taken off, as google/pprof's merge with a scale of -1 does:
 * samples are matched by stack and labels, other types keep their current
 * values, samples that are all 0 vanish. Time is the current one's, duration
 * the difference. A value is never below 0.
 *
 * RESTARTED: a value went back, or its stack vanished; the program (the first
 * mapping) has another build id, or name where it has none, size or place;
 * sample types, period or its type changed; time does not go on. *why says
 * which, and out is as it was. While a Go program runs none of these can be:
 * what it samples of a stack and size it scales by one constant, so that its
 * estimates only grow, and a collection (?gc=1) but counts earlier.
 *
 * ALREADY: a value is below 0, or a duration is set: Go leaves it 0 where it
 * counts since the start, and sets it for ?seconds=.
 *
 * FAILED: *why; a profile is malformed or over a limit, a wanted type is not
 * in it, a value is over 64 bits, or "out of memory" with ENOMEM.
 *
 * Takes time and memory in proportion to the profiles.
 */
enum delta_verdict delta_make(const char *prev, size_t prev_len,
	    const char *cur, size_t cur_len, const struct pprof_type *want,
	    size_t n, const struct pprof_limits *, struct buf *out,
	    const char **why);

#endif
