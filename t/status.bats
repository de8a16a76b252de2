# prof status: each state that a spool can be in, provoked with the real
# programs, as the person sees it who is called at night.
load lib

# sinks NAME: a destination. told NAME LINE...: its mode.
sinks()
{
	mkdir -p "$1"
	told "$@"
	start "$1" sink "$1"
}

told()
{
	printf '%s\n' "${@:2}" >"$1/mode.new"
	mv "$1/mode.new" "$1/mode"
}

to()
{
	printf '[destination.%s]\ntype = dataway\nurl = %s\n' "$1" "$2"
}

outbox()
{
	printf '[destination.main]\ntype = file\nurl = file:%s\n' "$OUTBOX"
}

# A prof-spool of its own, its spool made where there is none.
spooled()
{
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
}

# What takes, moves and delivers, each by itself.
apart()
{
	conf <<<"$(outbox)"
	spooled
	start ship prof-ship -c "$CONF" -d main
	start recv prof-recv -c "$CONF"
}

upload()
{
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^200'
}

# shown TEXT [ARGS...]: does the page have it, whatever the line breaks?
shown()
{
	prof status -c "$CONF" "${@:2}" 2>&1 | tr -s '\n ' ' ' | grep -qF "$1"
}

# narrow FILE: is no line longer than 80 columns?
narrow()
{
	run awk 'length > 80' "$1"
	[ -z "$output" ] || fail "too long: $output"
}

# json FILTER: what jq makes of the page.
json()
{
	prof status -c "$CONF" -j | jq -r "$1"
}

# says FILTER TEXT: does it print just that?
says()
{
	[ "$(json "$1")" = "$2" ]
}

# checks CODE TEXT [ARGS...]: does --check exit so, and say that in one line?
checks()
{
	local code=0

	prof status -c "$CONF" --check "${@:3}" >checked || code=$?
	cat checked
	[ "$code" -eq "$1" ] && grep -qF "$2" checked &&
	    [ "$(wc -l <checked)" -eq 1 ]
}

# One prof run, four destinations, each with a trouble of its own.
@test "status tells each destination's trouble, since when, and why" {
	local id

	sinks token 'status 403' 'body no such token'
	sinks sick 'status 503' 'body come back later'
	sinks picky 'status 400' 'body no form at all'
	conf <<-END
		probe_interval = 1h
		retry_max = 1s
		$(to token "http://$(cat token/address)")
		$(to sick "http://$(cat sick/address)")
		$(to picky "http://$(cat picky/address)")
		$(to nobody http://127.0.0.1:1)
	END
	start run prof run -c "$CONF"
	upload
	poll 30 checks 100 "token is suspended, and 1 records wait, since 20"
	grep -q '403.*no such token' checked
	grep -qF "conf | grep ^destination.token" checked
	poll 30 says '.queues[] | select(.name == "picky").dead' 1
	says '.queues[] | select(.name == "token").state' suspended
	poll 30 says '.queues[] | select(.name == "sick").state' down
	poll 30 says '.queues[] | select(.name == "nobody").state' down
	[[ $(json '.queues[] | select(.name == "sick").last_error') = \
	    *503*"come back later"* ]]
	[[ $(json '.queues[] | select(.name == "nobody").last_error') = \
	    *onnect* ]]
	# The one that can be tried at once is tried in an hour.
	[ "$(json '(.queues[] | select(.name == "token").next_try) - .time |
	    . > 3000 and . < 3700')" = true ]
	shown 'next try in 59m'
	shown 'token is suspended'
	# Away is no problem before it has been so for long.
	run ! shown 'sick is away'
	poll 10 shown 'sick is away, and 1 records wait, since 20' -l away=1s
	poll 10 shown 'nobody is away' -l away=1s
	id=$(prof-spool -c "$CONF" ls -q picky dead | awk '{ print $1 }')
	shown "picky has 1 dead record, since 20"
	shown "$id: 400"
	shown "no form at all"
	prof status -c "$CONF" >page
	narrow page
	# What is said next is what mends it.
	told picky 'status 200'
	run -0 prof-spool -c "$CONF" retry -q picky "$id"
	poll 30 says '.queues[] | select(.name == "picky").dead' 0
	told sick 'status 200'
	poll 30 says '.queues[] | select(.name == "sick").state' ok
	poll 30 says '.queues[] | select(.name == "sick").ready' 0
	stop run
	stop token
	stop sick
	stop picky
}

@test "status --check is silent while nothing is wrong, also under load" {
	conf <<<"$(outbox)"
	start run prof run -c "$CONF"
	upload
	upload
	run -0 prof status --check -c "$CONF"
	[ -z "$output" ]
	run -0 prof status -c "$CONF" --check -q
	[ -z "$output" ]
	shown 'no problem is seen'
	[[ $(prof status -c "$CONF") = *"prof-recv            up"* ]]
	run -2 prof status --chess
	run -2 prof status -l stuck=soon
	run -2 prof status -l nonsense=1
	run -2 prof status extra
	stop run
}

@test "a program that was killed is named, and how to start it" {
	apart
	run -0 prof status --check -c "$CONF"
	slay ship
	# A supervisor may be about to start it.
	checks 111 'prof-ship.main is down, since 20'
	checks 100 'prof-ship.main is down, since 20' -l down=0s
	grep -qF "next: prof-ship -c $CONF -d main" checked
	run -0 prof status -c "$CONF" --check -x ship.main
	# That is the command.
	start ship prof-ship -c "$CONF" -d main
	run -0 prof status --check -c "$CONF"
	says '.programs[] | select(.name == "ship.main").restarts' 1
	slay recv
	checks 111 'prof-recv is down'
	grep -qF 'clients cannot deliver' checked
	slay spool
	# What nobody moves is worse than who does not listen.
	checks 111 'prof-spool is down'
	slay ship
	checks 100 'no program runs, since 20'
	grep -qF "next: prof -c $CONF run" checked
	prof status -c "$CONF" >page
	narrow page
}

@test "a program that hangs is told by the age of its figures" {
	apart
	kill -STOP "$(pid ship)"
	# The others write theirs every 10 seconds.
	poll 30 checks 100 'prof-ship.main is up, and its figures are old' \
	    -l silent=12s
	grep -qF "kill -9 $(pid ship)" checked
	kill -CONT "$(pid ship)"
	stop ship
	stop recv
	stop spool
}

@test "without prof-spool the queues are counted, and no program is needed" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	run -0 prof status -c "$CONF"
	[[ $output = *"no program runs: none has ever run here"* ]]
	spooled
	start recv prof-recv -c "$CONF"
	upload
	upload
	poll 10 is 0 holds new
	slay spool
	upload
	says '.queues[0].ready' 2
	says '.queues[0].counted_by' scan
	says '.space.new' 1
	shown '1 in new/'
	stop recv
}

# crowd N: so many more records in the queue main, links of one.
crowd()
{
	python3 - "$SPOOL/queue/main" "$1" <<-'END'
	import os
	import sys
	place, n = sys.argv[1], int(sys.argv[2])
	one = os.path.join(place, os.listdir(place)[0])
	for i in range(n):
	    os.link(one, os.path.join(place,
	            "01a2052f-72a8-7000-8000-%012x" % i))
	END
}

@test "who waits for a long count at a terminal is told how far it is" {
	conf <<<"$(outbox)"
	spooled
	start recv prof-recv -c "$CONF"
	upload
	poll 10 is 1 holds queue/main
	stop recv
	slay spool
	crowd 20000
	prof status -c "$CONF" >page 2>errors
	grep -q '^main  *20001 ' page
	[ ! -s errors ]
	script -qec "prof status -c $CONF" /dev/null </dev/null >page
	grep -q $'\rcounting main: 20000\r' page
	# It is wiped out before the page begins.
	tr '\r' '\n' <page >lines
	[ "$(grep -n 'counting' lines | cut -d : -f 1)" -lt \
	    "$(grep -n '^PROGRAM' lines | cut -d : -f 1)" ]
}

@test "a record that nobody delivers is told with the command that tries it" {
	conf <<-END
		[destination.main]
		type = external
		[destination.out]
		type = file
		url = file:$OUTBOX
	END
	spooled
	start ship prof-ship -c "$CONF" -d out
	start recv prof-recv -c "$CONF"
	upload
	poll 20 checks 100 'nothing of main is delivered, and 1 records wait' \
	    -l stuck=1s
	grep -qF 'nobody reads pipe/main.todo' checked
	# A queue that a consumer serves, and that has not moved.
	kill -STOP "$(pid ship)"
	upload
	poll 20 checks 100 'nothing of main is delivered' -l stuck=1s
	poll 20 shown 'nothing of out is delivered' -l stuck=1s
	poll 20 shown "| prof-ship -c $CONF -d out - tries one by hand" \
	    -l stuck=1s
	kill -CONT "$(pid ship)"
	stop recv
	stop ship
	stop spool
}

@test "a ledger that does not add up is named with the record" {
	apart
	stop spool
	echo "in 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11" >>"$SPOOL/ledger/main"
	spooled
	checks 100 "the ledger of main does not add up: 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11 came in and is nowhere"
	grep -qF 'fsck -y mends' checked
	run -0 prof status --check -q -c "$CONF"
	# It does.
	stop spool
	run -0 prof-spool -c "$CONF" fsck -y
	spooled
	run -0 prof status --check -c "$CONF"
	stop recv
	stop ship
	stop spool
}

@test "a spool that is nearly full, full, or evicts is told, and for whom" {
	conf <<-END
		cache_capacity_mb = 1
		when_full = reject
		$(to main http://127.0.0.1:1)
	END
	start run prof run -c "$CONF"
	while upload; do
		[ ! -e "$SPOOL/full" ] || break
	done
	poll 20 checks 100 'the spool is full, and clients are answered 503'
	grep -qF 'most of it waits for main' checked
	grep -qF 'rm -q main' checked
	shown 'then it refuses'
	prof status -c "$CONF" >page
	narrow page
	sed -i 's/^when_full.*/when_full = evict/' "$CONF"
	kill -HUP "$(pid run)"
	for _ in 1 2 3 4 5 6 7 8; do
		poll 20 upload
	done
	poll 20 checks 100 'the oldest records are evicted, since 20'
	poll 20 shown 'the spool is nearly full: ' -l full=10
	stop run
}

@test "a disk with too little left is told" {
	conf <<-END
		min_free_mb = 1000000000
		$(outbox)
	END
	start run prof run -c "$CONF"
	checks 100 "the spool's disk is full"
	grep -qF 'min_free_mb is' checked
	stop run
}

@test "a queue that is no longer configured is told" {
	conf <<<"$(to main http://127.0.0.1:1)"
	spooled
	start recv prof-recv -c "$CONF"
	upload
	poll 10 is 0 holds new
	stop recv
	stop spool
	conf <<<"$(outbox | sed 's/main/other/')"
	prof-spool -c "$CONF" init
	shown 'main is no longer configured, and 1 records wait'
	shown "give them up: prof-spool -c $CONF rm -q main"
	says '.queues[] | select(.name == "main").type' none
}

@test "a wrong configuration is told, and the spool is shown" {
	conf <<<"$(outbox)"
	start run prof run -c "$CONF"
	upload
	echo '[nonsense]' >>"$CONF"
	run -100 prof status -c "$CONF" -s "$SPOOL"
	[[ $output = *"prof-ship.main       up"* ]]
	[[ $output = *"the configuration cannot be used: "*nonsense* ]]
	stop run
}

@test "there is no spool, or it is not for us to read" {
	conf <<<"$(outbox)"
	run -111 prof status -c "$CONF"
	[[ $output = *"there is no spool in $SPOOL"*"prof -c $CONF run"* ]]
	checks 111 'there is no spool'
	[ "$(id -u)" -eq 0 ] || skip 'needs root, to be another'
	# A directory that others may reach.
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR"
	mkdir bin
	cp "$TOP/cmd/prof" "$TOP/cmd/prof-status" bin
	prof-spool -c "$CONF" init
	chmod 700 "$SPOOL"
	run setpriv --reuid 65534 --clear-groups bin/prof status -c "$CONF"
	[ "$status" -eq 100 ]
	[[ $output = *"is not for you to read"* ]]
	chmod 751 "$SPOOL"
	chmod 700 "$SPOOL/queue" "$SPOOL/dead" "$SPOOL/ledger"
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
	    bin/prof status -c "$CONF"
	[[ $output = *PROGRAM*recv*"not read: queue"*"sudo prof"* ]] ||
	    fail "$output"
	run setpriv --reuid 65534 --clear-groups bin/prof status -c "$CONF" --check
	[ "$status" -eq 100 ]
	# With -q it is no problem that not all is for everybody.
	run setpriv --reuid 65534 --regid 65534 --clear-groups \
	    bin/prof status -c "$CONF" --check -q
	[[ $output = "no program runs: "* ]]
	[[ $output != *"could be seen"* ]]
}

@test "a page has 80 columns with long names, long reasons and 100 queues" {
	local i name=a-queue-with-so-long-a-name-00

	sinks rude 'status 503' \
	    "body $(printf 'reason%.0s' {1..60}) and $(printf 'x %.0s' {1..60})"
	{
		echo 'retry_max = 1s'
		for ((i = 0; i < 98; i++)); do
			to "a-queue-with-so-long-a-name-$i" \
			    http://127.0.0.1:1
		done
		to "$name" "http://$(cat rude/address)"
	} | conf
	spooled
	start ship prof-ship -c "$CONF" -d "$name"
	start recv prof-recv -c "$CONF"
	upload
	poll 20 shown reasonreason
	prof status -c "$CONF" >page
	narrow page
	[ "$(grep -c '^a-queue' page)" -eq 99 ]
	grep -q 'and 7[0-9] more' page
	[ "$(json '.queues | length')" -eq 99 ]
	stop recv
	stop ship
	stop spool
	stop rude
}

@test "colours are for terminals, and not with NO_COLOR; -w repeats" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	prof status -c "$CONF" >page
	run ! grep -q $'\033' page
	script -qec "prof status -c $CONF" /dev/null </dev/null >page
	grep -q $'\033\[31m down' page
	NO_COLOR=1 script -qec "prof status -c $CONF" /dev/null </dev/null >page
	run ! grep -q $'\033' page
	# A page begins with the time.
	run timeout 5 prof status -c "$CONF" -w
	[ "$(grep -c '^20..-..-..T' <<<"$output")" -ge 2 ]
	run timeout 5 prof status -c "$CONF" -w -j
	[ "$(jq -s length <<<"$output")" -ge 2 ]
}

@test "figures that make no sense are passed over" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	printf 'prof_x{a="b\n# \nprof_y{ 1\n{} 1\nprof_stat_timestamp_seconds\n\0' \
	    >"$SPOOL/stat/spool"
	head -c 100000 /dev/urandom >"$SPOOL/stat/recv"
	run -0 prof status -c "$CONF"
	run -0 prof status -c "$CONF" -j
}
