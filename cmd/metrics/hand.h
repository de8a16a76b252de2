#ifndef HAND_H
#define HAND_H

#include <stddef.h>

struct order;

/*
 * Print the lines of the records in files, or ("-", or a pipe) of all in a
 * stream of them; of bare profiles where the order says so. What could not be
 * used is logged. Returns the exit code.
 */
int	hand(struct order *, char **files, size_t n);

#endif
