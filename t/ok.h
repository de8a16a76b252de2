#ifndef OK_H
#define OK_H

#include <stdio.h>

/* Did any fact not hold? A unit test exits with it. */
static int failed;

/* Say whether a fact holds. */
static inline void
ok(int holds, const char *fact)
{
	printf("%s - %s\n", holds ? "ok" : "not ok", fact);
	failed |= !holds;
}

#endif
