# For the tests of elections: hosts that pull the same targets, and whom they
# ask. Beside pull.bash.
# shellcheck shell=bash


# election WHAT NAME [ADDRESS]: t/election.py as NAME, in that directory.
election()
{
	# For start.
	# shellcheck disable=SC2034
	local WRAP=(python3)

	mkdir -p "$2"
	start "$2" "$TOP/t/election.py" "$1" "$2" "${@:3}"
}

# host NAME LINE...: a configuration, NAME.conf, with a spool of its own,
# $TARGETS targets (2) and these lines of [election]; id is NAME.
host()
{
	local n

	{
		printf '%s\n' '[profile.io_config]' \
		    "cache_path = $PWD/$1.spool"
		for ((n = 1; n <= ${TARGETS:-2}; n++)); do
			printf '%s\n' '[profile.go]' \
			    "url = http://$(at fake)/ok/$n" \
			    'enabled_types = goroutine' "headers = X-Test: $1"
		done
		printf '%s\n' '[election]' 'enable = true' "id = $1" "${@:2}"
	} >"$1.conf"
	prof-spool -c "$1.conf" init
}

# up NAME: run it, each target every $EVERY (200ms).
up()
{
	start "$1" prof-pull -c "$1.conf" -w "${EVERY:-200ms}"
}

# tells NAME TEXT [N]: has it logged so many lines with it (1)?
tells()
{
	[ "$(grep -c -- "$2" "$1.log")" -ge "${3:-1}" ]
}

# pulls NAME N: has it asked the targets so often?
pulls()
{
	[ "$(grep -c " $1\>" fake/log)" -ge "$2" ]
}

# more NAME N: N times more than by now.
more()
{
	poll 20 pulls "$1" $(($(grep -c " $1\>" fake/log) + $2))
}

# seen: who has pulled, in turn; gap N: seconds without anybody, the Nth time.
seen()
{
	python3 "$TOP/t/election.py" seen fake/log | head -n 1
}

gap()
{
	python3 "$TOP/t/election.py" seen fake/log |
	    sed -n "$(($1 + 1))s/.* //p"
}

# within A B: is the number A less than B?
within()
{
	awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }' ||
	    fail "$1 is not less than $2"
}

# owners: which target was pulled last by whom.
owners()
{
	python3 "$TOP/t/election.py" owners fake/log
}

# shared NAMES [FROM TO]: wait until each target is pulled by one of those, all
# of them having some; all that changes hands comes from, or goes to, the last
# word: "shared 'a b' to b". FILE owned has what was before.
shared()
{
	local had

	poll 30 share_is "$1"
	had=$(wc -l <fake/log)
	poll 30 all_since "$had"
	owners >owned.now
	if [ "$#" -eq 3 ]; then
		diff owned owned.now | if [ "$2" = to ]; then
			! grep '^>' | grep -v " $3\$"
		else
			! grep '^<' | grep -v " $3\$"
		fi || fail "other targets have moved as well"
		run ! cmp -s owned owned.now
	fi
	mv owned.now owned
}

# all_since N: each target was pulled behind that line of the log.
all_since()
{
	[ "$(sed "1,$1d" fake/log | cut -d ' ' -f 2 | sort -u | wc -l)" -eq \
	    "$TARGETS" ]
}

share_is()
{
	[ "$(owners | wc -l)" -eq "$TARGETS" ] &&
	    [ "$(owners | cut -d ' ' -f 2 | sort -u | tr '\n' ' ')" = "$1 " ]
}

# joins_and_leaves AT: members come, and go as they please, and are killed.
joins_and_leaves()
{
	local TARGETS=12 EVERY=3s name

	fake
	for name in a b c; do
		asks "$name" "$1" 'mode = shard'
	done
	up a
	shared a
	up b
	shared 'a b' to b
	up c
	shared 'a b c' to c
	poll 20 is 3 shown b prof_pull_members
	tells b 'msg="shares" members=3'
	stop b
	shared 'a c' from b
	slay c
	shared a from c
	stop a
	stop fake
	python3 "$TOP/t/election.py" evenly fake/log 3
}

# shown NAME FIGURE: of stat/pull of that host, without its labels.
shown()
{
	awk -v name="$2" 'index($0, name " ") == 1 || index($0, name "{") == 1 {
		print $NF
	}' "$1.spool/stat/pull"
}

# What each backend has to stand. A test file has a function
#
#	asks NAME AT [LINE...]	a host that asks whoever is at that address
#
# and $LEASE, how many seconds nobody need pull when one is lost: two more,
# and what a busy machine takes.

# candidates AT NAME...: run them, the first being elected.
candidates()
{
	local at=$1 name

	fake
	asks "$2" "$at"
	up "$2"
	more "$2" 3
	for name in "${@:3}"; do
		asks "$name" "$at"
		up "$name"
		poll 20 tells "$name" 'msg="not elected"'
	done
}

# survives_kill AT: of three the first is killed, then the second stopped.
survives_kill()
{
	candidates "$1" a b c
	slay a
	poll 20 pulls '[bc]' 1
	within "$(gap 1)" $((LEASE + 2))
	more '[bc]' 10
	up a
	poll 20 tells a 'msg="not elected"' 1
	more '[bc]' 10
	[[ $(seen) = "a "[bc] ]]
	stop a
	stop b
	stop c
	stop fake
}

# survives_stop AT: the first is stopped for longer than it is elected, and
# goes on then.
survives_stop()
{
	candidates "$1" a b
	kill -STOP "$(pid a)"
	more b 5
	within "$(gap 1)" $((LEASE + 2))
	kill -CONT "$(pid a)"
	poll 20 tells a 'msg="not elected"'
	more b 10
	[ "$(seen)" = "a b" ]
	stop a
	stop b
	stop fake
}

# survives_cut AT: the first is cut off from whom it asks.
survives_cut()
{
	fake
	election wire wire "$1"
	asks a "$(at wire)"
	up a
	more a 3
	asks b "$1"
	up b
	poll 20 tells b 'msg="not elected"'
	kill -STOP "$(pid wire)"
	poll 20 tells a 'msg="election in doubt" reason="no answer in time"'
	more b 5
	tells a 'msg="not elected" reason="no answer in time"'
	within "$(gap 1)" $((LEASE + 2))
	kill -CONT "$(pid wire)"
	poll 20 tells a 'msg="election answered again"'
	more b 10
	[ "$(seen)" = "a b" ]
	stop a
	stop b
	stop wire
	stop fake
}
