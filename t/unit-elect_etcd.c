/* elect_etcd: what is said to etcd's gateway, and what it answers. */
#include "elect_etcd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "elect_base64.h"
#include "elect_members.h"
#include "ok.h"
#include "when.h"

static void
check_base64(void)
{
	static const char *const texts[] = { "", "f", "fo", "foo", "foob",
	    "fooba", "foobar", "\xff\xfe\xfd" };
	static const char *const coded[] = { "", "Zg==", "Zm8=", "Zm9v",
	    "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy", "//79" };
	size_t i, len;
	int same = 1;
	char *p, *q;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		p = elect_base64(texts[i], strlen(texts[i]));
		q = elect_base64_decode(coded[i], &len);
		same &= p != NULL && strcmp(p, coded[i]) == 0 && q != NULL &&
		    len == strlen(texts[i]) && memcmp(q, texts[i], len) == 0;
		free(p);
		free(q);
	}
	ok(same, "base64 as RFC 4648 has it, both ways");
	ok(elect_base64_decode("Zg==x", &len) == NULL &&
	    elect_base64_decode("Z", &len) == NULL &&
	    elect_base64_decode("Z g", &len) == NULL, "and nothing else");
}

/* Is that what b holds? It is emptied. */
static int
is(struct buf *b, const char *text)
{
	int same = buf_str(b) != NULL && strcmp(b->p, text) == 0;

	if (!same)
		printf("%s\n", b->p);
	b->len = 0;
	return (same);
}

#define P	"L3Byb2YvZWxlY3Rpb24vYSUyRmIv"	/* /prof/election/a%2Fb/ */

static void
check_requests(void)
{
	struct elect_etcd_keys k;
	struct buf b = { 0 };

	if (elect_etcd_keys(&k, "a/b") == -1)
		abort();
	ok(strcmp(k.members, "/prof/election/a%2Fb/members/") == 0,
	    "no namespace's keys are within another's");
	ok(elect_etcd_login(&b, "u\"", "p") == 0 &&
	    is(&b, "{\"name\":\"u\\\"\",\"password\":\"p\"}"), "a log-in");
	ok(elect_etcd_grant(&b, 6) == 0 && is(&b, "{\"TTL\":\"6\"}"),
	    "a lease");
	ok(elect_etcd_lease(&b, INT64_MAX) == 0 &&
	    is(&b, "{\"ID\":\"9223372036854775807\"}"), "its number is text");
	ok(elect_etcd_look(&b, &k) == 0 && is(&b, "{\"key\":\"" P "\","
	    "\"range_end\":\"L3Byb2YvZWxlY3Rpb24vYSUyRmIw\"}"),
	    "all that begins with the prefix");
	ok(elect_etcd_campaign(&b, &k, 5, "me", 7) == 0 && is(&b,
	    "{\"compare\":[{\"target\":\"CREATE\",\"key\":\"" P "bGVhZGVy\","
	    "\"create_revision\":\"0\"},{\"target\":\"CREATE\",\"key\":\"" P
	    "bWVtYmVycy8=\",\"range_end\":\"" P "bWVtYmVyczA=\","
	    "\"create_revision\":\"0\"},{\"target\":\"MOD\",\"key\":\"" P
	    "bGFzdA==\",\"mod_revision\":\"7\"}],\"success\":["
	    "{\"request_put\":{\"key\":\"" P "bGVhZGVy\",\"value\":\"bWU=\","
	    "\"lease\":\"5\"}},{\"request_put\":{\"key\":\"" P "bGFzdA==\","
	    "\"value\":\"bWU=\",\"lease\":\"0\"}}]}"),
	    "leader, if there is none, no member, and no other since");
	ok(elect_etcd_join(&b, &k, 255, 6, "me") == 0 && is(&b,
	    "{\"compare\":[{\"target\":\"CREATE\",\"key\":\"" P "bGVhZGVy\","
	    "\"create_revision\":\"0\"}],\"success\":[{\"request_put\":"
	    "{\"key\":\"" P "bWVtYmVycy9mZg==\",\"value\":\"NiBtZQ==\","
	    "\"lease\":\"255\"}},{\"request_put\":{\"key\":\"" P
	    "bGFzdA==\",\"value\":\"\",\"lease\":\"0\"}}]}"),
	    "a member, if there is no leader");
	buf_free(&b);
	elect_etcd_keys_clear(&k);
}

#define HEAD	"{\"header\":{\"revision\":\"9\"},\"kvs\":["

static void
check_view(void)
{
	static const char whole[] = HEAD
	    "{\"key\":\"" P "bGFzdA==\",\"mod_revision\":\"8\","
	    "\"value\":\"bWU=\"},"
	    "{\"key\":\"" P "bGVhZGVy\",\"lease\":\"5\",\"value\":\"eW91\"},"
	    "{\"key\":\"" P "bWVtYmVycy9h\",\"create_revision\":\"3\","
	    "\"lease\":\"10\",\"value\":\"NiBh\"},"
	    "{\"key\":\"" P "bWVtYmVycy9i\",\"create_revision\":\"4\","
	    "\"lease\":\"11\",\"value\":\"NyBi\"}]}";
	struct elect_etcd_view v = { 0 };
	struct elect_etcd_keys k;
	const char *why = NULL;

	if (elect_etcd_keys(&k, "a/b") == -1)
		abort();
	ok(elect_etcd_view(whole, sizeof(whole) - 1, &k, 11, &v, &why) == 0 &&
	    strcmp(v.leader, "you") == 0 && v.leader_lease == 5 &&
	    strcmp(v.last, "me") == 0 && v.last_revision == 8,
	    "a leader, and the last one");
	ok(v.joined && v.members->n == 2 && !v.members->v[0].self &&
	    v.members->v[1].self && v.members->v[0].order == 3 &&
	    v.members->v[0].lease == 6 * WHEN_SECOND, "members, and ourselves");
	elect_etcd_view_clear(&v);
	ok(elect_etcd_view("{\"header\":{}}", 13, &k, 11, &v, &why) == 0 &&
	    v.leader == NULL && v.last == NULL && v.members->n == 0 &&
	    !v.joined, "nothing");
	elect_etcd_view_clear(&v);
	ok(elect_etcd_view("{}", 2, &k, 11, &v, &why) == -1 &&
	    strstr(why, "another kind") != NULL, "what is no answer");
	elect_etcd_view_clear(&v);
	ok(elect_etcd_view("<", 1, &k, 11, &v, &why) == -1 &&
	    strstr(why, "no JSON") != NULL, "a page");
	elect_etcd_view_clear(&v);
	ok(elect_etcd_view(HEAD "{\"key\":\"*\"}]}", sizeof(HEAD) - 1 + 13, &k,
	    11, &v, &why) == -1 && strstr(why, "base64") != NULL,
	    "a key that is none");
	elect_etcd_view_clear(&v);
	elect_etcd_keys_clear(&k);
}

static int
granted(const char *text, int64_t *lease, int64_t *seconds)
{
	const char *why;

	return (elect_etcd_granted(text, strlen(text), lease, seconds, &why));
}

static int
renewed(const char *text, int64_t *seconds)
{
	const char *why;

	return (elect_etcd_renewed(text, strlen(text), seconds, &why));
}

static void
check_answers(void)
{
	static const char stream[] = "{\"error\":{\"grpc_code\":16,"
	    "\"message\":\"invalid auth token\"}}",
	    plain[] = "{\"error\":\"no\",\"message\":\"not found\","
	    "\"code\":5}";
	int64_t lease, seconds;
	const char *why;
	char said[64], *token;

	ok(granted("{\"ID\":\"2324035546064247045\",\"TTL\":\"2\"}", &lease,
	    &seconds) == 0 && lease == INT64_C(2324035546064247045) &&
	    seconds == 2, "a lease and its seconds");
	ok(granted("{\"ID\":\"1\"}", &lease, &seconds) == -1 &&
	    granted("{\"TTL\":\"1\"}", &lease, &seconds) == -1 &&
	    granted("{\"ID\":\"1\",\"TTL\":\"-1\"}", &lease, &seconds) == -1 &&
	    granted("{\"ID\":\"1\",\"TTL\":\"99999999\"}", &lease,
	    &seconds) == -1, "no lease without both, or for days");
	ok(renewed("{\"result\":{\"TTL\":\"2\"}}\n", &seconds) == 0 &&
	    seconds == 2, "renewed");
	ok(renewed("{\"result\":{\"ID\":\"5\"}}", &seconds) == 0 &&
	    seconds == 0, "gone");
	ok(renewed("{}", &seconds) == -1, "neither");
	ok(elect_etcd_done("{\"header\":{},\"succeeded\":true}", 30, &why) ==
	    1 && elect_etcd_done("{\"header\":{}}", 13, &why) == 0 &&
	    elect_etcd_done("[]", 2, &why) == -1, "done, not done, neither");
	ok(elect_etcd_error(stream, sizeof(stream) - 1, said, sizeof(said)) ==
	    ELECT_ETCD_UNAUTHENTICATED &&
	    strcmp(said, "invalid auth token") == 0, "an error of a stream");
	ok(elect_etcd_error(plain, sizeof(plain) - 1, said, sizeof(said)) ==
	    ELECT_ETCD_NOT_FOUND && strcmp(said, "not found") == 0 &&
	    elect_etcd_error("{}", 2, said, sizeof(said)) == 0, "an error");
	token = elect_etcd_token("{\"token\":\"abc\"}", 15, &why);
	ok(token != NULL && strcmp(token, "abc") == 0, "a token");
	free(token);
	ok(elect_etcd_token("{\"token\":\"a\\r\\nb\"}", 18, &why) == NULL,
	    "none that would be two headers");
}

int
main(void)
{
	check_base64();
	check_requests();
	check_view();
	check_answers();
	return (failed);
}
