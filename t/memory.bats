#!/usr/bin/env bats
# Memory does not grow with what clients send. Under sanitizers the figures
# mean nothing; then only the deliveries are seen to.

load lib

BODY=$((32 << 20))		# bytes: body_size_limit_mb's default

setup()
{
	prof_setup
	start sink sink -d "$PWD/sink"
	conf <<-EOF
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	workers = 8
	EOF
	prof-spool -c "$CONF" init
}

# These are gigabytes: not to be left for the end of the whole run.
teardown()
{
	prof_teardown
	rm -rf "$SPOOL"
}

# peak NAME: the most memory that a started program ever had, in KiB.
peak()
{
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$(pid "$1")/status"
}

# at_most KIB NAME
at_most()
{
	echo "$2: $(peak "$2") KiB, at most $1"
	under_asan || [ "$(peak "$2")" -le "$1" ]
}

@test "prof-recv takes 64 bodies of 32 MiB at once in 8 MiB" {
	start recv prof-recv -c "$CONF"
	command load -w -c 64 -u 64 -s "$BODY" "$(recv_at)"
	[ "$(holds new)" -eq 64 ]
	at_most 8192 recv
}

@test "prof-ship rewrites and uploads 8 profiles of 32 MiB at once in 20 MiB" {
	start recv prof-recv -c "$CONF"
	start spool prof-spool -c "$CONF"
	command load -c 8 -u 8 -s "$BODY" "$(recv_at)"
	# Slow enough for all of them to be under way together.
	echo "rate 20000000" >sink/mode
	start ship prof-ship -c "$CONF" -d main
	poll 60 is 0 holds queue
	at_most 20480 ship
	cat sink/log
	[ "$(grep -c ' 200 ' sink/log)" -eq 8 ]
	# All at once, and more came than was sent: the tag.
	[ "$(cut -d ' ' -f 5 sink/log | sort -n | tail -n 1)" -eq 8 ]
	[ "$(cut -d ' ' -f 6 sink/log | sort -n | head -n 1)" -gt "$BODY" ]
}
