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
				   locations, lines, comments */
	size_t	depth;		/* locations of a sample */
	size_t	labels;		/* of a sample */
};

/* What no real profile comes near to; memory, besides, is bounded by len. */
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
 * over 64 bits (to wrap, as Go does, would make another number of it), and
 * *why says so; here as below it means nothing otherwise.
 */
int	pprof_sums(const char *p, size_t len, const struct pprof_limits *,
	    struct pprof_sums *, const char **why);

/* Which sample type has this name; types: none. */
size_t	pprof_find(const struct pprof_head *, const char *type);

/*
 * The whole profile. Ids are looked up: everything is told by its number, 0
 * and up in the order of the profile. Read only.
 */
struct pprof_mapping {
	uint64_t	start;
	uint64_t	limit;
	uint64_t	offset;
	uint32_t	file;		/* a string */
	uint32_t	build_id;	/* a string */
	uint32_t	has;		/* bits 0 to 3: functions, filenames,
					   line numbers, inline frames */
};

struct pprof_function {
	uint32_t	name;		/* strings */
	uint32_t	system_name;
	uint32_t	filename;
	int64_t		start_line;
};

struct pprof_line {
	uint32_t	function;
	int64_t		line;
	int64_t		column;
};

#define PPROF_NONE	UINT32_MAX	/* a location's mapping, if none */

struct pprof_location {
	uint64_t	address;
	uint32_t	mapping;
	uint32_t	folded;
	uint32_t	line;		/* the first of its lines: what was
					   inlined last; its caller next */
	uint32_t	lines;
};

struct pprof_label {
	uint32_t	key;		/* a string */
	uint32_t	str;		/* a string; 0: it is a number */
	uint32_t	unit;		/* of the number: a string; 0: none */
	int64_t		num;
};

struct pprof_sample {
	const uint32_t		 *location;	/* the leaf first */
	size_t			  depth;
	const int64_t		 *value;	/* one of each type */
	const struct pprof_label *label;
	size_t			  labels;
};

struct pprof {
	struct pprof_head		 head;
	const struct pprof_text		*string;	/* the first is empty */
	size_t				 strings;
	const struct pprof_mapping	*mapping;	/* the first: the
							   program itself */
	size_t				 mappings;
	const struct pprof_function	*function;
	size_t				 functions;
	const struct pprof_location	*location;
	size_t				 locations;
	const struct pprof_line		*line;
	size_t				 lines;
	const uint32_t			*comment;	/* strings */
	size_t				 comments;
};

/*
 * Read the tables. Ids may be any number but 0, none twice; a location's
 * mapping that is not there is none, as to google/pprof. Takes memory of a
 * small multiple of len, within the limits. The bytes must stay. NULL: *why
 * says what is wrong, which is "out of memory" with ENOMEM.
 */
struct pprof *pprof_open(const char *p, size_t len,
	    const struct pprof_limits *, const char **why);
void	pprof_free(struct pprof *);

/*
 * The next sample, valid until the next call. 1; 0: there is none (the next
 * is the first again); -1: malformed or over a limit.
 */
int	pprof_next(struct pprof *, struct pprof_sample *, const char **why);

int	pprof_text_is(const struct pprof_text *, const char *s);

#endif
