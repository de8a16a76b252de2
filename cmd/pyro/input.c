#include "input.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const names[] = {
	[INPUT_GROUPS] = "groups", [INPUT_LINES] = "lines",
	[INPUT_TRIE] = "trie", [INPUT_TREE] = "tree",
	[INPUT_SPEEDSCOPE] = "speedscope", [INPUT_PPROF] = "pprof",
	[INPUT_JFR] = "jfr",
};

#define FORM	"multipart/form-data"

int
input_is_form(const char *content_type)
{
	return (content_type != NULL &&
	    strncasecmp(content_type, FORM, strlen(FORM)) == 0);
}

enum input
input_choose(const char *format, const char *content_type)
{
	const char *type = content_type != NULL ? content_type : "";
	size_t i;

	if (strcmp(format, "trie") == 0 ||
	    strcmp(type, "binary/octet-stream+trie") == 0)
		return (INPUT_TRIE);
	if (strcmp(type, "binary/octet-stream+tree") == 0)
		return (INPUT_TREE);
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(format, names[i]) == 0 && i != INPUT_GROUPS)
			return ((enum input)i);
	return (input_is_form(type) ? INPUT_PPROF : INPUT_GROUPS);
}

const char *
input_name(enum input input)
{
	return (names[input]);
}
