#include "event_write.h"

#include <string.h>

#include "buf.h"
#include "json.h"
#include "when.h"

static int
event_write_text(struct buf *b, const char *key, const char *text)
{
	if (buf_addf(b, "\"%s\":\"", key) == -1 ||
	    json_escape(b, text, strlen(text)) == -1)
		return (-1);
	return (buf_adds(b, "\","));
}

static int
event_write_names(struct buf *b, const struct event_write *e)
{
	const char *comma = "";
	size_t i;

	if (buf_adds(b, "\"attachments\":[") == -1)
		return (-1);
	for (i = 0; i < e->n; i++) {
		if (buf_addf(b, "%s\"", comma) == -1 ||
		    json_escape(b, e->attachments[i],
		    strlen(e->attachments[i])) == -1 || buf_addc(b, '"') == -1)
			return (-1);
		comma = ",";
	}
	return (buf_adds(b, "],"));
}

int
event_write(const struct event_write *e, struct buf *b)
{
	char start[WHEN_TEXT], end[WHEN_TEXT];

	when_format(start, e->start, -1);
	when_format(end, e->end, -1);
	if (buf_addc(b, '{') == -1 ||
	    event_write_text(b, "format", e->format) == -1 ||
	    event_write_text(b, "profiler", e->profiler) == -1 ||
	    event_write_names(b, e) == -1 ||
	    event_write_text(b, "language",
	    e->language != NULL ? e->language : "unknown") == -1 ||
	    event_write_text(b, "tags_profiler", e->tags) == -1 ||
	    (*e->own != '\0' &&
	    event_write_text(b, "sub_custom_tags", e->own) == -1))
		return (-1);
	return (buf_addf(b, "\"start\":\"%s\",\"end\":\"%s\"}", start, end));
}

int
event_write_tag(struct buf *list, const char *key, const char *value)
{
	if (list->len != 0 && buf_addc(list, ',') == -1)
		return (-1);
	for (; *key != '\0'; key++)
		if (buf_addc(list, *key == ',' || *key == ':' ? '_' : *key) ==
		    -1)
			return (-1);
	if (buf_addc(list, ':') == -1)
		return (-1);
	for (; *value != '\0'; value++)
		if (buf_addc(list, *value == ',' ? ';' : *value) == -1)
			return (-1);
	return (0);
}
