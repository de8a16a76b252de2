/*
 * The query of POST /ingest: an application with a name, labels and times, or
 * a reason.
 */
/* parts: cmd/pyro/origin.o cmd/pyro/query.o */
/* covers: cmd/pyro/origin.c cmd/pyro/query.c */
#include <stdint.h>
#include <string.h>

#include "../cmd/pyro/origin.h"
#include "../cmd/pyro/query.h"
#include "buf.h"
#include "labels.h"
#include "must.h"
#include "when.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Tags are "k:v,k:v": no comma of a client makes one more. */
static void
tagged(const struct origin *o)
{
	struct buf tags = { 0 };
	size_t i, commas = 0;

	must(buf_adds(&tags, "env:x") == 0 &&
	    origin_tags(o, "groups", &tags) == 0);
	for (i = 0; i < tags.len; i++)
		commas += tags.p[i] == ',';
	/* Six of the profile, runtime-id and service, and the labels. */
	must(commas <= 8 + o->labels->n);
	buf_free(&tags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct origin *o = origin_new();
	struct buf query = { 0 };
	const char *why = NULL;

	must(o != NULL && buf_add(&query, in, len) == 0);
	if (query_read(buf_str(&query), 1795341719 * WHEN_SECOND, o,
	    &why) == 0) {
		must(o->app != NULL && *o->app != '\0' && o->spy != NULL &&
		    *o->spy != '\0' && o->units != NULL);
		must(o->labels->n <= LABELS_MAX);
		(void)origin_language(o);
		tagged(o);
	} else
		must(why != NULL && *why != '\0');
	origin_free(o);
	buf_free(&query);
	return (0);
}
