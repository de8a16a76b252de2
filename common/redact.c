#include "redact.h"

#include <string.h>
#include <strings.h>

#include "buf.h"
#include "percent.h"

#define NAME_MAX_BYTES	64	/* of a parameter's name that are looked at */

/* prof-recv(8) lists them. */
static const char *const words[] = {
	"authorization", "cookie", "token", "secret", "passw", "credential",
	"signature", "session", "api-key", "api_key", "apikey", "app-key",
	"application-key", "application_key", "access-key", "access_key",
};

int
redact_name(const char *name, size_t len)
{
	size_t i, at, n;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		for (at = 0; at + n <= len; at++)
			if (strncasecmp(name + at, words[i], n) == 0)
				return (1);
	}
	return (0);
}

/* Is the parameter name at p, len bytes as sent, a secret's? */
static int
redact_parameter(const char *p, size_t len)
{
	const char *end = p + len;
	char name[NAME_MAX_BYTES];
	size_t n = 0;
	int byte;

	while (p < end && n < sizeof(name)) {
		byte = percent_byte(p, end);
		name[n++] = (char)(byte == -1 ? *p : byte);
		p += byte == -1 ? 1 : 3;
	}
	return (redact_name(name, n));
}

int
redact_query(struct buf *b, const char *query)
{
	size_t len, name;

	for (; *query != '\0'; query += len) {
		/* A semicolon separates too: some servers read it so. */
		len = strcspn(query, "&;");
		name = strcspn(query, "=&;");
		if (name < len && redact_parameter(query, name)) {
			if (buf_add(b, query, name) == -1 ||
			    buf_adds(b, "=redacted") == -1)
				return (-1);
		} else if (buf_add(b, query, len) == -1)
			return (-1);
		if (query[len] != '\0' && buf_addc(b, query[len++]) == -1)
			return (-1);
	}
	return (0);
}
