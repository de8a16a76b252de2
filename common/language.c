#include "language.h"

#include <string.h>
#include <strings.h>

/* Longest first; the words of one length are in no order that matters. */
static const struct {
	const char	*word;
	const char	*name;
} language_words[] = {
	{ "pyroscope-rs", "rust" },
	{ "javascript", "nodejs" },
	{ "cplusplus", "cpp" },
	{ "cpython", "python" },
	{ "node.js", "nodejs" },
	{ "csharp", "dotnet" },
	{ "dotnet", "dotnet" },
	{ "golang", "golang" },
	{ "kotlin", "java" },
	{ "nodejs", "nodejs" },
	{ "python", "python" },
	{ "scala", "java" },
	{ ".net", "dotnet" },
	{ "java", "java" },
	{ "node", "nodejs" },
	{ "ruby", "ruby" },
	{ "rust", "rust" },
	{ "c++", "cpp" },
	{ "cpp", "cpp" },
	{ "jvm", "java" },
	{ "php", "php" },
	{ "c#", "dotnet" },
	{ "go", "golang" },
	{ "js", "nodejs" }
};

/* A byte of a word: a letter of any alphabet, or _. */
static int
language_letter(char c)
{
	return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	    (unsigned char)c >= 0x80);
}

static int
language_digit(char c)
{
	return (c >= '0' && c <= '9');
}

/* Do the len bytes at p end a word that began before text's byte at? */
static int
language_whole(const char *text, size_t text_len, size_t at, size_t len)
{
	size_t end = at + len;

	if (at != 0 && text[at] != '.' && (language_letter(text[at - 1]) ||
	    language_digit(text[at - 1])))
		return (0);
	while (end < text_len && (language_digit(text[end]) ||
	    (text[end] == '.' && end + 1 < text_len &&
	    language_digit(text[end + 1]))))
		end++;
	return (end == text_len || !language_letter(text[end]));
}

const char *
language_find(const char *p, size_t len)
{
	size_t i, at, n;

	for (i = 0; i < sizeof(language_words) / sizeof(language_words[0]);
	    i++) {
		n = strlen(language_words[i].word);
		for (at = 0; at + n <= len; at++)
			if (strncasecmp(p + at, language_words[i].word, n) ==
			    0 && language_whole(p, len, at, n))
				return (language_words[i].name);
	}
	return (NULL);
}
