# Pyroscope's clients, as their users run them, against prof-pyro: what they
# push comes out of the outbox and opens in `go tool pprof`.
load ../lib
load ../clients
load ../pyro

export BATS_TEST_TIMEOUT=300

setup()
{
	clients_setup
	printf '%s\n' '[profile.pyroscope]' 'url = 127.0.0.1:0' 'env = test' \
	    '[profile.pyroscope.tags]' 'team = ops' | clients_conf
	start run prof run -c "$CONF"
	URL=http://$(pyro_at)
	PATH=$MODULES/.bin:$PATH
}

# sdk MODULE: a program with that SDK runs until three records have come of it.
sdk()
{
	client node PYROSCOPE_SAMPLING_DURATION=1500 \
	    node "$TOP/t/live/pyro.js" "$1" "$URL"
	poll 90 came event.json 3
	stop node
}

# sound_record: the newest has all of a Node.js program's profiles.
sound_record()
{
	local dir

	dir=$(dirname "$(last event.json)")
	[ "$(cd "$dir" && echo *)" = \
	    'cpu.pprof event.json inuse_objects.pprof inuse_space.pprof' ]
	run -0 go tool pprof -top "$dir/cpu.pprof"
	[[ $output = *burnSomeTime* ]]
	run -0 go tool pprof -top "$dir/inuse_objects.pprof"
	[[ $output = *'Type: inuse_objects'* ]]
	run -0 go tool pprof -top "$dir/inuse_space.pprof"
	[[ $output = *'Type: inuse_space'*keepSomeMemory* ]]
	jq -e '.profiler == "pyroscope" and .language == "nodejs" and
	    .format == "pprof" and .sub_custom_tags == "team:ops" and
	    (.attachments | sort) == ["cpu.pprof", "inuse_objects.pprof",
	    "inuse_space.pprof"]' "$dir/event.json"
	tagged service:live.demo env:test region:eu 'crew:blue team' team:ops \
	    app_name:live.demo spy_name:nodespy "$@"
	[ "$(holds dead)" -eq 0 ]
}

# labelled: what ran under a label has it, and what did not has none.
labelled()
{
	run -0 go tool pprof -tagfocus vehicle=bike -top "$(last cpu.pprof)"
	[[ $output = *rideSomeBike* && $output != *burnSomeTime* ]]
	run -0 go tool pprof -tagignore vehicle=bike -top "$(last cpu.pprof)"
	[[ $output = *burnSomeTime* && $output != *rideSomeBike* ]]
}

@test "@pyroscope/nodejs, the newest" {
	sdk @pyroscope/nodejs
	sound_record process.runtime.name:nodejs
	labelled
	stop run
}

@test "@pyroscope/nodejs 0.4" {
	sdk pyroscope-0.4
	sound_record
	labelled
	stop run
}

@test "@pyroscope/nodejs 0.2.9, which the reference was made for" {
	[ -n "$(find "$MODULES/pprof/build" -name pprof.node)" ] ||
	    skip "t/deps built no C++ part of it: npm has no Node.js for here"
	sdk pyroscope-0.2
	sound_record sample_rate:100
	stop run
}

# pushes PROTOCOL [-z]: three profiles go in, and the same come out.
pushes()
{
	local file files=("$DATA"/pprof/{cpu,heap,mutex}.1.pprof)

	run -0 node "$TOP/t/live/push.mjs" "$1" "$URL" "${@:2}" "${files[@]}"
	[ "$output" = ok ]
	poll 30 came auto.pprof 3
	find "$OUTBOX" -name auto.pprof -exec sha256sum {} + |
	    cut -d ' ' -f 1 | sort >came
	sha256sum "${files[@]}" | cut -d ' ' -f 1 | sort >sent
	diff sent came
	for file in "$OUTBOX"/*/pushed/*/auto.pprof; do
		run -0 go tool pprof -top "$file"
		[[ $output = *main.* ]]
	done
	tagged service:pushed region.zone:eu-1 env:test team:ops
	[[ $(cat "$(last event.json)") != *__name__* ]]
	rm -r "$OUTBOX"
}

# denied PROTOCOL: how its client hears of what is not taken.
denied()
{
	run -0 node "$TOP/t/live/push.mjs" "$1" "$URL" "$CONF"
	[[ $output = 'InvalidArgument '* ]]
	touch "$SPOOL/full"
	run -0 node "$TOP/t/live/push.mjs" "$1" "$URL" \
	    "$DATA/pprof/cpu.1.pprof"
	[ "$output" = 'Unavailable the spool is full' ]
	rm "$SPOOL/full"
	[ ! -e "$OUTBOX" ]
}

@test "connect-node, Connect with JSON" {
	pushes connect-json
	pushes connect-json -z
	denied connect-json
	stop run
}

@test "connect-node, Connect with protobuf" {
	pushes connect-proto
	pushes connect-proto -z
	denied connect-proto
	stop run
}

@test "connect-node, gRPC-Web" {
	pushes grpc-web
	pushes grpc-web -z
	denied grpc-web
	stop run
}

@test "connect-node, gRPC: it is told what to use" {
	run -0 node "$TOP/t/live/push.mjs" grpc "$URL" \
	    "$DATA/pprof/cpu.1.pprof"
	[[ $output = 'Unimplemented '*'push by Connect or gRPC-Web'* ]]
	stop run
}
