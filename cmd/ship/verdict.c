#include "verdict.h"

#include <stdint.h>
#include <stdio.h>

#include "answer.h"
#include "delivery.h"
#include "log.h"
#include "when.h"

/* To the nearest second; what the destination asked for at least. */
static long long
verdict_seconds(const struct delivery *d)
{
	int64_t ns = delivery_delay(d), after = delivery_answer(d)->after;
	int64_t seconds = (ns + WHEN_SECOND / 2) / WHEN_SECOND;

	if (seconds * WHEN_SECOND < after)
		seconds++;
	return ((long long)seconds);
}

void
verdict_text(char *text, size_t size, const struct delivery *d)
{
	const struct answer *a = delivery_answer(d);

	switch (a->kind) {
	case ANSWER_OK:
		snprintf(text, size, "ok");
		break;
	case ANSWER_BACK:
		snprintf(text, size, "back");
		break;
	case ANSWER_DEAD:
		snprintf(text, size, "dead %s", a->reason);
		break;
	default:
		snprintf(text, size, "retry %lld %s", verdict_seconds(d),
		    a->reason);
		break;
	}
}

void
verdict_log(const char *id, const char *to, const struct delivery *d)
{
	const struct answer *a = delivery_answer(d);
	const char *warning = delivery_warning(d);

	if (warning != NULL)
		log_warn(id, "odd record", "to=%s warning=%s", to,
		    log_quote(warning));
	switch (a->kind) {
	case ANSWER_OK:
		log_info(id, "delivered", "to=%s status=%d attempts=%u "
		    "bytes=%llu", to, a->status, delivery_tries(d),
		    (unsigned long long)delivery_length(d));
		break;
	case ANSWER_BACK:
		log_debug(id, "given back", "to=%s reason=%s", to,
		    log_quote(a->reason));
		break;
	case ANSWER_DEAD:
		log_err(id, "refused for good", "to=%s status=%d reason=%s",
		    to, a->status, log_quote(a->reason));
		break;
	default:
		log_warn(id, "not delivered", "to=%s status=%d attempts=%u "
		    "delay=%lld reason=%s", to, a->status, delivery_tries(d),
		    verdict_seconds(d), log_quote(a->reason));
		break;
	}
}
