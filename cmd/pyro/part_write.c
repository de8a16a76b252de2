#include "part.h"

#include <string.h>

#include "buf.h"
#include "event_write.h"
#include "json.h"
#include "product.h"
#include "spool.h"

static int
part_line(struct buf *b, const char *key, const char *spy,
    const struct event_write *e, const struct product *product)
{
	size_t i;

	if (buf_adds(b, "{\"key\":\"") == -1 ||
	    json_escape(b, key, strlen(key)) == -1 ||
	    buf_addf(b, "\",\"spy\":\"%s\",\"lengths\":[", spy) == -1)
		return (-1);
	for (i = 0; i < product->n; i++)
		if (buf_addf(b, "%s%zu", i > 0 ? "," : "",
		    product->file[i].len) == -1)
			return (-1);
	if (buf_adds(b, "],\"event\":") == -1 || event_write(e, b) == -1)
		return (-1);
	return (buf_adds(b, "}\n"));
}

int
part_write(struct draft *d, const char *key, const char *spy,
    const struct event_write *e, const struct product *product)
{
	struct buf b = { 0 };
	int result = -1;
	size_t i;

	if (part_line(&b, key, spy, e, product) == 0)
		result = draft_write(d, b.p, b.len);
	for (i = 0; i < product->n && result == 0; i++)
		result = draft_write(d, product->file[i].p,
		    product->file[i].len);
	buf_free(&b);
	return (result);
}
