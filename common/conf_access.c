#include "conf_access.h"

#include <string.h>

#include "conf.h"
#include "conf_build.h"
#include "conf_table.h"

/* An error at a key that is given, or may be missing. */
static void
wrong(struct conf_build *b, const struct conf_opening *o, const char *key,
    const char *why)
{
	unsigned int line = conf_build_line(o, key);

	if (!conf_build_wrong(o, key))
		conf_build_error(b, line != 0 ? line : o->line, key, "%s",
		    why);
}

static int
has_https(char *const *addresses, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strncmp(addresses[i], "https://", 8) == 0)
			return (1);
	return (0);
}

static void
check(struct conf_build *b, const struct conf_opening *o,
    const struct conf_access *a, int https)
{
	static const char alone[] = "found without an https:// address, "
	    "expected one";

	if (https && a->tls_cert_file == NULL)
		wrong(b, o, "tls_cert_file", "found nothing beside an "
		    "https:// address, expected a path");
	if (https && a->tls_key_file == NULL)
		wrong(b, o, "tls_key_file", "found nothing beside an "
		    "https:// address, expected a path");
	/* Who meant to be safe is not served in the clear. */
	if (!https && a->tls_cert_file != NULL)
		wrong(b, o, "tls_cert_file", alone);
	if (!https && a->tls_key_file != NULL)
		wrong(b, o, "tls_key_file", alone);
	if (!https && a->tls_client_ca_file != NULL)
		wrong(b, o, "tls_client_ca_file", alone);
}

void
conf_access_check(struct conf_build *b, const struct conf_opening *o)
{
	const struct conf *c = b->c;
	const struct conf_pyroscope *p;

	if (o->section->owner == CONF_OF_ALL) {
		check(b, o, &c->access, has_https(c->listen.v, c->listen.n));
		return;
	}
	p = &c->pyroscopes[o->owner];
	check(b, o, &p->access, has_https(&p->url, p->url != NULL));
}
