#!/usr/bin/env bats
# Each program killed at each of its system calls, while a client writes and
# destinations read: nothing answered 200 is lost, nothing torn is delivered,
# the ledgers hold and fsck has nothing to say. prof-pull and prof-pyro are killed
# in t/pull_kill.bats and t/pyro_sets.bats. Seen to fail when a draft was renamed
# to new/ before it was sealed.
# shellcheck disable=SC2034 # for start, each_point

BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120}
load lib
load whole
load hurt

setup()
{
	prof_setup
	hurt_setup 12
}

# work: what a client does at each point: small uploads and a larger one. Now
# and then the sink has one of them tried again, which takes a second.
work()
{
	[ $((n % 8)) -ne 3 ] || printf 'status 503\ntimes 1\n' >sink/mode
	loads -c 2 -u 3 -s 4000
	loads -u 1 -s 200000
}

# hurt ARGS...: start the program $victim under killat ARGS, until it is ready
# or has died of it.
hurt()
{
	WRAP=("${KILLAT[@]}" "$@")
	up "$victim" 2>/dev/null || :
	WRAP=()
	! gone "$(pid "$victim")" || died
}

# died: the victim did; it is started again.
died()
{
	ended "$victim" || [ $? -eq 137 ]
	up "$victim"
}

# through: has all been uploaded, and delivered? And if the victim dies over it
# it is started again.
through()
{
	! gone "$(pid "$victim")" || died || return
	gone "$working" && empty
}

# point N ARGS...: kill it at the N-th call, let it work, and see that all is
# well. For each_point.
point()
{
	n=$1
	slay "$victim"
	hurt -n "$n" "${@:2}"
	work &
	working=$!
	poll 30 through
	wait "$working"
	# What comes last is the way out.
	kill "$(pid "$victim")" || :
	ended "$victim" || [ $? -eq 137 ]
	up "$victim"
	sweep
	books_hold
	prof-spool -c "$CONF" fsck
	counted
}

# each NAME [ARGS]: kill that program at each point; ARGS are killat's.
each()
{
	local victim=$1 hurts total working name

	pipeline 'commits = 1'
	each_point point "${@:2}" 2>>kills.log
	for name in "${PROGRAMS[@]}" sink; do
		stop "$name"
	done
	delivers
	[ "$(holds dead)" -eq 0 ]
}

@test "prof-recv killed at its system calls loses nothing" {
	each recv
}

@test "prof-spool killed at its system calls loses nothing" {
	each spool
}

@test "prof-ship killed at its system calls loses nothing" {
	each main
}

@test "prof-ship to files killed at its system calls loses nothing" {
	each copy
}

@test "prof-metrics killed at its system calls loses nothing" {
	each metrics
}

@test "prof-metrics' worker killed at its system calls loses nothing" {
	each metrics -a -w
}
