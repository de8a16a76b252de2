#include "order.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "convert.h"
#include "grpc.h"
#include "inflate.h"
#include "input.h"
#include "labels.h"
#include "origin.h"
#include "product.h"
#include "push.h"

#define FORMAT	"pprof"

/* Each is a draft, and so a descriptor. */
static const struct push_limits limits = { 1000, 256 };

/* What Alloy and the SDKs call Go's profiles. */
static const char *const go_files[][2] = {
	{ "process_cpu", "cpu.pprof" },
	{ "goroutine", "goroutines.pprof" },
	{ "goroutines", "goroutines.pprof" },
	{ "memory", "delta-heap.pprof" },
	{ "mutex", "delta-mutex.pprof" },
	{ "block", "delta-block.pprof" },
	{ "godeltaprof_memory", "delta-heap.pprof" },
	{ "godeltaprof_mutex", "delta-mutex.pprof" },
	{ "godeltaprof_block", "delta-block.pprof" },
};

/* Where one of these labels is, it names the client. */
static const char *const spies[] = { "spy_name", "pyroscope_spy",
    "__spy_name__" };

static int
origin_label(struct origin *o, const struct label *label)
{
	const char *why;

	return (labels_set(o->labels, label->key, strlen(label->key),
	    label->value, strlen(label->value), &why));
}

/* What a series says of its profiles. NULL: ENOMEM. */
static struct origin *
push_origin(const struct order *o, const struct labels *labels)
{
	const char *service = labels_get(labels, "service_name");
	const char *spy = o->spy, *value;
	struct origin *origin;
	size_t i;

	for (i = 0; i < sizeof(spies) / sizeof(*spies); i++)
		if ((value = labels_get(labels, spies[i])) != NULL &&
		    *value != '\0')
			spy = value;
	if ((origin = origin_new()) == NULL)
		return (NULL);
	origin->from = origin->until = o->received;
	origin->app = strdup(service != NULL && *service != '\0' ? service :
	    "unknown");
	if (spy != NULL)
		origin->spy = strdup(spy);
	for (i = 0; i < labels->n; i++)
		if (origin_label(origin, &labels->label[i]) == -1)
			break;
	if (i == labels->n && origin->app != NULL &&
	    (spy == NULL || origin->spy != NULL))
		return (origin);
	origin_free(origin);
	return (NULL);
}

/* NULL: by no name of its own. */
static const char *
push_file(const struct origin *origin)
{
	const char *name = labels_get(origin->labels, "__name__");
	const char *language = origin_language(origin);
	size_t i;

	if (name == NULL || language == NULL ||
	    strcmp(language, "golang") != 0)
		return (NULL);
	for (i = 0; i < sizeof(go_files) / sizeof(*go_files); i++)
		if (strcmp(go_files[i][0], name) == 0)
			return (go_files[i][1]);
	return (NULL);
}

static int
push_profile(struct order *o, const struct origin *origin,
    const struct push_sample *sample)
{
	struct convert c = { .origin = origin, .input = INPUT_PPROF,
	    .file = push_file(origin), .limit = o->limit };
	struct product product = { 0 };
	struct convert_refusal no;
	int result = 0;

	if (convert(&c, sample->p, sample->len, &product, &no) == -1)
		result = order_refuse(o, no.status, no.why);
	else if (product.n > 0) {
		if (product.time != 0) {
			product.start = product.time;
			if (__builtin_add_overflow(product.time,
			    product.duration, &product.end))
				product.end = product.time;
		}
		result = order_make(o, origin, &product, FORMAT);
	}
	product_free(&product);
	return (result);
}

static int
push_series_all(struct order *o, const struct push *push)
{
	const struct push_sample *sample;
	struct origin *origin;
	size_t i;
	int result = 0;

	for (i = 0; i < push->samples && result == 0; i++) {
		sample = &push->sample[i];
		origin = push_origin(o, &push->labels[sample->series]);
		if (origin == NULL)
			return (order_refuse(o, 503, "out of memory"));
		result = push_profile(o, origin, sample);
		origin_free(origin);
	}
	return (result);
}

/* p is that of plain now, which out owns. */
static void
push_become(const char **p, size_t *len, struct buf *out, struct buf *plain)
{
	buf_free(out);
	*out = *plain;
	*p = plain->p;
	*len = plain->len;
}

/* What is compressed as a whole, by HTTP or by gRPC. */
static int
push_inflate(struct order *o, const char **p, size_t *len, struct buf *out)
{
	struct inflate_limits bounds = { o->limit, 0 };
	struct buf plain = { 0 };
	const char *why;

	if (inflate_format(*p, *len) == INFLATE_NONE)
		return (order_refuse(o, 400,
		    "it says that it is compressed, and is not"));
	if (inflate_once(*p, *len, &bounds, &plain, &why) == -1) {
		buf_free(&plain);
		return (order_refuse(o, 400, why));
	}
	push_become(p, len, out, &plain);
	return (0);
}

static int
push_text(struct order *o, const char **p, size_t *len, struct buf *out)
{
	struct buf plain = { 0 };
	const char *why;

	if (grpc_text(*p, *len, &plain, &why) == -1) {
		buf_free(&plain);
		return (order_refuse(o, 400, why));
	}
	push_become(p, len, out, &plain);
	return (0);
}

/* The message, out of all that is around it. */
static int
push_unwrap(struct order *o, const char **p, size_t *len, struct buf *out)
{
	const char *why;
	int compressed;

	if (o->encoding != NULL && strcmp(o->encoding, "identity") != 0 &&
	    *len > 0 && push_inflate(o, p, len, out) == -1)
		return (-1);
	if (o->kind == ORDER_PROTO || o->kind == ORDER_JSON)
		return (0);
	if (o->kind == ORDER_WEB_TEXT && push_text(o, p, len, out) == -1)
		return (-1);
	if (grpc_message(*p, *len, p, len, &compressed, &why) == -1)
		return (order_refuse(o, 400, why));
	return (compressed && *len > 0 ? push_inflate(o, p, len, out) : 0);
}

int
order_push(struct order *o, const char *p, size_t len)
{
	int json = o->kind == ORDER_JSON || o->kind == ORDER_WEB_JSON;
	struct buf plain = { 0 };
	struct push push = { 0 };
	const char *why;
	int result = -1;

	if (push_unwrap(o, &p, &len, &plain) == -1)
		goto out;
	if ((json ? push_json(p, len, &limits, &push, &why) :
	    push_proto(p, len, &limits, &push, &why)) == -1)
		result = order_refuse(o, 400, why);
	else if (push.samples == 0)
		result = order_refuse(o, 400, "no profile in it");
	else
		result = push_series_all(o, &push);
out:
	push_free(&push);
	buf_free(&plain);
	return (result);
}
