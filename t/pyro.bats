#!/usr/bin/env bats
# Pyroscope clients' requests go in through prof-pyro and come out of prof-ship
# as files. Two trips are made once, the tests look at what came.

load lib
load trips

# The first TCP address of prof-pyro, as HOST:PORT; its first unix socket.
pyro_at()
{
	sed -n 's/^prof_pyro_listen_info{address="\([^u].*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro" | head -n 1
}

# travel NAME: a spool, prof-pyro and a destination in a directory of that name.
travel()
{
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/$1
	export BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR"
	prof_setup
	conf <<-END
		[profile.pyroscope]
		url = 127.0.0.1:0
		env = dev
		join_timeout = 500ms
		[profile.pyroscope.tags]
		team = ops
		[destination.main]
		type = file
		url = file:$OUTBOX
	END
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start pyro prof-pyro -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
}

# Everything taken was delivered, and is forgotten.
arrived()
{
	[ "$(holds new)" -eq 0 ] && [ "$(holds queue)" -eq 0 ] &&
	    [ "$(find "$SPOOL/keep/pyro" -type f | wc -l)" -eq 0 ]
}

home()
{
	poll 30 arrived
	stop ship
	stop pyro
	stop spool
}

setup_file()
{
	local file

	travel samples
	for file in "$DATA"/pyro/*.http; do
		send -q "$(pyro_at)" "$file"
	done >sent
	home
	python3 "$TOP/t/pyro.py" "$BATS_FILE_TMPDIR/facts" "$PWD"
	travel formats
	python3 "$TOP/t/pyro_formats.py" post "$(pyro_at)" >sent
	home
	python3 "$TOP/t/pyro_formats.py" facts "$BATS_FILE_TMPDIR/facts" "$PWD"
}

teardown_file()
{
	trips_end samples formats
}

@test "every client's request is taken and delivered once" {
	fact delivered_once 18
}

@test "each is answered as its client expects" {
	fact answers 18
}

@test "attachments have the names that the reference gives them" {
	fact file_names 18
}

@test "pprof and JFR pass byte for byte" {
	fact untouched 18
}

@test "stacks, totals and labels are the reference's" {
	fact stacks 18
}

@test "Node.js' heap profile is split by its sample types" {
	fact node_heap 18
}

@test "times are the request's, Node.js' as the reference has them" {
	fact times 18
}

@test "the event has the profiler, the language and the format" {
	fact event_words 18
}

@test "tags are the listener's, the client's and its labels" {
	fact tags 18
}

@test "every format, good and broken: 200 and a record, or 422 and none" {
	fact case_answered 108
}

@test "every format's stacks and counts are the reference's" {
	fact case_stacks 108
}

@test "stacks are text for an eBPF agent, pprof for others" {
	fact case_event 108
}
