/*
 * Nobody works by what it saw longer than its own lease after that. So who
 * becomes a member waits, before it works, for as long as the others' leases
 * last: then nobody works any more by what he saw before. All who work see all
 * who work, and agree whose each piece is. Who is no longer seen has a lease
 * that is over, and so has let go; there is no wait for that.
 */
#include "elect_etcd_host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "elect_backend.h"
#include "elect_etcd.h"
#include "elect_members.h"
#include "when.h"

/* The leader's key is ours. */
void
elect_etcd_led(struct elect_etcd *d, int back)
{
	d->won = 1;
	elect_led_by(d->elect, d->name);
	elect_hold(d->elect, elect_bound(d->leased,
	    d->seconds * WHEN_SECOND), back, "the leader's key is ours");
	elect_etcd_wait(d, elect_etcd_period(d));
}

/* As leader, candidate, or neither. */
void
elect_etcd_look_leader(struct elect_etcd *d, struct elect_etcd_view *v)
{
	char said[300];

	if (v->leader != NULL && v->leader_lease == d->lease) {
		elect_etcd_led(d, d->won);
		return;
	}
	d->won = 0;
	elect_led_by(d->elect, v->leader != NULL ? v->leader : "");
	if (v->leader == NULL && v->members->n == 0) {
		free(d->last);
		d->last = v->last;
		v->last = NULL;
		d->last_revision = v->last_revision;
		elect_etcd_ask(d, ELECT_ETCD_CAMPAIGN);
		return;
	}
	if (v->leader != NULL)
		snprintf(said, sizeof(said), "another is elected: %s",
		    v->leader);
	else
		snprintf(said, sizeof(said), "others have mode = shard");
	elect_lose(d->elect, said);
	elect_etcd_wait(d, elect_etcd_period(d));
}

/* Another tenth for clocks at other rates. */
static int64_t
share_from(const struct elect_etcd *d, const struct elect_members *m)
{
	int64_t lease = elect_members_lease(m);

	return (d->joined + lease + lease / 10);
}

void
elect_etcd_look_shard(struct elect_etcd *d, struct elect_etcd_view *v)
{
	int64_t pause = elect_etcd_period(d), left;
	char said[300];

	if (v->leader != NULL) {
		snprintf(said, sizeof(said), "another has mode = leader: %s",
		    v->leader);
		elect_lose(d->elect, said);
		elect_etcd_wait(d, pause);
		return;
	}
	if (!v->joined) {
		if (d->joined != 0)
			elect_lose(d->elect, "our key was removed");
		d->joined = 0;
		elect_etcd_ask(d, ELECT_ETCD_JOIN);
		return;
	}
	if (d->joined == 0) {
		d->joined = when_mono();
		d->from = share_from(d, v->members);
	}
	snprintf(said, sizeof(said), "one of %zu members", v->members->n);
	elect_share(d->elect, v->members);
	v->members = NULL;
	left = d->from - when_mono();
	if (left <= 0)
		elect_hold(d->elect, elect_bound(d->leased,
		    d->seconds * WHEN_SECOND), 0, said);
	elect_etcd_wait(d, left > 0 && left < pause ? left : pause);
}
