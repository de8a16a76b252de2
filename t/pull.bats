#!/usr/bin/env bats
# prof-pull: a real Go program's profiles, from its targets to their records.

load lib
load pull

setup_file()
{
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	build_goapp
}

# pull_all: one round of the app, all types, into the file records.
pull_all()
{
	prof-pull -1 -w 1s -u "http://$(at app)" \
	    -T cpu,goroutine,heap,mutex,block,allocs,threadcreate -o - \
	    >records 2>pull.log
}

taken()
{
	python3 "$TOP/t/pulled.py" "$@" records
}

# target [LINE...]: a spool, and a target of the app with heap alone.
target()
{
	conf <<-EOF
	[profile.go]
	url = http://$(at app)
	enabled_types = heap
	$(printf '%s\n' "$@")
	EOF
	prof-spool -c "$CONF" init
}

# add N: let the app allocate N objects more.
add()
{
	curl -sS "http://$(at app)/add?n=$1"
}

@test "every type of a real program's profiles can be read by go tool pprof" {
	local file

	app
	pull_all
	mkdir out
	taken take out >files
	[ "$(wc -l <files)" -eq 7 ]
	for file in cpu goroutines delta-heap delta-mutex delta-block \
	    delta-allocs threadcreate; do
		HOME=$PWD run -0 go tool pprof -top "$(grep "\.$file.pprof" files)"
		[[ $output = *"Showing nodes accounting for"* ]]
	done
	stop app
}

@test "stacks, inlined calls and labels are in the deltas" {
	app
	pull_all
	mkdir out
	taken take out >files
	export HOME=$PWD
	run -0 go tool pprof -top -sample_index=contentions \
	    "$(grep delta-mutex files)"
	[[ $output = *main.contend* ]]
	run -0 go tool pprof -top -sample_index=delay \
	    "$(grep delta-block files)"
	[[ $output = *main.wait* ]]
	run -0 go tool pprof -tags "$(grep cpu.pprof files)"
	[[ $output = *worker*busy* ]]
	stop app
}

@test "the deltas of a round are one record, cpu and others one each" {
	app
	pull_all
	[ "$(taken list | cut -d ' ' -f 3 | sort | tr '\n' ' ')" = \
	    "cpu.pprof delta-heap.pprof,delta-mutex.pprof,delta-block.pprof\
,delta-allocs.pprof goroutines.pprof threadcreate.pprof " ]
	[ "$(taken list | cut -d ' ' -f 2 | sort -u)" = "$(at app)" ]
	stop app
}

@test "what a program allocates between two rounds is in the delta, no more" {
	app
	target
	[ "$(add 1000)" -eq 1000 ]
	# The first is kept, the second is made into a delta.
	prof-pull -1 -w 10ms -c "$CONF"
	[ "$(pulled sum delta-heap.pprof alloc_objects main.grow)" -eq 0 ]
	add 300
	prof-pull -1 -c "$CONF"
	add 21
	prof-pull -1 -c "$CONF"
	[ "$(pulled sum delta-heap.pprof alloc_objects main.grow)" -eq 321 ]
	[ "$(pulled sum delta-heap.pprof alloc_space main.fresh)" -eq \
	    $((321 * 1024)) ]
	[ "$(pulled list | wc -l)" -eq 3 ]
	stop app
}

@test "of -1 a second fetch is needed only where nothing is kept" {
	app
	target
	prof-pull -1 -w 200ms -c "$CONF"
	[ "$(pulled list | wc -l)" -eq 1 ]
	# The interval is 10 s: had it waited, this would time out.
	timeout 5 prof-pull -1 -c "$CONF"
	[ "$(pulled list | wc -l)" -eq 2 ]
	[ ! -e "$SPOOL/stat/pull" ]
	stop app
}

@test "tags: the target's, its section's and the configuration's" {
	app
	cat >>"$CONF" <<-EOF
	[profile.io_config]
	cache_path = $SPOOL
	[profile.tags]
	team = red
	[global_host_tags]
	host = here
	[profile.go]
	url = http://$(at app)/
	enabled_types = goroutine
	service = shop
	env = test
	version = 1.2.3
	[profile.go.tags]
	team = "a, b:c"
	service = store
	EOF
	prof-spool -c "$CONF" init
	prof-pull -1 -c "$CONF"
	[ "$(pulled list | cut -d ' ' -f 6-)" = \
"service:store,version:1.2.3,env:test,team:a; b:c team:a; b:c,service:store" ]
	grep -aqx 'tag: team=red' "$(new)"
	grep -aqx 'global-tag: host=here' "$(new)"
	# What the target says of itself is not overridden.
	shipped
	jq -r .tags_profiler "$OUTBOX"/*/store/*/event.json |
	    grep -q 'team:a; b:c'
	run ! grep -q red "$OUTBOX"/*/store/*/event.json
	stop app
}

@test "prof-ship stores what was pulled as files that open" {
	app
	target 'service = shop'
	prof-pull -1 -w 1s -c "$CONF"
	shipped
	[ "$(find "$OUTBOX"/*/shop -name delta-heap.pprof | wc -l)" -eq 1 ]
	HOME=$PWD go tool pprof -top "$OUTBOX"/*/shop/*/delta-heap.pprof |
	    grep -q 'Showing nodes'
	stop app
}

@test "a target may be a unix socket, and have a path of its own" {
	fake "$PWD/s"
	prof-pull -1 -u "unix:$PWD/s:/ok/base?x=1&y" -T goroutine -o - >records
	taken list | grep -q " unix:$PWD/s goroutines.pprof "
	grep -q '/ok/base/debug/pprof/goroutine x=1&y ' fake/log
	prof-pull -1 -u "http://$(at fake)/ok/a/debug/pprof/" -T cpu -w 1s -o - \
	    >records
	grep -q ' /ok/a/debug/pprof/profile seconds=1 ' fake/log
	prof-pull -1 -u "http://$(at fake)/ok?" -T goroutine -o - >/dev/null
	grep -q ' /ok/debug/pprof/goroutine - ' fake/log
	stop fake
}

@test "passwords, tokens and headers come from files, and are logged nowhere" {
	fake
	conf < <(section locked goroutine "basic_auth_file = $PWD/basic"
	    section locked/2 goroutine "bearer_token_file = $PWD/link"
	    section locked/3 goroutine \
		'headers = ["X-Test: geheim3", "X-More: 1"]'
	    section locked/4 goroutine | sed s,http://,http://me:geheim4@,)
	prof-spool -c "$CONF" init
	echo me:geheim1 >basic
	echo geheim2 >token
	ln -s token link
	prof-pull -1 -v -c "$CONF" 2>pull.log
	grep -q "/locked/debug/pprof/goroutine - Basic:$(printf me:geheim1 |
	    base64) " fake/log
	grep -q '/locked/2/debug/pprof/goroutine - Bearer:geheim2 ' fake/log
	grep -q '/locked/3/debug/pprof/goroutine - - geheim3' fake/log
	grep -q "/locked/4/debug/pprof/goroutine - Basic:$(printf me:geheim4 |
	    base64) " fake/log
	[ "$(pulled list | wc -l)" -eq 4 ]
	[ "$(pulled list | cut -d ' ' -f 2 | sort -u)" = "$(at fake)" ]
	# Without its file a target has no round, and says why.
	rm basic
	run -111 prof-pull -1 -v -c "$CONF"
	[[ $output = *'round missed'*'basic_auth_file cannot be read'* ]]
	[[ $output != *geheim* ]]
	run ! grep -r geheim pull.log "$SPOOL"
	stop fake
}

@test "-u and -T stand for a section, and are checked as one" {
	run -2 prof-pull -1 -T heap
	run -2 prof-pull -1 -u 'http://h/ x'
	run -2 prof-pull -1 -u $'http://h\n[http_api]'
	run -2 prof-pull -1 -u http://h -T heap,nonsense
	[[ $output = *nonsense* ]]
	run -2 prof-pull -w soon
	run -2 prof-pull extra
	fake
	prof-pull -1 -o - -u "http://$(at fake)/ok" -T goroutine \
	    -u "http://$(at fake)/ok/2" -T threadcreate,goroutine >records
	[ "$(taken list | wc -l)" -eq 3 ]
	stop fake
}

@test "-1 that cannot pull something exits 111, and writes the rest" {
	fake
	run -111 prof-pull -1 -o - -u "http://$(at fake)/ok" -T goroutine \
	    -u "http://$(at fake)/refuse-500" -T goroutine
	[[ $output = *'msg="pull failed"'*'500 no, said'* ]]
	[[ $output = *goroutines.pprof* ]]
	stop fake
	run -111 prof-pull -1 -s "$PWD/none"
	[[ $output = *'msg="spool"'* ]]
}

@test "without a spool a daemon holds the last profiles itself" {
	fake
	start pull prof-pull -w 200ms -o - -u "http://$(at fake)/ok" -T heap
	poll 20 said 4 'msg="pulled"'
	stop pull
	stop fake
	mv pull.out records
	# Each where the one before it ended; what is kept last is gone.
	[ "$(taken list | cut -d ' ' -f 4 | tail -n +2)" = \
	    "$(taken list | cut -d ' ' -f 5 | head -n -1)" ]
}

@test "a daemon pulls until SIGTERM, and its deltas lie side by side" {
	fake
	aim ok cpu,goroutine,heap,mutex,block
	# The cpu profile takes one second of it.
	pulling -w 1200ms
	poll 20 made 2 delta-heap.pprof
	stop pull
	for type in heap mutex block; do
		pulled chain $type fake/log "$SPOOL"/keep/pull/*.$type
	done
	[ "$(figure pull 'prof_pull_records_total')" -eq "$(new | wc -l)" ]
	[ "$(figure pull 'prof_pull_baselines_total')" -eq 3 ]
	[ "$(holds tmp)" -eq 0 ]
	[ "$(holds keep)" -eq 3 ]
	stop fake
}

@test "a program that is restarted is a new baseline, and nothing negative" {
	fake
	echo ok >fake/x
	aim x heap,mutex
	pulling -w 100ms
	poll 20 made 2 delta-heap.pprof
	echo restart >fake/x
	poll 20 said 1 'msg="new baseline"'
	echo ok >fake/x
	stop pull
	mv "$SPOOL/new" before
	mkdir "$SPOOL/new"
	pulling -w 100ms
	poll 20 made 2 delta-heap.pprof
	stop pull
	stop fake
	python3 "$TOP/t/pulled.py" list before/* >/dev/null
	[ "$(python3 "$TOP/t/pulled.py" sum delta-heap.pprof alloc_objects \
	    main.f before/*)" -gt 0 ]
	grep -q 'msg="new baseline" target="[^"]*" type=heap reason="' pull.log
}

@test "a real program that is restarted sends no delta of two runs" {
	app
	target
	add 5000
	prof-pull -1 -w 10ms -c "$CONF"
	stop app
	app app "$(at app)"
	add 7
	# It is the same program at the same place, and its counters are lower.
	prof-pull -1 -w 10ms -c "$CONF" 2>pull.log
	said 1 'msg="new baseline"'
	add 30
	prof-pull -1 -c "$CONF"
	[ "$(pulled sum delta-heap.pprof alloc_objects main.grow)" -eq 30 ]
	stop app
}

@test "a list of targets is read again when it changes" {
	fake
	list ok/1 ok/2
	conf <<-EOF
	[profile.go]
	file_sd = $PWD/list.json
	enabled_types = goroutine
	env = test
	EOF
	prof-spool -c "$CONF" init
	pulling -w 300ms
	poll 20 grep -q /ok/1/ fake/log
	poll 20 grep -q /ok/2/ fake/log
	list ok/2 ok/3
	poll 20 grep -q /ok/3/ fake/log
	: >fake/log
	poll 20 grep -q /ok/3/ fake/log
	poll 20 grep -q /ok/2/ fake/log
	run ! grep /ok/1/ fake/log
	echo '[{"targets":1}]' >list.json
	poll 20 said 1 'msg="targets not read".*a group has no list of targets'
	: >fake/log
	poll 20 grep -q /ok/3/ fake/log
	stop pull
	pulled list | grep -q ' service:s3,env:test,zone:z zone:z,service:s3$'
	stop fake
}

# list PATH...: a list with these on the fake, the last digit in their service.
list()
{
	local path

	for path; do
		jq -cn --arg url "http://$(at fake)/$path" --arg s "s${path: -1}" \
		    '{targets: [$url], labels: {zone: "z", service: $s,
		    __meta_x: "no"}}'
	done | jq -s . >list.new
	mv list.new list.json
}

@test "SIGHUP: targets come, go and change; a wrong file changes nothing" {
	fake
	aim ok/1 goroutine
	pulling -w 300ms
	poll 20 made 1 goroutines.pprof
	echo nonsense >>"$CONF"
	kill -HUP "$(pid pull)"
	poll 20 said 1 'msg="configuration not taken"'
	conf < <(section ok/1 goroutine 'service = changed'
	    section ok/2 threadcreate)
	kill -HUP "$(pid pull)"
	poll 20 said 1 'msg="configuration taken"'
	poll 20 made 1 threadcreate.pprof
	poll 20 changed
	conf < <(section ok/2 threadcreate)
	kill -HUP "$(pid pull)"
	poll 20 said 2 'msg="configuration taken"'
	: >fake/log
	poll 20 grep -q /ok/2/ fake/log
	run ! grep /ok/1/ fake/log
	stop pull
	stop fake
}

changed()
{
	pulled list | grep -q 'goroutines.pprof .* service:changed'
}

@test "two targets with one url are two" {
	fake
	conf < <(section ok heap 'service = a'; section ok heap 'service = b')
	prof-spool -c "$CONF" init
	prof-pull -1 -w 100ms -c "$CONF"
	[ "$(pulled list | cut -d ' ' -f 6 | sort | tr '\n' ' ')" = \
	    "service:a service:b " ]
	[ "$(holds keep)" -eq 2 ]
	stop fake
}

@test "prof run runs it where there is a target" {
	local i

	fake
	# Some of so many have their first round soon.
	conf < <(printf '%s\n' '[profile]' 'generate_metrics = false'
	    for ((i = 0; i < 20; i++)); do
		section "ok/$i" goroutine 'service = shop'
	    done
	    printf '%s\n' '[destination.main]' 'type = file' \
		"url = file:$OUTBOX")
	start run prof run -c "$CONF"
	poll 20 delivered
	run -0 prof status -c "$CONF"
	[[ $output = *prof-pull*up*'of 20 targets up'* ]]
	stop run
	stop fake
}

delivered()
{
	ls "$OUTBOX"/*/shop/*/goroutines.pprof
}
