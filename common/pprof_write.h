#ifndef PPROF_WRITE_H
#define PPROF_WRITE_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct pprof_function;
struct pprof_head;
struct pprof_line;
struct pprof_location;
struct pprof_mapping;
struct pprof_sample;

/*
 * A profile being made. It copies what it is given; equal strings, mappings,
 * functions and locations are one, and called by the number that they get.
 * Where memory ends these return 0, and pprof_write_end says so.
 */
struct pprof_write;

/*
 * The head's samples are how many to make room for. With merge, samples of
 * the same stack and labels are one, with the sums of their values, and one
 * whose values are all 0 is left out, as google/pprof's profile/merge.go does.
 * NULL: ENOMEM.
 */
struct pprof_write *pprof_write_new(const struct pprof_head *, int merge);
void	pprof_write_free(struct pprof_write *);

/* Numbers within what is given are those that these return. */
uint32_t pprof_write_string(struct pprof_write *, const char *p, size_t len);
uint32_t pprof_write_function(struct pprof_write *,
	    const struct pprof_function *);

/*
 * Mappings of the same file, offset and size in pages are one. Where an equal
 * one came before that starts elsewhere, *moved is what to add to addresses
 * within it. The first is written in any case, as the program's own.
 */
uint32_t pprof_write_mapping(struct pprof_write *,
	    const struct pprof_mapping *, uint64_t *moved);

/* line has l->lines of them; l->line is not looked at. */
uint32_t pprof_write_location(struct pprof_write *,
	    const struct pprof_location *l, const struct pprof_line *line);

/* A location that is nothing but a function of this name. */
uint32_t pprof_write_frame(struct pprof_write *, const char *name, size_t len);

/* Not one that is there already. */
void	pprof_write_comment(struct pprof_write *, const char *p, size_t len);

/* -1: ENOMEM, here or before; EOVERFLOW: a merged value is over 64 bits. */
int	pprof_write_sample(struct pprof_write *, const struct pprof_sample *);

/* Has any sample a value below 0 now? */
int	pprof_write_negative(struct pprof_write *);

/*
 * Append the profile: only what samples refer to, in the order in which they
 * do. -1: as pprof_write_sample, with out as it was.
 */
int	pprof_write_end(struct pprof_write *, struct buf *out);

#endif
