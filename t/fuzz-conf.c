#include "conf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"

int	LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

/* Any bytes as a file: taken and printed, or refused with a reason. */
int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	struct buf said = { 0 }, out = { 0 };
	struct conf *c;
	size_t i;
	FILE *f;

	if (len == 0 || (f = fmemopen((void *)(uintptr_t)p, len, "r")) == NULL)
		return (0);
	c = conf_parse(f, "f", NULL, &said);
	fclose(f);
	if (c == NULL && (said.len < 7 || memcmp(said.p, "error: ", 7) != 0) &&
	    (buf_str(&said) == NULL || strstr(said.p, "\nerror: ") == NULL))
		abort();
	if (c != NULL && (c->ndestinations == 0 || conf_print(c, &out) == -1))
		abort();
	/* Lines, and nothing in them that a terminal would act upon. */
	for (i = 0; i < said.len; i++)
		if (said.p[i] < ' ' && said.p[i] >= 0 && said.p[i] != '\n')
			abort();
	for (i = 0; i < out.len; i++)
		if (out.p[i] < ' ' && out.p[i] >= 0 && out.p[i] != '\n')
			abort();
	conf_free(c);
	buf_free(&said);
	buf_free(&out);
	return (0);
}
