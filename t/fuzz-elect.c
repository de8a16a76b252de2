/* Whatever a Dataway or an etcd answers is an answer, or refused. */
/* covers: common/elect_dataway_parse.c common/elect_etcd_answer.c */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "elect_dataway.h"
#include "elect_etcd.h"
#include "elect_members.h"
#include "when.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

static void
etcd(const char *p, size_t len)
{
	struct elect_etcd_view v = { 0 };
	struct elect_etcd_keys k;
	int64_t lease, seconds;
	const char *why;
	char said[32];

	if (elect_etcd_keys(&k, "n") == -1)
		abort();
	if (elect_etcd_view(p, len, &k, 7, &v, &why) == 0 &&
	    v.members->n > 0 && elect_members_owner(v.members, 1) == NULL)
		abort();
	elect_etcd_view_clear(&v);
	elect_etcd_keys_clear(&k);
	if (elect_etcd_granted(p, len, &lease, &seconds, &why) == 0 &&
	    (lease == 0 || seconds < 1 || seconds > 86400))
		abort();
	if (elect_etcd_renewed(p, len, &seconds, &why) == 0 &&
	    (seconds < 0 || seconds > 86400))
		abort();
	(void)elect_etcd_done(p, len, &why);
	free(elect_etcd_token(p, len, &why));
	if (elect_etcd_error(p, len, said, sizeof(said)) != 0 &&
	    strlen(said) >= sizeof(said))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	const char *p = (const char *)bytes, *why = NULL;
	struct elect_dataway_answer a;

	if (elect_dataway_parse(p, len, "n", "me", &a, &why) == -1) {
		if (why == NULL)
			abort();
	} else if (a.interval < WHEN_SECOND || a.interval > 60 * WHEN_SECOND)
		abort();
	etcd(p, len);
	return (0);
}
