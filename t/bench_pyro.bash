# t/bench's figures of prof-pyro: what taking a profile apart costs, beside
# prof-recv, which keeps the same bytes as they are.
# shellcheck shell=bash

PYRO_CONNS=8

# pyro_make: the requests, to both. After typical_make.
pyro_make()
{
	PYTHONDONTWRITEBYTECODE=1 python3 "$TOP/t/typical_pyro.py" \
	    "$WORK/typical" || die "typical_pyro"
}

# pyro_load PROGRAM WHAT ADDRESS: load it with such requests, and end it.
pyro_load()
{
	"$BIN/load" -c $PYRO_CONNS -t "$SECS" -f "$WORK/typical/$2.$1" "$3" \
	    >"$CELL/said" || die "load: $(<"$CELL/said")"
	note_said "pyro.$1.$2"
	note_spent "pyro.$1.$2" "$(spent "$1")"
	note "pyro.$1.$2.peak_kib" "$(peak "$1")"
	stop "$1"
}

# pyro_pyro WHAT, pyro_recv WHAT: pprof or tree.
pyro_pyro()
{
	spool_new external
	printf '%s\n' '[profile.pyroscope]' 'url = 127.0.0.1:0' \
	    >>"$CELL/prof.conf"
	start pyro "$CMD/prof-pyro" -c "$CELL/prof.conf"
	pyro_load pyro "$1" "$(sed -n \
	    's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro")"
}

pyro_recv()
{
	spool_new external
	start_recv
	pyro_load recv "$1" "$(recv_at)"
}
