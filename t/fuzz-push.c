#include <stdint.h>
#include <string.h>

#include "labels.h"
#include "must.h"
#include "push.h"

int	LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static int
within(const char *p, size_t len, const char *whole, size_t whole_len)
{
	return (len == 0 || (p >= whole && p + len <= whole + whole_len));
}

/*
 * A request, JSON if it begins as such: profiles are bytes of it, or of what
 * is decoded from it, and belong to a series that is there.
 */
int
LLVMFuzzerTestOneInput(const uint8_t *in, size_t len)
{
	static const struct push_limits limits = { 20, 20 };
	const char *p = (const char *)in, *why = NULL;
	const struct push_sample *s;
	struct push push = { 0 };
	size_t i, profiles = 0;
	int json = len > 0 && p[0] == '{';

	if ((json ? push_json : push_proto)(p, len, &limits, &push,
	    &why) == -1) {
		must(why != NULL);
		goto out;
	}
	must(push.series <= limits.series && push.samples <= limits.samples);
	for (i = 0; i < push.samples; i++) {
		s = &push.sample[i];
		profiles += s->len;
		must(s->series < push.series);
		must(within(s->id, s->id_len, p, len));
		must(json ? within(s->p, s->len, push.bytes,
		    len / 4 * 3 + 3) : within(s->p, s->len, p, len));
	}
	must(profiles <= len);
	for (i = 0; i < push.series; i++)
		must(push.labels[i].n <= LABELS_MAX);
out:
	push_free(&push);
	return (0);
}
