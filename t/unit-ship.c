/* What prof-ship makes of answers, names and secrets. */
/* parts: cmd/ship/answer.o cmd/ship/backoff.o cmd/ship/health.o cmd/ship/outname.o */
#include <stdio.h>
#include <string.h>

#include "../cmd/ship/answer.h"
#include "../cmd/ship/backoff.h"
#include "../cmd/ship/health.h"
#include "../cmd/ship/outname.h"
#include "secret.h"
#include "when.h"

#define SECOND	WHEN_SECOND

static int failed;

static void
fact(int true_, const char *name)
{
	printf("%s - %s\n", true_ ? "ok" : "not ok", name);
	failed |= !true_;
}

static enum answer_kind
kind(int status)
{
	struct answer a;

	answer_http(&a, status, 0, "", 0);
	return (a.kind);
}

static void
answers(void)
{
	struct answer a;
	int i, good = 1;

	for (i = 200; i < 300; i++)
		good &= kind(i) == ANSWER_OK;
	fact(good, "2xx is ok");
	for (i = 500; i < 600; i++)
		good &= kind(i) == ANSWER_RETRY;
	fact(good && kind(408) == ANSWER_RETRY && kind(425) == ANSWER_RETRY &&
	    kind(429) == ANSWER_RETRY, "408, 425, 429 and 5xx are retried");
	fact(kind(401) == ANSWER_SUSPEND && kind(403) == ANSWER_SUSPEND &&
	    kind(404) == ANSWER_SUSPEND && kind(302) == ANSWER_SUSPEND,
	    "401, 403, 404 and redirects suspend");
	for (i = 400; i < 500; i++)
		if (i != 401 && i != 403 && i != 404 && i != 408 && i != 425 &&
		    i != 429)
			good &= kind(i) == ANSWER_DEAD;
	fact(good, "any other 4xx is for good");

	answer_http(&a, 400, 0, "\r\n bad\tform \r\nmore", 18);
	fact(strcmp(a.reason, "400 bad?form") == 0,
	    "the reason is the status and the first line, cleaned");
	answer_http(&a, 503, 7, "", 0);
	fact(a.after == 7 * SECOND && strcmp(a.reason, "503") == 0,
	    "Retry-After is kept");
	answer_http(&a, 429, 100000, "", 0);
	fact(a.after == 3600 * SECOND, "Retry-After is an hour at most");
	answer_http(&a, 400, 7, "", 0);
	fact(a.after == 0, "a refusal has no Retry-After");
}

static void
backoffs(void)
{
	int i, good = 1;

	fact(backoff_step(SECOND, 300 * SECOND, 0) == SECOND &&
	    backoff_step(SECOND, 300 * SECOND, 3) == 8 * SECOND &&
	    backoff_step(SECOND, 300 * SECOND, 9) == 300 * SECOND &&
	    backoff_step(SECOND, 300 * SECOND, 1000000000) == 300 * SECOND,
	    "a delay doubles up to its bound");
	for (i = 0; i < 1000; i++)
		good &= backoff_full(SECOND) <= SECOND &&
		    backoff_full(SECOND) >= 0 && backoff_full(0) == 0;
	fact(good, "full jitter stays between 0 and all");
	for (i = 0; i < 1000; i++)
		good &= backoff_part(4 * SECOND) <= 4 * SECOND &&
		    backoff_part(4 * SECOND) >= 3 * SECOND;
	fact(good, "part jitter takes a quarter at most");
}

/* Records a and b on their way to one destination. */
static const int who_a, who_b;
#define A	(&who_a)
#define B	(&who_b)

static void
down(void)
{
	struct health h = { .pause_min = SECOND, .pause_max = 8 * SECOND,
	    .probe_interval = 60 * SECOND };
	struct answer ok, bad;

	answer_http(&ok, 200, 0, "", 0);
	answer_say(&bad, ANSWER_RETRY, "refused");
	fact(health_may(&h, 1) && health_window(&h, 16, 1) == 16,
	    "a new destination is well");
	fact(health_answer(&h, A, &bad, 10, 20) == 0 &&
	    h.state == HEALTH_DOWN && h.probe == A,
	    "the first failure makes its record the probe");
	fact(health_answer(&h, B, &bad, 10, 21) == 1,
	    "a second one gives its record back");
	fact(!health_may(&h, 22) && health_window(&h, 16, 22) == 1,
	    "nobody else may try beside the probe");
	health_failed(&h, A, 0, 100);
	fact(h.probe == NULL && health_window(&h, 16, 101) == 0 &&
	    health_opens(&h) > 100, "when the probe gives up there is a pause");
	fact(health_may(&h, h.until) && health_window(&h, 16, h.until) == 1,
	    "after it one may try");
	health_take(&h, B);
	health_failed(&h, B, 30 * SECOND, 0);
	fact(h.until == 30 * SECOND, "Retry-After makes the pause longer");
	health_take(&h, B);
	fact(health_answer(&h, B, &ok, 0, SECOND) == 0 &&
	    h.state == HEALTH_WELL && health_window(&h, 16, SECOND) == 16,
	    "a success opens the window");
	fact(health_answer(&h, A, &bad, SECOND / 2, 2 * SECOND) == 0 &&
	    h.state == HEALTH_WELL,
	    "a failure while others succeed is the record's");
	answer_ours(&bad, ANSWER_RETRY, "no memory");
	fact(health_answer(&h, A, &bad, 2 * SECOND, 3 * SECOND) == 0 &&
	    h.state == HEALTH_WELL, "our own failure says nothing about it");
}

static void
suspended(void)
{
	struct health h = { .pause_min = SECOND, .pause_max = 8 * SECOND,
	    .probe_interval = 60 * SECOND };
	struct answer no, dead;

	answer_http(&no, 403, 0, "", 0);
	answer_http(&dead, 400, 0, "", 0);
	fact(health_answer(&h, A, &no, 0, SECOND) == 0 &&
	    h.state == HEALTH_SUSPENDED && h.until == 61 * SECOND,
	    "403 suspends for a probe interval");
	fact(health_answer(&h, B, &no, 0, 2 * SECOND) == 1 &&
	    h.until == 61 * SECOND, "the others go back");
	fact(!health_may(&h, 60 * SECOND) && health_may(&h, 61 * SECOND),
	    "then one may probe");
	health_take(&h, B);
	fact(health_answer(&h, B, &no, 61 * SECOND, 62 * SECOND) == 0 &&
	    h.until == 122 * SECOND, "a probe that is refused counts");
	health_take(&h, B);
	fact(!health_may(&h, 200 * SECOND), "there is one probe at a time");
	health_leave(&h, B);
	fact(health_may(&h, 200 * SECOND), "one that left makes room");
	fact(health_answer(&h, A, &dead, 200 * SECOND, 201 * SECOND) == 0 &&
	    h.state == HEALTH_WELL, "a refused record shows that it is well");
	fact(health_answer(&h, A, &no, 200 * SECOND, 202 * SECOND) == 0 &&
	    h.state == HEALTH_WELL,
	    "403 while others are taken is the record's");
}

static int
is_file(const char *client, const char *magic, size_t len, unsigned int nth,
    const char *want)
{
	char name[OUTNAME_MAX];

	outname_file(name, client, (const unsigned char *)magic, len, nth);
	if (strcmp(name, want) != 0)
		printf("# %s\n", name);
	return (strcmp(name, want) == 0);
}

static void
names(void)
{
	char name[OUTNAME_MAX], dir[OUTNAME_MAX], big[1000];

	fact(is_file("cpu.pprof", "\x1f\x8b", 2, 0, "cpu.pprof"),
	    "a gzip pprof keeps its name");
	fact(is_file("main.jfr", "\x1f\x8b\x08\0", 4, 0, "main.jfr.gz"),
	    "a gzip JFR gets .gz");
	fact(is_file("main.jfr", "FLR\0", 4, 0, "main.jfr"),
	    "a plain JFR keeps its name");
	fact(is_file("cpu.pprof", "\x28\xb5\x2f\xfd", 4, 0, "cpu.pprof.zst") &&
	    is_file("a.zst", "\x28\xb5\x2f\xfd", 4, 0, "a.zst"),
	    "zstd gets .zst, once");
	fact(is_file("main.jfr", "\x04\x22\x4d\x18", 4, 0, "main.jfr.lz4"),
	    "lz4 gets .lz4");
	fact(is_file("../../etc/x y", "", 0, 0, "%2E.%2F..%2Fetc%2Fx%20y") &&
	    is_file(".hidden", "", 0, 0, "%2Ehidden") &&
	    is_file("", "", 0, 0, "attachment") &&
	    is_file("a\n\xff", "", 0, 0, "a%0A%FF"),
	    "no byte of a client's reaches a path unescaped");
	fact(is_file("cpu.pprof", "", 0, 2, "cpu-2.pprof"),
	    "the second of a name is numbered before its extension");
	memset(big, '/', sizeof(big) - 1);
	memcpy(big + sizeof(big) - 7, ".pprof", 7);
	outname_file(name, big, (const unsigned char *)"\x28\xb5\x2f\xfd", 4,
	    4294967295U);
	fact(strlen(name) < OUTNAME_MAX &&
	    strcmp(name + strlen(name) - 10, ".pprof.zst") == 0,
	    "a name too long keeps its extension");
	outname_dir(dir, big);
	fact(strlen(dir) < OUTNAME_MAX && strspn(dir, "%2F") == strlen(dir) &&
	    strlen(dir) % 3 == 0, "a directory's is cut behind an escape");
	outname_dir(dir, "");
	outname_dir(name, "..");
	fact(strcmp(dir, "unknown") == 0 && strcmp(name, "%2E.") == 0,
	    "a directory's is never empty, . or ..");
}

static void
secrets(void)
{
	struct secret s = { 0 };
	char a[] = "no token tkn_a%2Fb here, tkn_a/b, p%40ss, p@ss", b[64];
	char cut[] = "the token is tkn_a%2";

	fact(secret_add_url(&s, "https://u:p%40ss@h:1/x?a=b&token=tkn_a%2Fb&c")
	    == 0, "secrets of a URL are found");
	secret_hide(&s, a);
	fact(strcmp(a, "no token ********* here, *******, ******, ****") == 0,
	    "as written and decoded they are hidden");
	secret_hide(&s, cut);
	fact(strcmp(cut, "the token is *******") == 0,
	    "so is the beginning of one that was cut");
	secret_url(b, sizeof(b), "https://u:p@h:1/x?token=y#z");
	fact(strcmp(b, "https://h:1/x") == 0, "a URL is shown without them");
	secret_url(b, sizeof(b), "file:out");
	fact(strcmp(b, "file:out") == 0, "a directory's is shown as it is");
	secret_free(&s);
}

int
main(void)
{
	answers();
	backoffs();
	down();
	suspended();
	names();
	secrets();
	return (failed);
}
