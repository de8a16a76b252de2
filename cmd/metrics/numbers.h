#ifndef NUMBERS_H
#define NUMBERS_H

struct sheet;

/*
 * The languages whose profiles have numbers, and what adds them to a sheet: a
 * row each in numbers.c. name is what language_find calls it.
 */
struct numbers {
	const char	*name;
	void		(*add)(struct sheet *, const char *name);
};

/* NULL: a language that has none. */
const struct numbers *numbers_of(const char *name);

/* prof_go_...: of metrics.json, and of pprof files what it lacks. */
void	golang_add(struct sheet *, const char *name);

/* prof_jvm_...: of all recordings (JFR). */
void	jvm_add(struct sheet *, const char *name);

/* prof_NAME_... by the sample types of the pprof files (table in types.c). */
void	types_add(struct sheet *, const char *name);

#endif
