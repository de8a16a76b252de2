#include "reply.h"

#include <string.h>
#include <strings.h>

#include "base64.h"
#include "buf.h"
#include "grpc.h"
#include "httpd.h"
#include "intake_answer.h"
#include "order.h"

static const struct reply_type {
	const char	*type;
	int		 kind;
} types[] = {
	{ "application/proto", ORDER_PROTO },
	{ "application/json", ORDER_JSON },
	{ "application/grpc-web", ORDER_WEB },
	{ "application/grpc-web+proto", ORDER_WEB },
	{ "application/grpc-web+json", ORDER_WEB_JSON },
	{ "application/grpc-web-text", ORDER_WEB_TEXT },
	{ "application/grpc-web-text+proto", ORDER_WEB_TEXT },
};

/* NULL: none of ours. */
static const struct reply_type *
type_find(const char *content_type)
{
	size_t i, len;

	if (content_type == NULL)
		return (NULL);
	len = strcspn(content_type, "; \t");
	for (i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (len == strlen(types[i].type) &&
		    strncasecmp(content_type, types[i].type, len) == 0)
			return (&types[i]);
	return (NULL);
}

int
reply_kind(const char *content_type)
{
	const struct reply_type *type = type_find(content_type);

	return (type != NULL ? type->kind : -1);
}

/* The whole type of a request that is one of ours. */
static const char *
reply_content(const struct httpd_request *request)
{
	return (type_find(httpd_header(request, "content-type"))->type);
}

static enum grpc_status
reply_status(int status)
{
	switch (status) {
	case 415:
		return (GRPC_UNIMPLEMENTED);
	case 503:
		return (GRPC_UNAVAILABLE);
	default:
		return (GRPC_INVALID_ARGUMENT);
	}
}

/* The status is in the trailers, which are in the body. */
static void
reply_web(struct httpd_request *request, struct intake_tally *tally,
    int kind, enum grpc_status status, const char *why)
{
	struct buf b = { 0 }, text = { 0 };
	const struct buf *body = kind == ORDER_WEB_TEXT ? &text : &b;

	if (grpc_write_web(&b, status, why) == -1 ||
	    (kind == ORDER_WEB_TEXT &&
	    base64_encode(&text, b.p, b.len) == -1))
		b.len = text.len = 0;
	intake_answer(request, tally, 200, reply_content(request), NULL,
	    body->p, body->len);
	buf_free(&b);
	buf_free(&text);
}

void
reply_done(struct httpd_request *request, struct intake_tally *tally,
    int kind)
{
	switch (kind) {
	case ORDER_INGEST:
		intake_answer(request, tally, 200, NULL, NULL, "", 0);
		break;
	case ORDER_PROTO:
		intake_answer(request, tally, 200, reply_content(request),
		    NULL, "", 0);
		break;
	case ORDER_JSON:
		intake_answer(request, tally, 200, reply_content(request),
		    NULL, "{}", 2);
		break;
	default:
		reply_web(request, tally, kind, GRPC_OK, "");
	}
}

void
reply_error(struct httpd_request *request, struct intake_tally *tally,
    int kind, int status, const char *why)
{
	enum grpc_status grpc = reply_status(status);
	struct buf b = { 0 };

	if (kind == ORDER_INGEST) {
		intake_answer_error(request, tally, status, why,
		    INTAKE_NOWHERE);
		return;
	}
	if (kind != ORDER_PROTO && kind != ORDER_JSON) {
		reply_web(request, tally, kind, grpc, why);
		return;
	}
	if (grpc_write_connect(&b, grpc, why) == -1)
		b.len = 0;
	intake_answer(request, tally, (int)grpc_http(grpc),
	    "application/json", status == 503 ? INTAKE_RETRY : NULL, b.p,
	    b.len);
	buf_free(&b);
}

void
reply_type(struct httpd_request *request, struct intake_tally *tally)
{
	static const char body[] = "{\"code\":\"unimplemented\",\"message\":"
	    "\"push over HTTP/1.1 by Connect (application/proto, "
	    "application/json) or gRPC-Web (application/grpc-web+proto)\"}";

	intake_answer(request, tally, 415, "application/json",
	    "Accept-Post: application/proto, application/json, "
	    "application/grpc-web+proto, application/grpc-web+json, "
	    "application/grpc-web-text+proto\r\n", body,
	    sizeof(body) - 1);
}
