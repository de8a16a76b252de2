#include "part.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "file.h"
#include "joint.h"
#include "keep.h"
#include "record.h"
#include "when.h"

#define LINE_MAX_BYTES	((uint64_t)1024 * 1024)	/* of JSON */
#define FILES_MAX	64

/* The line's bytes, NULL where there is none; *len without the newline. */
static char *
part_read_line(const struct part *part, size_t *len)
{
	uint64_t n = part->record->length;
	char *line, *end = NULL;

	if (n > LINE_MAX_BYTES)
		n = LINE_MAX_BYTES;
	if ((line = malloc((size_t)n + 1)) == NULL)
		return (NULL);
	if (file_pread(part->fd, line, (size_t)n, part->record->head) == 0)
		end = memchr(line, '\n', (size_t)n);
	if (end == NULL) {
		free(line);
		return (NULL);
	}
	*len = (size_t)(end - line);
	return (line);
}

static int
part_time(const char *text, int64_t *ns)
{
	return (when_parse(text, strlen(text), ns));
}

/* Where the files are; off is behind the line. */
static int
part_files(struct part *part, json_t *names, json_t *lengths, uint64_t off)
{
	uint64_t end = part->record->head + part->record->length;
	json_t *name, *length;
	size_t i;

	part->n = json_array_size(names);
	if (part->n == 0 || part->n > FILES_MAX ||
	    part->n != json_array_size(lengths))
		return (-1);
	if ((part->file = calloc(part->n, sizeof(*part->file))) == NULL)
		return (-1);
	for (i = 0; i < part->n; i++) {
		name = json_array_get(names, i);
		length = json_array_get(lengths, i);
		part->file[i].name = json_string_value(name);
		part->file[i].off = off;
		part->file[i].len = (uint64_t)json_integer_value(length);
		if (part->file[i].name == NULL || !json_is_integer(length) ||
		    part->file[i].len > end - off)
			return (-1);
		off += part->file[i].len;
	}
	return (off == end ? 0 : -1);
}

static int
part_understand(struct part *part, const char *line, size_t len)
{
	const char *start, *end;
	json_t *names, *lengths;

	part->own = "";
	part->says = json_loadb(line, len, 0, NULL);
	if (json_unpack(part->says, "{s:s,s:s,s:o,s:{s:s,s:s,s:o,s:s,s?s,"
	    "s:s,s:s}}", "key", &part->key, "spy", &part->spy,
	    "lengths", &lengths, "event", "format", &part->format,
	    "language", &part->language, "attachments", &names,
	    "tags_profiler", &part->tags, "sub_custom_tags", &part->own,
	    "start", &start, "end", &end) == -1 ||
	    part_time(start, &part->start) == -1 ||
	    part_time(end, &part->end) == -1)
		return (-1);
	return (part_files(part, names, lengths,
	    part->record->head + len + 1));
}

static int
part_read(struct part *part, const char **why)
{
	char *line;
	size_t len;
	int result;

	*why = "out of memory";
	if ((part->record = calloc(1, sizeof(*part->record))) == NULL)
		return (-1);
	if (record_read(part->record, part->fd, why) == -1 ||
	    record_check(part->record, part->fd, why) == -1)
		return (-1);
	errno = 0;
	*why = "it does not say what it is a part of";
	if ((line = part_read_line(part, &len)) == NULL)
		return (-1);
	result = part_understand(part, line, len);
	free(line);
	return (result);
}

struct part *
part_open(const struct keep *keep, const char *name, const char **why)
{
	struct part *part;
	int saved;

	*why = "out of memory";
	if ((part = calloc(1, sizeof(*part))) == NULL)
		return (NULL);
	*why = "it cannot be opened";
	part->fd = keep_read(keep, name);
	if (part->fd != -1 && part_read(part, why) == 0)
		return (part);
	saved = errno;
	part_close(part);
	errno = saved;
	return (NULL);
}

void
part_close(struct part *part)
{
	if (part == NULL)
		return;
	if (part->fd != -1)
		close(part->fd);
	if (part->record != NULL)
		record_clear(part->record);
	free(part->record);
	json_decref(part->says);
	free(part->file);
	free(part);
}

unsigned int
part_bits(const struct part *part, const struct joint *joint)
{
	unsigned int bits = 0, bit;
	size_t i;

	for (i = 0; i < part->n; i++) {
		if ((bit = joint_bit(joint, part->file[i].name)) == 0)
			return (0);
		bits |= bit;
	}
	return (bits);
}
