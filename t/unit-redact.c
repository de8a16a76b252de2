/* What of a request must not reach the disk. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "redact.h"
#include "buf.h"

static const struct {
	const char	*fact;
	const char	*query;
	const char	*kept;
} queries[] = {
	{ "an empty query stays", "", "" },
	{ "what is no secret stays", "a=b&c", "a=b&c" },
	{ "a token's value goes", "token=tkn_1", "token=redacted" },
	{ "an api_key's value goes", "x=y&api_key=1&z",
	    "x=y&api_key=redacted&z" },
	{ "any case", "ToKeN=1&API_KEY=2", "ToKeN=redacted&API_KEY=redacted" },
	{ "percent-encoded names", "%74o%6Ben=1&api%5fkey=2",
	    "%74o%6Ben=redacted&api%5fkey=redacted" },
	{ "every one of several", "token=1&token=2",
	    "token=redacted&token=redacted" },
	{ "a value with an equals sign goes whole", "token=a=b",
	    "token=redacted" },
	{ "a semicolon separates too", "a=1;token=2;b=3",
	    "a=1;token=redacted;b=3" },
	{ "empty parameters stay", "&&a=&=b&", "&&a=&=b&" },
	{ "an empty secret is one", "token=", "token=redacted" },
	{ "a secret's name without a value stays", "token&a", "token&a" },
	{ "a broken escape is read as it stands", "%7=1&token%=2&%zz=3",
	    "%7=1&token%=redacted&%zz=3" },
	{ "a word in a value is none", "a=token", "a=token" },
	{ "the name may have more around it", "dd-api-key=1&x_token_y=2",
	    "dd-api-key=redacted&x_token_y=redacted" },
};

static const struct {
	const char	*name;
	int		 secret;
} names[] = {
	{ "Authorization", 1 }, { "Cookie", 1 }, { "Set-Cookie", 1 },
	{ "DD-API-KEY", 1 }, { "dd-api-key", 1 }, { "X-API-Key", 1 },
	{ "X-Token", 1 }, { "X-Amz-Security-Token", 1 }, { "ApiKey", 1 },
	{ "DD-APPLICATION-KEY", 1 }, { "X-Password", 1 }, { "", 0 },
	{ "DD-EVP-ORIGIN", 0 }, { "Datadog-Entity-ID", 0 },
	{ "Datadog-Container-ID", 0 }, { "User-Agent", 0 }, { "Accept", 0 },
	{ "X-Prof-Id", 0 }, { "Idempotency-Key", 0 },
};

int
main(void)
{
	struct buf b = { 0 };
	int holds, failed = 0;
	size_t i;

	for (i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
		b.len = 0;
		holds = redact_query(&b, queries[i].query) == 0 &&
		    b.len == strlen(queries[i].kept) &&
		    strcmp(buf_str(&b), queries[i].kept) == 0;
		printf("%s - query: %s\n", holds ? "ok" : "not ok",
		    queries[i].fact);
		failed |= !holds;
	}
	buf_free(&b);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		holds = redact_name(names[i].name, strlen(names[i].name)) ==
		    names[i].secret;
		printf("%s - \"%s\" is %s\n", holds ? "ok" : "not ok",
		    names[i].name, names[i].secret ? "a secret" : "no secret");
		failed |= !holds;
	}
	return (failed);
}
