#include "folded_key.h"

#include <string.h>

#include "buf.h"
#include "folded.h"

void
folded_key_begin(struct folded_key *k, struct folded *f, struct buf *text)
{
	k->folded = f;
	k->node = FOLDED_ROOT;
	k->start = 0;
	k->text = text;
	text->len = 0;
}

/* The frame at hand, below the others. */
static int
folded_key_frame(const struct folded_key *k, uint32_t *node, const char **why)
{
	const char *p = k->text->p != NULL ? k->text->p + k->start : "";
	uint32_t name;

	if (folded_name(k->folded, p, k->text->len - k->start, &name,
	    why) == -1)
		return (-1);
	return (folded_child(k->folded, k->node, name, node, why));
}

int
folded_key_add(struct folded_key *k, const char *p, size_t len,
    const char **why)
{
	const char *semicolon;
	size_t n;

	while (len > 0) {
		semicolon = memchr(p, ';', len);
		n = semicolon != NULL ? (size_t)(semicolon - p) : len;
		if (buf_add(k->text, p, n) == -1) {
			*why = "out of memory";
			return (-1);
		}
		if (semicolon == NULL)
			break;
		if (folded_key_frame(k, &k->node, why) == -1)
			return (-1);
		k->start = k->text->len;
		p += n + 1;
		len -= n + 1;
	}
	return (0);
}

int
folded_key_value(struct folded_key *k, int64_t value, const char **why)
{
	uint32_t node = k->node;

	if (k->text->len > k->start && folded_key_frame(k, &node, why) == -1)
		return (-1);
	return (folded_add(k->folded, node, value, why));
}

struct folded_mark
folded_key_mark(const struct folded_key *k)
{
	return ((struct folded_mark){ k->node, k->start, k->text->len });
}

void
folded_key_back(struct folded_key *k, const struct folded_mark *m)
{
	k->node = m->node;
	k->start = m->start;
	k->text->len = m->len;
}
