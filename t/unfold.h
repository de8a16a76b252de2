#ifndef UNFOLD_H
#define UNFOLD_H

#include <stddef.h>

/*
 * The stacks of an inflated pprof, as collapsed text of one sample type:
 * function names, root first, without samples whose value is 0. With labels, a
 * line begins with those of the sample that are text, "{key=value,...}", in
 * the order of their keys. "! " and why: it cannot be read. To be freed.
 */
char	*unfold(const char *p, size_t len, size_t type, int labels);

#endif
