#!/usr/bin/env bats
# prof run is stopped and started under load, by SIGTERM and by kill -9.
#
# Seen to fail when prof-recv answered before draft_commit had run and left
# without waiting for it, and when prof-ship left its uploads under way.

load lib

setup()
{
	prof_setup
	start sink sink "$PWD/sink"
	# So long that a stop finds uploads under way.
	echo "delay 20" >sink/mode
	settings 127.0.0.1:0
	start run prof run -c "$CONF"
	# It must come back where the client looks for it.
	settings "$(recv_at)"
	: >receipts
	command load -c 8 -r 200 -o receipts "$(recv_at)" >load.out \
	    2>load.log 3>&- &
	echo $! >load.pid
}

# settings ADDRESS
settings()
{
	cat >"$CONF" <<-EOF
	[http_api]
	listen = $1
	[profile.io_config]
	cache_path = $SPOOL
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	workers = 8
	EOF
}

receipts()
{
	[ "$(wc -l <receipts)" -ge "$1" ]
}

# Some uploads more have been answered 200.
goes_on()
{
	poll 20 receipts $(($(wc -l <receipts) + 100))
}

# Every program has ended, whoever stopped it.
nothing_runs()
{
	flock -n "$SPOOL/lock/spool" flock -n "$SPOOL/lock/ship.main" \
	    flock -n "$SPOOL/lock/metrics" flock -n "$SPOOL/lock/recv" true
}

# stops_well: nothing was lost between the receipts and the destination, and
# nothing was sent twice, for every stop was a clean one.
stops_well()
{
	kill "$(cat load.pid)"
	# What it could not bring to an end has no receipt.
	wait "$(cat load.pid)" || [ $? -eq 111 ]
	cat load.out load.log
	poll 30 empty
	stop run
	stop sink
	python3 "$TOP/t/delivered.py" receipts sink 0 metrics
	prof-spool -c "$CONF" check
	[ "$(holds tmp)" -eq 0 ]
	[ "$(holds dead)" -eq 0 ]
}

@test "prof run stopped and started 10 times under load loses nothing" {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		goes_on
		stop run
		nothing_runs
		prof-spool -c "$CONF" check
		start run prof run -c "$CONF"
	done
	goes_on
	stops_well
}

@test "prof run killed by kill -9 under load loses nothing" {
	for _ in 1 2 3; do
		goes_on
		slay run
		poll 20 nothing_runs
		prof-spool -c "$CONF" check
		start run prof run -c "$CONF"
	done
	goes_on
	stops_well
}
