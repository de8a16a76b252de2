/* covers: common/base64.c common/grpc.c */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "buf.h"
#include "grpc.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* A frame holds what is behind its five bytes, all of it. */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *message, *why = NULL;
	struct buf text = { 0 }, out = { 0 };
	size_t n;
	int packed;

	if (grpc_message(p, len, &message, &n, &packed, &why) == 0) {
		if (message != p + 5 || n != len - 5)
			abort();
	} else if (why == NULL)
		abort();
	/* What is said as text is that again. */
	base64_encode(&text, p, len);
	if (grpc_text(text.p, text.len, &out, &why) == -1 || out.len != len ||
	    (len > 0 && memcmp(out.p, p, len) != 0))
		abort();
	text.len = out.len = 0;
	if (grpc_text(p, len, &out, &why) == -1 && why == NULL)
		abort();
	text.len = out.len = 0;
	buf_add(&text, p, len);
	grpc_write_web(&out, GRPC_INTERNAL, buf_str(&text));
	/* Two line ends, whatever the text. */
	if (memchr(out.p + 5 + 18, '\n', out.len - 5 - 18) !=
	    out.p + out.len - 1)
		abort();
	out.len = 0;
	if (grpc_write_connect(&out, GRPC_UNAVAILABLE, text.p) == -1 ||
	    out.p[out.len - 1] != '}' || memchr(out.p, '\n', out.len) != NULL ||
	    grpc_http(GRPC_UNAVAILABLE) != 503)
		abort();
	buf_free(&text);
	buf_free(&out);
	return (0);
}
