#!/usr/bin/env bats
# prof-metrics as a consumer: in the chain of all programs, and with the test
# in prof-spool's place.

load lib
load pull

ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11

setup()
{
	prof_setup
	export METRICS=true
}

# settings [LINE...]: the destination main is an outbox.
settings()
{
	conf <<-EOF
	min_free_mb = 0
	[global_host_tags]
	host = web-1
	[destination.main]
	type = file
	url = file:$OUTBOX
	$(printf '%s\n' "$@")
	EOF
}

# chain PROGRAM...: init, prof-spool, and those.
chain()
{
	local program

	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF" -v
	for program; do
		case $program in
		ship)	start ship prof-ship -c "$CONF" -d main ;;
		*)	start "$program" "prof-$program" -c "$CONF" -v ;;
		esac
	done
}

# uploaded FILE: its record, as prof-recv writes it, is put; the id in ID.
uploaded()
{
	record -C "multipart/form-data; boundary=0123456789abcdef" <"$1" \
	    >"$1.record"
	ID=$(prof-spool -c "$CONF" put - <"$1.record")
}

# form FILE NAME=FILE...: a body of a Go program's upload.
form()
{
	python3 - "$TOP/t" "$@" <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		import forms, metrics
		files = dict(a.split("=") for a in sys.argv[3:])
		with open(sys.argv[2], "wb") as f:
		    f.write(forms.body(metrics.upload("go", {
		        k: open(v, "rb").read() for k, v in files.items()})))
	END
}

# heavy FILE: a body whose cpu.pprof takes much longer than any real one.
heavy()
{
	head -c 200000000 /dev/zero | gzip -9 >zeros.gz
	form "$1" "cpu.pprof=zeros.gz" "heap.pprof=$DATA/pprof/heap.1.pprof"
}

light()
{
	form "$1" "heap.pprof=$DATA/pprof/heap.1.pprof"
}

logged()
{
	grep -q -- "$1" metrics.log
}

# worker: its process.
worker()
{
	pgrep -P "$(pid metrics)" -x metrics-worker
}

lines()
{
	cat "$OUTBOX"/*/"$1"/*.line 2>/dev/null
}

posted()
{
	[ "$(wc -l <sink/log)" -ge "$1" ]
}

@test "an upload comes as itself and as one metric, with token and type" {
	local id metric

	start sink sink "$PWD/sink"
	conf <<-EOF
	[profile.tags]
	odd = 'a b, "c" = d\ ü'
	service = 'sh op'
	[global_host_tags]
	host = web-1
	[dataway]
	urls = http://$(cat sink/address)/base?token=tkn_test
	EOF
	chain ship recv metrics
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" >answer
	id=$(sed -n 's/.*"ProfileID":"\([^"]*\)".*/\1/p' answer)
	poll 20 posted 2
	poll 20 empty
	cat sink/log
	[ "$(wc -l <sink/log)" -eq 2 ]
	grep -q " $id 1 .* POST /base/v1/upload/profiling?token=tkn_test$" \
	    sink/log
	metric=$(awk '/v1.write.metric/ { print $3 }' sink/log)
	grep -q " $metric 1 .* POST /base/v1/write/metric?token=tkn_test$" \
	    sink/log
	# Of the same time, and another one.
	[ "${metric%-*-*-*}" = "${id%-*-*-*}" ]
	[ "$metric" != "$id" ]
	grep -qix $'content-type: application/line-protocol\r' \
	    "sink/$metric.1.head"
	grep -qix "x-prof-id: $metric"$'\r' "sink/$metric.1.head"
	run -0 python3 "$TOP/t/influx.py" -s <"sink/$metric.1.body"
	[ "${#lines[@]}" -eq 1 ]
	jq -e '.measurement == "profiling_metrics" and
	    .time == 1795342828000000000 and
	    .tags.odd == "a b, \"c\" = d\\ ü" and
	    .tags.service == "sh op" and .tags.host == "web-1" and
	    .fields.prof_go_cpu_cores.value == 0.136 and
	    (.fields | length) == 15' <<<"$output"
}

@test "an outbox gets lines of metrics and points, both of their parent's id" {
	settings
	light body
	chain ship metrics
	uploaded body
	poll 20 empty
	lines metrics | python3 "$TOP/t/influx.py" -s >metrics.json
	lines points | python3 "$TOP/t/influx.py" -s >points.json
	[ "$(wc -l <metrics.json)" -eq 1 ]
	[ "$(jq -r .fields.profile_id.value points.json)" = "$ID" ]
	logged "id=$ID msg=\"metrics made\" records=2"
	[ "$(figure metrics 'prof_metrics_in_hand')" -eq 0 ]
	stop metrics
	[ "$(figure metrics 'prof_metrics_verdicts_total{verdict="ok"}')" -eq 1 ]
	[ "$(figure metrics 'prof_metrics_made_total{kind="metric"}')" -eq 1 ]
	[ "$(figure metrics 'prof_metrics_made_total{kind="point"}')" -eq 1 ]
	prof-spool -c "$CONF" check
}

# Its EEXIST was once taken for that of the record, and so no line came.
@test "a draft that an earlier try could not remove is no record" {
	local made

	settings
	light body
	chain ship metrics
	uploaded body
	poll 20 empty
	made=$(basename "$OUTBOX"/*/metrics/*.line .line)
	rm "$OUTBOX"/*/metrics/*.line
	# The same again, while that stands there.
	: >"$SPOOL/tmp/metrics/$made"
	prof-spool -c "$CONF" put - <body.record
	poll 20 empty
	[ -s "$(echo "$OUTBOX"/*/metrics/"$made.line")" ]
}

@test "what is made has its parent's time, client and id, and a source" {
	settings
	light body
	prof-spool -c "$CONF" init
	start metrics prof-metrics -c "$CONF"
	start spool prof-spool -c "$CONF"
	uploaded body
	poll 20 is 3 holds queue/main
	for file in "$SPOOL"/queue/main/*; do
		[ "${file##*/}" != "$ID" ] || continue
		sed '/^$/q' "$file" >header
		grep -qx "parent: $ID" header && break
	done
	cat header
	grep -qx 'source: metrics' header
	grep -qx 'content-type: application/line-protocol' header
	[ "$(grep ^received: header)" = "$(grep -a ^received: body.record)" ]
}

@test "only kinds that a destination accepts are made" {
	settings 'accept = metric'
	light body
	chain ship metrics
	uploaded body
	poll 20 empty
	[ "$(lines metrics | wc -l)" -eq 1 ]
	[ -z "$(lines points)" ]
	settings 'accept = profile'
	kill -HUP "$(pid spool)" "$(pid ship)" "$(pid metrics)"
	poll 10 logged 'configuration taken'
	uploaded body
	poll 20 empty
	[ "$(lines metrics | wc -l)" -eq 1 ]
	echo nonsense >>"$CONF"
	kill -HUP "$(pid metrics)"
	poll 10 logged 'configuration not taken'
	settings 'accept = point'
	kill -HUP "$(pid spool)" "$(pid ship)" "$(pid metrics)"
	poll 10 is 2 grep -c 'configuration taken' metrics.log
	uploaded body
	poll 20 empty
	[ "$(lines points | wc -l)" -eq 1 ]
	[ "$(holds dead)" -eq 0 ]
}

@test "generate_metrics = false makes no queue, and prof run no prof-metrics" {
	METRICS=false settings
	prof-spool -c "$CONF" init
	[ ! -e "$SPOOL/queue/metrics" ]
	run -0 prof run -t -c "$CONF"
	[[ $output != *prof-metrics* ]]
	settings
	run -0 prof run -t -c "$CONF"
	[[ $output = *"would run prof-metrics"* ]]
	prof-spool -c "$CONF" init
	[ -d "$SPOOL/queue/metrics" ]
}

@test "prof-pull -1 -o - | prof-metrics - prints lines" {
	start target target "$PWD"
	prof-pull -1 -w 500ms -c /dev/null -u "http://$(at .)/1" -T heap,mutex \
	    -o - | prof-metrics - >lines
	run -0 python3 "$TOP/t/influx.py" -s <lines
	[ "${#lines[@]}" -eq 1 ]
	[[ $output = *prof_go_lifetime_heap_bytes* ]]
	[[ $output = *prof_go_mutex_delay_time* ]]
	stop target
}

# once: of the metrics at the sink, how many ids there are.
once()
{
	awk '/v1.write.metric/ { print $3 }' sink/log | sort -u | wc -l
}

@test "killed between commit and verdict: the same metric, under one id" {
	skip_asan "LeakSanitizer cannot run under strace"
	local body

	start sink sink "$PWD/sink"
	conf <<-EOF
	retry_min = 10ms
	retry_max = 10ms
	[dataway]
	urls = http://$(cat sink/address)
	EOF
	light body
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	# It says hello, a window and, heard, a window; then the verdict.
	# shellcheck disable=SC2034 # for start
	WRAP=(strace -D -f -o trace -P "$SPOOL/pipe/metrics.done"
	    -e inject=write:signal=KILL:when=4)
	start metrics prof-metrics -c "$CONF"
	unset WRAP
	uploaded body
	poll 20 gone "$(pid metrics)"
	rm -f run/metrics.pid
	poll 20 is 1 once
	[ "$(holds queue/metrics)" -eq 1 ]
	start metrics prof-metrics -c "$CONF"
	poll 20 empty
	[ "$(once)" -eq 1 ]
	for body in sink/"$(awk '/v1.write.metric/ { print $3; exit }' \
	    sink/log)".*.body; do
		cmp "$body" "${body%.*.body}.1.body"
	done
	[ "$(grep -c '/v1/upload/profiling' sink/log)" -eq 1 ]
	[ "$(holds dead)" -eq 0 ]
	prof-spool -c "$CONF" check
}

@test "a record that ends its worker three times is dead, the next is not" {
	settings
	printf '%s\n' '[metrics]' 'cpu = 20ms' 'ratio = 1000000' >>"$CONF"
	heavy heavy
	light body
	chain ship metrics
	uploaded heavy
	heavy=$ID
	uploaded body
	poll 10 logged "id=$ID msg=\"metrics made\""
	poll 20 test -e "$SPOOL/dead/metrics/$heavy"
	cat "$SPOOL/dead/metrics/$heavy.why"
	grep -q 'the worker ended, time 3: signal 27, over its cpu time' \
	    "$SPOOL/dead/metrics/$heavy.why"
	[ "$(grep -c "id=$heavy msg=\"no metrics yet\"" metrics.log)" -eq 2 ]
	logged "id=$heavy msg=\"no metrics, ever\""
	stop metrics
	[ "$(figure metrics prof_metrics_worker_killed_total)" -eq 3 ]
	[ "$(find "$OUTBOX" -name event.json | wc -l)" -eq 2 ]
}

@test "a worker that ends between records is started again, for free" {
	local first

	settings
	light body
	chain ship metrics
	uploaded body
	poll 20 empty
	first=$(worker)
	kill -9 "$first"
	poll 10 gone "$first"
	uploaded body
	poll 20 empty
	[ "$(lines metrics | wc -l)" -eq 2 ]
	[ "$(worker)" -ne "$first" ]
	run ! logged 'no metrics'
	stop metrics
	[ "$(figure metrics prof_metrics_worker_starts_total)" -eq 2 ]
	[ "$(figure metrics prof_metrics_worker_killed_total)" -eq 0 ]
}

@test "a worker that takes too long by the clock is ended" {
	settings
	echo '[metrics]' >>"$CONF"
	echo 'cpu = 100ms' >>"$CONF"
	light body
	chain ship metrics
	uploaded body
	poll 20 empty
	kill -STOP "$(worker)"
	uploaded body
	poll 10 logged "id=$ID msg=\"no metrics yet\".*it took too long"
	poll 20 empty
	[ "$(lines metrics | wc -l)" -eq 2 ]
}

@test "an attachment beyond the worker's memory costs its own numbers" {
	skip_asan "address space is not bounded under sanitizers"
	settings
	printf '%s\n' '[metrics]' 'memory_mb = 64' 'ratio = 1000000' >>"$CONF"
	heavy body
	chain ship metrics
	uploaded body
	poll 20 empty
	cat metrics.log
	logged "id=$ID msg=\"part not used\" part=\"cpu.pprof\".*memory"
	[[ $(lines metrics) = *prof_go_lifetime_heap_bytes=14467958i* ]]
}

@test "the worker has its socket and standard error, and ends with its parent" {
	local worker

	settings
	light body
	chain metrics
	uploaded body
	poll 20 logged 'metrics made'
	worker=$(worker)
	[ "$(find "/proc/$worker/fd" -type l -printf '%f ')" = "0 1 2 " ]
	[[ $(readlink "/proc/$worker/fd/0") = socket:* ]]
	[ "$(readlink "/proc/$worker/fd/1")" = /dev/null ]
	under_asan || grep -Eq '^Max processes +0 ' "/proc/$worker/limits"
	slay metrics
	poll 10 gone "$worker"
}

# From here the test is prof-spool.

# serve LINE...
serve()
{
	settings "$@"
	prof-spool -c "$CONF" init
	[ -z "${BEFORE:-}" ] || "$BEFORE"
	start metrics prof-metrics -c "$CONF" -v
	exec 5<>"$SPOOL/pipe/metrics.todo" 6<>"$SPOOL/pipe/metrics.done"
	hears hello
	hears 'window 64'
	echo hello >&5
	hears 'window 64'
}

hears()
{
	read -r -t 10 -u 6 LINE || fail "nothing, instead of $1"
	# shellcheck disable=SC2053
	[[ $LINE == $1 ]] || fail "$LINE, instead of $1"
}

# queued FILE [ID]: a body is queued as a record, and handed out.
queued()
{
	ID=${2:-$(cat /proc/sys/kernel/random/uuid)}
	record -i "$ID" -C "multipart/form-data; boundary=0123456789abcdef" \
	    <"$1" >"$SPOOL/queue/metrics/$ID"
	echo "$ID 0 $SPOOL/queue/metrics/$ID" >&5
}

@test "verdicts: ok, back where it is gone, dead where it is damaged" {
	serve
	light body
	queued body
	hears "$ID ok"
	[ "$(holds new)" -eq 2 ]
	echo "$ID 1 $SPOOL/queue/metrics/$ID" >&5
	# Both are there.
	hears "$ID ok"
	[ "$(holds new)" -eq 2 ]
	echo "$ID 0 $SPOOL/queue/metrics/gone" >&5
	hears "$ID back"
	echo "$ID 0 $SPOOL/queue" >&5
	hears "$ID dead not a plain file"
	echo 'no line' >&5
	poll 10 logged 'msg="line ignored" line="no line"'
	printf x | dd of="$SPOOL/queue/metrics/$ID" bs=1 seek=700 conv=notrunc \
	    2>/dev/null
	echo "$ID 0 $SPOOL/queue/metrics/$ID" >&5
	hears "$ID dead bad record: crc32c does not match"
	other=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12
	queued body
	hears "$ID ok"
	echo "$other 0 $SPOOL/queue/metrics/$ID" >&5
	hears "$other dead its id is not its name"
	[ "$(holds new)" -eq 4 ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "a profile without numbers is ok, and makes nothing" {
	serve 'accept = metric'
	python3 - "$TOP/t" >body <<-'END'
		import sys
		sys.path.insert(0, sys.argv[1])
		import forms, metrics
		sys.stdout.buffer.write(forms.body(metrics.upload(
		    "python", {"main": b"main;f 3\n"})))
	END
	queued body
	hears "$ID ok"
	[ "$(holds new)" -eq 0 ]
	logged 'nothing to make'
}

@test "while the spool is full records are asked for again" {
	serve
	light body
	touch "$SPOOL/full"
	queued body
	hears "$ID retry 1 the spool is full"
	echo "$ID 3 $SPOOL/queue/metrics/$ID" >&5
	hears "$ID retry 8 the spool is full"
	rm "$SPOOL/full"
	echo "$ID 4 $SPOOL/queue/metrics/$ID" >&5
	hears "$ID ok"
}

@test "what cannot be committed is asked for again" {
	# Root that minds a directory's mode.
	# shellcheck disable=SC2034 # for start
	[ "$(id -u)" -ne 0 ] ||
	    WRAP=(setpriv "--bounding-set=-dac_override,-dac_read_search")
	serve
	light body
	chmod 500 "$SPOOL/new"
	queued body
	hears "$ID retry 1 cannot commit a record: Permission denied"
	chmod 700 "$SPOOL/new"
	echo "$ID 1 $SPOOL/queue/metrics/$ID" >&5
	hears "$ID ok"
	[ "$(holds new)" -eq 2 ]
}

@test "SIGTERM finishes what is at the worker and gives back the rest" {
	local first

	serve
	light body
	queued body
	hears "$ID ok"
	kill -STOP "$(worker)"
	queued body
	first=$ID
	for _ in 1 2 3; do
		queued body
	done
	kill -TERM "$(pid metrics)"
	hears 'window 0'
	for _ in 1 2 3; do
		hears '* back'
		[ "${LINE% back}" != "$first" ]
	done
	kill -CONT "$(worker)"
	hears "$first ok"
	ended metrics
	[ "$(figure metrics 'prof_metrics_verdicts_total{verdict="back"}')" -eq 3 ]
}

@test "SIGTERM does not wait long for the worker" {
	serve
	light body
	queued body
	hears "$ID ok"
	kill -STOP "$(worker)"
	queued body
	kill -TERM "$(pid metrics)"
	hears 'window 0'
	# Said again it does not wait.
	kill -TERM "$(pid metrics)"
	kill -TERM "$(pid metrics)"
	hears "$ID back"
	ended metrics
	[ "$(figure metrics prof_metrics_worker_killed_total)" -eq 0 ]
}

litter()
{
	# Of the id that the metric will have.
	local id

	light body
	queued body "$ID" 5>/dev/null
	prof-metrics -c "$CONF" -P "$SPOOL/queue/metrics/$ID" >/dev/null
	for id in "$ID" 019e1f0c-6d3a-7000-8000-000000000000; do
		echo cut short >"$SPOOL/tmp/metrics/$id"
	done
}

@test "drafts that were left behind are gone at the start" {
	BEFORE=litter serve
	[ "$(holds tmp)" -eq 0 ]
	queued body "$ID"
	hears "$ID ok"
}

@test "one prof-metrics serves the queue" {
	serve
	run -111 prof-metrics -c "$CONF"
	[[ $output = *'cannot lock the queue'*'another prof-metrics serves it'* ]]
	run -111 prof-metrics -c "$CONF" -s "$PWD/nowhere"
	[[ $output = *'cannot open the spool'* ]]
}

@test "without its queue prof-metrics does not start" {
	METRICS=false settings
	prof-spool -c "$CONF" init
	run -111 prof-metrics -c "$CONF"
	[[ $output = *'cannot start'* ]]
}
