#ifndef VERDICT_H
#define VERDICT_H

#include <stddef.h>

struct delivery;

/*
 * What a delivery that is over comes to: the verdict for prof-spool ("retry
 * SECONDS REASON"), and the line for the log. to is the destination's name.
 */
void	verdict_text(char *text, size_t size, const struct delivery *);
void	verdict_log(const char *id, const char *to, const struct delivery *);

#endif
