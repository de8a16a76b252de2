/* parts: t/stacks.o */
#include <stddef.h>
#include <stdint.h>

#include "folded.h"
#include "stacks.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	stacks_check(folded_groups, in, len);
	return (0);
}
