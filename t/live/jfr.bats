# What the JDK's own jfr says of a recording, we say too: each type's count and
# bytes, and every number, time and text of every event.
load ../lib

export BATS_TEST_TIMEOUT=300

# agrees FILE
agrees()
{
	PYTHONPATH=$TOP/t run python3 "$TOP/t/live/jdk.py" "$1"
	echo "$output"
	[ "$status" -eq 0 ] || fail "$1"
}

# recorded SECONDS GC OPTION: run t/live/Recorded.java, with all that the
# metrics are made of.
recorded()
{
	local event options="filename=$2.jfr,settings=profile,$3"

	for event in FileRead FileWrite SocketRead SocketWrite \
	    JavaMonitorEnter Compilation; do
		options+=",jdk.$event#threshold=0ms"
	done
	exec env -u JAVA_TOOL_OPTIONS java "-XX:+Use$2GC" -Xmx128m \
	    -Xlog:disable "-XX:StartFlightRecording:$options" \
	    -XX:FlightRecorderOptions:repository="$PWD/repository" \
	    -Djava.io.tmpdir="$TMPDIR" "$TOP/t/live/Recorded.java" "$1" \
	    </dev/null 3>&-
}

# records GC: a recording under that collector, GC.jfr
records()
{
	(recorded 2 "$1" dumponexit=true)
}

# flushed: has a JVM written some of its events, to $chunk?
flushed()
{
	chunk=$(find repository -name '*.jfr') && recording "$chunk" \
	    2>/dev/null | grep -q '^prof_jvm_file_io_write_bytes [1-9]'
}

# What the program does must be seen; what Datadog's profiler says is not there.
sound_metrics()
{
	local name

	recording "$1" >metrics
	for name in file_io_read_bytes file_io_write_time socket_io_read_time \
	    socket_io_write_bytes gc_pause_time max_gc_pause_time \
	    avg_gc_pause_time locks_per_sec threads_created_per_sec \
	    compilation_time uptime_nanoseconds; do
		grep -q "^prof_jvm_$name [1-9]" metrics ||
		    fail "$name: $(cat metrics)"
	done
}

@test "the samples" {
	local name

	for name in small dd medium; do
		gzip -dc "$DATA/jfr/busy-$name.jfr.gz" >"$name.jfr"
		agrees "$name.jfr"
	done
}

@test "copies of one in other layouts" {
	local name

	mkdir copies
	python3 "$TOP/t/jfr_copies.py" make copies "$DATA/jfr/busy-dd.jfr.gz"
	for name in behind jdk11 async; do
		agrees "copies/$name.jfr"
	done
}

@test "a recording under the G1 collector" {
	records G1
	agrees G1.jfr
	sound_metrics G1.jfr
}

@test "a recording under the Serial collector" {
	records Serial
	agrees Serial.jfr
	sound_metrics Serial.jfr
}

@test "a recording under the Parallel collector" {
	records Parallel
	agrees Parallel.jfr
	sound_metrics Parallel.jfr
}

@test "a recording under ZGC" {
	records Z
	agrees Z.jfr
	sound_metrics Z.jfr
}

@test "a recording whose JVM was killed is read as far as it was flushed" {
	local chunk

	recorded 60 G1 flush-interval=1s &
	mkdir run
	echo $! >run/java.pid
	poll 60 flushed
	slay java
	run -0 recording "$chunk"
	[[ $output = *"a chunk was still being written"* ]]
	recording -e "$chunk" 2>/dev/null |
	    sed -n 's/^\([1-9][0-9]*\) \([0-9]*\) /\1 \2 /p' | sort >given
	jfr summary "$chunk" | awk '/^ jdk[.]/ && $2 > 0 {
	    print $2, $3, $1 }' | sort >expected
	[ "$(wc -l <expected)" -gt 30 ]
	diff expected given
}
