#include "speedscope.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "folded.h"
#include "ok.h"

/* The stacks by unit, or "! " and what is wrong. */
static char *
told(const char *p, size_t len)
{
	static const struct folded_limits limits = { 1 << 16, 50 };
	static const char *const units[] = { "none", "ns", "bytes" };
	struct speedscope s;
	struct buf out = { 0 };
	const char *why = "nothing said";
	size_t i;

	if (speedscope_read(p, len, &limits, &s, &why) == -1)
		buf_addf(&out, "! %s", why);
	else
		for (i = 0; i < SPEEDSCOPE_UNITS; i++)
			if (s.folded[i] != NULL) {
				buf_addf(&out, "%s\n", units[i]);
				folded_write(s.folded[i], &out, 1 << 16,
				    &why);
			}
	speedscope_free(&s);
	return (buf_str(&out));
}

static int
tells_all(const char *text, const char *expected)
{
	char *s = told(text, strlen(text));
	int good = strcmp(s, expected) == 0;

	if (!good)
		printf("# %s\n#  %s\n#  instead of\n#  %s\n", text, s,
		    expected);
	free(s);
	return (good);
}

/* A file of the frames a, b;c and c, and these profiles. */
static int
tells(const char *profiles, const char *expected)
{
	struct buf text = { 0 };
	int good;

	buf_addf(&text, "{\"profiles\":[%s],\"name\":\"x\",\"shared\":{\"frames"
	    "\":[{\"name\":\"a\"},{\"file\":\"f\",\"name\":\"b;c\",\"line\":1},"
	    "{\"name\":\"\\u0063\"}]},\"$schema\":"
	    "\"https://www.speedscope.app/file-format-schema.json\"}",
	    profiles);
	good = tells_all(buf_str(&text), expected);
	buf_free(&text);
	return (good);
}

#define SAMPLED(unit, samples, weights) "{\"type\":\"sampled\",\"unit\":\"" \
	unit "\",\"samples\":" samples ",\"weights\":" weights "}"
#define EVENTED(unit, start, events) "{\"type\":\"evented\",\"unit\":\"" unit \
	"\",\"startValue\":" start ",\"events\":[" events "]}"
#define EVENT(type, at, frame) "{\"type\":\"" type "\",\"at\":" at \
	",\"frame\":" frame "}"

static void
sampled(void)
{
	ok(tells(SAMPLED("seconds", "[[0],[0,1],[0,2],[0]]",
	    "[0.01,1,0.000000001,0.01]"),
	    "ns\na 20000000\na;b:c 1000000000\na;c 1\n"),
	    "a hundredth of a second is not nothing");
	ok(tells(SAMPLED("milliseconds", "[[1,1]]", "[1.5]"),
	    "ns\nb:c;b:c 1500000\n") &&
	    tells(SAMPLED("microseconds", "[[2]]", "[3e2]"),
	    "ns\nc 300000\n") &&
	    tells(SAMPLED("nanoseconds", "[[2]]", "[3]"), "ns\nc 3\n"),
	    "all units of time are nanoseconds");
	ok(tells(SAMPLED("bytes", "[[0]]", "[1024]"), "bytes\na 1024\n") &&
	    tells(SAMPLED("none", "[[],[0]]", "[2,1.0]"),
	    "none\n 2\na 1\n"), "bytes and counts are as they are");
	ok(tells(SAMPLED("none", "[[0]]", "[1]") ","
	    SAMPLED("seconds", "[[0]]", "[1]") ","
	    SAMPLED("milliseconds", "[[2],[0]]", "[1,1]"),
	    "none\na 1\nns\na 1001000000\nc 1000000\n"),
	    "profiles of one sort are added up");
	ok(tells(SAMPLED("none", "null", "[]") ","
	    "{\"type\":\"sampled\",\"unit\":\"none\"}", "none\n"),
	    "there may be no sample");
}

static void
evented(void)
{
	ok(tells(EVENTED("microseconds", "5",
	    EVENT("O", "6", "0") "," EVENT("O", "7.25", "1") ","
	    EVENT("C", "9", "1") "," EVENT("O", "9", "1") ","
	    EVENT("C", "9.5", "1") "," EVENT("C", "20", "0")),
	    "ns\na 11750\na;b:c 2250\n"),
	    "time is that of the frame opened last");
	ok(tells(EVENTED("none", "-3", EVENT("O", "-2", "0") ","
	    EVENT("C", "7", "0") "," EVENT("O", "100", "0") ","
	    EVENT("C", "101", "0")), "none\na 10\n"),
	    "and nobody's where none is open");
	ok(tells(EVENTED("none", "0", EVENT("O", "1", "0")),
	    "! a frame is never closed") &&
	    tells(EVENTED("none", "0", EVENT("C", "1", "0")),
	    "! a frame is closed that was not opened last") &&
	    tells(EVENTED("none", "0", EVENT("O", "1", "0") ","
	    EVENT("O", "1", "1") "," EVENT("C", "1", "0")),
	    "! a frame is closed that was not opened last"),
	    "what is opened is closed");
	ok(tells(EVENTED("none", "2", EVENT("O", "1", "0")),
	    "! events are out of order") &&
	    tells(EVENTED("none", "-9223372036854775807",
	    EVENT("O", "9223372036854775807", "0")),
	    "! a value is over 63 bits"), "time goes on, but not for ever");
	ok(tells(EVENTED("none", "0", EVENT("X", "1", "0")),
	    "! an event neither opens nor closes") &&
	    tells(EVENTED("none", "0", "{\"type\":\"O\",\"at\":1}"),
	    "! an event lacks its type, time or frame") &&
	    tells(EVENTED("none", "0", "1"), "! an event is no object"),
	    "events are whole");
}

static void
refusals(void)
{
	ok(tells(SAMPLED("none", "[[3]]", "[1]"), "! no such frame") &&
	    tells(SAMPLED("none", "[[-1]]", "[1]"), "! no such frame") &&
	    tells(SAMPLED("none", "[[0.5]]", "[1]"), "! no such frame") &&
	    tells(SAMPLED("none", "[[\"0\"]]", "[1]"),
	    "! a number was expected"), "frames are known");
	ok(tells(SAMPLED("none", "[[0],[0]]", "[1]"),
	    "! there are fewer weights than samples") &&
	    tells(SAMPLED("none", "[[0]]", "[1,1]"),
	    "! there are more weights than samples") &&
	    tells(SAMPLED("none", "[0]", "[1]"), "! a sample is no list") &&
	    tells(SAMPLED("none", "{}", "[]"), "! a list was expected"),
	    "each sample has a weight");
	ok(tells(SAMPLED("none", "[[0]]", "[-1]"), "! a weight is below 0") &&
	    tells(SAMPLED("bytes", "[[0]]", "[0.5]"),
	    "! a value without a unit, or in bytes, is not whole") &&
	    tells(SAMPLED("seconds", "[[0]]", "[1e10]"),
	    "! a value is over 63 bits") &&
	    tells(SAMPLED("none", "[[0]]", "[\"1\"]"),
	    "! a number was expected"), "which can be kept");
	ok(tells(SAMPLED("parsecs", "[]", "[]"),
	    "! a profile has no unit that is known") &&
	    tells("{\"type\":\"odd\",\"unit\":\"none\"}",
	    "! a profile is neither evented nor sampled") &&
	    tells("7", "! a profile is no object") &&
	    tells("", "! there is no profile in it"), "profiles say what "
	    "they are");
	ok(tells_all("{\"profiles\":[]}", "! its $schema is not speedscope's")
	    && tells_all("", "! not a JSON object") &&
	    tells_all("{\"shared\":[]}", "! shared is no object") &&
	    tells_all("{\"$schema\":\"https://www.speedscope.app/"
	    "file-format-schema.json\",\"shared\":{\"frames\":[{}]}}",
	    "! a frame has no name"), "and so does the file");
}

/* A stack deeper, and names longer, than they may be. */
static void
limits(void)
{
	struct buf list = { 0 };
	int i;

	buf_adds(&list, "{\"type\":\"sampled\",\"unit\":\"none\",\"samples\":"
	    "[[0");
	for (i = 0; i < 50; i++)
		buf_adds(&list, ",0");
	buf_adds(&list, "]],\"weights\":[1]}");
	ok(tells(buf_str(&list), "! a stack is too deep"),
	    "sampled stacks have a depth");
	list.len = 0;
	buf_adds(&list, "{\"type\":\"evented\",\"unit\":\"none\",\"events\":[");
	for (i = 0; i < 51; i++)
		buf_adds(&list, i == 0 ? EVENT("O", "0", "0") :
		    "," EVENT("O", "0", "0"));
	buf_adds(&list, "]}");
	ok(tells(buf_str(&list), "! a stack is too deep"),
	    "evented ones, too");
	buf_free(&list);
}

int
main(void)
{
	sampled();
	evented();
	refusals();
	limits();
	return (failed);
}
