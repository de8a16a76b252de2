/*
 * Any bytes as a request head: the scan and the parser agree on what is a
 * head, however the bytes are cut, and every string of a parsed one is what
 * the header says it is.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_head.h"

#define FIELDS	100

static void
must(int holds, const char *what)
{
	if (!holds) {
		fprintf(stderr, "broken: %s\n", what);
		abort();
	}
}

static void
head_check(const struct http_head *h)
{
	const char *p;
	size_t i;

	must(h->nfields <= FIELDS, "at most FIELDS fields");
	must(h->minor == 0 || h->minor == 1, "version");
	must(h->length >= -1, "length");
	must(h->minor == 1 || h->length >= 0, "1.0 is never chunked");
	must(*h->method != '\0', "a method");
	must(*h->path == '/' || strcmp(h->path, "*") == 0, "a path");
	must(strchr(h->path, '?') == NULL, "no query in the path");
	for (p = h->method; *p != '\0'; p++)
		must(http_is_token(*p), "the method is a token");
	for (p = h->target; *p != '\0'; p++)
		must(*p > ' ' && *p <= '~', "the target is ASCII");
	for (i = 0; i < h->nfields; i++) {
		for (p = h->fields[i].name; *p != '\0'; p++)
			must(http_is_token(*p), "a name is a token");
		for (p = h->fields[i].value; *p != '\0'; p++)
			must(http_is_text(*p), "a value is text");
	}
	must(h->minor == 0 || http_head_find(h, "host") != NULL, "a Host");
	must(http_head_find(h, "content-length") == NULL ||
	    http_head_find(h, "transfer-encoding") == NULL, "one framing");
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct http_scan whole = { 0 }, cut = { 0 };
	struct http_head *h;
	const char *why = NULL;
	ssize_t n, m = 0;
	size_t i;
	char *copy;
	int status = 0;

	n = http_head_scan(&whole, (const char *)p, len, &why);
	for (i = 0; i < len && !cut.done && m != -1; i++)
		m = http_head_scan(&cut, (const char *)p + i, 1, &why);
	must(cut.done == whole.done, "cuts change nothing");
	must((n == -1) == (m == -1), "cuts change nothing");
	must(!whole.done || (size_t)n == i, "cuts change nothing");
	if (whole.done)
		len = (size_t)n;
	/* A copy of the exact size, for the sanitizer to guard. */
	if ((copy = malloc(len + (len == 0))) == NULL)
		return (0);
	memcpy(copy, p, len);
	why = NULL;
	h = http_head_parse(copy, len, FIELDS, &status, &why);
	must(h != NULL || (status >= 400 && why != NULL), "a reason");
	must(h == NULL || whole.done, "what is parsed is scanned");
	if (h != NULL)
		head_check(h);
	http_head_free(h);
	free(copy);
	return (0);
}
