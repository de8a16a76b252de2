#include "language.h"

#include <stdio.h>
#include <string.h>

#include "ok.h"

static int
is(const char *text, const char *name)
{
	const char *found = language_find(text, strlen(text));

	if (found == name || (found != NULL && name != NULL &&
	    strcmp(found, name) == 0))
		return (1);
	printf("# %s: %s\n", text, found != NULL ? found : "none");
	return (0);
}

int
main(void)
{
	static const char *const words[][2] = { { "javascript", "nodejs" },
	    { "nodejs", "nodejs" }, { "node.js", "nodejs" },
	    { "node", "nodejs" }, { "js", "nodejs" }, { "java", "java" },
	    { "jvm", "java" }, { "kotlin", "java" }, { "scala", "java" },
	    { "python", "python" }, { "cpython", "python" },
	    { "golang", "golang" }, { "go", "golang" },
	    { "dotnet", "dotnet" }, { ".net", "dotnet" }, { "c#", "dotnet" },
	    { "csharp", "dotnet" }, { "ruby", "ruby" }, { "php", "php" },
	    { "rust", "rust" }, { "pyroscope-rs", "rust" }, { "cpp", "cpp" },
	    { "c++", "cpp" }, { "cplusplus", "cpp" } };
	size_t i;
	int all = 1;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		all &= is(words[i][0], words[i][1]);
	ok(all, "every word has its language");
	ok(is("JavaScript", "nodejs") && is("CPython", "python"),
	    "in any case");
	ok(is("javascript", "nodejs") && is("java, or javascript", "nodejs"),
	    "the longest word counts");
	ok(is("django", NULL) && is("mongo", NULL) && is("gopher", NULL) &&
	    is("javac", NULL) && is("rusty", NULL) && is("jsx", NULL) &&
	    is("my_go", NULL) && is("x.network", NULL),
	    "a part of a word is none");
	ok(is("python3", "python") && is("python3.11.7", "python") &&
	    is("go1.19", "golang") && is("c++17", "cpp") && is("C#.", "dotnet"),
	    "a version may stand behind it");
	ok(is("go2rtc", NULL) && is("h2go", NULL), "digits are no end of it");
	ok(is("ASP.NET 8", "dotnet") && is("openjdk java", "java") &&
	    is("ruby/3.2", "ruby"), "a word may stand anywhere");
	ok(is("", NULL) && is("erlang", NULL), "others are unknown");
	return (failed);
}
