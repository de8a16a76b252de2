/*
 * A line of a ledger, a name in a queue: what is understood can be written
 * again.
 */
/* covers: common/ledger.c:ledger_parse common/spool.c:spool_name_parse */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "must.h"
#include "spool.h"
#include "uuid.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
line(char *p)
{
	enum ledger_word word = LEDGER_WORDS, again;
	char text[128];
	const char *id;
	uint64_t count, n;

	if (ledger_parse(p, &word, &id, &count) == -1)
		return;
	must(word < LEDGER_WORDS && (id == NULL || uuid_valid(id)));
	if (id != NULL)
		snprintf(text, sizeof(text), "%s %s", ledger_words[word], id);
	else
		snprintf(text, sizeof(text), "%s +%" PRIu64,
		    ledger_words[word], count);
	must(ledger_parse(text, &again, &id, &n) == 0 && again == word &&
	    n == count);
}

static void
name(const char *p)
{
	char id[UUID_TEXT], again[UUID_TEXT], text[SPOOL_FILE_MAX];
	unsigned int attempts, n;
	int64_t due, d;

	if (spool_name_parse(p, id, &attempts, &due) == -1)
		return;
	must(uuid_valid(id) && memcmp(p, id, UUID_LEN) == 0);
	spool_name(text, id, attempts, due);
	must(spool_name_parse(text, again, &n, &d) == 0 &&
	    strcmp(id, again) == 0 && n == attempts && (n == 0 || d == due));
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	char *p = malloc(len + 1);

	must(p != NULL);
	memcpy(p, in, len);
	p[len] = '\0';
	name(p);
	line(p);
	free(p);
	return (0);
}
