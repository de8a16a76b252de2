/* covers: common/appname.c common/labels.c */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "appname.h"
#include "buf.h"
#include "labels.h"
#include "must.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
normal(const char *p, size_t len, struct buf *out)
{
	struct labels labels = { 0 };
	char *app = NULL;
	const char *why = NULL;
	int result;

	result = appname_parse(p, len, &app, &labels, &why);
	if (result == 0) {
		must(app[0] != '\0' && labels_plain(app, strlen(app)));
		must(labels_get(&labels, "__name__") == NULL);
		must(appname_write(app, &labels, out) == 0);
	} else
		must(why != NULL && app == NULL);
	labels_free(&labels);
	free(app);
	return (result);
}

/* A name in the one way of writing means the same, and is written the same. */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	struct buf once = { 0 }, twice = { 0 };

	if (normal((const char *)in, len, &once) == 0) {
		must(normal(once.p, once.len, &twice) == 0);
		must(once.len == twice.len &&
		    memcmp(once.p, twice.p, once.len) == 0);
	}
	buf_free(&once);
	buf_free(&twice);
	return (0);
}
