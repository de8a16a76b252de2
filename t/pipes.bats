#!/usr/bin/env bats
# The pipes between prof-spool and its consumers, prof-ship and the shell loop
# of prof.7, when either side goes away, stalls or lies: nothing is lost, what
# comes twice has the same id, and the books are exact.

load lib

setup()
{
	prof_setup
	mkdir copied
	start sink sink sink
	settings
	prof-spool -c "$CONF" init
}

# settings [LINE...]: main is prof-ship's, copy the shell loop's.
settings()
{
	conf <<-EOF
	retry_min = 10ms
	retry_max = 100ms
	probe_interval = 100ms
	lease = ${LEASE:-1h}
	[destination.main]
	url = http://$(cat sink/address)
	workers = ${WORKERS:-8}
	[destination.copy]
	type = external
	command = true
	accept = point
	EOF
}

told()
{
	printf '%s\n' "$@" >sink/mode.new
	mv sink/mode.new sink/mode
}

# give N [KIND]: put so many records; main takes metrics, copy points. What
# was put is in ids.
give()
{
	echo 'm,host=a f=1i' | record -k "${2:-metric}" -n "$1" |
	    prof-spool -c "$CONF" put - >>ids
}

# spool_up, ship_up: start in the background, whether it gets ready or not.
spool_up()
{
	prof-spool -c "$CONF" -v 2>>spool.log 3>&- &
	SPOOL_PID=$!
}

ship_up()
{
	prof-ship -c "$CONF" -d main 2>>ship.log 3>&- &
	SHIP_PID=$!
}

# loop_up: the shell loop, as loop.sh has it, started again whenever it ends,
# in a group of its own.
loop_up()
{
	local turn

	turn=$(cat loop.sh)
	# shellcheck disable=SC2016
	setsid bash -c 'cd "$1" && while [ ! -e ../stop ]; do
		flock -n lock/copy sh -c "$2" <pipe/copy.todo >pipe/copy.done
		sleep 0.02
	done' - "$SPOOL" "$turn" 2>>loop.log 3>&- &
	LOOP_PID=$!
}

cat_loop()
{
	cat >loop.sh
}

# The loop as prof.7 has it, but for the directory.
plain_loop()
{
	cat_loop <<-'EOF'
	while read id n path; do cp "$path" "../copied/$id" </dev/null >&2 && echo "$id ok" || echo "$id retry 60 cp"; done
	EOF
}

slain()
{
	kill -9 -- "$1"
	wait "${1#-}" 2>/dev/null || [ $? -eq 137 ]
}

loop_down()
{
	touch stop
	# It may wait for the other end of a pipe that nobody opens; or be gone.
	kill -9 -- "-$LOOP_PID" 2>/dev/null || :
	wait "$LOOP_PID" 2>/dev/null || [ $? -eq 137 ]
}

# while_busy CMD...: 20 times, while there is something to do.
while_busy()
{
	local n

	for ((n = 0; n < 20; n++)); do
		# As quick as this may be, it may not be ready yet.
		sleep "0.0$((RANDOM % 9 + 1))"
		"$@"
	done
}

spool_again()
{
	slain "$SPOOL_PID"
	spool_up
}

ship_again()
{
	slain "$SHIP_PID"
	ship_up
}

both_again()
{
	slain "$SHIP_PID"
	slain "$SPOOL_PID"
	ship_up
	spool_up
}

loop_again()
{
	slain -"$LOOP_PID"
	loop_up
}

loop_and_spool_again()
{
	slain -"$LOOP_PID"
	slain "$SPOOL_PID"
	loop_up
	spool_up
}

ended_well()
{
	kill "$1"
	waits 20 gone "$1" || fail "$1 does not end"
	wait "$1"
}

# delivered TWICE: all that was put has come, at most so many a second time:
# what is out, a window of twice the workers, when something is killed.
delivered()
{
	awk '$2 == 200 { print $3 }' sink/log | sort >came
	sort ids | cmp - <(uniq came)
	echo "$(uniq -d came | wc -l) came twice, at most $1 may"
	[ "$(uniq -d came | wc -l)" -le "$1" ]
}

books()
{
	run -0 prof-spool -c "$CONF" check
	[[ $output =~ $1\ +$(wc -l <ids)\ +$(wc -l <ids)\ +0\ +0\ +0\ +0 ]]
}

# ready NAME PID CMD...: was it started anew, as PID? Then once more, by
# readiness: a signal to end, before that, would only kill it.
ready()
{
	[ "$2" -ne "$(pid "$1")" ] || return 0
	slain "$2"
	rm "run/$1.pid"
	start "$1" "${@:3}"
}

# restarted CMD TWICE: prof-ship under fire.
restarted()
{
	local giver

	told 'delay 10'
	start spool prof-spool -c "$CONF" -v
	start ship prof-ship -c "$CONF" -d main
	SPOOL_PID=$(pid spool) SHIP_PID=$(pid ship)
	give 600 3>&- &
	giver=$!
	while_busy "$1"
	wait $giver
	ready spool "$SPOOL_PID" prof-spool -c "$CONF" -v
	ready ship "$SHIP_PID" prof-ship -c "$CONF" -d main
	poll 30 empty
	stop ship
	stop spool
	delivered "$2"
	books main
}

@test "prof-ship is killed 20 times, quickly" {
	restarted ship_again $((21 * 16))
}

@test "prof-spool is killed 20 times, quickly" {
	restarted spool_again $((21 * 16))
}

@test "both are killed 20 times, quickly" {
	restarted both_again $((21 * 16))
}

# copied N: so many at least.
copied()
{
	[ "$(find copied -type f | wc -l)" -ge "$1" ]
}

# looped CMD: the shell loop under fire.
looped()
{
	local giver n

	# So slow that it is killed with a record in hand.
	plain_loop
	sed -i 's/do cp/do sleep 0.03; cp/' loop.sh
	start spool prof-spool -c "$CONF" -v
	SPOOL_PID=$(pid spool)
	loop_up
	give 60 point 3>&- &
	giver=$!
	# prof-spool looks for a script every 2 s: so two kills find it at work.
	for n in 1 10; do
		poll 10 copied $n
		"$1"
	done
	while_busy "$1"
	wait $giver
	ready spool "$SPOOL_PID" prof-spool -c "$CONF" -v
	poll 60 empty
	stop spool
	loop_down
	sort ids | cmp - <(ls copied)
	books copy
}

@test "the shell loop is killed 20 times, quickly" {
	looped loop_again
}

@test "prof-spool is killed 20 times, quickly, under a shell loop" {
	looped spool_again
}

@test "the shell loop and prof-spool are killed 20 times, quickly" {
	looped loop_and_spool_again
}

logged()
{
	[ "$(grep -c "$2" "$1")" -ge "$3" ]
}

@test "prof-ship stalls until its leases run out, and goes on" {
	LEASE=1s settings
	told 'delay 50'
	give 200
	spool_up
	ship_up
	poll 10 test -s sink/log
	kill -STOP "$SHIP_PID"
	# Its window and again as much, unless it has room for no more.
	poll 20 logged spool.log 'lease ran out' 32
	kill -CONT "$SHIP_PID"
	poll 30 empty
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	# No more than was handed out twice.
	delivered "$(grep -c 'lease ran out' spool.log)"
	books main
}

@test "prof-spool stalls, and verdicts wait for it" {
	told 'delay 10'
	give 200
	spool_up
	ship_up
	poll 10 test -s sink/log
	kill -STOP "$SPOOL_PID"
	give 100
	# All that it had in hand.
	poll 10 logged ship.log 'msg="delivered"' 16
	kill -CONT "$SPOOL_PID"
	poll 30 empty
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	delivered 0
	books main
}

@test "prof-ship is replaced while prof-spool stalls" {
	told 'delay 50'
	give 200
	spool_up
	ship_up
	poll 10 test -s sink/log
	kill -STOP "$SPOOL_PID"
	# Another reads its pipe before anybody sees that the first has gone.
	slain "$SHIP_PID"
	start ship prof-ship -c "$CONF" -d main
	kill -CONT "$SPOOL_PID"
	poll 30 empty
	stop ship
	ended_well "$SPOOL_PID"
	delivered 16
	books main
}

# narrow: pipes of a page, as long as this test holds them open.
narrow()
{
	python3 -c 'import fcntl, os, sys, time
for name in sys.argv[1:]:
    fd = os.open(name, os.O_RDWR | os.O_NONBLOCK)
    fcntl.fcntl(fd, fcntl.F_SETPIPE_SZ, 4096)
print("narrow", flush=True)
time.sleep(600)' "$@" >narrow.out 3>&- &
	NARROW_PID=$!
	poll 10 test -s narrow.out
}

# What waits to be read in pipe/main.NAME, as bytes.
waiting()
{
	python3 -c 'import array, fcntl, os, sys, termios
n = array.array("i", [0])
fcntl.ioctl(os.open(sys.argv[1], os.O_RDWR | os.O_NONBLOCK), termios.FIONREAD,
    n)
print(n[0])' "$SPOOL/pipe/main.$1"
}

full()
{
	[ "$(waiting "$1")" -ge 3900 ]
}

@test "a full todo and a full done pipe lose no line" {
	WORKERS=128 settings
	narrow "$SPOOL/pipe/main.todo" "$SPOOL/pipe/main.done"
	spool_up
	ship_up
	give 1
	poll 10 empty
	kill -STOP "$SHIP_PID"
	give 600
	poll 10 full todo
	told 'delay 1000'
	kill -CONT "$SHIP_PID"
	# Its window is full, and no answer there: the verdicts are too many.
	poll 10 logged spool.log 'msg="handed out"' 257
	kill -STOP "$SPOOL_PID"
	poll 10 full "done"
	kill -CONT "$SPOOL_PID"
	poll 30 empty
	cp spool.log before.log
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	kill "$NARROW_PID"
	wait "$NARROW_PID" || :
	run ! grep -e 'has gone' -e 'not answered for' before.log
	delivered 0
	books main
}

@test "of two shell loops at one queue the second does not begin" {
	plain_loop
	spool_up
	loop_up
	give 20 point
	poll 20 empty
	# shellcheck disable=SC2016
	run -1 timeout 10 bash -c 'cd "$1" && flock -n lock/copy sh -c "$2" \
	    <>pipe/copy.todo >pipe/copy.done' - "$SPOOL" "$(cat loop.sh)"
	give 20 point
	poll 20 empty
	ended_well "$SPOOL_PID"
	loop_down
	sort ids | cmp - <(ls copied)
	books copy
}

@test "verdicts that are stale, foreign or none change nothing" {
	local id line n

	told 'delay 20'
	give 30
	mv ids ids.old
	spool_up
	ship_up
	poll 20 empty
	give 30 point
	mv ids foreign
	give 300
	cat ids.old foreign >others
	for ((n = 0; n < 5; n++)); do
		while read -r id; do
			echo "$id ok"
			echo "$id dead stale"
			echo "$id retry 1 stale"
			echo "$id back"
			echo "$id nonsense"
		done <others
		printf '%s\n' 'window x' 'window' '' ok 'hello hello'
	done >noise
	# A write for each, as is asked of everybody.
	while read -r line; do
		echo "$line"
	done <noise 1<>"$SPOOL/pipe/main.done"
	poll 30 is 0 holds new
	poll 30 is 0 holds queue/main
	# None that is in another queue was taken from it.
	[ "$(holds queue/copy)" -eq 30 ]
	[ "$(holds dead)" -eq 0 ]
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	[ "$(figure spool 'prof_spool_ignored_total{queue="main"}')" \
	    -ge "$(wc -l <noise)" ]
	cat ids.old >>ids
	delivered 0
	books main
}

@test "a hello that prof-ship did not say costs an attempt, and no record" {
	local n

	told 'delay 50'
	give 300
	spool_up
	ship_up
	for n in 1 2 3 4 5; do
		poll 10 logged sink/log . $((n * 8))
		echo hello 1<>"$SPOOL/pipe/main.done"
	done
	poll 30 empty
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	delivered $((5 * 16))
	books main
}

@test "a shell loop that hangs on a record loses its lease, not the record" {
	LEASE=1s settings
	cat_loop <<-'EOF'
	while read id n path; do
		[ -e ../hung ] || { touch ../hung; sleep 2.5; }
		# After its lease a record has another name.
		cp "$path" "../copied/$id" </dev/null >&2 && echo "$id ok" || echo "$id retry 1 cp"
	done
	EOF
	give 10 point
	spool_up
	loop_up
	poll 30 empty
	logged spool.log 'lease ran out' 1
	ended_well "$SPOOL_PID"
	loop_down
	sort ids | cmp - <(ls copied)
	books copy
}

@test "a record that kills its consumer holds up no other" {
	local bad

	# So that it comes again ever more seldom.
	sed -i 's/^retry_min = .*/retry_min = 1s/
	    s/^retry_max = .*/retry_max = 10s/' "$CONF"
	give 30 point
	bad=$(sed -n 3p ids)
	echo "$bad" >bad
	cat_loop <<-'EOF'
	while read id n path; do
		[ "$id" != "$(cat ../bad)" ] || kill -9 $$
		cp "$path" "../copied/$id" </dev/null >&2 && echo "$id ok" || echo "$id retry 60 cp"
	done
	EOF
	spool_up
	loop_up
	poll 60 is 0 holds new
	poll 60 is 1 holds queue/copy
	# It is tried again, and again.
	poll 20 logged spool.log "id=$bad msg=\"record not answered for\"" 2
	[ ! -e "copied/$bad" ]
	run -0 prof-spool -c "$CONF" check
	[[ $output =~ copy\ +30\ +29\ +1\ +0\ +0\ +0 ]]
	: >bad
	poll 20 empty
	ended_well "$SPOOL_PID"
	loop_down
	sort ids | cmp - <(ls copied)
	books copy
}

left()
{
	[ "$(holds new)" -eq 0 ] && [ "$(holds queue/main)" -le "$1" ]
}

@test "a body that always gets 403 holds up no other" {
	local bad

	sed -i 's/^probe_interval = .*/probe_interval = 1s/' "$CONF"
	give 1
	bad=$(cat ids)
	told 'status 403' "match $bad" 'body not this one'
	give 300
	spool_up
	ship_up
	poll 30 left 1
	give 100
	poll 30 left 1
	# It is tried again, and that is all.
	poll 10 logged sink/log " 403 $bad " 3
	[ "$(holds dead)" -eq 0 ]
	find "$SPOOL/queue/main" -name "$bad~*" | grep -q .
	told 'status 200'
	poll 20 empty
	ended_well "$SHIP_PID"
	ended_well "$SPOOL_PID"
	delivered 0
	books main
}
