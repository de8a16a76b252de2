#ifndef PERCENT_H
#define PERCENT_H

/*
 * The byte that %XX at p stands for (RFC 3986, 2.1); -1: p, which ends at end,
 * begins with no such thing.
 */
int	percent_byte(const char *p, const char *end);

#endif
