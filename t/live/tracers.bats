# Real clients, as their users run them, against the real programs: what they
# push comes out of the outbox and opens in the tools meant for it.
load ../lib

export BATS_TEST_TIMEOUT=300

setup()
{
	prof_setup
	export XDG_CACHE_HOME=$TMPDIR XDG_CONFIG_HOME=$TMPDIR HOME=$TMPDIR
	export PPROF_TMPDIR=$TMPDIR
	conf <<-END
		[profile.tags]
		team = blue
		[destination.main]
		type = file
		url = file:$OUTBOX
	END
	sed -i "s,^listen = .*,&\, unix:$BATS_TEST_TMPDIR/apm.sock," "$CONF"
	start run prof run -c "$CONF"
}

# came NAME N: the outbox has at least N files of that name.
came()
{
	[ "$(find "$OUTBOX" -name "$1" | wc -l)" -ge "$2" ]
}

# first NAME: one of them.
first()
{
	find "$OUTBOX" -name "$1" | sort | tail -n 1
}

# answered CODE: has prof-recv answered it?
answered()
{
	[ "$(figure recv "prof_recv_requests_total{code=\"$1\"}")" -gt 0 ]
}

# tracer URL: the Node program, with its tracer pointed there.
tracer()
{
	env -i PATH="$PATH" HOME="$TMPDIR" PROF_TEST="$PROF_TEST" \
	    DD_TRACE_AGENT_URL="$1" DD_PROFILING_ENABLED=true \
	    DD_PROFILING_UPLOAD_PERIOD=2 DD_SERVICE=live-test DD_ENV=test \
	    DD_VERSION=1.2.3 DD_TAGS=shape:round \
	    node "$TOP/t/live/busy.js" </dev/null >node.log 2>&1 3>&- &
	mkdir -p run
	echo $! >run/node.pid
}

# What all that a tracer sent must have become.
sound_profiles()
{
	local event

	# Three uploads on a connection that was told 404 in between.
	poll 90 came event.json 3
	poll 30 answered 404
	poll 10 came wall.pprof 3
	stop node
	run -0 go tool pprof -top "$(first wall.pprof)"
	[[ $output = *burnSomeTime* ]]
	run -0 go tool pprof -top "$(first space.pprof)"
	[[ $output = *"Type: "* ]]
	event=$(first event.json)
	jq -e '.tags_profiler | split(",") | map(select(
	    . == "service:live-test" or . == "env:test" or
	    . == "version:1.2.3" or . == "shape:round" or . == "team:blue")) |
	    length == 5' "$event"
	jq -e '.language == "nodejs" and .format == "pprof" and
	    .profiler == "ddtrace"' "$event"
	[ "$(holds dead)" -eq 0 ]
	stop run
}

@test "dd-trace for Node.js profiles over TCP" {
	tracer "http://$(recv_at)"
	sound_profiles
}

@test "dd-trace for Node.js profiles over a unix socket" {
	tracer "unix://$BATS_TEST_TMPDIR/apm.sock"
	sound_profiles
}

@test "a JDK's recording, pushed by curl, opens again" {
	env -u JAVA_TOOL_OPTIONS java -XX:StartFlightRecording:filename=main.jfr \
	    -Djava.io.tmpdir="$TMPDIR" "$TOP/t/live/Busy.java" 3 3>&-
	cat >event.json <<-'END'
	{
		"tags_profiler": "library_type:async_profiler,service:busy,env:test",
		"start": "2026-11-22T10:09:00.500Z",
		"end": "2026-11-22T10:09:03.500Z",
		"family": "java",
		"format": "jfr"
	}
	END
	run -0 curl -sS -F 'main=@main.jfr;filename=main.jfr' \
	    -F 'event=@event.json;filename=event.json;type=application/json' \
	    "http://$(recv_at)/profiling/v1/input"
	[[ $output = '{"content":{"ProfileID":"'*'"}}' ]]
	poll 30 came main.jfr 1
	cmp main.jfr "$(first main.jfr)"
	run -0 jfr summary "$(first main.jfr)"
	[[ $output = *jdk.ExecutionSample* ]]
	jq -e '.tags_profiler | contains("team:blue")' "$(first event.json)"
	stop run
}
