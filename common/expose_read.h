#ifndef EXPOSE_READ_H
#define EXPOSE_READ_H

#include <stddef.h>

/*
 * What expose.h writes, read again: the Prometheus text format 0.0.4, without
 * timestamps. The bytes may be anybody's.
 */
struct expose_sample {
	const char	*name;		/* in the line, as labels */
	size_t		 name_len;
	const char	*labels;	/* between the braces */
	size_t		 labels_len;
	double		 value;
};

/* A line without its newline: NAME VALUE or NAME{LABELS} VALUE. -1: another. */
int	expose_sample_read(const char *line, size_t len,
	    struct expose_sample *);

/* How many bytes of a name stand at p; 0: none does. */
size_t	expose_name_length(const char *p, const char *end);

/* Is that its name? */
int	expose_sample_is(const struct expose_sample *, const char *name);

/*
 * The value of one of its labels, with a NUL; what does not fit is cut off.
 * -1: it has none of that name, and out is empty.
 */
int	expose_sample_label(const struct expose_sample *, const char *label,
	    char *out, size_t size);

#endif
