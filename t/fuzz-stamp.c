/* Fuzz what loggers put before a line. */
/* parts: cmd/trace/stamp.o */
/* covers: cmd/trace/stamp.c */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../cmd/trace/stamp.h"

int	LLVMFuzzerTestOneInput(const uint8_t *p, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t len)
{
	char *line = malloc(len + 1);
	const char *rest;
	int64_t ns;

	if (line == NULL)
		return (0);
	memcpy(line, p, len);
	line[len] = '\0';
	if (stamp_parse(line, &ns, &rest) == 0 &&
	    (rest < line || rest > line + strlen(line)))
		abort();
	free(line);
	return (0);
}
