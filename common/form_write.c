#include "form_write.h"

#include <stdio.h>

#include "buf.h"

#define PREFIX	"prof-"		/* of a boundary; the id is behind it */

void
form_write_type(char out[FORM_WRITE_TYPE], const char *id)
{
	snprintf(out, FORM_WRITE_TYPE,
	    "multipart/form-data; boundary=" PREFIX "%s", id);
}

static int
form_write_part(struct buf *b, const char *id, const char *name,
    const char *file, const char *type)
{
	return (buf_addf(b, "--" PREFIX "%s\r\n"
	    "Content-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
	    "Content-Type: %s\r\n\r\n", id, name, file, type));
}

int
form_write_event(struct buf *b, const char *id)
{
	return (form_write_part(b, id, "event", "event.json",
	    "application/json"));
}

int
form_write_file(struct buf *b, const char *id, const char *name)
{
	return (form_write_part(b, id, name, name,
	    "application/octet-stream"));
}

int
form_write_next(struct buf *b)
{
	return (buf_adds(b, "\r\n"));
}

int
form_write_end(struct buf *b, const char *id)
{
	return (buf_addf(b, "--" PREFIX "%s--\r\n", id));
}
