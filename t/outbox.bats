#!/usr/bin/env bats
# An outbox keeps to outbox_capacity_mb. Sizes are counted in blocks of 4 KiB.
#
# Each was seen to fail with cmd/ship/outroom.c or outwalk.c broken for it.

load lib

KIB=1024
MIB=$((1024 * KIB))

setup()
{
	prof_setup
	settings
}

# settings: an outbox of 1 MiB, or CAPACITY.
settings()
{
	conf <<-EOF
	[destination.main]
	type = file
	url = file:$OUTBOX
	outbox_capacity_mb = ${CAPACITY:-1}
	workers = 2
	retry_count = 1
	EOF
}

# profile TIME KIB [SERVICE]: a record on standard output, of a profile that
# began at TIME (2026-11-22T09:57:57Z) with an attachment of so many KiB.
profile()
{
	{
		printf -- '--XX\r\nContent-Disposition: form-data; '
		printf 'name="event"; filename="event.json"\r\n\r\n'
		printf '{"start":"%s","tags_profiler":"service:%s"}' \
		    "$1" "${3:-shop}"
		printf '\r\n--XX\r\nContent-Disposition: form-data; '
		printf 'name="a"; filename="a.pprof"\r\n\r\n'
		head -c $(($2 * KIB)) /dev/zero
		printf '\r\n--XX--\r\n'
	} | record -C 'multipart/form-data; boundary=XX'
}

ship()
{
	prof-ship -c "$CONF" "$@"
}

# held: bytes on disk of what is in the outbox, the directories of days and
# services apart.
held()
{
	find "$OUTBOX"/202* -mindepth 2 -printf '%b\n' |
	    awk '{ n += $1 } END { print n * 512 }'
}

# kept: what is there, the oldest first.
kept()
{
	(cd "$OUTBOX" && find . -mindepth 3 -maxdepth 3 |
	    sed -n 's,^\./\([^/]*\)/[^/]*/\([0-9]\{6\}\)-.*,\1 \2,p' | sort)
}

id()
{
	sed -n '/^id: /{ s///p; q; }' "$1"
}

# evicted LOG...: the ids that were.
evicted()
{
	sed -n 's/.* id=\([^ ]*\) msg="evicted".*/\1/p' "$@"
}

gone_from()
{
	[ -z "$(find "$OUTBOX" -name "*$1*")" ]
}

# last BYTES FILE: a record that makes the outbox hold so many.
last()
{
	local one

	# An event and a directory are its least.
	profile 2026-11-22T12:00:00Z 4 >least
	prof-ship -u "file:$PWD/least.d" least >/dev/null
	one=$(OUTBOX=$PWD/least.d held)
	profile 2026-11-22T12:00:00Z $((($1 - $(held) - one) / KIB + 4)) >"$2"
}

# filled BYTES: three profiles, and a fourth that makes it so many.
filled()
{
	local n

	for n in 0 1 2; do
		profile "2026-11-22T0$n:00:00Z" 200 >"r$n"
	done
	ship r0 r1 r2
	last "$1" r3
	ship r3
}

@test "a block less than the capacity is not too much" {
	filled $((MIB - 4 * KIB))
	[ "$(held)" -eq $((MIB - 4 * KIB)) ]
	[ "$(kept | wc -l)" -eq 4 ]
}

@test "what fills it to the last block is not too much" {
	filled $MIB
	[ "$(held)" -eq $MIB ]
	[ "$(kept | wc -l)" -eq 4 ]
}

@test "with a block more the oldest goes, and no more than that" {
	filled $((MIB + 4 * KIB))
	[ "$(kept | head -n 1)" = "2026-11-22 010000" ]
	[ "$(kept | wc -l)" -eq 3 ]
	gone_from "$(id r0)"
}

@test "the oldest are those of the oldest day, then of the earliest time" {
	local n=0 time

	# They come in another order, from several services.
	for time in 22T05:00:00 21T23:00:00 22T01:00:00 20T12:00:00 \
	    22T03:00:00 21T01:00:00; do
		profile "2026-11-${time}Z" 160 "s$((n += 1))" >"r$n"
	done
	ship r1 r2 r3 r4 r5 r6
	kept >before
	[ "$(wc -l <before)" -eq 6 ]
	profile 2026-11-22T04:00:00Z 160 >r7
	ship r7
	kept | diff - <(tail -n 5 before | sed '4a 2026-11-22 040000')
	# The day that held nothing more has gone too.
	[ ! -e "$OUTBOX/2026-11-20" ]
	[ ! -e "$OUTBOX/2026-11-21/s6" ] || [ -n "$(ls "$OUTBOX/2026-11-21/s6")" ]
}

@test "lines of metrics and points go like profiles, by their day and time" {
	local i day

	day=$(date -u +%Y-%m-%d)
	for i in 1 2 3; do
		head -c $((200 * KIB)) /dev/zero | tr '\0' x |
		    record -k "$([ $i = 2 ] && echo point || echo metric)" >"l$i"
		sleep 0.002
	done
	ship l1 l2 l3
	[ "$(find "$OUTBOX/$day" -name '*.line' | wc -l)" -eq 3 ]
	# Of tomorrow, so the lines are older.
	profile "$(date -u -d tomorrow +%Y-%m-%d)T00:00:00Z" 700 >r
	ship r
	gone_from "$(id l1)"
	gone_from "$(id l2)"
	[ -e "$OUTBOX/$day/metrics/$(id l3).line" ]
	[ ! -e "$OUTBOX/$day/points" ]
	[ "$(kept | wc -l)" -eq 1 ]
}

@test "many small ones go down to 95 percent, and each is logged and counted" {
	local n id evicted

	for n in {10..59}; do
		profile "2026-11-22T01:00:${n}Z" 16 >"r$n"
	done
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	cat r[1-5]* | prof-spool -c "$CONF" put - >ids
	poll 20 is 0 holds new
	poll 20 is 0 holds queue
	stop ship
	stop spool
	# 42 of 24 KiB at most; which, the order that they came in says.
	[ "$(held)" -le $MIB ]
	evicted=$(figure ship.main 'prof_ship_evicted_total{queue="main"}')
	[ "$evicted" -ge 8 ]
	[ "$(kept | wc -l)" -eq $((50 - evicted)) ]
	# What came while one looked may stand in it twice.
	[ "$(figure ship.main 'prof_ship_outbox_bytes{queue="main"}')" -ge \
	    "$(held)" ]
	[ "$(grep -c 'msg="evicted"' ship.log)" -eq "$evicted" ]
	evicted ship.log | while read -r id; do
		gone_from "$id"
	done
	prof-spool -c "$CONF" check
}

@test "from full by one, room is made down to 95 percent in one go" {
	local n

	for n in {10..46}; do
		profile "2026-11-22T01:00:${n}Z" 16 >"r$n"
	done
	ship r*
	[ "$(kept | wc -l)" -eq 37 ]
	held=$(held)
	profile 2026-11-22T02:00:00Z $(((MIB - held) / KIB)) >r
	ship r
	[ "$(held)" -le $((MIB * 95 / 100 + held / 37)) ]
	[ "$(held)" -ge $((MIB * 95 / 100)) ]
	# The oldest, without a gap.
	kept >left
	n=$(head -n 1 left)
	[ "${n##* 0100}" -eq $((47 - $(wc -l <left) + 1)) ]
}

# plant: what others keep in the outbox, older than anything, and a lot of it.
plant()
{
	local old=$OUTBOX/2000-01-01
	local id=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11

	mkdir -p "$old/shop/notes" "$old/shop/000000-$id/below" \
	    "$old/a b/000000-$id" "$old/metrics/$id.line" "$old/x/000000-short" \
	    "$OUTBOX/mine/shop/000000-$id" "$OUTBOX/2000-1-1/shop/000000-$id" \
	    "$OUTBOX/.tmp/live"
	ln -s ../../../elsewhere "$old/shop/000001-$id"
	ln -s ../elsewhere "$old/linked"
	mkdir -p "elsewhere/000000-$id"
	for file in "$old/README" "$old/shop/$id.lines" "$old/shop/000002-$id" \
	    "$old/shop/000000-$id/x" "$old/a b/000000-$id/x" \
	    "$old/x/000000-short/x" "$old/shop/notes/x" \
	    "$OUTBOX/mine/shop/000000-$id/x" "$OUTBOX/README" \
	    "$OUTBOX/2000-1-1/shop/000000-$id/x" "$OUTBOX/.tmp/live/x" \
	    "elsewhere/000000-$id/x"; do
		head -c $((200 * KIB)) /dev/zero >"$file"
	done
}

@test "what is not its own, and what is being written, stays and is not counted" {
	mkdir "$OUTBOX"
	plant
	find "$OUTBOX" elsewhere | sort >before
	exec {fd}<"$OUTBOX/.tmp/live"
	flock "$fd"
	filled $MIB
	[ "$(kept | grep -c 2026)" -eq 4 ]
	profile 2026-11-22T13:00:00Z 900 >r
	ship r
	[ "$(kept | grep 2026)" = "2026-11-22 130000" ]
	find "$OUTBOX" elsewhere -not -path '*/2026-11-22*' | sort |
	    diff before -
	exec {fd}<&-
}

@test "one that is larger than the capacity does not stay" {
	filled $MIB
	profile 2026-11-23T00:00:00Z 1100 >r
	ship r
	[ -z "$(kept)" ]
	# And the next is welcome.
	profile 2026-11-23T00:00:01Z 100 >r
	ship r
	[ "$(kept)" = "2026-11-23 000001" ]
}

few()
{
	[ "$(kept | wc -l)" -le "$1" ]
}

@test "one that holds too much is trimmed at start, and by SIGHUP" {
	CAPACITY=3 settings
	filled $((2 * MIB))
	[ "$(kept | wc -l)" -eq 4 ]
	prof-spool -c "$CONF" init
	CAPACITY=2 settings
	start ship prof-ship -c "$CONF" -d main
	CAPACITY=1 settings
	[ "$(kept | wc -l)" -eq 4 ]
	kill -HUP "$(pid ship)"
	poll 10 few 0
	stop ship
	CAPACITY=3 settings
	filled $((2 * MIB))
	CAPACITY=1 settings
	start ship prof-ship -c "$CONF" -d main
	poll 10 few 0
	stop ship
	# The last was too large by itself.
	[ "$(grep -c 'msg="evicted"' ship.log)" -eq 8 ]
}

# whole: every profile that is there has all its files; no draft is left.
whole()
{
	local dir

	for dir in "$OUTBOX"/2*/*/*-*; do
		[ ! -e "$dir" ] || [[ -e $dir/a.pprof &&
		    -e $dir/event.json ]] || fail "half: $dir"
	done
	[ -z "$(ls "$OUTBOX/.tmp")" ]
}

@test "two at one outbox: nothing half, nothing twice, nobody fails" {
	local n

	for n in {10..49}; do
		profile "2026-11-$((n % 3 + 20))T01:00:${n}Z" 40 \
		    "s$((n % 2))" >"r$n"
	done
	ship r1* r2* >one.out 2>one.log 3>&- &
	ship r3* r4* >two.out 2>two.log
	wait $!
	[ "$(cat one.out two.out | grep -c ' ok stored$')" -eq 40 ]
	[ "$(held)" -le $MIB ]
	whole
	evicted one.log two.log | sort >ids
	[ "$(uniq -d ids)" = "" ]
	[ $(($(wc -l <ids) + $(kept | wc -l))) -eq 40 ]
	! cat one.log two.log | grep -v 'msg="evicted"' || false
}

@test "killed while it removes one, the next clears that away" {
	filled $MIB
	profile 2026-11-22T13:00:00Z 100 >r
	# Its second unlinkat is that of the first file's neighbour.
	run -137 strace -f -o /dev/null -e trace=unlinkat \
	    -e inject=unlinkat:signal=KILL:when=2 prof-ship -c "$CONF" r
	[ "$(find "$OUTBOX/.tmp" -mindepth 1 -maxdepth 1 | wc -l)" -eq 1 ]
	gone_from "0000-$(id r0)"
	ship r
	whole
	[ "$(kept | wc -l)" -eq 4 ]
}

@test "a directory that another made again is made durable again" {
	profile 2026-11-20T01:00:00Z 800 >old
	profile 2026-11-22T01:00:00Z 500 >new
	profile 2026-11-20T02:00:00Z 100 >again
	{
		cat old new
		waits 10 [ -e "$OUTBOX/2026-11-22" ]
		waits 10 [ ! -e "$OUTBOX/2026-11-20" ]
		# As one does who dies before the fsync.
		mkdir -p "$OUTBOX/2026-11-20/shop"
		cat again
	} | ASAN_OPTIONS=detect_leaks=0 strace -f -y -o trace \
	    -e trace=fsync prof-ship -c "$CONF" -
	[ "$(kept)" = "2026-11-20 020000
2026-11-22 010000" ]
	[ "$(grep -c 'fsync(.*/outbox>' trace)" -eq 3 ]
}

@test "a directory that goes away under its hands is no failure" {
	profile 2026-11-22T01:00:00Z 100 >r
	ASAN_OPTIONS=detect_leaks=0 run -0 strace -f -o /dev/null \
	    -e inject=renameat2:error=ENOENT:when=1 prof-ship -c "$CONF" r
	[[ $output == *" ok stored" ]]
	whole
}

# stored DATE: has a profile of that day come?
stored()
{
	[ -n "$(find "$OUTBOX/$1" -name event.json)" ]
}

@test "an outbox that is removed is made again, and kept to its capacity" {
	profile 2026-11-20T01:00:00Z 800 >old
	profile 2026-11-22T01:00:00Z 800 >new
	profile 2026-11-23T01:00:00Z 100 >last
	{
		cat old
		waits 10 stored 2026-11-20
		rm -r "$OUTBOX"
		cat new
		waits 10 stored 2026-11-22
		rm -r "$OUTBOX"
		cat old new last
	} | prof-ship -c "$CONF" - 2>log
	run ! grep -v -e ' ok stored' -e 'msg="evicted"' log
	[ "$(kept)" = "2026-11-22 010000
2026-11-23 010000" ]
	whole
}

@test "one whose directory cannot be written says so and goes on" {
	local meek=()

	# Root that minds a directory's mode.
	[ "$(id -u)" -ne 0 ] ||
	    meek=(setpriv "--bounding-set=-dac_override,-dac_read_search")
	filled $MIB
	chmod a-w "$OUTBOX/2026-11-22/shop"
	profile 2026-11-23T00:00:00Z 100 >r
	run -0 "${meek[@]}" prof-ship -c "$CONF" r
	[[ $output == *'msg="cannot remove from the outbox"'* ]]
	chmod u+w "$OUTBOX/2026-11-22/shop"
}
