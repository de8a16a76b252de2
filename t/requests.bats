#!/usr/bin/env bats
# Real clients' requests go in through prof-recv and come out of prof-ship at
# an HTTP destination. The trips are made once, the tests look at what came.

load lib
load trips

# A trip: the plain one over TCP with nothing configured but a host; the tagged
# one over a unix socket with tags of every kind.
travel()
{
	local transport=$2 address file BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/$1

	export BATS_TEST_TMPDIR
	mkdir "$BATS_TEST_TMPDIR"
	prof_setup
	start sink sink "$PWD/sink"
	printf '%s\n' '[http_api]' \
	    "listen = 127.0.0.1:0, unix:$PWD/apm.sock" \
	    '[profile]' 'generate_metrics = false' \
	    '[profile.io_config]' "cache_path = $SPOOL" '[dataway]' \
	    "urls = http://$(cat sink/address)/?token=tkn_test&zone=a" >"$CONF"
	cat >>"$CONF"
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	address=$(recv_at)
	[ "$transport" = tcp ] || address=unix:$(recv_socket)
	for file in "$REQUESTS"/*.http; do
		case ${file##*/} in
		*-agent-*|curl-no-event.http|curl-put.http) continue ;;
		esac
		send -q "$address" "$file"
	done >"sent.$transport"
	poll 30 delivered "$transport"
	stop ship
	stop recv
	stop spool
	stop sink
}

# Everything sent has been delivered, and is forgotten.
delivered()
{
	[ "$(grep -c ' 200 ' sink/log)" -ge "$(wc -l <"sent.$1")" ] &&
	    [ "$(holds queue)" -eq 0 ] && [ "$(holds new)" -eq 0 ]
}

setup_file()
{
	travel plain tcp <<-EOF
	[global_host_tags]
	host = web-1
	EOF
	travel tagged unix <<-EOF
	[profile.tags]
	env = prod
	team = red
	noval = now
	[global_host_tags]
	host = web-1
	rack = r7
	EOF
	python3 "$TOP/t/requests.py" "$BATS_FILE_TMPDIR/facts" \
	    "$BATS_FILE_TMPDIR/plain" "$BATS_FILE_TMPDIR/tagged"
}

teardown_file()
{
	trips_end plain tagged
}

@test "requests.py notices every kind of damage" {
	python3 "$TOP/t/fake_trip.py" "$PWD/trips"
}

@test "every request over TCP and a unix socket is delivered just once" {
	fact delivered_once 54
}

@test "an upload goes to the configured address with the id answered" {
	fact addressed 54
}

@test "a client's end-to-end headers are sent on, and no others" {
	fact headers 54
}

@test "attachments and fields arrive byte for byte and in order" {
	fact attachments 54
}

@test "an event stays where it was in the form" {
	fact event_in_place 54
}

@test "every key of an event keeps its value and its place" {
	fact event_keys 54
}

@test "a body that needs no other tags goes out byte for byte" {
	fact untouched 54
}

@test "an event has what the backend needs to know" {
	fact event_complete 54
}

@test "tags are the client's in its order, then ours" {
	fact tags 54
}

@test "tags agree with the reference's" {
	fact tags_as_reference 54
}

@test "start and end agree with the reference's" {
	fact times 54
}

@test "the language agrees with the reference's" {
	fact language 54
}

@test "the format agrees with the reference's" {
	fact profile_format 54
}

@test "the profiler is told by the event, a tag or the client's headers" {
	fact profiler 54
}

@test "not as the reference (5): no key of an event is lost" {
	fact wire_7_5 54
}

@test "not as the reference (6): Node.js is never taken for Java" {
	fact wire_7_6_language 54
}

@test "not as the reference (6): tags keep their order" {
	fact wire_7_6_order 54
}

@test "not as the reference (12): an event does not list itself" {
	fact wire_7_12 54
}

@test "not as the reference (13): keys of an event do not become tags" {
	fact wire_7_13 54
}

@test "not as the reference (14): forms have a format and names" {
	fact wire_7_14 54
}

# refused STATUS FILE: prof-recv answers so and keeps nothing.
refused()
{
	conf </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	run -100 send -q "$(recv_at)" "$2"
	echo "$output"
	[[ "$output" = "$1 "* ]]
	[ "$(holds new)" -eq 0 ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "not as the reference (15): a body without an event is refused" {
	refused 400 "$REQUESTS"/curl-no-event.http
	[[ "$output" = *event* ]]
}

@test "PUT is refused" {
	refused 405 "$REQUESTS"/curl-put.http
}

@test "what tracers send to their agent is not found, and costs no connection" {
	conf </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	# Pipelined on one connection, with a profile behind them.
	run -100 send -q -p "$(recv_at)" "$REQUESTS"/dd-js-agent-*.http \
	    "$REQUESTS"/constructed-pyspy.http
	echo "$output"
	[ "$(cut -c 1-3 <<<"$output" | xargs)" = "404 404 404 200" ]
	[ "$(holds new)" -eq 1 ]
}
