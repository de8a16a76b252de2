# Real clients, as their users run them, against the real programs: what they
# push comes out of the outbox and opens in the tools meant for it.
load ../lib
load ../clients

export BATS_TEST_TIMEOUT=300

setup()
{
	clients_setup
	printf '[profile.tags]\nteam = blue\n' | clients_conf
	sed -i "s,^listen = .*,&\, unix:$BATS_TEST_TMPDIR/apm.sock," "$CONF"
	start run prof run -c "$CONF"
}

# answered CODE: has prof-recv answered it?
answered()
{
	[ "$(figure recv "prof_recv_requests_total{code=\"$1\"}")" -gt 0 ]
}

# tracer URL: the Node program, with its tracer pointed there.
tracer()
{
	client node DD_TRACE_AGENT_URL="$1" DD_PROFILING_ENABLED=true \
	    DD_PROFILING_UPLOAD_PERIOD=2 DD_SERVICE=live-test DD_ENV=test \
	    DD_VERSION=1.2.3 DD_TAGS=shape:round \
	    node -r "$MODULES/dd-trace/init" "$TOP/t/live/busy.js"
}

# What all that a tracer sent must have become.
sound_profiles()
{
	# Three uploads on a connection that was told 404 in between.
	poll 90 came event.json 3
	poll 30 answered 404
	poll 10 came wall.pprof 3
	stop node
	run -0 go tool pprof -top "$(last wall.pprof)"
	[[ $output = *burnSomeTime* ]]
	run -0 go tool pprof -top "$(last space.pprof)"
	[[ $output = *"Type: "* ]]
	tagged service:live-test env:test version:1.2.3 shape:round team:blue
	jq -e '.language == "nodejs" and .format == "pprof" and
	    .profiler == "ddtrace"' "$(last event.json)"
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
	cmp main.jfr "$(last main.jfr)"
	run -0 jfr summary "$(last main.jfr)"
	[[ $output = *jdk.ExecutionSample* ]]
	tagged team:blue service:busy
	stop run
}
