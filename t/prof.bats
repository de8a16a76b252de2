# prof run: supervision with programs that only play their parts, then the
# real ones. Every test of the first kind is run under the shell in $SH.
load lib

# A directory of our own with prof and players for its programs, which write
# what happens to them to the file life. bad.NAME: exit with the status in it
# before being ready; deaf.NAME: do not hear SIGTERM; slow.NAME: not ready as
# long as it is there.
players()
{
	local name

	mkdir bin
	sed 's/^bound=45/bound=1/' "$TOP/cmd/prof" >bin/prof
	cat >bin/player <<-'END'
		#!/usr/bin/env -S --default-signal=INT bash
		name=${0##*/}
		while getopts c:s:tvn:d: option; do
			case $option in
			n)	ready=$OPTARG ;;
			d)	name+=.$OPTARG ;;
			t)	exit 0 ;;
			esac
		done
		shift $((OPTIND - 1))
		case ${1-} in
		conf)	cat settings; exit ;;
		init)	mkdir -p spool; exit ;;
		esac
		say() { echo "$name $*" >>life; }
		trap 'say stopped; exit 0' TERM
		trap 'say interrupted; exit 0' INT
		trap 'say hup' HUP
		[ ! -e "deaf.$name" ] || trap '' TERM
		echo $$ >"$name.pid"
		say started
		[ ! -e "bad.$name" ] || exit "$(cat "bad.$name")"
		while [ -e "slow.$name" ]; do
			sleep 0.05
		done
		[ -z "${ready-}" ] || eval "echo >&$ready; exec $ready>&-"
		while :; do
			sleep 0.05
		done
	END
	chmod +x bin/player
	for name in spool ship recv; do
		ln -s player "bin/prof-$name"
	done
	settings <<-'END'
		destination.main.type = dataway
		destination.copy.type = file
	END
	: >life
}

settings()
{
	{
		echo "profile.io_config.cache_path = $BATS_TEST_TMPDIR/spool"
		cat
	} >settings
}

# play [WRAPPER...]: start prof run among the players; wait until it is ready.
play()
{
	# shellcheck disable=SC2034 # for start
	WRAP=("$@" "${SH[@]}")
	start run bin/prof run
}

# lives LINE [N]: is it in life (at least N times)?
lives()
{
	[ "$(grep -c "^$1" life)" -ge "${2:-1}" ]
}

logged()
{
	grep -q "$1" run.log
}

# What a pid file of the players names, waiting for it to be another one.
another()
{
	[ "$(cat "$1.pid")" != "$2" ]
}

all_shells()
{
	local sh

	for sh in dash "busybox sh" bash; do
		echo "under $sh"
		read -r -a SH <<<"$sh"
		rm -rf bin spool settings life ./*.pid bad.* deaf.* slow.* run run.log
		players
		"$@"
	done
}

starts_in_order()
{
	play
	[ "$(sort -k 1.1,1.6 -s life | head -n 1)" = "prof-recv started" ]
	[ "$(head -n 1 life)" = "prof-spool started" ]
	[ "$(tail -n 1 life)" = "prof-recv started" ]
	lives "prof-ship.main started"
	lives "prof-ship.copy started"
	stop run
	[ "$(sed -n '5p' life)" = "prof-recv stopped" ]
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	[ "$(grep -c stopped life)" -eq 4 ]
	nothing_left
	[ -z "$(ls "$TMPDIR")" ]
}

@test "prof run starts spool, consumers, producers and stops in reverse" {
	all_shells starts_in_order
}

restarts()
{
	local pid

	play
	pid=$(cat prof-recv.pid)
	kill -9 "$pid"
	poll 10 another prof-recv "$pid"
	logged 'name=prof-recv status=137 again_in=1s'
	pid=$(cat prof-recv.pid)
	kill -9 "$pid"
	poll 10 another prof-recv "$pid"
	logged 'name=prof-recv status=137 again_in=2s'
	# The others never noticed.
	[ "$(grep -c 'prof-spool started' life)" -eq 1 ]
	stop run
}

@test "prof run restarts what dies, the second time after a longer pause" {
	all_shells restarts
}

# keeper NAME: the process that watches a program.
keeper()
{
	cat "$TMPDIR"/tmp.*/keeper.?."$1"
}

bereft()
{
	local pid

	play
	pid=$(cat prof-recv.pid)
	kill -9 "$(keeper recv)"
	poll 10 another prof-recv "$pid"
	logged 'msg="keeper was killed" name=prof-recv'
	# The one that was left has been stopped, and not killed.
	lives "prof-recv stopped"
	# The new one is watched again, and the others never noticed.
	pid=$(cat prof-recv.pid)
	kill -9 "$pid"
	poll 10 another prof-recv "$pid"
	[ "$(grep -c 'prof-spool started' life)" -eq 1 ]
	# And so is the next.
	pid=$(cat prof-ship.main.pid)
	kill -9 "$(keeper ship.main)"
	poll 10 another prof-ship.main "$pid"
	# Its keeper goes with prof, and with it the program.
	kill -STOP "$(pid run)"
	kill -9 "$(keeper spool)"
	kill -9 "$(pid run)"
	ended run || :
	poll 10 nothing_left
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
}

@test "a program whose keeper was killed is ended and started anew" {
	all_shells bereft
}

bereft_early()
{
	local pid status=0

	: >slow.prof-recv
	mkdir -p run
	: >run/run.ready
	"${SH[@]}" bin/prof run -n 9 9>run/run.ready </dev/null >>run.out \
	    2>>run.log 3>&- &
	echo $! >run/run.pid
	poll 10 lives "prof-recv started"
	# Of one that runs, and of the one that is waited for.
	kill -9 "$(keeper spool)"
	poll 10 lives "prof-spool started" 2
	pid=$(cat prof-recv.pid)
	kill -9 "$(keeper recv)"
	poll 10 another prof-recv "$pid"
	[ "$(grep -c 'keeper was killed' run.log)" -eq 2 ]
	rm slow.prof-recv
	poll 10 test -s run/run.ready
	stop run
	# What does not start ends all still, and nobody takes its place.
	: >slow.prof-recv
	: >life
	"${SH[@]}" bin/prof run </dev/null 2>>run.log 3>&- &
	echo $! >run/run.pid
	poll 10 lives "prof-recv started"
	echo 100 >bad.prof-recv
	kill -9 "$(keeper recv)"
	ended run || status=$?
	[ "$status" -eq 100 ]
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	[ "$(grep -c started life)" -eq 5 ]
	nothing_left
}

@test "a keeper that is killed while others start is replaced, too" {
	all_shells bereft_early
}

unread()
{
	local pid

	rm -f unread
	mkfifo unread
	mkdir -p run
	: >run/run.ready
	head -n 1 unread >first 3>&- &
	"${SH[@]}" bin/prof run -n 9 9>run/run.ready </dev/null >>run.out \
	    2>unread 3>&- &
	echo $! >run/run.pid
	poll 10 test -s run/run.ready
	# What it says is gone, and nothing else.
	[ -s first ]
	pid=$(cat prof-recv.pid)
	kill -9 "$pid"
	poll 10 another prof-recv "$pid"
	# bash ends where it cannot write "Killed", and with it all the rest.
	if [ "${SH[0]}" != bash ]; then
		pid=$(cat prof-recv.pid)
		kill -9 "$(keeper recv)"
		poll 10 another prof-recv "$pid"
	fi
	"$@"
	poll 10 nothing_left
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "a log that nobody reads ends nothing" {
	all_shells unread stop run
	all_shells unread slay run
}

hangs_up()
{
	play
	kill -HUP "$(pid run)"
	poll 10 lives "prof-spool hup"
	poll 10 lives "prof-ship.main hup"
	poll 10 lives "prof-ship.copy hup"
	poll 10 lives "prof-recv hup"
	# What is new starts, what is no longer there stops.
	settings <<-'END'
		destination.main.type = dataway
		destination.new.type = file
	END
	kill -HUP "$(pid run)"
	poll 10 lives "prof-ship.new started"
	poll 10 lives "prof-ship.copy stopped"
	run ! lives "prof-ship.main stopped"
	stop run
	lives "prof-ship.new stopped"
}

@test "prof run passes SIGHUP on, and follows the destinations" {
	all_shells hangs_up
}

interrupted()
{
	# What is started in the background ignores SIGINT otherwise; and as
	# at a terminal, the whole process group gets it.
	play setsid env --default-signal=INT
	kill -INT -- "-$(pid run)"
	ended run
	[ "$(grep -c stopped life)" -eq 4 ]
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
}

@test "prof run stops on Ctrl-C as on SIGTERM, in order" {
	all_shells interrupted
}

refuses()
{
	echo 100 >bad.prof-ship.copy
	run -100 "${SH[@]}" bin/prof run 3>&-
	[[ $output = *'msg="program did not start" name=prof-ship.copy status=100'* ]]
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	run ! lives "prof-recv started"
	echo 1 >bad.prof-ship.copy
	run -111 "${SH[@]}" bin/prof run 3>&-
	nothing_left
}

@test "a program that does not start ends all, with its exit code" {
	all_shells refuses
}

deaf()
{
	: >deaf.prof-ship.main
	play
	stop run
	logged 'msg="killed a program that did not stop" name=prof-ship.main'
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	nothing_left
}

@test "a program that does not stop is killed, and the rest stops in order" {
	all_shells deaf
}

guarded()
{
	play
	slay run
	poll 10 nothing_left
	[ "$(tail -n 1 life)" = "prof-spool stopped" ]
	logged 'msg="prof was killed, stopping the rest"'
	[ -z "$(ls "$TMPDIR")" ]
}

@test "when prof itself is killed, the rest stops in order" {
	all_shells guarded
}

commands()
{
	settings <<-'END'
		destination.ext.type = external
		destination.ext.command = pwd >../where; echo "ext started" >>../life; sleep 1000 | cat
		destination.own.type = external
		destination.own.command =
	END
	play
	poll 10 lives "ext started"
	[ "$(cat where)" = "$BATS_TEST_TMPDIR/spool" ]
	run ! logged 'own'
	stop run
	# The pipeline is a process group, and all of it is gone.
	nothing_left
}

@test "an external command runs in the spool and ends with all it started" {
	all_shells commands
}

@test "prof run -t says what would run, and what is configured but not built" {
	players
	settings <<-'END'
		profile.generate_metrics = true
		profile.go.1.url = http://localhost:6060
		profile.pyroscope.1.url = 0.0.0.0:4040
		destination.main.type = file
	END
	run -0 sh bin/prof run -t
	[[ $output = *"would run prof-spool"*"would run prof-ship.main"* ]]
	for program in prof-metrics prof-pull prof-pyro; do
		[[ $output = *"built without it\" program=$program"* ]]
	done
	ln -s player bin/prof-pull
	run -0 sh bin/prof run -t
	[[ $output = *"would run prof-pull"* ]]
	[[ $output != *"program=prof-pull"* ]]
}

readies()
{
	local fd

	for fd in 3 4 5 12; do
		: >ready
		eval "${SH[*]} bin/prof run -n $fd $fd>ready 2>run.log &"
		mkdir -p run
		echo $! >run/run.pid
		poll 10 test -s ready
		stop run
	done
	nothing_left
}

@test "prof run tells that it is ready on any descriptor" {
	all_shells readies
}

@test "prof says how it is used" {
	run -2 prof
	[[ $output = "prof: no command"*usage:* ]]
	run -2 prof dance
	run -2 prof run extra
	run -2 prof -x run
	run -2 prof run -n nine
	run -0 prof -h
	[[ $output = usage:* ]]
}

# A real one, with the configuration of standard input.
run_real()
{
	METRICS=true conf
	start run prof run -c "$CONF"
}

upload()
{
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^200'
}

came()
{
	[ "$(find "$OUTBOX" -name event.json | wc -l)" -ge "$1" ]
}

to_outbox()
{
	cat <<-END
		[destination.main]
		type = file
		url = file:$OUTBOX
	END
}

# of NAME: the pid of a program that prof run has started.
of()
{
	prof status -c "$CONF" | awk -v name="$1" '$1 == name { print $3 }'
}

restarted()
{
	[ "$(of "$1")" != - ] && [ "$(of "$1")" -ne "$2" ]
}

@test "the real programs carry on after each of them was killed" {
	local program pid

	run_real <<<"$(to_outbox)"
	upload
	poll 10 came 1
	for program in prof-spool prof-ship.main prof-metrics prof-recv; do
		pid=$(of "$program")
		kill -9 "$pid"
		poll 10 restarted "$program" "$pid"
		# Another one, another port.
		poll 10 upload
	done
	poll 20 came 5
	poll 20 is 0 holds new
	poll 20 is 0 holds queue
	stop run
	nothing_left
}

@test "a wrong configuration ends prof run with 100 and says where" {
	conf <<-END
		send_timeout = soon
	END
	run -100 prof run -c "$CONF"
	[[ $output = *prof.conf:*send_timeout* ]]
	[ ! -e "$SPOOL" ]
	run -100 prof run -t -c "$CONF"
}

@test "a relative -s is of the current directory, and so is its outbox" {
	run -0 prof-spool -s spool conf
	[[ $output = *"cache_path = $SPOOL"* ]]
	[[ $output = *"destination.main.url = file:$SPOOL.outbox"* ]]
}

@test "a wrong configuration at SIGHUP changes nothing" {
	run_real <<<"$(to_outbox)"
	echo '[nonsense]' >>"$CONF"
	kill -HUP "$(pid run)"
	poll 10 logged nonsense
	upload
	poll 10 came 1
	stop run
}

@test "a destination that SIGHUP brings gets what comes from then on" {
	run_real <<<"$(to_outbox)"
	upload
	poll 10 came 1
	cat >>"$CONF" <<-END
		[destination.copy]
		type = file
		url = file:$BATS_TEST_TMPDIR/copies
	END
	kill -HUP "$(pid run)"
	poll 10 test -p "$SPOOL/pipe/copy.todo"
	upload
	poll 10 came 2
	poll 20 test -e "$BATS_TEST_TMPDIR/copies"
	stop run
	[ "$(find copies -name event.json | wc -l)" -eq 1 ]
}

@test "a shell loop is a consumer, as prof.7 has it" {
	mkdir copies
	run_real <<-END
		[destination.copy]
		type = external
		command = flock -n lock/copy sh -c 'while read id n path; do cp "\$path" "$BATS_TEST_TMPDIR/copies/\$id" </dev/null >&2 && echo "\$id ok" || echo "\$id retry 60 cp"; done' <pipe/copy.todo >pipe/copy.done
	END
	upload
	upload
	poll 10 is 0 holds queue
	[ "$(find copies -type f | wc -l)" -eq 2 ]
	poll 10 is 0 holds new
	stop run
	nothing_left
}

@test "a second prof run on one spool does not start" {
	run_real <<<"$(to_outbox)"
	run -111 prof run -c "$CONF"
	[[ $output = *"another prof-spool"* ]]
	upload
	stop run
}

@test "make demo's demo shows the whole way, and leaves nothing" {
	run -0 prof demo "$REQUESTS"/dd-*.http
	[[ $output = *"10 profiles were taken"* ]]
	# Each of them, and its metrics.
	[[ $output = *"backend "*" 20 "* ]]
	[[ $output = *"What came out: 10 profiles"* ]]
	[[ $output = *"Numbers of 10 profiles"*prof_go_cpu_cores=* ]]
	[[ $output = *"shown_by:demo"* ]]
	[[ $output = *"prof-ship.backend "*"destination down"* ]]
	# What it waited for came.
	[[ $output != *"not after"* ]]
	# No progress in a pipe.
	[[ $output != *$'\r'* ]]
	nothing_left
	[ -z "$(ls "$TMPDIR")" ]
	run -2 prof demo
	run -2 prof demo no/such.http
	# shellcheck disable=SC2016
	run -111 sh -c 'prof demo "$0" >/dev/full' "$REQUESTS"/dd-go-1.43.http
	[ -z "$(ls "$TMPDIR")" ]
	# Nor if nobody reads it to its end.
	prof demo "$REQUESTS"/dd-go-1.43.http 2>&1 3>&- | head -n 1
	poll 20 nothing_left
	[ -z "$(ls "$TMPDIR")" ]
}
