# The first hour of somebody new: README's quick starts, as they stand there,
# bring a profile of one's own program into the outbox. What is changed in them
# is where things lie, ports, and how long one waits.
load ../lib
load ../clients
load ../pull
load ../pyro

export BATS_TEST_TIMEOUT=300

setup()
{
	clients_setup
	export OUTBOX=$SPOOL.outbox
	PATH=$BATS_TEST_TMPDIR/stub:$PATH
	mkdir stub
	# What npm would install, t/deps has.
	cat >stub/npm <<-'END'
		#!/bin/sh
		[ "$#" = 2 ] && [ "$1" = install ] && [ -d "$MODULES/$2" ] &&
		    ln -s "$MODULES" node_modules
	END
	chmod +x stub/npm
}

# block HEADING N: the Nth indented block under README's "Quick start" of that
# name, as one would type it here.
block()
{
	awk -v heading="Quick start${1:+: $1}" -v nth="$2" '
	    $0 == "" { blank++; within = 0; next }
	    /^ / && inside && !within++ { n++ }
	    /^ / && inside && n == nth { print substr($0, 5) }
	    /^[^ ]/ && blank >= 2 { inside = $0 == heading }
	    { blank = 0 }' "$TOP/README" |
	    sed -e "s,/tmp/,$BATS_TEST_TMPDIR/,g" \
		-e "s,^\( *\)cmd/,\1$TOP/cmd/," >typed
	[ -s typed ] || fail "README has no block $2 under: $1"
}

# at_hand FROM TO: what was typed has another address.
at_hand()
{
	grep -qF "$1" typed || fail "no $1 in: $(cat typed)"
	sed -i "s,$1,$2,g" typed
}

# up: the `prof run` that was typed, on ports of the system's choice.
up()
{
	local -a words

	read -r -a words < <(grep '/cmd/prof run ' typed)
	printf '[http_api]\nlisten = 127.0.0.1:0\n' >>prof.conf
	start run "${words[0]}" -c prof.conf "${words[@]:1}"
}

@test "a Node.js program with dd-trace" {
	block '' 1
	up
	cp "$TOP/t/live/busy.js" app.js
	block 'a Node.js program' 1
	at_hand localhost:9529 "$(recv_at)"
	sed -i 's/^node /exec &/' typed
	client node MODULES="$MODULES" DD_PROFILING_UPLOAD_PERIOD=2 \
	    sh -e typed
	poll 90 came wall.pprof 1
	stop node
	block 'a Node.js program' 2
	run -0 sh -e typed
	[[ $output = *burnSomeTime* ]]
	stop run
}

@test "a Go program, pulled once" {
	build_goapp
	app
	block 'a Go program that serves net/http/pprof' 1
	at_hand localhost:6060 "$(at app)"
	run -0 sh -e typed
	[[ $output = *'ok stored'*main.* ]]
	[ -n "$(find "$BATS_TEST_TMPDIR/out" -name delta-heap.pprof)" ]
	stop app
}

@test "a Go program, pulled all the time" {
	build_goapp
	app
	block 'a Go program that serves net/http/pprof' 2
	at_hand localhost:6060 "$(at app)"
	cp typed prof.conf
	block '' 1
	up
	poll 60 came cpu.pprof 1
	poll 60 came delta-heap.pprof 1
	poll 10 came '*.line' 1
	tagged service:shop
	stop run
	stop app
}

@test "a Java program, recorded and sent by curl" {
	local pid

	unset JAVA_TOOL_OPTIONS
	block '' 1
	up
	client java java -Djava.io.tmpdir="$TMPDIR" "$TOP/t/live/Busy.java" 200
	pid=$(pid java)
	poll 60 jcmd "$pid" VM.version
	block 'a Java program' 1
	at_hand PID "$pid"
	at_hand localhost:9529 "$(recv_at)"
	at_hand 'sleep 30' 'sleep 2'
	run -0 sh -e typed
	[[ $output = *'{"content":{"ProfileID":"'* ]]
	slay java
	poll 30 came main.jfr 1
	block 'a Java program' 2
	run -0 sh -e typed
	[[ $output = *jdk.ExecutionSample* ]]
	tagged service:shop env:dev
	stop run
}

@test "a Node.js program with Pyroscope's SDK" {
	PATH=$MODULES/.bin:$PATH
	block 'a program with a Pyroscope SDK, or Alloy' 1
	at_hand localhost:4040 127.0.0.1:0
	grep -v '/cmd/prof run' typed >configure
	sh -e configure
	up
	npm install @pyroscope/nodejs
	grep -qF 'npm install @pyroscope/nodejs' "$TOP/README"
	block 'a program with a Pyroscope SDK, or Alloy' 2
	at_hand localhost:4040 "$(pyro_at)"
	cat typed "$TOP/t/live/busy.js" >app.js
	client node PYROSCOPE_FLUSH_INTERVAL_MS=1500 node app.js
	poll 90 came cpu.pprof 1
	stop node
	block 'a program with a Pyroscope SDK, or Alloy' 3
	run -0 sh -e typed
	[[ $output = *burnSomeTime* ]]
	stop run
}
