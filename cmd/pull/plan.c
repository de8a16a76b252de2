#include "plan.h"

#include <stdlib.h>

#include "conf.h"

struct plan *
plan_new(struct conf *conf, struct conf *by_hand, int64_t wait)
{
	struct plan *p;

	if ((p = calloc(1, sizeof(*p))) == NULL) {
		conf_free(conf);
		conf_free(by_hand);
		return (NULL);
	}
	p->conf = conf;
	p->by_hand = by_hand;
	p->wait = wait;
	p->held = 1;
	return (p);
}

struct plan *
plan_hold(struct plan *p)
{
	p->held++;
	return (p);
}

void
plan_drop(struct plan *p)
{
	if (p == NULL || --p->held > 0)
		return;
	conf_free(p->conf);
	conf_free(p->by_hand);
	free(p);
}

const struct conf *
plan_targets(const struct plan *p)
{
	return (p->by_hand != NULL ? p->by_hand : p->conf);
}
