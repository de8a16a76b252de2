#include "pack.h"

#include "buf.h"
#include "event_write.h"
#include "form_write.h"
#include "product.h"
#include "spool.h"

/* What b holds goes out; it is empty then. */
static int
pack_text(struct draft *d, struct buf *b)
{
	if (draft_write(d, b->p, b->len) == -1)
		return (-1);
	b->len = 0;
	return (0);
}

static int
pack_event(struct draft *d, const char *id, const struct event_write *e,
    struct buf *b)
{
	if (form_write_event(b, id) == -1 || event_write(e, b) == -1 ||
	    form_write_next(b) == -1)
		return (-1);
	return (pack_text(d, b));
}

static int
pack_file(struct draft *d, const char *id, const struct product_file *f,
    struct buf *b)
{
	if (form_write_file(b, id, f->name) == -1 || pack_text(d, b) == -1 ||
	    draft_write(d, f->p, f->len) == -1)
		return (-1);
	return (form_write_next(b));
}

int
pack(struct draft *d, const char *id, const struct event_write *e,
    const struct product *product)
{
	struct buf b = { 0 };
	int result;
	size_t i;

	result = pack_event(d, id, e, &b);
	for (i = 0; i < product->n && result == 0; i++)
		result = pack_file(d, id, &product->file[i], &b);
	if (result == 0 && (result = form_write_end(&b, id)) == 0)
		result = pack_text(d, &b);
	buf_free(&b);
	return (result);
}
