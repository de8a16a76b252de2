#include "route.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "conf.h"
#include "convert.h"
#include "httpd.h"
#include "input.h"
#include "intake.h"
#include "intake_answer.h"
#include "listener.h"
#include "log.h"
#include "order.h"
#include "origin.h"
#include "pyro.h"
#include "query.h"
#include "record.h"
#include "record_request.h"
#include "reply.h"
#include "upload.h"
#include "when.h"

#define INGEST	"/ingest"
#define PUSH	"/push.v1.PusherService/Push"
#define RS	"pyroscope-rs/"		/* begins a User-Agent */

static const char no_memory[] = "out of memory";

/* Of the body as it came, which is not what is sent on. */
static const char *const without[] = { "content-encoding", "accept-encoding",
    "connect-protocol-version", "connect-timeout-ms", "grpc-timeout",
    "grpc-encoding", "grpc-accept-encoding", "x-grpc-web", NULL };

/* A copy of a header, *copy stays NULL where there is none. -1: ENOMEM. */
static int
header_copy(const struct httpd_request *request, const char *name,
    char **copy)
{
	const char *value = httpd_header(request, name);

	return (value != NULL && (*copy = strdup(value)) == NULL ? -1 : 0);
}

/* What the head says to both kinds of requests. NULL: ENOMEM. */
static struct order *
order_new(const struct pyro *pyro, const struct httpd_request *request,
    int kind)
{
	const struct listener *l = &pyro->listeners->v[httpd_door(request)];
	const struct conf *conf = pyro->in->conf;
	struct order *o;

	if ((o = calloc(1, sizeof(*o))) == NULL)
		return (NULL);
	o->kind = (enum order_kind)kind;
	o->spool = pyro->in->spool;
	o->limit = conf->body_size_limit;
	o->parts = (size_t)conf->multipart_parts;
	o->received = when_now();
	o->wait = l->wait;
	if ((o->record = calloc(1, sizeof(*o->record))) != NULL &&
	    record_request(o->record, request, conf, "pyro", without) == 0 &&
	    header_copy(request, "content-type", &o->type) == 0 &&
	    header_copy(request, "content-encoding", &o->encoding) == 0 &&
	    (o->listener = strdup(l->url)) != NULL &&
	    (o->tags = strdup(l->tags)) != NULL &&
	    (o->own = strdup(l->own)) != NULL)
		return (o);
	order_free(o);
	return (NULL);
}

/* Not taken, before there is an upload. */
static void
refuse(struct pyro *pyro, struct httpd_request *request, struct order *o,
    int status, const char *why)
{
	int kind = o->kind;

	order_free(o);
	if (status != 503)
		intake_refused(pyro->in, request, status, why, INTAKE_NOWHERE);
	reply_error(request, pyro->in->tally, kind, status, why);
}

/* Take the body, if it can be decoded. */
static void
decoded_begin(struct pyro *pyro, struct httpd_request *request,
    struct order *o)
{
	const char *of_grpc = o->kind >= ORDER_WEB ?
	    httpd_header(request, "grpc-encoding") : NULL;

	if (convert_encoding(o->encoding) == -1 ||
	    convert_encoding(of_grpc) == -1)
		refuse(pyro, request, o, 415, "the content encoding is none of "
		    "gzip, deflate, zstd, lz4, identity");
	else
		upload_begin(pyro, request, o);
}

static int
ingest_format(struct order *o, const char *query)
{
	struct buf format = { 0 };
	int result = -1;

	if (query_value(query, "format", &format) != -1 &&
	    buf_str(&format) != NULL) {
		o->input = input_choose(format.p, o->type);
		result = 0;
	}
	buf_free(&format);
	return (result);
}

static void
ingest_begin(struct pyro *pyro, struct httpd_request *request)
{
	struct order *o = order_new(pyro, request, ORDER_INGEST);
	const char *query = httpd_query(request), *why = no_memory;

	if (o == NULL || (o->origin = origin_new()) == NULL ||
	    ingest_format(o, query) == -1) {
		order_free(o);
		reply_error(request, pyro->in->tally, ORDER_INGEST, 503, why);
	} else if (query_read(query, o->received, o->origin, &why) == -1)
		refuse(pyro, request, o, strcmp(why, no_memory) == 0 ? 503 :
		    400, why);
	else
		decoded_begin(pyro, request, o);
}

/* pyroscope-rs/pyspy/1.2.3 reqwest: the second word is the client's name. */
static int
push_spy(struct order *o, const struct httpd_request *request)
{
	const char *agent = httpd_header(request, "user-agent"), *spy;

	if (agent == NULL || strncmp(agent, RS, strlen(RS)) != 0)
		return (0);
	spy = agent + strlen(RS);
	o->spy = strndup(spy, strcspn(spy, "/ "));
	return (o->spy != NULL ? 0 : -1);
}

static void
push_begin(struct pyro *pyro, struct httpd_request *request)
{
	int kind = reply_kind(httpd_header(request, "content-type"));
	struct order *o;

	if (kind == -1) {
		log_warn(NULL, "request refused",
		    "remote=%s status=415 reason=%s", httpd_remote(request),
		    log_quote("the content type is not supported"));
		reply_type(request, pyro->in->tally);
		return;
	}
	o = order_new(pyro, request, kind);
	if (o == NULL || push_spy(o, request) == -1) {
		order_free(o);
		reply_error(request, pyro->in->tally, kind, 503, no_memory);
	} else
		decoded_begin(pyro, request, o);
}

void
route(struct httpd_request *request, void *arg)
{
	static const struct {
		const char *path;
		void	(*begin)(struct pyro *, struct httpd_request *);
	} routes[] = { { INGEST, ingest_begin }, { PUSH, push_begin } };
	struct pyro *pyro = arg;
	const char *path = httpd_path(request);
	size_t i;

	for (i = 0; i < sizeof(routes) / sizeof(*routes); i++) {
		if (strcmp(path, routes[i].path) != 0)
			continue;
		if (strcmp(httpd_method(request), "POST") == 0)
			routes[i].begin(pyro, request);
		else
			intake_answer_method(request, pyro->in->tally, "POST");
		return;
	}
	log_debug(NULL, "not found", "remote=%s path=%s",
	    httpd_remote(request), log_quote(path));
	intake_answer_error(request, pyro->in->tally, 404,
	    "not found: profiles are posted to " INGEST " or " PUSH,
	    INTAKE_NOWHERE);
}
