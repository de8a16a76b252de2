#ifndef MUST_H
#define MUST_H

#include <stdlib.h>

/* What does not hold is a finding: a fuzzer keeps the input that we die of. */
static inline void
must(int holds)
{
	if (!holds)
		abort();
}

#endif
