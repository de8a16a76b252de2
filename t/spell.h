#ifndef SPELL_H
#define SPELL_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct pprof_limits;

/*
 * A profile spelt by letters, which may stand in any order: t sample types
 * "main"/"" and "cpu"/"nanoseconds", s two samples, m mapping 900, l locations
 * 7 and UINT64_MAX, f functions 2 and 1, S eleven strings, h the head, and any
 * other fields that nobody knows.
 */
void	spell(struct buf *, char what);
struct buf spell_all(const char *letters);

/* Numbers are those of strings, locations and functions. */
void	spell_type(struct buf *, unsigned int field, uint64_t type,
	    uint64_t unit);
void	spell_line(struct buf *, uint64_t function, uint64_t line);

/*
 * With a label that is text (its number does not count), one that says
 * nothing, one that is nothing but a unit, and one with a number and a unit.
 */
void	spell_sample(struct buf *, const uint64_t *stack, size_t depth,
	    const uint64_t *value, size_t values, int packed);

/*
 * Are these the reasons of pprof_sums and of pprof_open or pprof_next not to
 * take it ("": none)? Prints those that are not, and frees the profile.
 */
int	spell_refused(struct buf, const struct pprof_limits *,
	    const char *sums_why, const char *why);

#endif
