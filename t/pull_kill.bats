#!/usr/bin/env bats
# prof-pull killed anywhere, and targets restarted: of what grows no interval is
# lost, none is sent twice, and nothing is negative.
#
# PROF_SEED and PROF_KILLS choose the kills. Seen to fail when the baselines
# took their places before the commit's rename, when the record went to new/
# before it (by the kills at system calls), and when a start did not replay.

BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-300}
load lib
load pull
load hurt

setup()
{
	prof_setup
	KILLS=${PROF_KILLS:-40}
	SEED=${PROF_SEED:-$RANDOM}
	RANDOM=$SEED
	fake
	echo ok >fake/x
	aim x heap,mutex,block,goroutine
}

up()
{
	start pull prof-pull -c "$CONF" -w 60ms
}

# chains: the deltas of each type are as they should be.
chains()
{
	local type

	for type in heap mutex block; do
		pulled chain $type fake/log "$SPOOL"/keep/pull/*.$type
	done
}

# tidy: nothing is left of what was under way.
tidy()
{
	# Drafts of records alone are prof-spool's to sweep.
	find "$SPOOL"/tmp/pull -type f -delete
	[ -z "$(find "$SPOOL"/tmp/pull -mindepth 1)" ]
	[ "$(find "$SPOOL/keep" -type f | wc -l)" -eq 3 ]
	[ -z "$(find "$SPOOL/keep/pull" -mindepth 1 -type d)" ]
	prof-spool -c "$CONF" fsck
}

@test "killed at random, again and again" {
	local i

	echo "PROF_SEED=$SEED PROF_KILLS=$KILLS"
	up
	for ((i = 0; i < KILLS; i++)); do
		sleep "0.$(printf %03d $((RANDOM % 120 + 30)))"
		slay pull
		up
	done 2>kills.log
	poll 20 said 1 'msg="pulled".*types=heap,mutex,block'
	stop pull
	stop fake
	chains
	tidy
}

# hurt_at CALL WHAT: do WHAT (strace's inject) at each CALL of a round in turn,
# until a round has no more of them; after each another round follows.
hurt_at()
{
	local n

	for ((n = 1; n < 60; n++)); do
		# It ends with 111, or, as with EINTR, tries again.
		ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -e "trace=$1" \
		    -e "inject=$1:$2:when=$n" \
		    prof-pull -1 -c "$CONF" >>pull.log 2>&1 || [ $? -eq 111 ]
		# The next one replays what is left of it.
		prof-pull -1 -c "$CONF" >>pull.log 2>&1
		grep -q INJECTED trace || break
	done 2>>kills.log
	echo "$1 $2: $((n - 1)) times"
	[ "$n" -gt 1 ]
}

# killed N: a round killed at its N-th call, for each_point. The round after it
# replays what is left of it.
killed()
{
	"${KILLAT[@]}" -n "$1" prof-pull -1 -c "$CONF" >>pull.log 2>&1 ||
	    [ $? -eq 137 ]
	prof-pull -1 -c "$CONF" >>pull.log 2>&1
	counted
}

@test "killed at each system call of a round" {
	hurt_setup 50
	prof-pull -1 -w 50ms -c "$CONF"
	each_point killed 2>>kills.log
	stop fake
	chains
	tidy
}

@test "each system call of a commit fails" {
	local call error errors=(EIO ENOSPC)

	[ "${PROF_POINTS:-}" != every ] || errors+=(EMFILE EDQUOT EINTR)
	prof-pull -1 -w 50ms -c "$CONF"
	for error in "${errors[@]}"; do
		for call in mkdirat fsync renameat2 renameat pwrite64 fchmod \
		    unlinkat getdents64; do
			hurt_at $call "error=$error"
		done
	done
	stop fake
	chains
	tidy
}

@test "killed while its target restarts, now and then" {
	local i total=0 files

	up
	for ((i = 0; i < 5; i++)); do
		poll 20 made $((total += 3)) delta-heap.pprof
		slay pull
		# With this request it begins anew.
		echo restart >fake/x
		up
		poll 20 said $((i + 1)) 'type=heap reason="a value went back"'
		echo ok >fake/x
	done 2>kills.log
	stop pull
	stop fake
	mapfile -t files < <(new)
	python3 - "$TOP/t" "${files[@]}" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	import pulled
	for r in pulled.records(sys.argv[2:]):
	    for part in r.parts:
	        p = pulled.pprof.Profile(part.content)
	        assert p.least() >= 0, (r.id, part.filename, p.least())
	        assert "delta" not in part.filename or p.duration > 0, r.id
	END
}
