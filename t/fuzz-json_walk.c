/* covers: common/json_number.c common/json_walk.c */
#include <stdint.h>
#include <string.h>

#include "json_walk.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define DEPTH	16

static void
value(struct json_walk *w, char type)
{
	struct json_raw raw;
	int64_t v;

	json_walk_raw(w, &raw);
	must(raw.p <= w->at && raw.len <= (size_t)(w->at - raw.p));
	if (type == '"') {
		must(raw.p[-1] == '"' && raw.p[raw.len] == '"');
		(void)json_raw_is(&raw, "key");
	} else
		must(raw.len > 0);
	if (type == '0' || type == '-')
		(void)json_raw_scaled(&raw, (int)(raw.len % 12), &v);
}

/*
 * What is well-formed is walked to its end, and every value is as long as
 * skipping it says.
 */
static void
walk(struct json_walk w)
{
	struct json_walk skipped[DEPTH];
	char open[DEPTH];
	struct json_raw key;
	int depth = 0;

	do {
		if (depth > 0 && !(open[depth - 1] == '{' ?
		    json_walk_key(&w, &key) : json_walk_item(&w))) {
			depth--;
			must(w.at == skipped[depth].at);
			continue;
		}
		skipped[depth] = w;
		json_walk_skip(&skipped[depth]);
		open[depth] = json_walk_type(&w);
		if (open[depth] == '{' || open[depth] == '[') {
			depth++;
			json_walk_enter(&w);
		} else {
			value(&w, open[depth]);
			must(w.at == skipped[depth].at);
		}
	} while (depth > 0);
	for (; w.at < w.end; w.at++)
		must(strchr(" \t\r\n", *w.at) != NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	const char *p = (const char *)in, *why = NULL;

	if (json_check(p, len, DEPTH - 1, &why) == 0)
		walk((struct json_walk){ p, p + len });
	else
		must(why != NULL);
	return (0);
}
