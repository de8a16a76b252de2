/* parts: t/captured.o */
#include "push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "captured.h"
#include "grpc.h"
#include "labels.h"
#include "ok.h"
#include "pprof.h"

static const struct push_limits few = { 3, 4 };

/* What a profile adds up to. */
static void
sums(const struct push_sample *s, struct buf *out)
{
	static const struct pprof_limits limits = PPROF_LIMITS;
	struct buf in = { 0 }, plain = { 0 };
	struct pprof_sums sums;
	const char *why;
	size_t i;

	buf_add(&in, s->p, s->len);
	if (captured_inflate(&in, &plain) == -1 || pprof_sums(plain.p,
	    plain.len, &limits, &sums, &why) == -1)
		buf_adds(out, " no pprof");
	else
		for (i = 0; i < sums.head.types; i++)
			buf_addf(out, " %.*s=%lld",
			    (int)sums.head.type[i].type.len,
			    sums.head.type[i].type.p, (long long)sums.sum[i]);
	buf_free(&in);
	buf_free(&plain);
}

/* Series by labels, samples below, or "! " and what is wrong. */
static char *
told(int json, const char *p, size_t len)
{
	struct buf out = { 0 };
	struct push push = { 0 };
	const char *why = "nothing said";
	size_t i, j;

	if ((json ? push_json : push_proto)(p, len, &few, &push, &why) == -1)
		buf_addf(&out, "! %s", why);
	else
		for (i = 0; i < push.series; i++) {
			buf_adds(&out, "{");
			labels_write(&push.labels[i], &out);
			buf_adds(&out, "}");
			for (j = 0; j < push.samples; j++)
				if (push.sample[j].series == i) {
					buf_addf(&out, " %zu:%.*s",
					    push.sample[j].len,
					    (int)push.sample[j].id_len,
					    push.sample[j].id);
					sums(&push.sample[j], &out);
				}
			buf_adds(&out, "\n");
		}
	push_free(&push);
	return (buf_str(&out));
}

static int
tells(int json, const char *p, size_t len, const char *expected)
{
	char *s = told(json, p, len);
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("#  %s\n#  instead of\n#  %s\n", s, expected);
	free(s);
	return (good);
}

#define PROTO(bytes, expected)	tells(0, bytes, sizeof(bytes) - 1, expected)
#define JSON(text, expected)	tells(1, text, strlen(text), expected)

/* A client's request, with what is around the message taken off. */
static char *
sent(const char *name)
{
	struct captured c;
	struct buf plain = { 0 };
	const char *p, *why = "";
	size_t len;
	int packed;
	char *s = NULL;

	captured_read(&c, name);
	p = c.body.p;
	len = c.body.len;
	if (c.encoding != NULL && captured_inflate(&c.body, &plain) == 0) {
		p = plain.p;
		len = plain.len;
	}
	if (strstr(c.type, "grpc") != NULL && (grpc_message(p, len, &p, &len,
	    &packed, &why) == -1 || packed))
		printf("# %s: %s\n", name, why);
	else
		s = told(strstr(c.type, "json") != NULL, p, len);
	buf_free(&plain);
	captured_free(&c);
	return (s != NULL ? s : strdup(""));
}

static const char connect[] = "{__delta__=false,__name__=process_cpu,"
	"instance=127.0.0.1:6060,job=demo,otel.scope.name=com.grafana."
	"pyroscope/alloy,service_name=go-demo} 6288:734fd599-6865-419e-9475-"
	"932762d8f469 samples=262 cpu=2620000000\n"
	"{__name__=memory,service_name=go-demo}"
	" 1571: alloc_objects=156963 alloc_space=31513753 inuse_objects=1472"
	" inuse_space=14467958 3214: alloc_objects=446820 alloc_space=93068987"
	" inuse_objects=1511 inuse_space=18504159\n";
static const char rust[] = "{__name__=process_cpu,otel.scope.name=com.grafana."
	"pyroscope/rust,otel.scope.version=2.0.0,process.runtime.name=rust,"
	"region=eu,service_name=rust-demo} 15700:734fd599-6865-419e-9475-"
	"932762d8f469 samples=262 cpu=2620000000\n";

static void
clients(void)
{
	static const struct {
		const char *name, *expected, *fact;
	} cases[] = {
		{ "push-connect-proto", connect, "two series of a protobuf" },
		{ "push-connect-json", connect, "as JSON they are the same" },
		{ "push-grpc-web", connect, "and within gRPC-Web" },
		{ "push-constructed-rs", rust, "pyroscope-rs 2 sends one" },
	};
	size_t i;
	char *s;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		s = sent(cases[i].name);
		ok(strcmp(s, cases[i].expected) == 0, cases[i].fact);
		free(s);
	}
}

static void
messages(void)
{
	ok(tells(0, NULL, 0, "") && PROTO("\x0a\0", "{}\n"),
	    "nothing at all is no series");
	ok(PROTO("\x0a\x0a\x0a\6\x0a\1a\x12\1b\x12\0",
	    "{a=b} 0: no pprof\n"), "an empty profile is one");
	ok(PROTO("\x0a\x0c\x12\x05\x0a\1x\x12\0\x1a\1z\x22\0\x10\x07",
	    "{} 1: no pprof\n"), "what is not known is skipped");
	ok(PROTO("\x0a\x08\x0a\6\x0a\1,\x12\1b",
	    "! a label's name has a character that is not allowed") &&
	    PROTO("\x0a\x02\x0a\0", "! a label has no name"),
	    "labels have names");
	ok(PROTO("\x0a\5\x0a\6\x0a\1a\x12\1b", "! a field is cut short") &&
	    PROTO("\x0a", "! a number is cut short or over 64 bits") &&
	    PROTO("\x08\1", "! a field has the wrong wire type") &&
	    PROTO("\x0a\2\x10\0", "! a field has the wrong wire type"),
	    "bytes that are no message");
	ok(PROTO("\x0a\0\x0a\0\x0a\0\x0a\0", "! too many series") &&
	    PROTO("\x0a\x0a\x12\0\x12\0\x12\0\x12\0\x12\0",
	    "! too many profiles"), "there are limits");
}

static void
texts(void)
{
	ok(JSON("{}", "") && JSON("{\"series\":null,\"x\":{}}", "") &&
	    JSON("{\"series\":[{}]}", "{}\n"), "nothing at all is no series");
	ok(JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"AAEC\",\"ID\":"
	    "\"i\"},{\"raw_profile\":\"AAE=\"},{\"rawProfile\":\"AA\"},"
	    "{\"rawProfile\":null,\"ID\":null}],\"labels\":[{\"value\":"
	    "\"\\u00e4,\",\"name\":\"a.b\"},{\"name\":\"c\"}]}]}",
	    "{a.b=\xc3\xa4,,c=} 3:i no pprof 2: no pprof 1: no pprof 0:"
	    " no pprof\n"), "with padding and without");
	ok(JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"\\/-_+\"}]}]}",
	    "{} 3: no pprof\n"), "in either alphabet, even escaped");
	ok(JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"A\"}]}]}",
	    "! a profile is no base64") &&
	    JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"A===\"}]}]}",
	    "! a profile is no base64") &&
	    JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"AA=\"}]}]}",
	    "! a profile is no base64") &&
	    JSON("{\"series\":[{\"samples\":[{\"rawProfile\":\"A A=\"}]}]}",
	    "! a profile is no base64") &&
	    JSON("{\"series\":[{\"samples\":[{\"rawProfile\":7}]}]}",
	    "! a string was expected"), "else it is refused");
	ok(JSON("{\"series\":{}}", "! a list was expected") &&
	    JSON("{\"series\":[1]}", "! an object was expected") &&
	    JSON("{\"series\":[{\"labels\":[{\"name\":1}]}]}",
	    "! a string was expected") &&
	    JSON("{\"series\":[{\"labels\":[{}]}]}",
	    "! a label has no name") && JSON("[]", "! not a JSON object"),
	    "and so is what has another form");
	ok(JSON("{\"series\":[{},{},{},{}]}", "! too many series") &&
	    JSON("{\"series\":[{\"samples\":[{},{},{},{},{}]}]}",
	    "! too many profiles"), "there are limits");
}

int
main(void)
{
	clients();
	messages();
	texts();
	return (failed);
}
