# What t/bench's cells are made of: programs started and ended, load, what it
# cost, figures. A figure is a line "ROUND NAME VALUE" in $WORK/figures.
# shellcheck shell=bash

BIN=${TOP:?}/t/bin
CMD=$TOP/cmd
LC_ALL=C
export LC_ALL

declare -A PID=()

say()
{
	echo "bench: $*" >&2
}

die()
{
	say "$@"
	exit 111
}

note()
{
	echo "$ROUND $1 $2" >>"$WORK/figures"
}

# now: microseconds.
now()
{
	echo "${EPOCHREALTIME/./}"
}

# note_seconds NAME BEGAN ENDED, which are microseconds
note_seconds()
{
	note "$1" "$(awk -v us=$(($3 - $2)) 'BEGIN { print us / 1e6 }')"
}

# note_said NAME: the figures in $CELL/said, "KEY=VALUE ...".
note_said()
{
	local word

	for word in $(<"$CELL/said"); do
		case $word in
		per_second=*|mb_per_second=*|p50_ms=*|p99_ms=*)
			note "$1.${word%=*}" "${word#*=}" ;;
		esac
	done
}

# said KEY: one of them.
said()
{
	grep -oE "(^| )$1=[^ ]*" "$CELL/said" | cut -d = -f 2
}

# note_spent NAME "USER SYSTEM": seconds, noted for a thousand requests.
note_spent()
{
	local acked

	acked=$(said acked)
	note "$1.user" "$(awk -v s="${2% *}" -v n="$acked" \
	    'BEGIN { print s / n * 1000 }')"
	note "$1.system" "$(awk -v s="${2#* }" -v n="$acked" \
	    'BEGIN { print s / n * 1000 }')"
}

# pids NAME...: of programs started, and of their children.
pids()
{
	local name pid

	for name; do
		pid=${PID[$name]}
		echo "$pid" "$(<"/proc/$pid/task/$pid/children")"
	done
}

# spent NAME...: their processor's time in seconds, "USER SYSTEM" in all.
spent()
{
	local pid

	for pid in $(pids "$@"); do
		cat "/proc/$pid/stat"
	done | awk -v hz="$(getconf CLK_TCK)" '
		{ own += $14; kernel += $15 }
		END { print own / hz, kernel / hz }'
}

# peak NAME: the most memory it ever had, KiB.
peak()
{
	awk '$1 == "VmHWM:" { print $2 }' "/proc/${PID[$1]}/status"
}

# launch NAME PROGRAM ARGS...: begin PROGRAM -n FD ARGS...
launch()
{
	local name=$1 program=$2

	shift 2
	: >"$CELL/$name.ready"
	"$program" -n 9 "$@" 9>"$CELL/$name.ready" </dev/null >/dev/null \
	    2>>"$CELL/$name.log" &
	launched "$name"
}

# launched NAME: what was just begun has that name. alive NAME: still there?
launched()
{
	PID[$1]=$!
}

alive()
{
	kill -0 "${PID[$1]}" 2>/dev/null
}

# ready NAME: wait until it is.
ready()
{
	until [ -s "$CELL/$1.ready" ]; do
		alive "$1" ||
		    die "$1 ended: $(tail -n 5 "$CELL/$1.log")"
		sleep 0.02
	done
}

start()
{
	launch "$@"
	ready "$1"
}

# stop NAME...: in that order; end note their peaks first.
stop()
{
	local name

	for name; do
		kill "${PID[$name]}" 2>/dev/null
		wait "${PID[$name]}"
		unset "PID[$name]"
	done
}

end()
{
	local name

	for name; do
		note "peak.$name" "$(peak "$name")"
		stop "$name"
	done
}

start_recv()
{
	start recv "$CMD/prof-recv" -c "$CELL/prof.conf"
}

start_spool()
{
	start spool "$CMD/prof-spool" -c "$CELL/prof.conf"
}

start_ship()
{
	start ship "$CMD/prof-ship" -c "$CELL/prof.conf" -d main
}

recv_at()
{
	sed -n 's/^prof_recv_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/recv"
}

# form SIZE: a form of SIZE bytes; its content-type is $FORM_TYPE.
FORM_TYPE='multipart/form-data; boundary=bench5f3c9d1e'
form()
{
	local front end part='Content-Disposition: form-data; name='
	local line=$'\r\n' tags='service:bench,runtime:go'

	front="--bench5f3c9d1e$line$part\"event\"; filename=\"event.json\"$line"
	front+="Content-Type: application/json$line$line"
	front+="{\"attachments\":[\"cpu.pprof\"],\"tags_profiler\":\"$tags\","
	front+='"start":"2026-11-22T10:00:00Z","end":"2026-11-22T10:01:00Z",'
	front+="\"family\":\"go\",\"version\":\"4\"}$line--bench5f3c9d1e$line"
	front+="$part\"cpu.pprof\"; filename=\"cpu.pprof\"$line$line"
	end="$line--bench5f3c9d1e--$line"
	printf '%s' "$front"
	head -c $(($1 - ${#front} - ${#end})) /dev/urandom
	printf '%s' "$end"
}

request()
{
	printf '%s\r\n' 'POST /profiling/v1/input HTTP/1.1' 'Host: localhost' \
	    "Content-Type: $FORM_TYPE" "Content-Length: $1" ''
	form "$1"
}

# load SIZE CONNS ADDRESS
load()
{
	LOAD_BEGAN=$(now)
	"$BIN/load" -c "$2" -t "$SECS" -f "$WORK/request.$1" "$3" \
	    >"$CELL/said" || say "not all was taken: $(<"$CELL/said")"
	[ "$(said acked)" -gt 0 ] || die "load: $(<"$CELL/said")"
}

# probe ARGS...
probe()
{
	"$BIN/probe" -t "$SECS" "$@" >"$CELL/said" || die "probe $*"
}

# end_to_end KIND SIZE CONNS: start everything, and load it.
end_to_end()
{
	spool_new "$1"
	start_spool
	start_ship
	start_recv
	load "$2" "$3" "$(recv_at)"
}

# note_end NAME: from the first POST to the last delivery, which is now.
note_end()
{
	note "$1.per_second" "$(awk -v n="$(said acked)" \
	    -v us=$(($(now) - LOAD_BEGAN)) 'BEGIN { print n / us * 1e6 }')"
	note_spent "$1" "$(spent recv spool ship)"
	note_spent "$1.recv" "$(spent recv)"
	note_spent "$1.spool" "$(spent spool)"
	note_spent "$1.ship" "$(spent ship)"
}

# cell_empty: the space back, and what was not written yet forgotten. The
# files stay: where there is no journal, ext4 passes over every inode deleted
# lately, one by one, for each new file.
cell_empty()
{
	find "$1" -type f -size +0 -exec truncate -s 0 {} +
}

# ticks: of all processors since they were started, "BUSY ALL".
ticks()
{
	awk 'NR == 1 {
		busy = $2 + $3 + $4 + $7 + $8
		print busy, busy + $5 + $6
	}' /proc/stat
}

bench_begin()
{
	local size

	for size in load probe record sink; do
		[ -x "$BIN/$size" ] || die "no t/bin/$size: run make bench"
	done
	WORK=$(mktemp -d "$1/prof-bench.XXXXXX") || exit 111
	trap bench_over EXIT
	trap 'exit 111' HUP INT TERM
	# Each cell in a part of the disk of its own, where ext4 can: what was
	# deleted in one slows what is made near by for minutes.
	chattr +T "$WORK" 2>/dev/null || :
	for size in $SIZES $LARGE; do
		request "$size" >"$WORK/request.$size" || die "$WORK"
	done
	: >"$WORK/figures"
	ticks >"$WORK/ticks"
}

bench_over()
{
	[ ${#PID[@]} -eq 0 ] || { kill "${PID[@]}" && wait; } 2>/dev/null
	rm -rf "$WORK"
}

# others: percent of the processors that processes not ours took, with what
# times says in $WORK/times: the second line is those that we waited for.
others()
{
	ticks | cat "$WORK/ticks" - "$WORK/times" |
	    awk -v hz="$(getconf CLK_TCK)" '
		NR == 1 { busy = -$1; all = -$2 }
		NR == 2 { busy += $1; all += $2 }
		NR > 2 {
			for (i = 1; i <= 2; i++) {
				split($i, t, /[ms]/)
				busy -= (t[1] * 60 + t[2]) * hz
			}
		}
		END { printf "%.0f\n", 100 * busy / all }'
}

bench_end()
{
	# Not in a subshell, whose times are its own.
	times >"$WORK/times"
	{
		echo "others $(others)"
		echo "rounds $ROUNDS"
		echo "seconds $SECS"
		echo "kernel $(uname -r)"
		echo "processors $(nproc)"
		echo "filesystem $(stat -f -c %T "$WORK")"
		echo "taken $(date -u +%Y-%m-%dT%H:%M:%SZ)"
		echo "commit $(git -C "$TOP" describe --always --dirty \
		    2>/dev/null || echo unknown)"
		echo "nginx ${NGINX:-none}"
		echo "ref ${REF:-none}"
	} >"$WORK/facts"
}

bench_json()
{
	jq -n --rawfile facts "$WORK/facts" --rawfile figures \
	    "$WORK/figures" '
		def lines: split("\n") | map(select(. != "") | split(" "));
		{
			facts: ([$facts | lines[] |
			    { (.[0]): (.[1:] | join(" ")) }] | add),
			figures: (reduce ($figures | lines[]) as $l ({};
			    .[$l[1]] += [$l[2] | tonumber]))
		}'
}
