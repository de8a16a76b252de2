#include "order.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "convert.h"
#include "event_write.h"
#include "form_write.h"
#include "input.h"
#include "joint.h"
#include "origin.h"
#include "pack.h"
#include "part.h"
#include "product.h"
#include "record.h"
#include "spool.h"

int
order_refuse(struct order *o, int status, const char *why)
{
	o->status = status;
	o->why = why;
	return (-1);
}

/* What the system said: errno. */
static int
order_fail(struct order *o)
{
	o->cause = errno;
	return (order_refuse(o, 503, NULL));
}

/* The header of a record of its own, with an id. */
static struct draft *
order_draft(struct order *o, struct made *made, char type[FORM_WRITE_TYPE])
{
	struct record r = *o->record;

	uuid_v7(made->id);
	memcpy(r.id, made->id, sizeof(r.id));
	form_write_type(type, made->id);
	r.content_type = type;
	return (draft_new(o->spool, "pyro", &r));
}

/* Is it a part of a set? 1; 0; -1: ENOMEM. */
static int
order_joins(const struct order *o, const struct origin *origin,
    const struct product *product, struct made *made)
{
	const struct joint *joint = joint_find(origin->spy);
	struct buf key = { 0 };
	int result;

	if (o->spool == NULL || o->kind != ORDER_INGEST || joint == NULL ||
	    (made->bits = joint_bits(joint, product)) == 0)
		return (0);
	result = joint_key(joint, origin, o->listener, &key);
	if (result == 1 && (made->key = buf_str(&key)) == NULL)
		result = -1;
	if (result == 1) {
		made->joint = joint;
		return (1);
	}
	buf_free(&key);
	return (result);
}

/* The draft's body. */
static int
order_write(struct order *o, const struct origin *origin,
    const struct product *product, struct made *made, const char *tags)
{
	const char *names[PRODUCT_FILES];
	struct event_write e = { .format = product->format,
	    .profiler = "pyroscope", .language = origin_language(origin),
	    .attachments = names, .n = product->n, .tags = tags,
	    .own = o->own, .start = product->start, .end = product->end };
	size_t i;
	int joins;

	for (i = 0; i < product->n; i++)
		names[i] = product->file[i].name;
	if ((joins = order_joins(o, origin, product, made)) == -1)
		return (-1);
	if (joins)
		return (part_write(made->draft, made->key, made->joint->spy,
		    &e, product));
	return (pack(made->draft, made->id, &e, product));
}

int
order_make(struct order *o, const struct origin *origin,
    const struct product *product, const char *format)
{
	char type[FORM_WRITE_TYPE];
	struct buf tags = { 0 };
	struct made *made;
	int result = -1;

	made = reallocarray(o->made, o->n + 1, sizeof(*made));
	if (made == NULL)
		return (order_fail(o));
	o->made = made;
	made += o->n++;
	memset(made, 0, sizeof(*made));
	if (buf_adds(&tags, o->tags) == -1 ||
	    origin_tags(origin, format, &tags) == -1 ||
	    buf_str(&tags) == NULL ||
	    (made->draft = order_draft(o, made, type)) == NULL ||
	    order_write(o, origin, product, made, tags.p) == -1) {
		result = order_fail(o);
	} else {
		made->length = draft_length(made->draft);
		result = 0;
	}
	buf_free(&tags);
	return (result);
}

/* What the body of an ingest comes to. -1: refused. */
static int
order_ingest(struct order *o, const char *p, size_t len)
{
	struct convert c = { .origin = o->origin, .input = o->input,
	    .type = o->type, .encoding = o->encoding, .limit = o->limit,
	    .parts = o->parts };
	struct product product = { 0 };
	struct convert_refusal no;
	int result = 0;

	if (convert(&c, p, len, &product, &no) == -1)
		result = order_refuse(o, no.status, no.why);
	else if (product.n > 0)
		result = order_make(o, o->origin, &product,
		    input_name((enum input)o->input));
	product_free(&product);
	return (result);
}

void
order_work(struct order *o)
{
	size_t len = (size_t)draft_length(o->body);
	char *p;

	if ((p = malloc(len + 1)) == NULL ||
	    draft_read(o->body, p, len, 0) == -1) {
		order_fail(o);
	} else {
		draft_discard(o->body);
		o->body = NULL;
		if (o->kind == ORDER_INGEST)
			(void)order_ingest(o, p, len);
		else
			(void)order_push(o, p, len);
	}
	free(p);
	draft_discard(o->body);
	o->body = NULL;
}

void
order_free(struct order *o)
{
	size_t i;

	if (o == NULL)
		return;
	draft_discard(o->body);
	if (o->record != NULL)
		record_clear(o->record);
	free(o->record);
	origin_free(o->origin);
	free(o->spy);
	free(o->type);
	free(o->encoding);
	free(o->listener);
	free(o->tags);
	free(o->own);
	for (i = 0; i < o->n; i++) {
		draft_discard(o->made[i].draft);
		free(o->made[i].key);
	}
	free(o->made);
	free(o);
}
