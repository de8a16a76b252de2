#include "convert.h"

#include "buf.h"
#include "inflate.h"
#include "input.h"
#include "jfr.h"
#include "fields.h"
#include "product.h"

#define TABLES	2		/* memory, for each byte it may be */

static int
on_event(size_t wish, const struct jfr_value *values, void *arg)
{
	(void)wish;
	(void)values;
	(void)arg;
	return (0);
}

/* Is it a recording that can be read? Nothing of it is wanted here. */
static int
recording_check(const struct convert *c, const char *p, size_t len,
    const char **why)
{
	struct inflate_limits limits = { c->limit, 0 };
	struct jfr_limits tables = { TABLES * (size_t)c->limit };
	struct jfr_report report;
	struct buf plain = { 0 };
	int result;

	result = inflate_whole(p, len, &limits, &plain, why);
	if (result == 0) {
		*why = "out of memory";
		result = jfr_read(plain.p, plain.len, NULL, 0, &tables,
		    on_event, NULL, &report, why);
	}
	buf_free(&plain);
	return (result);
}

/* pyroscope-java's form: the recording, and what its contexts' labels are. */
static int
recording_form(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	const struct field *jfr, *labels;
	struct fields fields = { 0 };
	int result = -1;

	if (fields_read(&fields, c->type, p, len, c->parts, why) == -1 ||
	    fields_find(&fields, "jfr", &jfr, why) == -1 ||
	    fields_find(&fields, "labels", &labels, why) == -1)
		goto out;
	*why = "the form has no part jfr";
	if (jfr == NULL || recording_check(c, jfr->p, jfr->len, why) == -1)
		goto out;
	product_lend(product, "auto.jfr", jfr->p, jfr->len);
	if (labels != NULL && labels->len > 0)
		product_lend(product, "labels.pb", labels->p, labels->len);
	result = 0;
out:
	fields_free(&fields);
	return (result);
}

int
convert_jfr(const struct convert *c, const char *p, size_t len,
    struct product *product, const char **why)
{
	product->format = "jfr";
	if (input_is_form(c->type))
		return (recording_form(c, p, len, product, why));
	if (recording_check(c, p, len, why) == -1)
		return (-1);
	product_lend(product, "auto.jfr", p, len);
	return (0);
}
