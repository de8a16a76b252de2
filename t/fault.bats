#!/usr/bin/env bats
# Errors of the disk at the system calls of each program, while a client writes
# and destinations read: no 200 for what is lost, nothing bad is delivered, the
# program lives, or ends and starts clean, and uploads are taken again within 5 s
# of the last error.
#
# In a run each call fails once, at a place chosen by PROF_SEED; there is one run
# for each error. With PROF_POINTS=every it is one call after the other, each
# error, the first time, the second, until there are no more. prof-pull's and
# prof-pyro's are in t/pull_kill.bats and t/pyro_sets.bats. Seen to fail when a
# commit's error was not looked at.
# shellcheck disable=SC2034 # for start

BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-240}
load lib
load whole
load hurt

ERRORS="ENOSPC EIO EMFILE EDQUOT EINTR"
# write is in the last test: of those that are no writes to a file, which strace
# cannot tell, none fails like this.
CALLS="openat pwrite64 fallocate fsync renameat renameat2 linkat unlinkat"
CALLS+=" getdents64 mkdirat ftruncate fchmod"

setup()
{
	prof_setup
	hurt_setup 4
	RANDOM=$SEED
}

traced()
{
	! grep -q '^TracerPid:[[:space:]]*0$' /proc/"$1"/task/*/status
}

# accepted: is an upload answered 200?
accepted()
{
	command load -u 1 -s 4000 -o receipts "$(recv_at)" >>load.out 2>&1 3>&-
}

# back: the victim is there, as it always was or started again; it has not been
# killed by a mistake of its own.
back()
{
	local status=0

	gone "$(pid "$victim")" || return 0
	ended "$victim" || status=$?
	[ "$status" -eq 111 ] || fail "$victim ended with $status"
	up "$victim"
}

# fails ERROR CALL:N...: let these calls of the victim fail so, its n-th of each
# thread. How many failed is in $failed.
fails()
{
	local spec pid inject=()

	for spec in "${@:2}"; do
		inject+=(-e "inject=${spec%:*}:error=$1:when=${spec#*:}")
	done
	strace -f -qq -p "$(pid "$victim")" -o trace "${inject[@]}" \
	    2>>strace.err 3>&- &
	pid=$!
	poll 5 traced "$(pid "$victim")"
	loads -c 2 -u 4 -s 4000
	loads -u 1 -s 200000
	waits 2 empty || :
	kill "$pid" || :
	wait "$pid" || :
	back
	poll 5 accepted
	poll 20 empty
	back
	sweep
	books_hold
	# A temporary file in stat/ goes with the next figures.
	poll 15 prof-spool -c "$CONF" fsck
	failed=$(grep -c INJECTED trace || :)
	total=$((total + failed))
}

# each NAME: all of it of that program.
each()
{
	[ "$(id -u)" -eq 0 ] || skip "root alone may trace what has secrets"
	local victim=$1 total=0 error call n specs name

	pipeline 'commits = 2'
	for error in $ERRORS; do
		specs=()
		for call in $CALLS; do
			specs+=("$call:$((RANDOM % 4 + 1))")
			for ((n = 1; n == 1 || failed > 0; n++)); do
				[ "$POINTS" = every ] || break
				fails "$error" "$call:$n"
			done
		done
		[ "$POINTS" = every ] || fails "$error" "${specs[@]}"
	done 2>>kills.log
	for name in "${PROGRAMS[@]}" sink; do
		stop "$name"
	done
	echo "$victim: $total calls failed"
	delivers
	[ "$(holds dead)" -eq 0 ]
	[ "$total" -gt 0 ]
}

@test "prof-recv loses nothing when its calls fail" {
	each recv
}

@test "prof-spool loses nothing when its calls fail" {
	each spool
}

@test "prof-ship loses nothing when its calls fail" {
	each main
}

@test "prof-ship to files loses nothing when its calls fail" {
	each copy
}

@test "prof-metrics loses nothing when its calls fail" {
	each metrics
}

@test "writes that are short or interrupted lose and tear nothing" {
	local name

	cc -shared -fPIC -D_GNU_SOURCE -o short.so "$TOP/t/short.c"
	pipeline
	for name in "${PROGRAMS[@]}"; do
		stop "$name"
		WRAP=(env "LD_PRELOAD=$PWD/short.so")
		up "$name"
	done
	WRAP=()
	loads -c 4 -u 40 -s 20000
	loads -u 3 -s 3000000
	poll 30 empty
	books_hold
	prof-spool -c "$CONF" fsck
	for name in "${PROGRAMS[@]}" sink; do
		stop "$name"
	done
	[ "$(wc -l <receipts)" -eq 43 ]
	delivers 0
	[ "$(holds dead)" -eq 0 ]
}
