#include "expose.h"

#include <inttypes.h>

#include "buf.h"

int
expose_type(struct buf *b, const char *name, const char *type,
    const char *help)
{
	return (buf_addf(b, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
	    type));
}

int
expose_one(struct buf *b, const char *name, const char *type,
    const char *help, uint64_t value)
{
	if (expose_type(b, name, type, help) == -1)
		return (-1);
	return (buf_addf(b, "%s %" PRIu64 "\n", name, value));
}

int
expose_label(struct buf *b, const char *value)
{
	int result = 0;

	for (; result == 0 && *value != '\0'; value++)
		if (*value == '\n')
			result = buf_adds(b, "\\n");
		else if (*value == '"' || *value == '\\')
			result = buf_addf(b, "\\%c", *value);
		else
			result = buf_addc(b, *value);
	return (result);
}
