# t/bench's crowd: uploads beside thousands of idle and slow clients.
# shellcheck shell=bash

CROWD_IDLE=5000		# connections that say nothing
CROWD_SLOW=200		# a byte a second of a head, and as many of a body
CROWD_RATE=100		# uploads a second

# crowd_recv alone|beside: how long uploads take.
crowd_recv()
{
	local name=crowd.$1 tries

	spool_new file
	sed -i '/^listen/a connections = 10000' "$CELL/prof.conf"
	start_recv
	if [ "$1" = beside ]; then
		python3 "$TOP/t/crowd.py" "$(recv_at)" $CROWD_IDLE \
		    $CROWD_SLOW >"$CELL/open" &
		launched crowd
		for ((tries = 0; ; tries++)); do
			[ ! -s "$CELL/open" ] || break
			[ "$tries" -lt 600 ] || die "no crowd"
			sleep 0.1
		done
	fi
	"$BIN/load" -c 16 -r $CROWD_RATE -t $((SECS * 5)) \
	    -f "$WORK/request.45000" "$(recv_at)" >"$CELL/said" || die "load"
	note_said "$name"
	note "$name.peak_kib" "$(peak recv)"
	[ "$1" = alone ] || stop crowd
	end recv
}
