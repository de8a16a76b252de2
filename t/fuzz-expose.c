/* covers: common/expose_join.c */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "expose_join.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/*
 * What was joined must be a text that can be joined, and by itself comes out as
 * it went in.
 */

/* -1: it is refused. */
static int
joined(const char *p, size_t len, struct buf *out)
{
	struct expose_join *j = expose_join_new();
	int result;

	must(j != NULL);
	if ((result = expose_join_add(j, p, len)) == 0)
		must(expose_join_print(j, out) == 0);
	expose_join_free(j);
	return (result);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct buf once = { 0 }, twice = { 0 };
	/* Its own memory: what is read behind the end is noticed. */
	char *p = malloc(len + (len == 0));

	must(p != NULL);
	if (len > 0)
		memcpy(p, bytes, len);
	if (joined(p, len, &once) == 0) {
		must(joined(once.p, once.len, &twice) == 0);
		must(once.len == twice.len && (once.len == 0 ||
		    memcmp(once.p, twice.p, once.len) == 0));
	}
	buf_free(&once);
	buf_free(&twice);
	free(p);
	return (0);
}
