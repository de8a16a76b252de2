#include "intake_trouble.h"

#include <stddef.h>
#include <string.h>

#include "log.h"
#include "when.h"

#define AGAIN	(10 * WHEN_SECOND)
#define OVER	WHEN_SECOND

/* Is it time to say this reason? */
static int
trouble_due(struct intake_trouble *t, const char *why)
{
	int i;

	for (i = 0; i < INTAKE_REASONS; i++)
		if (t->reason[i].why == NULL || t->reason[i].why == why)
			break;
	if (i == INTAKE_REASONS)
		return (0);
	if (t->reason[i].why == why && t->last < t->reason[i].again)
		return (0);
	t->reason[i].why = why;
	t->reason[i].again = t->last + AGAIN;
	return (1);
}

void
intake_trouble_refused(struct intake_trouble *t, const char *remote,
    const char *why, int cause)
{
	t->last = when_mono();
	t->refused++;
	if (!trouble_due(t, why))
		return;
	log_err(NULL, "upload refused",
	    "remote=%s status=503 reason=%s%s%s refused=%llu", remote,
	    log_quote(why), cause != 0 ? " error=" : "",
	    cause != 0 ? log_quote(strerror(cause)) : "",
	    (unsigned long long)(t->refused - t->said));
	t->said = t->refused;
}

void
intake_trouble_taken(struct intake_trouble *t)
{
	if (t->refused == 0 || when_mono() - t->last < OVER)
		return;
	log_info(NULL, "taking uploads again", "refused=%llu",
	    (unsigned long long)t->refused);
	memset(t, 0, sizeof(*t));
}
