#ifndef FIGURES_H
#define FIGURES_H

#include <stddef.h>

/*
 * A file of stat/, read back: Prometheus' text format 0.0.4, as far as our
 * programs write it (prof.7, STATISTICS). Whoever may write the file is
 * trusted with nothing: a line that is none is passed over.
 */
struct figures;

/* NULL: errno; ENOENT: the program has never run here. */
struct figures *figures_read(int root, const char *prog);
void	figures_free(struct figures *);

/*
 * The first sample of that name whose label has that value; label NULL: any.
 * figures NULL has none. -1: there is none, and *value stands.
 */
int	figures_get(const struct figures *, const char *name,
	    const char *label, const char *is, double *value);

/* The same, or 0. */
double	figures_value(const struct figures *, const char *name,
	    const char *label, const char *is);

/* The value of another label of it, unescaped and cut to size; "": none. */
void	figures_label(const struct figures *, const char *name,
	    const char *label, const char *is, const char *wanted, char *out,
	    size_t size);

/* How many samples have that name, and the sum of them. */
size_t	figures_sum(const struct figures *, const char *name, double *sum);

/* The i-th of them: its label's value; -1: there are no more. */
int	figures_nth(const struct figures *, const char *name, size_t i,
	    const char *label, char *out, size_t size);
int	figures_nth_value(const struct figures *, const char *name, size_t i,
	    double *value);

#endif
