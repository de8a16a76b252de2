/* parts: t/reading.o */
#include "conf.h"

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "ok.h"
#include "reading.h"

#define gives	reading_gives
#define takes	reading_takes

static const char address[] = "expected a list of items without commas, each "
    "host:port, https://host:port or unix:/path (107 bytes at most)";

/* text, fill n times, end: is it taken, with that said? */
static int
filled(const char *text, char fill, size_t n, const char *end, int taken,
    const char *said)
{
	struct buf b = { 0 };
	int res;

	buf_adds(&b, text);
	while (n-- > 0)
		buf_addc(&b, fill);
	buf_adds(&b, end);
	res = takes(buf_str(&b), taken, said);
	buf_free(&b);
	return (res);
}

/* Limits that are not in the table. */
static void
check_sizes(void)
{
	const char *line = "[profile.tags]\nk=";

	ok(filled(line, 'x', 4093, "", 1, "") &&
	    filled(line, 'x', 4094, "\r\n", 1, "") &&
	    filled(line, 'x', 4095, "\n", 0, "f:2: found a line over 4096"),
	    "a line has 4096 bytes and no more");
	ok(filled("#", 'x', 4095, "\n", 1, "") &&
	    filled("#", 'x', 4096, "\n", 0, "over 4096") &&
	    filled("#", 'x', 9000, "\nx\n", 0, "f:2: found no = in"),
	    "a comment neither, and the next line is read as ever");
	ok(filled("[", 'x', 48, "]\n", 0, "unknown section") &&
	    filled("[", 'x', 49, "]\n", 0, "unknown section") &&
	    filled("[", 'x', 50, "]\n", 0, "section's name over 49 bytes"),
	    "a section's name has 49 bytes and no more");
	ok(filled("[destination.", 'x', 31, "]\nurl=http://h\n", 1, "") &&
	    filled("[destination.", 'x', 32, "]\nurl=http://h\n", 1, "") &&
	    filled("[destination.", 'x', 33, "]\nurl=http://h\n", 0,
	    "expected 1 to 32 of a-z 0-9 _ -"),
	    "a destination's name has 32 bytes and no more");
	ok(filled("[http_api]\nlisten=unix:/", 'x', 105, "\n", 1, "") &&
	    filled("[http_api]\nlisten=unix:/", 'x', 106, "\n", 1, "") &&
	    filled("[http_api]\nlisten=unix:/", 'x', 107, "\n", 0, address),
	    "a unix socket's path has 107 bytes and no more");
	ok(filled("[profile]\nelection=", 'x', 64, "\n", 0, "xx\", expected") &&
	    filled("[profile]\nelection=", 'x', 65, "\n", 0,
	    "xx\" and more, expected"), "an error shows 64 bytes of a value");
}

static void
check_ports(void)
{
	ok(takes("[http_api]\nlisten=h:65534\n", 1, "") &&
	    takes("[http_api]\nlisten=h:65535\n", 1, "") &&
	    takes("[http_api]\nlisten=h:65536\n", 0, address) &&
	    takes("[http_api]\nlisten=h:0\n", 1, "") &&
	    takes("[http_api]\nlisten=h:100000\n", 0, address),
	    "a port to listen on is 0 to 65535");
	ok(takes("[dataway]\nurl=http://h:65534\n", 1, "") &&
	    takes("[dataway]\nurl=http://h:65535\n", 1, "") &&
	    takes("[dataway]\nurl=http://h:65536\n", 0, "expected a list") &&
	    takes("[dataway]\nurl=http://h:2\n", 1, "") &&
	    takes("[dataway]\nurl=http://h:1\n", 1, "") &&
	    takes("[dataway]\nurl=http://h:0\n", 0, "expected a list"),
	    "a port of a url is 1 to 65535");
}

/* inih keeps 49 bytes of a name, for what it does not do here. */
static void
check_long(void)
{
	struct buf b = { 0 }, said = { 0 };
	struct conf *c;
	size_t i;

	ok(filled("[profile]\n", 'x', 49, " = 1\n", 0, "unknown key in") &&
	    filled("[profile]\n", 'x', 50, " = 1\n", 0, "unknown key in"),
	    "a long key is compared with none");
	buf_adds(&b, "[profile.tags]\nk=");
	for (i = 0; i < 4094; i++)
		buf_addc(&b, 'x');
	ok((c = reading(&b, &said)) != NULL && c->tags.n == 1 &&
	    strlen(c->tags.v[0].value) == 4094, "a long value is not cut");
	conf_free(c);
	buf_adds(&b, "[profile.tags]\n");
	while (b.len < 200)
		buf_addc(&b, 'k');
	buf_adds(&b, " = v\n");
	ok((c = reading(&b, &said)) != NULL && c->tags.n == 1 &&
	    strlen(c->tags.v[0].key) == 185, "a key is not cut");
	conf_free(c);
	buf_free(&said);
}

/* What inih would make of it otherwise; what profile.conf has of TOML. */
static void
check_lines(void)
{
	ok(gives("[profile.tags]\na = 1\n   b = 2\n\tc = 3\n",
	    "profile.tags.b", "2") && gives("[profile.tags]\na = 1\n  b = 2\n",
	    "profile.tags.a", "1"), "an indented line is a line of its own");
	ok(gives("[profile.tags]\na = x ; y\n", "profile.tags.a", "x ; y") &&
	    gives("[profile.tags]\na = \"x ; y\"\n", "profile.tags.a",
	    "x ; y"), "a value is not cut at \" ;\"");
	ok(gives("; a comment\n # and another\n[profile.tags] # here\n"
	    "a = x # y\n", "profile.tags.a", "x") &&
	    gives("[profile.tags]\na = \"x # y\" # z\n", "profile.tags.a",
	    "x # y") && gives("[profile.tags]\na = x#y\n", "profile.tags.a",
	    "x#y") && gives("[profile.tags]\na = # y\n", "profile.tags.a",
	    ""), "a # begins a comment, but not in a word or in quotes");
	ok(gives("[profile.tags]\na = \" x\\\"\\\\ \"\n", "profile.tags.a",
	    " x\"\\ ") && gives("[profile.tags]\na = ' \\x\" '\n",
	    "profile.tags.a", " \\x\" "), "quotes keep what is in them");
	ok(gives("[profile.tags]\na = it's \"so\"\n", "profile.tags.a",
	    "it's \"so\""), "and within a bare value are part of it");
	ok(gives("[profile]\nendpoints = [ \"/a\" , '/b', ] # c\n",
	    "profile.endpoints", "/a,/b") && gives("[profile]\nendpoints = "
	    "/a, /b\n", "profile.endpoints", "/a,/b") &&
	    gives("[profile]\nendpoints = \"/a\"\n", "profile.endpoints",
	    "/a"), "a list stands in brackets or between commas");
	ok(gives("[profile]\nendpoints = \" /a , /b \"\n",
	    "profile.endpoints", "/a,/b"), "with blanks around them or not");
	ok(gives("[profile]\nendpoints = []\n", "profile.endpoints", "") &&
	    gives("[profile]\nendpoints =\n", "profile.endpoints", ""),
	    "and can be empty");
	ok(gives("[http_api]\nlisten = [::1]:9529 # here\n",
	    "http_api.listen", "[::1]:9529") &&
	    gives("[http_api]\nlisten = [::1]:1, :2\n", "http_api.listen",
	    "[::1]:1,:2"), "an IPv6 address is no list");
	ok(gives("\xef\xbb\xbf[profile.tags]\r\na = 1\r\n", "profile.tags.a",
	    "1") && gives("[profile.tags]\na = 1", "profile.tags.a", "1"),
	    "a byte order mark, CRLF, and no end of the last line are taken");
	ok(gives("[[inputs.profile.tags]]\na = 1\n", "profile.tags.a", "1") &&
	    gives(" [ inputs.profile.tags ]\na = 1\n", "profile.tags.a",
	    "1") && gives("[[profile.tags]]\n\"a b\" = 1\n",
	    "profile.tags.a b", "1"),
	    "inputs. and double brackets are optional");
	ok(gives("[profile.tags]\na = b=c:d\n", "profile.tags.a", "b=c:d"),
	    "a value can hold = and :");
}

static void
check_secrets(void)
{
	ok(gives("[dataway]\nurl = https://u:p@h:1/x?token=t&a=b&c\n",
	    "destination.main.url", "https://***@h:1/x?token=***&a=***&***") &&
	    gives("[dataway]\nurl = http://u@[::1]?t\n",
	    "destination.main.url", "http://***@[::1]?***") &&
	    gives("[dataway]\nurl = http://h\nhttp_proxy = socks5://u:p@h:1\n",
	    "destination.main.http_proxy", "socks5://***@h:1") &&
	    gives("[profile.go]\nurl = http://u:p@h/?k=v\n",
	    "profile.go.1.url", "http://***@h/?k=***"),
	    "userinfo and queries of urls are not printed");
	ok(gives("[dataway]\nurl = http://h?\n", "destination.main.url",
	    "http://h?") && gives("[destination.x]\ntype = file\n"
	    "url = file:/a@b?c=d\n", "destination.x.url", "file:/a@b?c=d"),
	    "everything else is");
}

static void
check_shapes(void)
{
	static const char *const bad[] = { "", "h", "http:", "http://",
	    "http://h h", "http://h#f", "http://h:x", "http://[::1", "http:/h",
	    "http://u@", "file:/x", "ftp://h", "http://h/\\", "HTTP://h",
	    "http://h\xc3\xa4", "http://u:p/w@h", "http://[]", "http://a]:1" };
	static const char *const good[] = { "http://h", "https://h/",
	    "http://h?x", "http://u:p@h", "http://[fe80::1%25eth0]:80/p",
	    "http://h_1.x-y:80?token=a/b@c:d" };
	char text[128];
	size_t i;
	int holds = 1;

	for (i = 1; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text), "[dataway]\nurl = '%s'\n",
		    bad[i]);
		holds &= takes(text, 0, "f:2: url: found what is not shown");
	}
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		snprintf(text, sizeof(text), "[dataway]\nurl = '%s'\n",
		    good[i]);
		holds &= takes(text, 1, "");
	}
	ok(holds, "a url has a scheme, a host and no odd bytes");
	ok(takes("[http_api]\nlisten = h\n", 0, "host:port") &&
	    takes("[http_api]\nlisten = h:\n", 0, "host:port") &&
	    takes("[http_api]\nlisten = a b:1\n", 0, "host:port") &&
	    takes("[http_api]\nlisten = ::1:1\n", 0, "host:port") &&
	    takes("[http_api]\nlisten = unix:x\n", 0, "host:port") &&
	    takes("[http_api]\nlisten = :1\n", 1, ""),
	    "an address has a host and a port, or a path");
	ok(takes("[profile]\nendpoints = x\n", 0, "a path such as") &&
	    takes("[profile]\nendpoints = '/a b'\n", 0, "a path such as") &&
	    takes("[profile]\nendpoints = /a?b\n", 0, "a path such as"),
	    "an endpoint is a path without a query");
	ok(takes("[profile]\nbody_size_limit_mb = 18446744073709551617\n", 0,
	    "an integer") && takes("[profile]\nbody_size_limit_mb = -1\n", 0,
	    "an integer") && takes("[profile]\nbody_size_limit_mb = 32M\n", 0,
	    "an integer") && takes("[profile]\nbody_size_limit_mb = \"\"\n",
	    0, "an integer"), "an integer is digits that do not overflow");
}

int
main(void)
{
	check_sizes();
	check_ports();
	check_long();
	check_lines();
	check_secrets();
	check_shapes();
	return (failed);
}
