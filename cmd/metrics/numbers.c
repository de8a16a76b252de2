#include "numbers.h"

#include <stddef.h>
#include <string.h>

static const struct numbers numbers[] = {
	{ "golang", golang_add },
	{ "java", jvm_add },
	{ "python", types_add },
	{ "nodejs", types_add },
	{ "ruby", types_add },
	{ "php", types_add },
	{ "dotnet", types_add },
	{ "rust", types_add }
};

const struct numbers *
numbers_of(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (strcmp(numbers[i].name, name) == 0)
			return (&numbers[i]);
	return (NULL);
}
