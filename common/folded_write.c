#include "folded.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"

/* Value of an int64_t with a blank in front and a line's end behind it. */
#define TAIL_MAX	24

/* len bytes behind the buffer's end, which are there. */
static void
folded_put_frame(struct buf *out, const char *p, size_t len)
{
	const char *end = p + len;
	char c;

	for (; p < end; p++) {
		c = *p;
		if (c == ';')
			c = ':';
		else if ((c >= 0 && c < ' ') || c == 0x7f)
			c = ' ';
		out->p[out->len++] = c;
	}
}

static int
folded_put_stack(const struct folded *f, const struct folded_node *n,
    const uint32_t *names, struct buf *out, size_t left, const char **why)
{
	char tail[TAIL_MAX];
	size_t len, need;
	const char *p;
	uint32_t i;

	need = (size_t)snprintf(tail, sizeof(tail), " %" PRId64 "\n", n->self);
	for (i = 0; i < n->depth; i++) {
		(void)folded_text(f, names[i], &len);
		need += len + (i > 0);
	}
	if (need > left) {
		*why = "the stacks take more text than they may";
		return (-1);
	}
	if (buf_reserve(out, need) == -1) {
		*why = "out of memory";
		return (-1);
	}
	for (i = 0; i < n->depth; i++) {
		if (i > 0)
			out->p[out->len++] = ';';
		p = folded_text(f, names[i], &len);
		folded_put_frame(out, p, len);
	}
	return (buf_adds(out, tail));
}

int
folded_write(const struct folded *f, struct buf *out, size_t max,
    const char **why)
{
	size_t start = out->len;
	const struct folded_node *n;
	uint32_t i, *names;
	int result = -1;

	names = calloc((size_t)folded_depth(f) + 1, sizeof(*names));
	if (names == NULL) {
		*why = "out of memory";
		return (-1);
	}
	for (i = 0; i < folded_nodes(f); i++) {
		n = folded_node(f, i);
		if (n->self == 0)
			continue;
		folded_stack(f, i, names);
		if (folded_put_stack(f, n, names, out,
		    max - (out->len - start), why) == -1)
			goto out;
	}
	result = 0;
out:
	free(names);
	return (result);
}
