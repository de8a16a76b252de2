#include "health.h"

#include <stddef.h>

#include "answer.h"
#include "backoff.h"

int
health_may(const struct health *h, int64_t now)
{
	return (h->state == HEALTH_WELL ||
	    (h->probe == NULL && now >= h->until));
}

void
health_take(struct health *h, const void *who)
{
	if (h->state != HEALTH_WELL)
		h->probe = who;
}

static void
health_well(struct health *h, int64_t now)
{
	h->state = HEALTH_WELL;
	h->probe = NULL;
	h->until = 0;
	h->fails = 0;
	h->last_ok = now;
}

/* Did others get through while this one did not? Then it is the record. */
static int
health_others(const struct health *h, int64_t began)
{
	return (h->state == HEALTH_WELL && h->last_ok > began);
}

int
health_answer(struct health *h, const void *who, const struct answer *a,
    int64_t began, int64_t now)
{
	int known = h->state != HEALTH_WELL && h->probe != who;

	if (a->ours || a->kind == ANSWER_BACK)
		return (0);
	switch (a->kind) {
	case ANSWER_OK:
	case ANSWER_DEAD:
		health_well(h, now);
		return (0);
	case ANSWER_SUSPEND:
		if (known)
			return (1);
		if (health_others(h, began))
			return (0);
		h->state = HEALTH_SUSPENDED;
		h->probe = NULL;
		h->until = now + h->probe_interval;
		return (0);
	default:
		break;
	}
	if (known)
		return (1);
	if (health_others(h, began))
		return (0);
	h->state = HEALTH_DOWN;
	h->probe = who;
	return (0);
}

void
health_failed(struct health *h, const void *who, int64_t after, int64_t now)
{
	int64_t pause;

	if (h->state != HEALTH_DOWN || h->probe != who)
		return;
	pause = backoff_part(backoff_step(h->pause_min, h->pause_max,
	    h->fails));
	if (pause < after)
		pause = after;
	if (h->fails < 64)
		h->fails++;
	h->probe = NULL;
	h->until = now + pause;
}

void
health_leave(struct health *h, const void *who)
{
	if (h->probe == who)
		h->probe = NULL;
}

unsigned int
health_window(const struct health *h, unsigned int full, int64_t now)
{
	if (h->state == HEALTH_WELL)
		return (full);
	return (h->probe != NULL || now >= h->until ? 1 : 0);
}

int64_t
health_opens(const struct health *h)
{
	return (h->state != HEALTH_WELL && h->probe == NULL ? h->until : 0);
}

const char *
health_word(enum health_state state)
{
	static const char *const words[] = { "ok", "down", "suspended" };

	return (words[state]);
}
