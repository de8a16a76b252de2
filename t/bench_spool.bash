# t/bench's spools: made, filled, drained, and how soon a record leaves them.
# shellcheck shell=bash

# spool_conf KIND: what main is: file, sink or external.
spool_conf()
{
	local to

	case $1 in
	file)		to="url = file:$CELL/outbox" ;;
	sink)		to="url = http://$(<"$CELL/sink/address")" ;;
	external)	to= ;;
	esac
	cat >"$CELL/prof.conf" <<-END
	[http_api]
	listen = 127.0.0.1:0
	[profile]
	generate_metrics = false
	[profile.io_config]
	cache_path = $SPOOL
	[destination.main]
	type = ${1/sink/dataway}
	$to
	END
}

spool_new()
{
	SPOOL=$CELL/spool
	spool_conf "$1"
	"$CMD/prof-spool" -c "$CELL/prof.conf" init 2>"$CELL/init.log" ||
	    die "$(<"$CELL/init.log")"
}

empty()
{
	[ -z "$(find "$SPOOL/new" "$SPOOL/queue" -type f -print -quit)" ]
}

# drained: wait until everything is delivered.
drained()
{
	local tries=0

	until empty; do
		if [ $((tries += 1)) -gt 600 ]; then
			say "$(find "$SPOOL/queue" -type f | wc -l) records" \
			    "undelivered after a minute"
			return 1
		fi
		sleep 0.1
	done
}

# waited RECEIPTS LOG: how long after its receipt an upload began.
waited()
{
	awk 'FNR == NR { taken[$1] = $3; next }
	    $2 == 200 && $3 in taken && !seen[$3]++ {
		printf "%.3f\n", ($1 - taken[$3]) * 1000
	    }' "$1" "$2" | sort -n | awk '{ ms[NR] = $1 }
	    END {
		print "acked=" NR, "p50_ms=" ms[int((NR + 1) / 2)],
		    "p99_ms=" ms[int(NR * 0.99 + 0.999999)]
	    }'
}

# spool_fill N: as if N records had been admitted.
spool_fill()
{
	form 1000 | "$BIN/record" -C "$FORM_TYPE" -d "$SPOOL/queue/main" \
	    -n "$1" || die "record"
	find "$SPOOL/queue/main" -type f -printf 'in %f\n' | sort \
	    >"$SPOOL/ledger/main"
}

# first_name NAME: to the first record handed out.
first_name()
{
	local began

	# As prof-spool has a consumer whose pipe somebody reads.
	exec 7<>"$SPOOL/pipe/main.todo"
	began=$(now)
	launch spool "$CMD/prof-spool" -c "$CELL/prof.conf"
	read -r -t 120 _ <&7 || die "nothing was handed out"
	note_seconds "$1.name_s" "$began" "$(now)"
	ready spool
	note "$1.peak_kib" "$(peak spool)"
	stop spool
	exec 7>&-
}

# first_upload NAME: to the head of the first upload at the sink.
first_upload()
{
	local began came tries=0

	: >"$CELL/sink/log"
	start_ship
	began=$(now)
	launch spool "$CMD/prof-spool" -c "$CELL/prof.conf"
	until [ -s "$CELL/sink/log" ]; do
		[ $((tries += 1)) -lt 1200 ] || die "nothing was uploaded"
		sleep 0.1
	done
	came=$(cut -d ' ' -f 1 "$CELL/sink/log" | sort -n | head -n 1)
	note_seconds "$1.upload_s" "$began" "${came/./}"
	ready spool
	stop ship spool
}
