#ifndef PPROF_HEAD_H
#define PPROF_HEAD_H

#include <stddef.h>
#include <stdint.h>

struct pprof_field;
struct pprof_head;
struct pprof_text;

/*
 * Reads what a profile says of itself, field by field. Texts are numbers of
 * the string table, which may come later: they are looked up at the end.
 */
struct pprof_heading {
	struct pprof_head	*head;
	struct pprof_wanted {
		uint64_t		 index;
		struct pprof_text	*to;
	}			 text[6 + 2 * 32];
	uint64_t		 strings;	/* so far */
	const unsigned char	*from;		/* the first string's field */
	const unsigned char	*end;		/* of the profile */
};

/* head is made empty. -1: so is the profile. */
int	pprof_head_begin(struct pprof_heading *, struct pprof_head *head,
	    const char *p, size_t len, const char **why);

/*
 * A field of the profile, which begins at at. Samples, mappings, locations,
 * functions and comments are only seen to be of the right wire type.
 */
int	pprof_head_field(struct pprof_heading *, const struct pprof_field *,
	    const unsigned char *at, const char **why);

/* The profile is complete: look the texts up. */
int	pprof_head_end(struct pprof_heading *, const char **why);

#endif
