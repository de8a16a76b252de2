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
