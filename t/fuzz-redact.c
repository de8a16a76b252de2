/*
 * A query: parameters stay what and where they are, but for the values of
 * those whose names, decoded, are those of secrets.
 */
#include <stdint.h>
#include <string.h>

#include "buf.h"
#include "must.h"
#include "percent.h"
#include "redact.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* The name of a parameter, decoded as a server would. */
static int
is_secret(const char *p, size_t len)
{
	const char *end = p + len;
	char name[64];
	size_t n;
	int byte;

	for (n = 0; p < end && n < sizeof(name); n++) {
		byte = percent_byte(p, end);
		name[n] = (char)(byte == -1 ? *p : byte);
		p += byte == -1 ? 1 : 3;
	}
	return (redact_name(name, n));
}

static void
same(const char *was, const char *is)
{
	size_t old, new, name;

	for (;; was += old + 1, is += new + 1) {
		old = strcspn(was, "&;");
		new = strcspn(is, "&;");
		name = strcspn(was, "=&;");
		if (name < old && is_secret(was, name))
			must(new == name + 9 && memcmp(was, is, name) == 0 &&
			    memcmp(is + name, "=redacted", 9) == 0);
		else
			must(new == old && memcmp(was, is, old) == 0);
		must(was[old] == is[new]);
		if (was[old] == '\0')
			return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf query = { 0 }, out = { 0 };

	must(buf_add(&query, in, len) == 0);
	must(redact_query(&out, buf_str(&query)) == 0);
	same(query.p, buf_str(&out));
	buf_free(&query);
	buf_free(&out);
	return (0);
}
