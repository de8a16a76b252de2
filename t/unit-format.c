#include "format.h"

#include <string.h>

#include "ok.h"

static int
same(const char *a, const char *b)
{
	return (a == b || (a != NULL && b != NULL && strcmp(a, b) == 0));
}

static int
named(const char *name, const char *format)
{
	return (same(format_by_name(name), format));
}

static int
begins(const char *p, size_t len, const char *format)
{
	return (same(format_by_magic(p, len), format));
}

int
main(void)
{
	static const char jfr_gz[] = "\x1f\x8b\x08\x08....\x02\x03x.jfr";
	static const char extra[] = "\x1f\x8b\x08\x0c....\x02\x03\x02\0yy"
	    "x.jfr";
	char line[FORMAT_MAGIC];

	ok(named("cpu.pprof", "pprof") && named("wall.pb.gz", "pprof") &&
	    named("MAIN.JFR", "jfr") && named("a.jfr.zst", "jfr") &&
	    named("out.folded", "collapse"), "the extension says the format");
	ok(named("main", NULL) && named("main.txt", NULL) &&
	    named("pprof-data", NULL) && named("metrics.json", NULL) &&
	    named(".gz", NULL) && named("", NULL), "or does not");
	ok(begins("FLR\0\0\2", 6, "jfr"), "JFR begins with FLR");
	ok(begins("\x1f\x8b\x08\0", 4, "pprof"), "gzip is a pprof");
	ok(begins(jfr_gz, sizeof(jfr_gz), "jfr") &&
	    begins(extra, sizeof(extra), "jfr"),
	    "unless the name in its header says otherwise");
	ok(begins(extra, 13, "pprof") && begins(jfr_gz, 12, "pprof"),
	    "and is within what is seen");
	ok(begins("\x0a\x04\x08\x01\x10\x02\x0a", 7, "pprof"),
	    "a bare profile.proto is a pprof");
	ok(begins("main;work 10\nmain;idle 3\n", 25, "collapse") &&
	    begins("main 1", 6, "collapse") &&
	    begins("a;b (x.py:3) 2\r\n", 16, "collapse"),
	    "collapsed stacks begin with a stack and a count");
	memset(line, 'a', sizeof(line));
	line[300] = ';';
	ok(begins(line, sizeof(line), "collapse"), "even a long one");
	line[300] = 'a';
	ok(begins(line, sizeof(line), NULL) && begins("", 0, NULL) &&
	    begins("[[\"a\",1]]", 9, NULL) && begins("12\n", 3, NULL) &&
	    begins("\x28\xb5\x2f\xfd", 4, NULL), "others are unknown");
	return (failed);
}
