#!/usr/bin/env bats
# Over capacity, on a full disk, and with parts of the spool away: clear
# errors, no wrong 200, nothing lost, and all well again without a restart.

load lib

MIB=1048576
BODY=100000		# bytes of an upload
WRITERS=8

setup()
{
	prof_setup
	start sink sink "$PWD/sink"
	MEEK=()
	# Root that minds a directory's mode.
	[ "$(id -u)" -ne 0 ] ||
	    MEEK=(setpriv "--bounding-set=-dac_override,-dac_read_search")
}

# settings LINE...: for [profile.io_config], of the pipeline.
settings()
{
	{
		printf '%s\n' '[http_api]' "listen = ${at:-127.0.0.1:0}"
		printf '%s\n' '[profile]' 'generate_metrics = false'
		printf '%s\n' '[profile.io_config]' "cache_path = $SPOOL"
		printf '%s\n' "min_free_mb = ${FREE:-0}" "$@" '[destination.main]'
		printf '%s\n' 'type = dataway' "url = http://$(cat sink/address)"
		printf '%s\n' 'retry_min = 10ms' 'retry_max = 200ms'
		printf '%s\n' 'probe_interval = 200ms' '[global_host_tags]'
	} >"$CONF"
}

# pipeline LINE...: all of it, with such settings.
pipeline()
{
	settings "$@"
	prof-spool -c "$CONF" init
	starts spool prof-spool
	starts recv prof-recv
	starts ship prof-ship -d main
}

# starts NAME PROGRAM ARGS...
starts()
{
	# shellcheck disable=SC2034 # for start
	WRAP=("${MEEK[@]}")
	start "$1" "$2" -c "$CONF" "${@:3}"
}

# The destination is away; it is back.
sink_away()
{
	echo "status 503" >sink/mode
}

sink_back()
{
	: >sink/mode
}

# uploads ARGS...: with receipts; 0 too where some were refused.
uploads()
{
	command load -c "$WRITERS" -s "$BODY" -o receipts "$@" "$(recv_at)" \
	    >load.out || [ $? -eq 111 ]
	cat load.out
}

# post: upload a small profile, print the status.
post()
{
	curl -sS -o answer -D heads -w '%{http_code}\n' -F main=@- -F event=1 \
	    "http://$(recv_at)/profiling/v1/input" <<<"main 1" | tee -a posts
	cat answer >>answers
}

# Of the load's uploads so many were answered so.
answered()
{
	[[ $(cat load.out) == *" $1=$2"* ]]
}

# Ids with a receipt; queued; delivered; evicted, by the log. Sorted.
receipts()
{
	cut -d ' ' -f 1 receipts | sort
}

queued()
{
	find "$SPOOL/queue/main" -type f -printf '%f\n' | cut -c 1-36 | sort
}

delivered()
{
	awk '$2 == 200 { print $3 }' sink/log | sort
}

evicted()
{
	sed -n 's/.* id=\([^ ]*\) msg="evicted".*/\1/p' spool.log | sort
}

# The most that the spool's records and drafts ever occupied, in the file peak.
watch_disk()
{
	bash -c 'while :; do du -s --block-size=1 "$SPOOL"; done' >occupied \
	    2>/dev/null 3>&- &
	echo $! >watch.pid
	poll 5 test -s occupied
}

peak()
{
	kill "$(cat watch.pid)"
	wait "$(cat watch.pid)" || :
	sort -n occupied | tail -n 1 | cut -f 1
}

# within BYTES: the disk never held more than that and what an empty spool
# does, beside one body of each writer.
within()
{
	local peak

	peak=$(peak)
	echo "peak $peak, $(wc -l <occupied) looks, empty $(head -n 1 occupied)"
	[ "$peak" -le $(($1 + WRITERS * (BODY + 8192) +
	    $(head -n 1 occupied | cut -f 1) + 262144)) ]
}

# The books are exact, and everything is stopped.
ends_well()
{
	stop recv
	stop ship
	stop spool
	prof-spool -c "$CONF" check
	[ "$(holds tmp)" -eq 0 ]
}

@test "3 times over capacity evict keeps the newest, and each went by name" {
	local kept

	pipeline 'cache_capacity_mb = 4'
	sink_away
	watch_disk
	uploads -r 80 -u 126
	answered 200 126
	poll 10 is 0 holds new
	within $((4 * MIB))
	stop ship
	queued >kept
	evicted >gone
	# Each receipt is one or the other, and each went once.
	sort kept gone | cmp - <(receipts)
	kept=$(wc -l <kept)
	[ "$kept" -ge 36 ]
	# By admission the newest, but for what was out as the others went.
	sed -n 's/^in //p' "$SPOOL/ledger/main" | tail -n "$kept" | sort |
	    comm -13 - kept >older
	[ "$(wc -l <older)" -le "$WRITERS" ]
	[ "$(holds dead)" -eq 0 ]
	starts ship prof-ship -d main
	sink_back
	poll 20 empty
	delivered | cmp - kept
	ends_well
	[ "$(figure spool 'prof_spool_evicted_total{queue="main"}')" -eq \
	    "$(wc -l <gone)" ]
	[[ $(prof-spool -c "$CONF" check) =~ \
	    main\ +126\ +$kept\ +0\ +0\ +$((126 - kept))\ +0 ]]
}

@test "3 times over capacity reject answers 503, keeps all, opens again" {
	pipeline 'cache_capacity_mb = 4' 'when_full = reject'
	sink_away
	watch_disk
	uploads -r 80 -u 126
	[ "$(post)" = 503 ]
	grep -i '^retry-after: [0-9]' heads
	within $((4 * MIB))
	poll 10 is 0 holds new
	queued | cmp - <(receipts)
	[ "$(wc -l <receipts)" -ge 36 ]
	[ "$(grep -c 'spool is full' spool.log)" -eq 1 ]
	sink_back
	poll 20 is 200 post
	poll 20 empty
	delivered | comm -13 - <(receipts) | cmp - /dev/null
	[ "$(figure spool 'prof_spool_evicted_total{queue="main"}')" -eq 0 ]
	[ "$(delivered | wc -l)" -eq \
	    $(($(wc -l <receipts) + $(grep -c 200 posts))) ]
	ends_well
}

# at_most N FILE PATTERN: so many lines of a log match it, but one does.
at_most()
{
	local n

	n=$(grep -c -e "$3" "$2") || :
	echo "$3: $n lines"
	[ "$n" -ge 1 ] && [ "$n" -le "$1" ]
}

# floods: the load's uploads are refused, by hundreds, and the log is short.
floods()
{
	uploads -u 300
	answered 503 300
	at_most 3 recv.log 'msg="upload refused".*status=503'
	[ "$(wc -l <recv.log)" -lt 100 ]
}

# An upload is taken, and the log says so.
recovered()
{
	[ "$(post)" = 200 ] && grep 'msg="taking uploads again"' recv.log
}

# Uploads are taken again, and everything that was answered 200 since the
# beginning has come, once, or was evicted.
all_comes()
{
	poll 10 is 200 post
	poll 20 empty
	sed -n 's/.*ProfileID":"\([^"]*\)".*/\1/p' answers | sort - receipts |
	    cut -d ' ' -f 1 | sort >given
	sort <(delivered) <(evicted) | diff - given
	ends_well
}

@test "without new uploads are 503, and go on when it is back" {
	pipeline
	uploads -u 50
	# Or it is what is being admitted that is said.
	poll 10 is 0 holds new
	mv "$SPOOL/new" "$SPOOL/lost"
	floods
	poll 10 grep 'cannot read new' spool.log
	at_most 1 spool.log 'level=error'
	mv "$SPOOL/lost" "$SPOOL/new"
	poll 10 recovered
	grep 'msg="admitting again"' spool.log
	all_comes
}

# The queue's directory is somewhere else, or not ours to write, while uploads
# go on: they are taken, and wait in new/. $1 breaks it, $2 mends it.
queue_broken()
{
	pipeline
	sink_away
	uploads -u 20
	poll 10 is 0 holds new
	"$1"
	uploads -u 20
	answered 200 20
	sink_back
	poll 10 grep 'msg="cannot admit a record"' spool.log
	"$2"
	all_comes
	at_most 4 spool.log 'level=error'
	grep 'msg="admitting again"' spool.log
}

takes_away()
{
	mv "$SPOOL/queue/main" "$SPOOL/lost"
}

brings_back()
{
	mv "$SPOOL/lost" "$SPOOL/queue/main"
}

@test "a queue's directory that is away for a while loses nothing" {
	queue_broken takes_away brings_back
}

locks_up()
{
	chmod 0 "$SPOOL/queue/main"
}

unlocks()
{
	chmod 0750 "$SPOOL/queue/main"
}

@test "a queue's directory that cannot be read for a while loses nothing" {
	queue_broken locks_up unlocks
}

@test "what waits in new for a queue that cannot be written is not missing" {
	pipeline
	chmod 0550 "$SPOOL/queue/main"
	uploads -u 20
	answered 200 20
	poll 10 grep 'msg="cannot admit a record"' spool.log
	[[ $(prof-spool -c "$CONF" check) =~ main\ +0\ +0\ +0\ +0\ +0\ +0 ]]
	chmod 0750 "$SPOOL/queue/main"
	all_comes
}

@test "over capacity with a queue that cannot be written is 503, not more" {
	pipeline 'cache_capacity_mb = 4'
	chmod 0550 "$SPOOL/queue/main"
	watch_disk
	uploads -r 80 -u 126
	within $((4 * MIB + 20 * BODY))
	[ "$(grep -c 'spool is full' spool.log)" -eq 1 ]
	[ "$(post)" = 503 ]
	chmod 0750 "$SPOOL/queue/main"
	all_comes
	# What came before it was said.
	[ "$(evicted | wc -l)" -le $((20 + WRITERS)) ]
}

@test "what the disk keeps after its delivery is not delivered again" {
	pipeline
	sink_away
	uploads -u 40
	poll 10 is 0 holds new
	chmod 0550 "$SPOOL/queue/main"
	sink_back
	poll 10 grep ' 200 ' sink/log
	# Several times retry_max.
	sleep 2
	at_most 1 spool.log 'level=error'
	slay spool
	# It does not start on what it may not write.
	chmod 0750 "$SPOOL/queue/main"
	starts spool prof-spool
	poll 20 empty
	# Only what was out when it was killed.
	delivered | uniq | cmp - <(receipts)
	[ "$(delivered | uniq -d | wc -l)" -le "$WRITERS" ]
	ends_well
}

# How many records the destination did not want.
refused()
{
	sort -u -k 3,3 sink/log | grep -c ' 400 '
}

@test "what cannot be put among the dead is kept, and is when it can" {
	local i

	pipeline
	echo "status 400" >sink/mode
	for i in 1 2; do
		if [ "$i" -eq 1 ]; then
			chmod 0500 "$SPOOL/dead/main"
		else
			mv "$SPOOL/dead/main" "$SPOOL/lost"
		fi
		uploads -u 10
		poll 10 is $((i * 10)) refused
		poll 10 grep 'msg="cannot put a record among the dead"' spool.log
		at_most "$i" spool.log 'level=error'
		[ "$(holds queue)" -eq 10 ]
		if [ "$i" -eq 1 ]; then
			chmod 0750 "$SPOOL/dead/main"
		else
			mv "$SPOOL/lost" "$SPOOL/dead/main"
		fi
		poll 10 empty
		[ "$(find "$SPOOL/dead/main" -name '*.why' | wc -l)" -eq \
		    $((i * 10)) ]
		prof-spool -c "$CONF" check
	done
	ends_well
}

# room BYTES|unlimited PROGRAM...: no file of theirs may grow longer.
room()
{
	local name

	for name in "${@:2}"; do
		prlimit --pid "$(pid "$name")" --fsize="$1:"
	done
}

@test "a ledger that cannot be written holds up nothing, and adds up later" {
	pipeline
	room 8192 spool
	uploads -u 300 -s 1000
	answered 200 300
	poll 20 empty
	poll 10 grep 'msg="cannot write a ledger"' spool.log
	at_most 1 spool.log 'level=error'
	[ "$(wc -c <"$SPOOL/ledger/main")" -le 8192 ]
	room unlimited spool
	poll 10 grep 'msg="writing ledgers again"' spool.log
	all_comes
	[[ $(prof-spool -c "$CONF" check) =~ main\ +301\ +301\ +0 ]]
}

@test "stat and ledger that cannot be written are said once, and no harm" {
	pipeline
	uploads -u 10
	poll 10 empty
	stop spool
	yes "ok 01a20000-0000-7000-8000-000000000000" |
	    head -n 500000 >>"$SPOOL/ledger/main"
	starts spool prof-spool
	chmod 0500 "$SPOOL/stat" "$SPOOL/ledger"
	at=$(recv_at)
	poll 15 grep 'msg="cannot write statistics"' recv.log
	poll 15 grep 'msg="cannot write statistics"' ship.log
	poll 15 grep 'msg="cannot write statistics"' spool.log
	uploads -u 10
	poll 10 empty
	# Each of them tries again at its end.
	stop recv
	stop ship
	stop spool
	at_most 1 recv.log 'msg="cannot write statistics"'
	at_most 2 ship.log 'msg="cannot write statistics"'
	at_most 1 spool.log 'msg="cannot write statistics"'
	at_most 1 spool.log 'msg="cannot shorten a ledger"'
	chmod 0700 "$SPOOL/ledger"
	prof-spool -c "$CONF" check
}

# A file system of its own for the spool, where we may make one.
own_disk()
{
	mkdir "$SPOOL"
	[ "$(id -u)" -eq 0 ] &&
	    mount -t tmpfs -o size=16m,mode=751 prof-full "$SPOOL"
}

teardown()
{
	local status=0

	prof_teardown || status=$?
	! mountpoint -q "$SPOOL" || umount "$SPOOL"
	return "$status"
}

# No block is left; without a disk of our own, no file may grow. (Logs are
# files, too.)
fill_disk()
{
	if mountpoint -q "$SPOOL"; then
		cat /dev/zero >"$SPOOL/filler" || :
		[ "$(stat -f -c %a "$SPOOL")" -eq 0 ]
	else
		room 65536 recv
	fi
}

free_disk()
{
	if mountpoint -q "$SPOOL"; then
		rm "$SPOOL/filler"
	else
		room unlimited recv
	fi
}

@test "a full disk is 503, what is queued goes out, and all is well again" {
	own_disk || :
	pipeline
	sink_away
	uploads -u 50
	poll 10 is 0 holds new
	fill_disk
	floods
	grep -E "no space in the spool|the spool's file system is full" recv.log
	sink_back
	poll 20 empty
	free_disk
	poll 10 recovered
	all_comes
}

# What changes a file system, but for open: that a draft can be opened and not
# be renamed is the worse.
CHANGES=linkat,unlinkat,renameat,renameat2,mkdirat,fallocate,pwrite64,utimensat

traced()
{
	! grep -q '^TracerPid:[[:space:]]*0$' /proc/"$1"/task/*/status
}

# The spool is as on a file system that has become read-only; is no more.
turns_read_only()
{
	local name

	for name in recv spool; do
		strace -f -p "$(pid "$name")" -o /dev/null \
		    -e "trace=$CHANGES" -e "inject=$CHANGES:error=EROFS" \
		    2>"strace.$name" 3>&- &
		echo $! >"strace.$name.pid"
		poll 5 traced "$(pid "$name")"
	done
}

turns_writable()
{
	local name

	for name in recv spool; do
		kill "$(cat "strace.$name.pid")"
		wait "$(cat "strace.$name.pid")" || :
	done
}

@test "a spool that has become read-only is 503, and loses nothing" {
	skip_asan "LeakSanitizer cannot run under strace"
	pipeline
	sink_away
	uploads -u 50
	turns_read_only
	floods
	sink_back
	# It is delivered, and cannot go: so no other is.
	poll 10 grep ' 200 ' sink/log
	[ "$(holds queue)" -eq 50 ]
	turns_writable
	poll 10 recovered
	# Drafts that could be made and not removed: swept after a minute.
	rm -f "$SPOOL"/tmp/recv/*
	all_comes
}

@test "less than min_free_mb is 503 and evicts nothing" {
	local own=0

	own_disk || own=$?
	FREE=8 pipeline 'cache_capacity_mb = 4'
	sink_away
	uploads -u 20
	answered 200 20
	if [ "$own" -eq 0 ]; then
		head -c $((7 * MIB)) /dev/zero >"$SPOOL/filler"
	else
		FREE=1000000000 settings 'cache_capacity_mb = 4'
		kill -HUP "$(pid recv)" "$(pid spool)"
	fi
	poll 10 is 503 post
	grep "the spool's file system is full" answer
	grep -i '^retry-after: [0-9]' heads
	uploads -u 100
	answered 503 100
	poll 10 is 0 holds new
	[ "$(holds queue)" -eq "$(($(wc -l <receipts) + $(grep -c 200 posts)))" ]
	[ -z "$(evicted)" ]
	if [ "$own" -eq 0 ]; then
		rm "$SPOOL/filler"
	else
		settings 'cache_capacity_mb = 4'
		kill -HUP "$(pid recv)" "$(pid spool)"
	fi
	sink_back
	all_comes
}
