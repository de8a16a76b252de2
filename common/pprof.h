#ifndef PPROF_H
#define PPROF_H

#include <stddef.h>
#include <stdint.h>

/*
 * Profiles as google/pprof's proto/profile.proto has them, inflated, read in
 * place: what is told points into the caller's bytes. Fields may come in any
 * order, numbers packed or not; unknown fields are skipped. Two profiles one
 * behind the other are refused, as google/pprof does.
 */
#define PPROF_TYPES	32	/* sample types of a profile, at most */

struct pprof_limits {
	size_t	samples;
	size_t	entries;	/* of each: strings, mappings, functions,
				   locations, lines */
	size_t	depth;		/* locations of a sample */
	size_t	labels;		/* of a sample */
};

/* What no real profile comes near to, and some 100 MB. */
#define PPROF_LIMITS	{ 1000000, 1000000, 10000, 100 }

/* Borrowed; no NUL behind it. Without one, len is 0. */
struct pprof_text {
	const char	*p;
	size_t		 len;
};

struct pprof_type {
	struct pprof_text	type;	/* "cpu" */
	struct pprof_text	unit;	/* "nanoseconds" */
};

struct pprof_head {
	struct pprof_type	 type[PPROF_TYPES];	/* of samples */
	size_t			 types;
	struct pprof_type	 period_type;
	struct pprof_text	 default_type;
	struct pprof_text	 drop_frames;	/* regular expressions */
	struct pprof_text	 keep_frames;
	struct pprof_text	 doc_url;
	int64_t			 period;
	int64_t			 time;		/* ns since 1970; 0: not known */
	int64_t			 duration;	/* ns; 0: cumulative, since the
						   program's start */
	uint64_t		 samples;	/* how many */
};

struct pprof_sums {
	struct pprof_head	 head;
	int64_t			 sum[PPROF_TYPES];
	int			 negative;	/* a sample has a value < 0 */
};

/*
 * Add up the samples' values, in one pass that keeps nothing. Stacks and
 * labels are not looked into. 0; -1: malformed, over a limit, or a sum is
 * over 64 bits, and *why says so.
 */
int	pprof_sums(const char *p, size_t len, const struct pprof_limits *,
	    struct pprof_sums *, const char **why);

/* Which sample type has this name; types: none. */
size_t	pprof_find(const struct pprof_head *, const char *type);

int	pprof_text_is(const struct pprof_text *, const char *s);

#endif
