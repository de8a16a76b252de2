/*
 * What prof-pyro makes of any body: files, each of which can be read, or a
 * reason. The first byte says which input it is, and whether it is a form of
 * the boundary b; the second the client, and whether it says an encoding.
 */
/* parts: cmd/pyro/convert.o cmd/pyro/convert_jfr.o cmd/pyro/convert_node.o */
/* parts: cmd/pyro/convert_pprof.o cmd/pyro/convert_stacks.o */
/* parts: cmd/pyro/fields.o cmd/pyro/input.o cmd/pyro/origin.o */
/* parts: cmd/pyro/product.o */
/* covers: cmd/pyro/convert*.c cmd/pyro/fields.c cmd/pyro/input.c */
#include <stdint.h>
#include <string.h>

#include "../cmd/pyro/convert.h"
#include "../cmd/pyro/input.h"
#include "../cmd/pyro/origin.h"
#include "../cmd/pyro/product.h"
#include "buf.h"
#include "inflate.h"
#include "must.h"
#include "pprof.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define LIMIT	((uint64_t)1 << 16)

static void
file(const struct product_file *f)
{
	static const struct pprof_limits limits = PPROF_LIMITS;
	struct inflate_limits bounds = { 2 * LIMIT, 0 };
	struct buf plain = { 0 };
	struct pprof_sums sums;
	const char *why;

	must(f->name != NULL && strchr(f->name, '/') == NULL);
	/* What was not changed is looked through sample by sample only. */
	if (f->own != NULL && strstr(f->name, ".pprof") != NULL) {
		must(inflate_whole(f->p, f->len, &bounds, &plain, &why) == 0);
		if (pprof_sums(plain.p, plain.len, &limits, &sums, &why) == -1)
			must(strcmp(why, "a sum is over 64 bits") == 0);
	}
	buf_free(&plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const char *const spies[] = { "gospy", "nodespy", "ebpfspy",
	    "pyspy" };
	static const int64_t times[] = { 0, INT64_MAX, INT64_MIN };
	struct convert_refusal no = { 0 };
	struct product product = { 0 };
	struct origin *o;
	struct convert c;
	size_t i;

	if (len < 2)
		return (0);
	o = origin_new();
	c = (struct convert){ .origin = o, .input = in[0] % 7, .type =
	    in[0] & 128 ? "multipart/form-data; boundary=b" : NULL,
	    .encoding = in[1] & 128 ? "gzip" : NULL, .limit = LIMIT,
	    .parts = 8 };
	must(convert_encoding(c.encoding) == 0);
	o->app = strdup("demo.cpu");
	o->spy = strdup(spies[in[1] % 4]);
	o->units = strdup("samples");
	o->rate = 100;
	o->from = times[in[1] / 4 % 3];
	o->until = times[in[1] / 16 % 3];
	if (convert(&c, (const char *)in + 2, len - 2, &product, &no) == 0) {
		must(product.n <= PRODUCT_FILES && product.format != NULL);
		for (i = 0; i < product.n; i++)
			file(&product.file[i]);
	} else
		must((no.status == 413 || no.status == 422) && *no.why != '\0');
	product_free(&product);
	origin_free(o);
	return (0);
}
