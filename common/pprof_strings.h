#ifndef PPROF_STRINGS_H
#define PPROF_STRINGS_H

#include <stddef.h>
#include <stdint.h>

struct pprof_text;

/* Copies of strings, each once. The first is the empty one. */
struct pprof_strings;

struct pprof_strings *pprof_strings_new(void);
void	pprof_strings_free(struct pprof_strings *);

/* The number of this string, from 0. UINT32_MAX: ENOMEM. */
uint32_t pprof_strings_add(struct pprof_strings *, const char *p, size_t len);

size_t	pprof_strings_count(const struct pprof_strings *);

/* The string of a number, valid until the next is added. */
struct pprof_text pprof_strings_text(const struct pprof_strings *,
	    uint32_t number);

#endif
