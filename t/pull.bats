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

@test "what was pulled is uploaded with the headers of the reference" {
	local id

	fake
	aim ok goroutine 'service = shop'
	prof-pull -1 -c "$CONF"
	id=$(basename "$(new)")
	start sink sink sink
	prof-ship -u "http://$(cat sink/address)" "$(new)"
	[ "$(grep -ci '^X-Datakit-UnixNano: ' "sink/$id.1.head")" -eq 1 ]
	[ "$(grep -ci '^X-Datakit-Version: prof/' "sink/$id.1.head")" -eq 1 ]
	grep -aq 'tags_profiler":"service:shop,host:' "sink/$id.1.body"
	stop sink
	stop fake
}

@test "prof-metrics makes metrics of what was pulled" {
	app
	pull_all
	prof-metrics - <records >lines
	for field in cpu_cores num_goroutine mutex_delay_time blocked_time \
	    lifetime_heap_bytes; do
		grep -q "^profiling_metrics,.*language=golang.* .*prof_go_$field=" \
		    lines
	done
	stop app
}

@test "SIGTERM ends a round that is under way, at once" {
	fake
	aim hang goroutine,heap
	pulling -w 100ms
	poll 20 test -s fake/log
	SECONDS=0
	stop pull
	[ "$SECONDS" -lt 5 ]
	[ "$(holds tmp)" -eq 0 ]
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
	[[ $output = *'msg="cannot open the spool"'* ]]
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

@test "a restart that one type shows is one of all, also of those not there" {
	fake
	echo ok >fake/x
	aim x heap,mutex,block
	prof-pull -1 -w 10ms -c "$CONF"
	[ "$(holds keep)" -eq 3 ]
	echo restart >fake/x.heap
	echo refuse-500 >fake/x.mutex
	run -111 prof-pull -1 -w 10ms -c "$CONF"
	# One from before, one from behind; mutex, which did not come, has
	# nothing that the next one could be compared with.
	[ "$(figure_of block)" -eq 2 ]
	[ -z "$(find "$SPOOL/keep" -name '*.mutex')" ]
	rm fake/x.mutex
	echo ok >fake/x.heap
	prof-pull -1 -w 10ms -c "$CONF"
	[ "$(holds keep)" -eq 3 ]
	[ "$(figure_of mutex)" -eq 2 ]
	stop fake
}

# figure_of TYPE: how many deltas of it there are.
figure_of()
{
	new | xargs grep -al "filename=\"delta-$1.pprof\"" | wc -l
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
