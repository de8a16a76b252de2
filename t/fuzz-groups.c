/* parts: t/summed.o */
/* covers: common/folded.c common/folded_[klpw]*.c */
#include <stddef.h>
#include <stdint.h>

#include "folded.h"
#include "summed.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	summed_check(folded_groups, in, len);
	return (0);
}
