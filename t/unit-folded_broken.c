/* parts: t/collapsed.o */
#include "folded.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "collapsed.h"
#include "file.h"
#include "ok.h"

/* Every beginning of a file that is not all of it. */
static int
cut_short(const char *name)
{
	const char *data = getenv("DATA");
	struct buf file = { 0 };
	char path[4096], *s;
	size_t n;
	int good = 1;

	snprintf(path, sizeof(path), "%s/formats/%s",
	    data != NULL ? data : "t/data", name);
	file_slurp(AT_FDCWD, path, 4096, &file);
	for (n = 0; n < file.len; n++) {
		s = collapsed_of(decoder_of(strchr(name, '.') + 1), file.p, n);
		good &= s[0] == '!';
		free(s);
	}
	buf_addc(&file, '\0');
	s = collapsed_of(decoder_of(strchr(name, '.') + 1), file.p, file.len);
	good &= strcmp(s, "! bytes behind the last node\n") == 0;
	free(s);
	buf_free(&file);
	return (good);
}

static void
broken(void)
{
	ok(cut_short("three-levels.trie") && cut_short("three-levels.tree"),
	    "a file of nodes is cut nowhere without a word");
	ok(collapsed_is(folded_trie, NULL, 0,
	    "! nodes are missing at the end\n") &&
	    collapsed_is(folded_lines, NULL, 0, ""),
	    "nothing at all is no trie, but no line");
	ok(COLLAPSED_IS(folded_trie, "\0\0\1"
	    "\x80\x80\x80\x80\x80\x80\x80\x80\x80\2",
	    "! a node is cut short, or has a number over 64 bits\n") &&
	    COLLAPSED_IS(folded_trie, "\0\0\1\1a"
	    "\x80\x80\x80\x80\x80\x80\x80\x80\x80\1\0",
	    "! a value is over 63 bits\n"), "nor does a number wrap around");
	ok(COLLAPSED_IS(folded_tree, "\1r\0\0",
	    "! the root of a tree has a name\n"),
	    "the root of a tree has no name");
	ok(COLLAPSED_IS(folded_trie, "\2r;\1\2" "\1a\2\0" "\1b\3\0",
	    "r 1\nr;a 2\nr;b 3\n"), "that of a trie may");
	ok(COLLAPSED_IS(folded_tree, "\0\0\2" "\1a\1\1" "\0\5\0" "\1a\2\0",
	    "a 8\n"), "siblings of one name add up");
	ok(COLLAPSED_IS(folded_tree, "\0\0\1" "\0\1\1" "\1x\2\0", " 1\n;x 2\n"),
	    "a frame may be empty, but not at the end");
	ok(COLLAPSED_IS(folded_tree, "\0\0\1" "\3a;b\1\1" "\2c;\2\0",
	    "a;b 1\na;b;c 2\n"), "one node may be several frames");
	ok(COLLAPSED_IS(folded_groups, "a 9223372036854775807\n",
	    "a 9223372036854775807\n") &&
	    COLLAPSED_IS(folded_groups, "a -9223372036854775808\n",
	    "a -9223372036854775808\n") &&
	    COLLAPSED_IS(folded_groups, "a 9223372036854775808\n",
	    "! a value is over 63 bits\n") &&
	    COLLAPSED_IS(folded_groups, "a 9223372036854775807\na 1\n",
	    "! a stack's values are over 63 bits\n"),
	    "values have 63 bits and a sign");
	ok(COLLAPSED_IS(folded_groups, "a +\n",
	    "! a line has no number behind its last blank\n") &&
	    COLLAPSED_IS(folded_groups, "a \n",
	    "! a line has no number behind its last blank\n") &&
	    COLLAPSED_IS(folded_groups, "a 1_0\n",
	    "! a line has no number behind its last blank\n"),
	    "and digits");
	ok(COLLAPSED_IS(folded_groups, "a 5\nb 1\na -5\n", "b 1\n"),
	    "what adds up to nothing is not written");
}

static void
long_lines(void)
{
	struct buf in = { 0 };
	char *s;
	int i;

	for (i = 0; i < 70000; i++)
		buf_addc(&in, 'x');
	buf_adds(&in, " 3\nlast 4");
	s = collapsed_of(folded_groups, in.p, in.len);
	ok(strlen(s) == 70000 + 3 + 7 && strcmp(s + 70003, "last 4\n") == 0,
	    "a line over 64 KiB is a line");
	free(s);
	buf_free(&in);
}

static void
cleaning(void)
{
	static const struct folded_limits limits = { 1 << 20, 10 };
	struct folded *f = folded_new(&limits);
	struct buf out = { 0 };
	uint32_t name, node;
	const char *why;

	folded_name(f, "a;b\nc\r\x7f\xc3\xa4", 9, &name, &why);
	folded_child(f, FOLDED_ROOT, name, &node, &why);
	folded_add(f, node, 7, &why);
	ok(folded_write(f, &out, 12, &why) == 0 &&
	    strcmp(buf_str(&out), "a:b c  \xc3\xa4 7\n") == 0,
	    "a frame cannot end a line or itself");
	out.len = 0;
	ok(folded_write(f, &out, 11, &why) == -1 && strcmp(why,
	    "the stacks take more text than they may") == 0,
	    "text has a limit");
	buf_free(&out);
	folded_free(f);
}

/* Bytes that are cheap to send and dear to keep. */
static void
limits(void)
{
	static const struct folded_limits limits = { 1 << 20, 100 };
	struct folded *f;
	struct buf in = { 0 };
	const char *why = "";
	int i;

	f = folded_new(&limits);
	for (i = 0; i < 101; i++)
		buf_adds(&in, "a;");
	buf_adds(&in, "b 1");
	ok(folded_groups(f, in.p, in.len, &why) == -1 &&
	    strcmp(why, "a stack is too deep") == 0, "depth has a limit");
	folded_free(f);
	f = folded_new(&limits);
	for (in.len = 0, i = 0; i < 100000; i++)
		buf_addf(&in, "%d 1\n", i);
	ok(folded_groups(f, in.p, in.len, &why) == -1 && strcmp(why,
	    "the stacks take more memory than they may") == 0,
	    "memory has a limit");
	folded_free(f);
	f = folded_new(&limits);
	in.len = 0;
	buf_add(&in, "\0\0\1\xb8\x17", 5);
	for (i = 0; i < 3000; i++)
		buf_addc(&in, 'x');
	buf_add(&in, "\0\xff\xff\3", 4);
	for (i = 0; i < 65535; i++)
		buf_add(&in, "\1;\0\0", 4);
	ok(folded_trie(f, in.p, in.len, &why) == -1 && strcmp(why,
	    "the stacks take more memory than they may") == 0,
	    "a long frame is not looked at without end");
	folded_free(f);
	f = folded_new(&limits);
	for (in.len = 0, i = 0; i < 5000; i++)
		buf_add(&in, i == 0 ? "\0\0\2" : "\1a\0\2", i == 0 ? 3 : 4);
	ok(folded_trie(f, in.p, in.len, &why) == -1 &&
	    strcmp(why, "nodes nest too deeply") == 0, "levels have a limit");
	folded_free(f);
	buf_free(&in);
}

int
main(void)
{
	broken();
	long_lines();
	cleaning();
	limits();
	return (failed);
}
