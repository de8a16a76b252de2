# The part of t/bench that reads profiles: how fast, beside what those who
# write them read them with.
# shellcheck shell=bash

RECORDING=30000000	# bytes of a JFR recording, nearly

# profiles_make: a recording of the chunks of a sample, in $WORK.
profiles_make()
{
	local sample=$WORK/sample.jfr

	gzip -dc "$TOP/t/data/jfr/busy-medium.jfr.gz" >"$sample" || die jfr
	while cat "$sample"; do
		:
	done | head -c $((RECORDING / $(stat -c %s "$sample") * \
	    $(stat -c %s "$sample"))) >"$WORK/recording.jfr"
}

# typical_make: a thousand records of an upload of a Go program, in $WORK.
typical_make()
{
	mkdir "$WORK/typical" "$WORK/records"
	PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/t/typical.py" \
	    "$WORK/typical" || die typical
	"$BIN/record" -n 1000 -d "$WORK/records" -g host=web-1 \
	    -C 'multipart/form-data; boundary=0123456789abcdef' \
	    <"$WORK/typical/upload.body" || die record
}

# metrics_typical: lines of all of them, with the worker's time and memory.
metrics_typical()
{
	python3 - "$CMD/prof-metrics" "$WORK"/records/* >"$CELL/said" <<-'END' ||
		import resource, subprocess, sys
		done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE)
		assert done.stdout.count(b"\n") == 1000, done
		spent = resource.getrusage(resource.RUSAGE_CHILDREN)
		print(f"user_s={spent.ru_utime} system_s={spent.ru_stime}"
		      f" peak_kib={spent.ru_maxrss}")
	END
		die prof-metrics
	note metrics.typical.user "$(said user_s)"
	note metrics.typical.system "$(said system_s)"
	note metrics.typical.peak_kib "$(said peak_kib)"
}

# metrics_sums: its cpu and heap, inflated a thousand times; and added up.
metrics_sums()
{
	local what file

	for what in inflate sums; do
		for file in cpu heap; do
			"$BIN/pprof" time 1000 $what \
			    "$WORK/typical/$file.pprof" || die pprof
		done | awk -v what=$what '{ s += $1 } END {
			print what "_s=" s * 1000 }'
	done | xargs >"$CELL/said"
	note metrics.inflate "$(said inflate_s)"
	note metrics.both "$(awk -v a="$(said inflate_s)" \
	    -v b="$(said sums_s)" 'BEGIN { print a + b }')"
}

# jfr_ours: all events that metrics are made of, many times over.
jfr_ours()
{
	"$BIN/recording" -n 30 "$WORK/recording.jfr" >"$CELL/said" ||
	    die recording
	note_said jfr.ours
	note jfr.ours.peak "$(awk -v kib="$(said peak_kib)" \
	    -v bytes="$(said bytes)" 'BEGIN { print kib * 1024 / bytes }')"
}

# jfr_jdk: the JDK's own count of all events, by its processor's time, since
# it starts more than one thread.
jfr_jdk()
{
	command -v jfr >/dev/null || return 0
	TIMEFORMAT='%U %S'
	{ time jfr summary "$WORK/recording.jfr" >/dev/null; } \
	    2>"$CELL/said" || die jfr
	note jfr.jdk.mb_per_second "$(awk -v bytes="$(stat -c %s \
	    "$WORK/recording.jfr")" '{ print bytes / 1e6 / ($1 + $2) }' \
	    "$CELL/said")"
}
