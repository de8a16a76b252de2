#include "tally.h"

#include <inttypes.h>

#include "buf.h"
#include "expose.h"
#include "fetch.h"
#include "order.h"
#include "pull.h"
#include "roster.h"
#include "target.h"
#include "when.h"

static int
tally_missed(const struct tally *t, struct buf *b)
{
	static const char *const whys[TALLY_MISSED] = { "busy", "full",
	    "unable", "not_elected", "late" };
	size_t i;

	if (expose_type(b, "prof_pull_rounds_missed_total", "counter",
	    "Rounds that were due and not begun.") == -1)
		return (-1);
	for (i = 0; i < TALLY_MISSED; i++)
		if (buf_addf(b, "prof_pull_rounds_missed_total{reason=\"%s\"} "
		    "%" PRIu64 "\n", whys[i], t->missed[i]) == -1)
			return (-1);
	return (0);
}

static int
tally_fetches(const struct tally *t, struct buf *b)
{
	size_t i, j;

	if (expose_type(b, "prof_pull_fetches_total", "counter",
	    "Profiles asked for, by type and by what came.") == -1)
		return (-1);
	for (i = 0; i < KINDS; i++)
		for (j = 0; j < TALLY_RESULTS; j++)
			if (t->fetches[i][j] != 0 && buf_addf(b,
			    "prof_pull_fetches_total{type=\"%s\",result=\"%s\""
			    "} %" PRIu64 "\n", kinds[i].name,
			    j == TALLY_NO_PROFILE ? "no_profile" :
			    fetch_ends[j], t->fetches[i][j]) == -1)
				return (-1);
	return (0);
}

/* Each target that is ours: did anything come of the last round? */
static int
tally_targets(const struct pull *pull, struct buf *b)
{
	const struct target *t;

	if (expose_one(b, "prof_pull_targets", "gauge", "Targets configured.",
	    roster_targets(pull->roster)) == -1 ||
	    expose_one(b, "prof_pull_targets_mine", "gauge",
	    "Those that this host pulls.", roster_mine(pull->roster)) == -1 ||
	    expose_type(b, "prof_pull_target_up", "gauge",
	    "Whether a target's last round brought anything.") == -1)
		return (-1);
	for (t = roster_first(pull->roster); t != NULL;
	    t = TAILQ_NEXT(t, next))
		if (t->mine &&
		    (buf_adds(b, "prof_pull_target_up{target=\"") == -1 ||
		    expose_label(b, t->order->shown) == -1 ||
		    buf_addf(b, "\",id=\"%016" PRIx64 "\"} %d\n", t->hash,
		    t->up != 0) == -1))
			return (-1);
	return (0);
}

static int
tally_records(const struct tally *t, struct buf *b)
{
	if (expose_one(b, "prof_pull_records_total", "counter",
	    "Records committed.", t->records) == -1 ||
	    expose_type(b, "prof_pull_records_lost_total", "counter",
	    "Records that were not committed.") == -1 ||
	    buf_addf(b, "prof_pull_records_lost_total{reason=\"spool\"} "
	    "%" PRIu64 "\n"
	    "prof_pull_records_lost_total{reason=\"not_elected\"} "
	    "%" PRIu64 "\n", t->lost_records, t->late_records) == -1 ||
	    histogram_print_times(&t->commit, b, "prof_pull_commit_seconds",
	    "", "From deltas made to their record on stable storage.") == -1)
		return (-1);
	return (histogram_print_sizes(&t->size, b, "prof_pull_record_bytes",
	    "", "Size of the bodies of records committed."));
}

/* What is said, as a label. */
static int
tally_said(struct buf *b, const char *name, const char *label,
    const char *said, const char *help)
{
	if (expose_type(b, name, "gauge", help) == -1 ||
	    buf_addf(b, "%s{%s=\"", name, label) == -1 ||
	    expose_label(b, said) == -1)
		return (-1);
	return (buf_adds(b, "\"} 1\n"));
}

static int
tally_changes(const struct tally *t, struct buf *b)
{
	static const char *const changes[ELECT_CHANGES] = { "won", "back",
	    "lost", "shared", "leader", "trouble", "answered", "files" };
	size_t i;

	if (expose_type(b, "prof_pull_election_changes_total", "counter",
	    "What happened in the election.") == -1)
		return (-1);
	for (i = 0; i < ELECT_CHANGES; i++)
		if (buf_addf(b, "prof_pull_election_changes_total{change="
		    "\"%s\"} %" PRIu64 "\n", changes[i], t->elections[i]) ==
		    -1)
			return (-1);
	return (0);
}

/* A time of when_mono's in unix seconds. */
static uint64_t
unix_seconds(int64_t then)
{
	return ((uint64_t)((when_now() - (when_mono() - then)) / WHEN_SECOND));
}

static int
tally_election(const struct pull *pull, struct buf *b)
{
	const struct elect *e = pull->elect;

	if (expose_one(b, "prof_pull_elected", "gauge",
	    "Whether this host may pull.", elect_may(e) != 0) == -1 ||
	    tally_said(b, "prof_pull_elected_info", "reason",
	    elect_why(e), "Why it may, or not.") == -1 ||
	    expose_one(b, "prof_pull_elected_timestamp_seconds", "gauge",
	    "Since when it has been so.", unix_seconds(elect_since(e))) ==
	    -1 || tally_said(b, "prof_pull_leader_info", "name",
	    elect_leader(e), "Who leads; empty: that is not known.") == -1 ||
	    expose_one(b, "prof_pull_leader_timestamp_seconds", "gauge",
	    "Since when that has been so.",
	    unix_seconds(elect_leader_since(e))) == -1 ||
	    expose_one(b, "prof_pull_members", "gauge",
	    "Hosts that share the targets; 0: one has all.",
	    elect_members(e)) == -1 ||
	    expose_one(b, "prof_pull_election_trouble", "gauge",
	    "Whether the last answer was bad, or none came.",
	    elect_trouble(e)[0] != '\0') == -1 ||
	    tally_said(b, "prof_pull_election_trouble_info", "reason",
	    elect_trouble(e), "What was bad; empty: nothing.") == -1)
		return (-1);
	return (tally_changes(&pull->tally, b));
}

int
tally_print(const struct pull *pull, struct buf *b)
{
	const struct tally *t = &pull->tally;

	if (tally_election(pull, b) == -1 ||
	    expose_one(b, "prof_pull_rounds_total", "counter",
	    "Rounds begun.", t->rounds) == -1 ||
	    expose_one(b, "prof_pull_running_rounds", "gauge",
	    "Rounds under way.", t->running) == -1 ||
	    tally_missed(t, b) == -1 || tally_fetches(t, b) == -1 ||
	    expose_one(b, "prof_pull_access_files_stale", "gauge",
	    "Sets of files of TLS that changed, and were not taken.",
	    fetcher_stale(pull->fetcher) +
	    (elect_stale(pull->elect)[0] != '\0')) == -1 ||
	    expose_one(b, "prof_pull_fetched_bytes_total", "counter",
	    "Bytes of profiles as they came.", t->fetched) == -1 ||
	    expose_one(b, "prof_pull_baselines_total", "counter",
	    "Profiles kept without one before to compare with.",
	    t->first) == -1 ||
	    expose_one(b, "prof_pull_restarts_total", "counter",
	    "Profiles kept because their target was restarted.",
	    t->restarted) == -1 ||
	    tally_records(t, b) == -1)
		return (-1);
	return (tally_targets(pull, b));
}
