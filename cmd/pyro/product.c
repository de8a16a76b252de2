#include "product.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"

void
product_lend(struct product *product, const char *name, const char *p,
    size_t len)
{
	struct product_file *f = &product->file[product->n++];

	f->name = name;
	f->p = p;
	f->len = len;
}

void
product_give(struct product *product, const char *name, struct buf *own)
{
	struct product_file *f = &product->file[product->n++];

	f->name = name;
	f->own = own->p;
	f->p = own->p;
	f->len = own->len;
	memset(own, 0, sizeof(*own));
}

void
product_free(struct product *product)
{
	size_t i;

	for (i = 0; i < product->n; i++)
		free(product->file[i].own);
	free(product->decoded);
	memset(product, 0, sizeof(*product));
}
