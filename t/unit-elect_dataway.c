/* elect_dataway: what a Dataway's answer to the question who leads is. */
#include "elect_dataway.h"

#include <string.h>

#include "elect_backend.h"
#include "ok.h"
#include "when.h"

#define HEAD	"{\"content\":{\"status\":"

/* Answers, and what they come to: seconds and a leader, or why they are none. */
static const struct {
	const char	*fact;
	const char	*text;
	int		 elected;
	int64_t		 seconds;	/* 0: refused */
	int		 odd;
	const char	*said;		/* the leader, or why */
} answers[] = {
	{ "success", HEAD "\"success\",\"namespace\":\"n\",\"id\":\"me\","
	    "\"incumbency_id\":\"me\",\"interval\":3}}", 1, 3, 0, "me" },
	{ "defeat", HEAD "\"defeat\",\"namespace\":\"n\",\"id\":\"me\","
	    "\"incumbency_id\":\"you\",\"interval\":60}}", 0, 60, 0, "you" },
	{ "no interval is one of 4 s", HEAD "\"success\"}}", 1, 4, 0, "me" },
	{ "defeat by nobody known", HEAD "\"defeat\"}}", 0, 4, 0, "" },
	{ "interval 0 is odd", HEAD "\"success\",\"interval\":0}}", 1, 4, 1,
	    "me" },
	{ "a negative one", HEAD "\"success\",\"interval\":-1}}", 1, 4, 1,
	    "me" },
	{ "a huge one", HEAD "\"success\",\"interval\":1000000000000}}", 1, 4,
	    1, "me" },
	{ "one of 61 s", HEAD "\"defeat\",\"interval\":61}}", 0, 4, 1, "" },
	{ "one beyond 64 bits", HEAD "\"success\",\"interval\":"
	    "100000000000000000000}}", 0, 0, 0, "no JSON" },
	{ "one that is no integer", HEAD "\"success\",\"interval\":1.5}}", 1,
	    4, 1, "me" },
	{ "one that is no number", HEAD "\"success\",\"interval\":\"5\"}}", 1,
	    4, 1, "me" },
	{ "an unknown status", HEAD "\"maybe\"}}", 0, 0, 0,
	    "unknown status" },
	{ "a status that is no text", HEAD "1}}", 0, 0, 0,
	    "without a status" },
	{ "no status", "{\"content\":{}}", 0, 0, 0, "without a status" },
	{ "no content", "{}", 0, 0, 0, "without a status" },
	{ "a list", "[1]", 0, 0, 0, "without a status" },
	{ "nothing", "", 0, 0, 0, "no JSON" },
	{ "a page", "<html>", 0, 0, 0, "no JSON" },
	{ "half of it", HEAD "\"success\"", 0, 0, 0, "no JSON" },
	{ "another's", HEAD "\"success\",\"id\":\"you\"}}", 0, 0, 0,
	    "another host's" },
	{ "another namespace's", HEAD "\"success\",\"namespace\":\"m\"}}", 0,
	    0, 0, "another host's" },
	{ "success that names another", HEAD "\"success\",\"incumbency_id\":"
	    "\"you\"}}", 0, 0, 0, "another host is named" },
};

static int
comes_to(size_t i)
{
	struct elect_dataway_answer a;
	const char *why = "";

	if (elect_dataway_parse(answers[i].text, strlen(answers[i].text), "n",
	    "me", &a, &why) == -1)
		return (answers[i].seconds == 0 &&
		    strstr(why, answers[i].said) != NULL);
	return (a.elected == answers[i].elected &&
	    a.interval == answers[i].seconds * WHEN_SECOND &&
	    (a.odd != NULL) == answers[i].odd &&
	    strcmp(a.leader, answers[i].said) == 0);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		ok(comes_to(i), answers[i].fact);
	ok(elect_bound(5 * WHEN_SECOND, 10 * WHEN_SECOND) == 14 * WHEN_SECOND,
	    "a lease counts from when it was asked for, less a tenth");
	return (failed);
}
