#include "grpc.h"

#include <string.h>

#include "base64.h"
#include "buf.h"
#include "json.h"

#define PREFIX		5	/* bytes in front of a message */
#define COMPRESSED	0x01
#define TRAILERS	0x80

static const struct grpc_code {
	enum grpc_status status;
	unsigned int	 http;
	const char	*name;		/* in a Connect error */
} codes[] = {
	{ GRPC_OK, 200, "ok" },
	{ GRPC_INVALID_ARGUMENT, 400, "invalid_argument" },
	{ GRPC_UNIMPLEMENTED, 501, "unimplemented" },
	{ GRPC_INTERNAL, 500, "internal" },
	{ GRPC_UNAVAILABLE, 503, "unavailable" },
};

static const struct grpc_code *
grpc_code(enum grpc_status status)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].status == status)
			break;
	return (&codes[i]);
}

int
grpc_message(const char *p, size_t len, const char **message,
    size_t *message_len, int *compressed, const char **why)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t n;

	*why = "a gRPC frame is cut short";
	if (len < PREFIX)
		return (-1);
	n = (size_t)u[1] << 24 | (size_t)u[2] << 16 | (size_t)u[3] << 8 | u[4];
	if (n > len - PREFIX)
		return (-1);
	*why = "a gRPC frame has flags that are not known";
	if ((u[0] & ~COMPRESSED) != 0)
		return (-1);
	*why = "more than one gRPC frame";
	if (n < len - PREFIX)
		return (-1);
	*message = p + PREFIX;
	*message_len = n;
	*compressed = u[0] & COMPRESSED;
	return (0);
}

int
grpc_text(const char *p, size_t len, struct buf *out, const char **why)
{
	const char *end = len != 0 ? p + len : p, *run;
	size_t n;

	*why = "out of memory";
	if (buf_reserve(out, len) == -1)
		return (-1);
	*why = "the body is no base64";
	for (; p < end; p = run) {
		for (run = p; run < end && *run != '='; run++)
			;
		for (; run < end && *run == '='; run++)
			;
		if (base64_decode(p, (size_t)(run - p), out->p + out->len,
		    &n) == -1)
			return (-1);
		out->len += n;
	}
	return (0);
}

static int
grpc_prefix(struct buf *out, unsigned int flags, size_t len)
{
	char prefix[PREFIX] = { (char)flags, (char)(len >> 24),
	    (char)(len >> 16), (char)(len >> 8), (char)len };

	return (buf_add(out, prefix, sizeof(prefix)));
}

/* Percent-encoded: visible ASCII but % stays. */
static int
grpc_percent(struct buf *out, const char *s)
{
	for (; *s != '\0'; s++)
		if ((*s < ' ' || *s > '~' || *s == '%' ?
		    buf_addf(out, "%%%02X", (unsigned char)*s) :
		    buf_addc(out, *s)) == -1)
			return (-1);
	return (0);
}

int
grpc_write_web(struct buf *out, enum grpc_status status, const char *text)
{
	struct buf trailers = { 0 };
	int result = -1;

	if (buf_addf(&trailers, "grpc-status: %u\r\n",
	    (unsigned int)status) == -1)
		goto out;
	if (status != GRPC_OK &&
	    (buf_adds(&trailers, "grpc-message: ") == -1 ||
	    grpc_percent(&trailers, text) == -1 ||
	    buf_adds(&trailers, "\r\n") == -1))
		goto out;
	if (status == GRPC_OK && grpc_prefix(out, 0, 0) == -1)
		goto out;
	if (grpc_prefix(out, TRAILERS, trailers.len) == -1 ||
	    buf_add(out, trailers.p, trailers.len) == -1)
		goto out;
	result = 0;
out:
	buf_free(&trailers);
	return (result);
}

int
grpc_write_connect(struct buf *out, enum grpc_status status, const char *text)
{
	if (buf_addf(out, "{\"code\":\"%s\",\"message\":\"",
	    grpc_code(status)->name) == -1 ||
	    json_escape(out, text, strlen(text)) == -1)
		return (-1);
	return (buf_adds(out, "\"}"));
}

unsigned int
grpc_http(enum grpc_status status)
{
	return (grpc_code(status)->http);
}
