# t/bench's reference agent: a DataKit given by REF=/path/to/datakit, with its
# defaults and its profile input alone, to compare with. Its listener answers
# 200 before the input is there, up to 10 s, and drops what comes: so it counts
# as started when something has come through.
# shellcheck shell=bash

REF=${REF:-}
REF_PATIENCE=60		# s to start, and to deliver the last

# ref_conf ADDRESS: into $CELL/ref, in the files it looks for.
ref_conf()
{
	mkdir -p "$CELL/ref/conf.d/profile"
	cat >"$CELL/ref/conf.d/datakit.conf" <<-END
	default_enabled_inputs = []
	[http_api]
	listen = "$1"
	[dataway]
	urls = ["http://$(<"$CELL/sink/address")?token=tkn_bench"]
	[logging]
	log = "$CELL/ref/log"
	gin_log = "$CELL/ref/gin.log"
	level = "info"
	END
	cat >"$CELL/ref/conf.d/profile/profile.conf" <<-END
	[[inputs.profile]]
	endpoints = ["/profiling/v1/input"]
	generate_metrics = false
	[inputs.profile.io_config]
	cache_path = "$CELL/ref/cache"
	END
}

# came: profiles that the sink has.
came()
{
	grep -c '/upload/profiling' "$CELL/sink/log"
}

start_ref()
{
	local tries

	# It cannot say which port it was given.
	REF_AT=127.0.0.1:$((RANDOM % 20000 + 10000))
	ref_conf "$REF_AT"
	DK_DEBUG_WORKDIR=$CELL/ref "$REF" </dev/null >"$CELL/ref.log" 2>&1 &
	launched ref
	for ((tries = 0; tries < REF_PATIENCE; tries++)); do
		alive ref || die "$REF ended: $(tail -n 5 "$CELL/ref.log")"
		"$BIN/load" -c 1 -u 1 -t 1 -f "$WORK/request.45000" \
		    "$REF_AT" >"$CELL/said" 2>/dev/null
		sleep 1
		[ "$(came)" -eq 0 ] || return 0
	done
	die "$REF took no profile within $REF_PATIENCE s"
}

# settled: until nothing more has come for 10 s.
settled()
{
	local n=-1 tries

	for ((tries = 0; tries < REF_PATIENCE / 10; tries++)); do
		[ "$n" -ne "$(came)" ] || return 0
		n=$(came)
		sleep 10
	done
}

# ref_taken SIZE CONNS: what it takes, what comes of it, and at what price.
ref_taken()
{
	local name=ref.$1.$2 before

	start sink "$BIN/sink" -d "$CELL/sink"
	start_ref
	settled
	before=$(came)
	load "$1" "$2" "$REF_AT"
	note_said "$name"
	note "$name.acked" "$(said acked)"
	settled
	note "$name.came" $(($(came) - before))
	note_spent "$name" "$(spent ref)"
	note "$name.peak_kib" "$(peak ref)"
	stop ref
	stop sink
}

ref_round()
{
	[ -n "$REF" ] || return 0
	cell ref_taken 45000 16
	cell ref_taken 45000 64
	cell ref_taken 200000 16
	cell ref_taken 30000000 8
}
