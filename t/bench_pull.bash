# t/bench's targets: what pulling from many costs, beside curl, which does the
# fetching alone.
# shellcheck shell=bash

PULL_TYPES=profile,goroutine,heap,mutex,block	# by their paths
PULL_INTERVALS=2	# after that of the first profiles

# pull_conf N: a spool, and N targets.
pull_conf()
{
	local i at

	at=$(<"$CELL/target/address")
	spool_new external
	for ((i = 1; i <= $1; i++)); do
		printf '%s\n' '[profile.go]' "url = http://$at/$i"
	done >>"$CELL/prof.conf"
}

# pull_fetches: how many profiles have come.
pull_fetches()
{
	awk '/^prof_pull_fetches_total.*"ok"/ { n += $NF } END { print n + 0 }' \
	    "$SPOOL/stat/pull"
}

# pull_round N: one in ten hangs; the processor's time per 1,000 that came.
pull_round()
{
	local spent

	mkdir -p "$CELL/target"
	start target "$BIN/target" -a 10 "$CELL/target"
	pull_conf "$1"
	start pull "$CMD/prof-pull" -c "$CELL/prof.conf"
	sleep $((10 + 10 * PULL_INTERVALS))
	spent=$(spent pull)
	note "pull.$1.peak_kib" "$(peak pull)"
	stop pull target
	echo "acked=$(pull_fetches)" >"$CELL/said"
	note_spent "pull.$1" "$spent"
	note "pull.$1.missed" "$(awk \
	    '/^prof_pull_rounds_missed_total/ { n += $NF } END { print n }' \
	    "$SPOOL/stat/pull")"
	rm -rf "$SPOOL"
}

# pull_curl N: as many fetches by curl, to nowhere.
pull_curl()
{
	local TIMEFORMAT='%U %S' spent

	start target "$BIN/target" "$CELL/target"
	spent=$({ time curl -sS -Z --parallel-max 50 -o /dev/null \
	    "http://$(<"$CELL/target/address")/[1-$1]/debug/pprof/{$PULL_TYPES}" \
	    2>"$CELL/curl.log"; } 2>&1) || die "curl: $(<"$CELL/curl.log")"
	stop target
	echo "acked=$((5 * $1))" >"$CELL/said"
	note_spent pull.curl "$spent"
}

# pull_targets N
pull_targets()
{
	local round

	for ((round = 1; round <= ${ROUNDS:?}; round++)); do
		# For note.
		# shellcheck disable=SC2034
		ROUND=$round
		pull_round "$1"
		pull_curl "$1"
	done
}
