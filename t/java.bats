# Java's recordings, as tracers and curl push them, through the real programs
# to the line that comes out; and what prof-metrics says of one by hand.
load lib

JAVA="constructed-ddjava-lz4 constructed-ddjava-zstd constructed-ddjava-gzip
constructed-ddjava-off constructed-ddjava090"
CURL="curl-asprof-jfr curl-asprof-jfr-gz curl-asprof-chunked
curl-asprof-token-eventjson"
SPAN=(-S 1795342140500000000 -E 1795342160750000000)

# settings [LINE ...]: a unix socket, a host, and sections.
settings()
{
	printf '%s\n' '[http_api]' "listen = unix:$PWD/apm.sock" \
	    '[global_host_tags]' 'host = web-1' \
	    '[profile.io_config]' "cache_path = $SPOOL" "$@" >"$CONF"
}

up()
{
	[ -S apm.sock ] && curl -s --unix-socket apm.sock http://localhost/info
}

# pipeline: prof-recv -o - | prof-metrics -, which gives lines; over ends it.
pipeline()
{
	settings
	# shellcheck disable=SC2016
	sh -c 'echo $$ >recv.pid; exec prof-recv "$@"' - -c "$CONF" -o - \
	    2>recv.log | prof-metrics -c "$CONF" - >lines 2>metrics.log 3>&- &
	PIPELINE=$!
	poll 20 up
}

over()
{
	kill "$(cat recv.pid)"
	wait "$PIPELINE"
}

# files: the requests of JAVA and CURL.
files()
{
	local name

	for name in $JAVA $CURL; do
		echo "$REQUESTS/$name.http"
	done
}

# upload [NAME=FILE ...]: as async-profiler's users do, by curl.
upload()
{
	local part parts=()

	for part; do
		parts+=(-F "${part/=/=@}")
	done
	cat >event.json <<-'END'
	{
		"tags_profiler": "library_type:async_profiler,service:busy",
		"start": "2026-11-22T10:09:00.500Z",
		"end": "2026-11-22T10:09:20.750Z",
		"family": "java",
		"format": "jfr"
	}
	END
	curl -sS --unix-socket apm.sock "${parts[@]}" \
	    -F 'event=@event.json;type=application/json' \
	    http://localhost/profiling/v1/input
}

# numbers: the fields of a line, as t/bin/recording prints them, sorted.
numbers()
{
	cut -d ' ' -f 2 | tr ',=' '\n ' | sort
}

# wants FILE: the same of a recording.
wants()
{
	recording "${SPAN[@]}" "$1" 2>/dev/null | sort
}

# same A B: but for the last digits of what is no integer.
same()
{
	local file

	for file; do
		awk '$2 ~ /i$/ { print; next }
		{ printf "%s %.14g\n", $1, $2 }' "$file" >"$file.short"
	done
	[ "$(wc -l <"$1")" -eq 38 ] && diff "$1.short" "$2.short"
}

@test "what dd-trace-java and curl push gives the reference's numbers" {
	local all

	pipeline
	mapfile -t all < <(files)
	send -q "unix:$PWD/apm.sock" "${all[@]}" >sent
	over
	cat metrics.log
	[ "$(grep -c '^200' sent)" -eq 9 ]
	# shellcheck disable=SC2086
	python3 "$TOP/t/java.py" web-1 $JAVA $CURL <lines
	[ ! -s metrics.log ]
}

@test "through the spool they come out of the outbox" {
	local all

	settings '[destination.main]' 'type = file' "url = file:$OUTBOX"
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start metrics prof-metrics -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	start recv prof-recv -c "$CONF"
	mapfile -t all < <(files)
	send -q "unix:$PWD/apm.sock" "${all[@]}"
	poll 60 delivered 9
	stop recv
	[ "$(find "$OUTBOX" -path '*/metrics/*.line' | wc -l)" -eq 9 ]
	cat "$OUTBOX"/*/metrics/*.line | sort >lines
	# By their tags, and then by their first field.
	# shellcheck disable=SC2086
	python3 "$TOP/t/java.py" web-1 $CURL $JAVA <lines
	[ "$(holds dead)" -eq 0 ]
	stop metrics
	stop ship
	stop spool
}

# delivered N: so many lines.
delivered()
{
	[ "$(find "$OUTBOX" -path '*/metrics/*.line' 2>/dev/null | wc -l)" -ge "$1" ]
}

@test "async-profiler's layout, plain and compressed, by curl" {
	local file line

	mkdir copies
	python3 "$TOP/t/jfr_copies.py" make copies "$DATA/jfr/busy-dd.jfr.gz"
	wants "$DATA/jfr/busy-dd.jfr.gz" >wanted
	gzip -c copies/async.jfr >gzip.jfr
	python3 -m zipfile -c zip.jfr copies/async.jfr
	pipeline
	for file in copies/async.jfr gzip.jfr zip.jfr; do
		upload main=$file
	done
	over
	[ "$(wc -l <lines)" -eq 3 ]
	while read -r line; do
		numbers <<<"$line" >given
		same given wanted
	done <lines
	[ ! -s metrics.log ]
}

@test "all recordings of a profile count, and a broken one costs its own" {
	gzip -dc "$DATA/jfr/busy-medium.jfr.gz" >medium.jfr
	head -c 1162695 medium.jfr >first.jfr
	tail -c +1162696 medium.jfr >second.jfr
	head -c 20000 /dev/urandom >broken.jfr
	: >empty.jfr
	wants medium.jfr >wanted
	pipeline
	upload main=first.jfr other=second.jfr
	upload main=broken.jfr auto=first.jfr none=empty.jfr other=second.jfr
	over
	head -n 1 lines | numbers >given
	same given wanted
	tail -n 1 lines | numbers >given
	same given wanted
	[ "$(wc -l <metrics.log)" -eq 1 ]
	grep -q 'part="broken.jfr" reason="not a JFR recording"' metrics.log
}

@test "a recording that is cut short counts as far as it goes, and says so" {
	gzip -dc "$DATA/jfr/busy-small.jfr.gz" | head -c 500000 >cut.jfr
	wants cut.jfr >wanted
	pipeline
	upload main=cut.jfr
	over
	numbers <lines >given
	same given wanted
	grep -q 'reason="a chunk is cut short; it was read as far as it goes"' \
	    metrics.log
}

@test "a main that is no recording has no numbers, and is no trouble" {
	echo 'main;run 3' >main.txt
	pipeline
	upload main=main.txt
	over
	[ ! -s lines ]
	[ ! -s metrics.log ]
}

@test "prof-metrics -p takes a bare recording, by its own times" {
	run -0 prof-metrics -c /dev/null -p "$DATA/jfr/busy-dd.jfr.gz"
	recording "$DATA/jfr/busy-dd.jfr.gz" | sort >wanted
	numbers <<<"$output" >given
	same given wanted
	[[ $output = 'profiling_metrics,language=java '*' 1795342170290085678' ]]
	run -100 prof-metrics -c /dev/null -p "$DATA/jfr/../profile.conf.sample"
}

@test "prof-metrics -p -e lists event types, counts and bytes" {
	local file=$DATA/jfr/busy-medium.jfr.gz

	prof-metrics -c /dev/null -p "$file" -e >list
	grep -qx 'Version: 2.1' list
	grep -qx 'Chunks: 2' list
	grep -qx 'Start: 2026-11-22T10:09:10.012Z' list
	grep -qx 'Duration: 40.169 s' list
	sed '1,/^Event type/d' list | awk '{ print $2, $3, $1 }' >given
	recording -e "$file" | cmp - given
	prof-metrics -c /dev/null -pe - <"$file" | cmp - list
}

@test "prof-metrics -e says what is wrong, or missing" {
	gzip -dc "$DATA/jfr/busy-dd.jfr.gz" | head -c 500000 >cut.jfr
	prof-metrics -c /dev/null -pe cut.jfr >list 2>said
	grep -qx 'Version: 2.1' list
	grep -q 'a chunk is cut short' said
	run -100 prof-metrics -c /dev/null -pe "$TOP/README"
	[[ $output = *'reason="not a JFR recording"'* ]]
	gzip -dc "$DATA/jfr/busy-dd.jfr.gz" >old.jfr
	printf '\0\1' | dd of=old.jfr bs=1 seek=4 conv=notrunc status=none
	run -100 prof-metrics -c /dev/null -pe old.jfr
	[[ $output = *'"unsupported version of JFR: only 2.x is"'* ]]
	run -2 prof-metrics -c /dev/null -e old.jfr
}

@test "names of events are printed without control bytes" {
	python3 - >odd.jfr <<-END
		import sys
		sys.path.insert(0, "$TOP/t")
		import jfr
		c = jfr.chunks(jfr.load("$DATA/jfr/busy-dd.jfr.gz"))[0].decode()
		kind = c.named["jdk.ThreadSleep"]
		for pair in kind.element[1]:
		    if pair[0] == "name":
		        pair[1] = "a\x1b[31m\nb\u20ac"
		sys.stdout.buffer.write(c.encode())
	END
	prof-metrics -c /dev/null -pe odd.jfr >list
	grep -qx "a?\[31m?b$(printf '\342\202\254') *1372 *[0-9]*" list
}
