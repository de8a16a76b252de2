#include "convert.h"

#include "buf.h"
#include "deflate.h"
#include "origin.h"
#include "pprof.h"
#include "pprof_split.h"
#include "product.h"
#include "when.h"

#define LEVEL		1			/* of gzip */
#define CPU_TIME	(10 * WHEN_SECOND)	/* as the reference has it */

/* A heap's sample types have a file each. */
static const char *const types[] = { "inuse_objects", "inuse_space" };
static const char *const files[] = { "inuse_objects.pprof",
    "inuse_space.pprof" };

static int
node_file(struct pprof *pprof, size_t i, struct product *product,
    const char **why)
{
	struct buf plain = { 0 }, packed = { 0 };
	int result = -1;

	if (pprof_split(pprof, &types[i], 1, &plain, why) == 0) {
		*why = "out of memory";
		result = deflate_gzip(plain.p, plain.len, LEVEL, &packed);
	}
	buf_free(&plain);
	if (result == 0)
		product_give(product, files[i], &packed);
	buf_free(&packed);
	return (result);
}

int
convert_node(const struct convert *c, struct pprof *pprof, const char *p,
    size_t len, struct product *product, const char **why)
{
	size_t i, heap = 0, n = pprof->head.types;

	for (i = 0; i < 2; i++)
		heap += pprof_find(&pprof->head, types[i]) < n;
	if (heap == 0) {
		product_lend(product, "cpu.pprof", p, len);
		product->end = c->origin->from;
		if (__builtin_sub_overflow(product->end, CPU_TIME,
		    &product->start))
			product->start = product->end;
		return (0);
	}
	if (heap < n) {
		product_lend(product, "auto.pprof", p, len);
		return (0);
	}
	for (i = 0; i < 2; i++)
		if (pprof_find(&pprof->head, types[i]) < n &&
		    node_file(pprof, i, product, why) == -1)
			return (-1);
	return (0);
}
