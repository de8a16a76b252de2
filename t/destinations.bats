#!/usr/bin/env bats
# A destination that fails for a while and is then well again, each way that
# prof.7 "Destinations" tells, with 1,000 records, while two others are well:
# all is delivered, or dead, as told there, once; the failing one is probed and
# not stormed; the others have everything while it still fails. How long they
# took is told, not tested.

load lib

RECORDS=1000
WORKERS=4

setup()
{
	prof_setup
}

# settings URL [LINE...]: the configuration; first is the one that will fail.
settings()
{
	conf <<-EOF
	retry_min = 20ms
	retry_max = 200ms
	probe_interval = 200ms
	[destination.first]
	url = $1
	workers = $WORKERS
	retry_count = 2
	timeout = 400ms
	$(printf '%s\n' "${@:2}")
	[destination.second]
	url = http://$(cat second/address)
	[destination.box]
	type = file
	url = file:$OUTBOX
	EOF
}

told()
{
	printf '%s\n' "$@" >first/mode.new
	mv first/mode.new first/mode
}

address()
{
	cat first/address
}

# begin URL [LINE...]: everything runs, and the records are put.
begin()
{
	local name

	start second sink second
	settings "$@"
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	for name in first second box; do
		start "ship.$name" prof-ship -c "$CONF" -d "$name" -v
	done
	SECONDS=0
	echo 'm,host=a f=1i' | record -k metric -n $RECORDS |
	    prof-spool -c "$CONF" put - |
	    python3 -uc 'import sys, time
for line in sys.stdin:
    print(line.strip(), time.time())' >receipts
	cut -d ' ' -f 1 receipts | sort >ids
	[ "$(wc -l <ids)" -eq $RECORDS ]
	poll 30 is 0 holds new
}

# got NAME: the ids that a sink took, one a line.
got()
{
	awk '$2 == 200 { print $3 }' "$1/log" | sort
}

boxed()
{
	find "$OUTBOX" -name '*.line' -printf '%f\n' | sed 's/\.line$//' | sort
}

# failed: how many attempts at the first one failed.
failed()
{
	grep -c 'msg="attempt failed"' ship.first.log
}

failed_more()
{
	[ "$(failed)" -ge "$1" ]
}

# took NAME: of "ID TIME" lines, how long after the record was put.
took()
{
	awk 'FNR == NR { put[$1] = $2; next }
	    { ms = ($2 - put[$1]) * 1000; print ms < 0 ? 0 : ms }' receipts - |
	    sort -n | awk -v name="$1" '{ ms[NR] = $1 } END {
		printf "%s p50 %d ms, p99 %d ms", name, ms[int(NR * .5)],
		    ms[int(NR * .99)] }'
}

# others: the other two get everything, now, while the first one fails.
others()
{
	poll 30 is 0 holds queue/second
	poll 30 is 0 holds queue/box
	got second | cmp - ids
	boxed | cmp - ids
	# It fails still, and is tried still.
	[ "$(holds queue/first)" -gt 0 ]
	poll 10 failed_more $(($(failed) + 2))
	echo "# $BATS_TEST_DESCRIPTION: $(awk '{ print $3, $1 }' second/log |
	    took second); $(find "$OUTBOX" -name '*.line' -printf '%f %C@\n' |
	    sed 's/\.line//' | took outbox)" >&3
}

# probed MOST: no more than so many attempts, one at a time once it is known.
probed()
{
	FAILED=$(failed)
	echo "$FAILED attempts in $SECONDS s, at most $1 are right"
	[ "$FAILED" -le "$1" ]
	[ ! -e first/log ] || tail -n +$((2 * WORKERS + 1)) first/log |
	    awk '$5 > 1 { print; n++ } END { exit n != 0 }'
}

# Of one that is down: rounds of 2, with 150 ms at least between them but for
# the first four.
down_probes()
{
	echo $((2 * WORKERS + 8 + (SECONDS + 1) * 2 * 1000 / 150))
}

suspended_probes()
{
	echo $((WORKERS + 1 + (SECONDS + 1) * 1000 / 200))
}

is_said()
{
	grep -qx "prof_ship_state{queue=\"first\",state=\"$1\"} 1" \
	    "$SPOOL/stat/ship.first" &&
	    grep -q "^prof_ship_last_answer_info{queue=\"first\",reason=\"$2" \
	    "$SPOOL/stat/ship.first"
}

# settled: it is well: all arrives, each once, and the books are right.
settled()
{
	poll 30 is 0 holds queue
	got first | cmp - ids
	# Nothing but what was put, under its own id.
	[ -z "$(cut -d ' ' -f 3 first/log | sort -u | comm -23 - ids)" ]
	over
}

# over: everything ends well.
over()
{
	local name

	for name in ship.first ship.second ship.box spool; do
		stop $name
	done
	[ "$(holds dead)" -eq 0 ]
	run -0 prof-spool -c "$CONF" check
	[[ $output =~ first\ +$RECORDS\ +$RECORDS\ +0\ +0\ +0\ +0 ]]
	[[ $output =~ second\ +$RECORDS\ +$RECORDS\ +0\ +0\ +0\ +0 ]]
	[[ $output =~ box\ +$RECORDS\ +$RECORDS\ +0\ +0\ +0\ +0 ]]
	[ ! -d first ] || [ ! -e run/first.pid ] || stop first
	stop second
	[ "$(got second | wc -l)" -eq $RECORDS ]
}

# down MODE...: a destination that answers so is down, then well again.
down()
{
	start first sink first
	told "$@"
	begin "http://$(address)"
	others
	probed "$(down_probes)"
	is_said down "$REASON"
	told 'status 200'
	settled
}

suspended()
{
	start first sink first
	told "$@"
	begin "http://$(address)"
	others
	probed "$(suspended_probes)"
	is_said suspended "$REASON"
	told 'status 200'
	settled
}

@test "connection refused" {
	local at

	start first sink first
	at=$(address)
	stop first
	begin "http://$at"
	others
	probed "$(down_probes)"
	is_said down 'Failed to connect'
	start first sink -p "${at#*:}" first
	settled
}

@test "a hanging destination" {
	REASON='Operation timed out' down hang
}

@test "503" {
	REASON='503 ' down 'status 503'
}

# spaced SECONDS: after those under way at first, no two refusals are nearer.
spaced()
{
	awk '$2 == 429 { print $1 }' first/log | sort -n |
	    tail -n +$((WORKERS + 1)) | awk -v least="$1" '
	    NR > 1 && $1 - last < least { print; n++ } { last = $1 }
	    END { exit n != 0 }'
}

@test "429 with Retry-After in seconds" {
	start first sink first
	told 'status 429' 'retry-after 1'
	begin "http://$(address)"
	others
	probed $((2 * WORKERS + SECONDS + 2))
	spaced 0.9
	is_said down '429 '
	told 'status 200'
	settled
}

@test "429 with Retry-After as a date" {
	local until

	start first sink first
	until=$(($(date +%s) + 9))
	told 'status 429' "retry-after $(LC_ALL=C date -u -d "@$until" \
	    '+%a, %d %b %Y %H:%M:%S GMT')"
	begin "http://$(address)"
	poll 30 is 0 holds queue/second
	poll 30 is 0 holds queue/box
	got second | cmp - ids
	boxed | cmp - ids
	# Nobody asks until then, be it long ago by now.
	[ "$(awk -v until="$until" '$2 == 429 && $1 < until - 1' first/log |
	    wc -l)" -le $((2 * WORKERS)) ]
	is_said down '429 '
	told 'status 200'
	settled
	awk -v until="$until" '$2 == 200 && $1 < until - 1 { print; n++ }
	    END { exit n != 0 }' first/log
}

@test "401" {
	REASON='401 ' suspended 'status 401'
}

@test "404" {
	REASON='404 ' suspended 'status 404'
}

@test "413 for some" {
	start first sink first
	told 'status 413' 'body too much' 'times 300'
	begin "http://$(address)"
	poll 30 is 0 holds queue
	got second | cmp - ids
	boxed | cmp - ids
	# 300 are dead, the others there; nobody was asked twice.
	[ "$(wc -l <first/log)" -eq $RECORDS ]
	[ "$(got first | uniq | wc -l)" -eq 700 ]
	[ "$(prof-spool -c "$CONF" ls -l dead |
	    grep -c ' dead first .* 413 too much$')" -eq 300 ]
	run -0 prof-spool -c "$CONF" check
	[[ $output =~ first\ +$RECORDS\ +700\ +0\ +300\ +0\ +0 ]]
	prof-spool -c "$CONF" retry -a -q first
	settled
}

@test "a connection reset in the middle of a body" {
	REASON='' down reset
}

# certificate NAME: for localhost, signed by itself.
certificate()
{
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" \
	    -out "$1.pem" -subj /CN=localhost -days 2 \
	    -addext 'subjectAltName = DNS:localhost' 2>/dev/null
}

@test "a certificate of an authority that is not trusted" {
	certificate good
	certificate other
	mkdir run
	python3 "$TOP/t/tls.py" first good.pem good.key 3>&- &
	echo $! >tls.pid
	poll 10 test -s first/address
	begin "https://$(address)" "ca_file = $PWD/other.pem"
	others
	probed "$(down_probes)"
	is_said down 'SSL certificate problem'
	[ ! -e first/ids ]
	# In the same directory, so that the sandbox has it.
	settings "https://$(address)" "ca_file = $PWD/good.pem"
	kill -HUP "$(pid ship.first)"
	poll 30 is 0 holds queue
	sort first/ids | cmp - ids
	over
	kill "$(cat tls.pid)"
	wait "$(cat tls.pid)" || :
}

@test "a name that does not resolve" {
	start first sink first
	# The port that it will have, so that the sandbox has it.
	begin "http://backend.invalid:$(address | cut -d : -f 2)/"
	others
	probed "$(down_probes)"
	is_said down ''
	[ ! -s first/log ]
	settings "http://$(address)"
	kill -HUP "$(pid ship.first)"
	settled
}

@test "a resolver that does not answer in time holds nothing up" {
	conf <<-EOF
	[destination.first]
	url = http://backend.invalid:9/
	retry_count = 1
	timeout = 300ms
	EOF
	echo m | record -k metric >r
	ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -P /etc/hosts \
	    -e trace=openat -e inject=openat:delay_enter=60000000 \
	    prof-ship -c "$CONF" -d first r >out 2>&1 3>&- &
	poll 20 grep -q ' retry Resolving timed out' out
	grep -q /etc/hosts trace
	# Without its tracer the thread goes on at once.
	kill -9 $!
	wait $! || :
}
