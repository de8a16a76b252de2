#include "grpc.h"

#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "buf.h"
#include "ok.h"

static int
refuses(const char *p, size_t len, const char *expected)
{
	const char *message, *why = "";
	size_t n;
	int packed;

	return (grpc_message(p, len, &message, &n, &packed, &why) == -1 &&
	    strcmp(why, expected) == 0);
}

static void
requests(void)
{
	const char *message, *why;
	size_t n;
	int packed;

	ok(grpc_message("\0\0\0\0\3abc", 8, &message, &n, &packed, &why) ==
	    0 && n == 3 && memcmp(message, "abc", 3) == 0 && !packed,
	    "a frame holds a message");
	ok(grpc_message("\1\0\0\0\0", 5, &message, &n, &packed, &why) == 0 &&
	    n == 0 && packed, "which may be compressed, and empty");
	ok(refuses("\0\0\0\0\3ab", 7, "a gRPC frame is cut short") &&
	    refuses("\0\xff\xff\xff\xff", 5, "a gRPC frame is cut short") &&
	    refuses(NULL, 0, "a gRPC frame is cut short"),
	    "all of it must be there");
	ok(refuses("\0\0\0\0\0\0\0\0\0\0", 10, "more than one gRPC frame") &&
	    refuses("\x80\0\0\0\0", 5,
	    "a gRPC frame has flags that are not known"), "and nothing else");
}

static int
texts(const char *text, const char *expected, int result)
{
	struct buf out = { 0 };
	const char *why = "";
	int is;

	is = grpc_text(text, strlen(text), &out, &why) == result &&
	    (result == -1 ? strcmp(why, "the body is no base64") == 0 :
	    strcmp(buf_str(&out), expected) == 0);
	buf_free(&out);
	return (is);
}

static void
text(void)
{
	struct buf out = { 0 };

	ok(texts("", "", 0) && texts("YWJj", "abc", 0) &&
	    texts("YWI=", "ab", 0) && texts("YQ", "a", 0),
	    "grpc-web-text is base64");
	ok(texts("YQ==YWI=YWJj", "aababc", 0), "perhaps in runs");
	ok(texts("Y", "", -1) && texts("YW J", "", -1) &&
	    texts("YQ===", "", -1) && texts("=", "", -1) &&
	    texts("YWJj\n", "", -1), "and nothing else");
	ok(base64_encode(&out, "\xff\xfe", 2) == 0 &&
	    base64_encode(&out, "a", 1) == 0 &&
	    base64_encode(&out, "\0\x10\x83\xff", 3) == 0 &&
	    base64_encode(&out, NULL, 0) == 0 &&
	    strcmp(buf_str(&out), "//4=YQ==ABCD") == 0, "it is written padded");
	buf_free(&out);
}

static void
answers(void)
{
	struct buf out = { 0 };

	grpc_write_web(&out, GRPC_OK, "");
	ok(out.len == 26 && memcmp(out.p, "\0\0\0\0\0\x80\0\0\0\x10"
	    "grpc-status: 0\r\n", 26) == 0,
	    "an answer is an empty message and trailers");
	out.len = 0;
	grpc_write_web(&out, GRPC_UNAVAILABLE, "5% \xc3\xa4\n");
	ok(out.len == 52 && memcmp(out.p, "\x80\0\0\0\x2fgrpc-status: 14\r\n"
	    "grpc-message: 5%25 %C3%A4%0A\r\n", 52) == 0,
	    "or trailers that say why not");
	out.len = 0;
	grpc_write_connect(&out, GRPC_INVALID_ARGUMENT, "a \"b\"");
	ok(strcmp(buf_str(&out), "{\"code\":\"invalid_argument\","
	    "\"message\":\"a \\\"b\\\"\"}") == 0 &&
	    grpc_http(GRPC_INVALID_ARGUMENT) == 400 &&
	    grpc_http(GRPC_UNAVAILABLE) == 503 &&
	    grpc_http(GRPC_OK) == 200, "Connect says it in JSON");
	buf_free(&out);
}

int
main(void)
{
	requests();
	text();
	answers();
	return (failed);
}
