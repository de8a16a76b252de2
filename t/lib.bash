# Helpers for the tests. A test file begins with "load lib" and so gets, for
# every test, a fresh directory with $SPOOL and $CONF (not made yet), the
# programs and test tools on PATH, and a teardown that ends what the test
# started and fails it if something stays behind. A file with a setup or
# teardown of its own calls prof_setup and prof_teardown from it.
# shellcheck shell=bash

TOP=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd)
export BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-120}
bats_require_minimum_version 1.5.0

setup()
{
	prof_setup
}

teardown()
{
	prof_teardown
}

prof_setup()
{
	DATA=$TOP/t/data
	REQUESTS=$DATA/requests
	SPOOL=$BATS_TEST_TMPDIR/spool
	OUTBOX=$BATS_TEST_TMPDIR/outbox
	CONF=$BATS_TEST_TMPDIR/prof.conf
	export TOP DATA REQUESTS SPOOL OUTBOX CONF
	export PATH=$TOP/cmd:$TOP/t/bin:$PATH
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	# Whatever a test starts can be found again by this.
	export PROF_TEST=$BATS_TEST_TMPDIR
	export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
	mkdir -p "$TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
}

# The processes that descend from this test's commands. The environment of those
# in a sandbox is for root to see: others know them by their arguments.
left_behind()
{
	local file seen=' '

	for file in $({
		env -u PROF_TEST grep -lzxF "PROF_TEST=$BATS_TEST_TMPDIR" \
		    /proc/[0-9]*/environ
		[ "$EUID" -eq 0 ] || env -u PROF_TEST grep -lF \
		    "$BATS_TEST_TMPDIR/" /proc/[0-9]*/cmdline
	    } 2>/dev/null); do
		file=${file#/proc/}
		file=${file%%/*}
		[[ $seen != *" $file "* ]] || continue
		seen+="$file "
		echo "$file"
	done
}

nothing_left()
{
	[ -z "$(left_behind)" ]
}

prof_teardown()
{
	local name file pid bad=0

	for file in "$BATS_TEST_TMPDIR"/run/*.pid; do
		[ -e "$file" ] || continue
		name=${file##*/}
		# What a failed test left running is no second failure.
		stop "${name%.pid}" || bad=1
	done
	if ! waits 5 nothing_left; then
		for pid in $(left_behind); do
			echo "left behind: $pid $(tr '\0' ' ' \
			    <"/proc/$pid/cmdline")"
			kill -9 "$pid"
		done 2>/dev/null
		bad=1
	fi
	if grep -H -e 'ERROR: .*Sanitizer' -e 'runtime error:' \
	    "$BATS_TEST_TMPDIR"/*.log; then
		bad=1
	fi 2>/dev/null
	if [ -z "${BATS_TEST_COMPLETED:-}" ] || [ "$bad" -ne 0 ]; then
		tail -n 40 "$BATS_TEST_TMPDIR"/*.log 2>/dev/null || :
	fi
	return "$bad"
}

fail()
{
	echo "$*" >&2
	return 1
}

# waits SECONDS CMD...: try CMD until it succeeds; 1 when it did not in time.
waits()
{
	local end=$((SECONDS + $1 + 1))

	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# poll SECONDS CMD...: the same, and say what was waited for in vain.
poll()
{
	waits "$@" && return
	echo "waited $1 s in vain for: ${*:2}" >&2
	"${@:2}" >&2 || :
	return 1
}

# conf <<EOF: write the configuration: a port of the system's choice, a spool,
# and the lines of standard input, which begin within [profile.io_config].
# Tests start programs one by one: a queue for metrics there is with METRICS
# set to true, else nothing would ever leave it.
conf()
{
	printf '%s\n' '[http_api]' 'listen = 127.0.0.1:0' \
	    '[profile]' "generate_metrics = ${METRICS:-false}" \
	    '[profile.io_config]' "cache_path = $SPOOL" >"$CONF"
	cat >>"$CONF"
}

# start NAME PROGRAM ARGS...: run PROGRAM -n FD ARGS... in the background and
# wait until it says that it is ready. Standard error goes to NAME.log, output
# to NAME.out. An array WRAP holds a command to run it under (strace -o f).
start()
{
	local name=$1 program=$2 run=$BATS_TEST_TMPDIR/run tries=0

	shift 2
	mkdir -p "$run"
	[ ! -e "$run/$name.pid" ] || fail "$name was started already" || return
	# A file, not a pipe: a read with a timeout loses what comes as it ends.
	: >"$run/$name.ready"
	${WRAP[@]+"${WRAP[@]}"} "$program" -n 9 "$@" 9>"$run/$name.ready" \
	    </dev/null >>"$BATS_TEST_TMPDIR/$name.out" \
	    2>>"$BATS_TEST_TMPDIR/$name.log" 3>&- &
	echo $! >"$run/$name.pid"
	until [ -s "$run/$name.ready" ]; do
		if ! kill -0 "$(pid "$name")" 2>/dev/null; then
			echo "$name ended before it was ready" >&2
		elif [ $((tries += 1)) -ge 1000 ]; then
			echo "$name was not ready within 20 s" >&2
		else
			sleep 0.02
			continue
		fi
		cat "$BATS_TEST_TMPDIR/$name.log" >&2
		return 1
	done
}

# pid NAME: the process of a started program.
pid()
{
	cat "$BATS_TEST_TMPDIR/run/$1.pid"
}

gone()
{
	! kill -0 "$1" 2>/dev/null
}

# ended NAME [SECONDS]: wait for its end and return its exit status.
ended()
{
	local pid

	pid=$(pid "$1")
	if ! waits "${2:-20}" gone "$pid"; then
		echo "$1 did not end within ${2:-20} s" >&2
		kill -9 "$pid"
		wait "$pid"
		rm -f "$BATS_TEST_TMPDIR/run/$1.pid"
		return 1
	fi
	rm -f "$BATS_TEST_TMPDIR/run/$1.pid"
	wait "$pid"
}

# stop NAME [SIGNAL]: end it by SIGTERM, or the signal named; it must exit 0.
stop()
{
	local status=0

	kill -"${2:-TERM}" "$(pid "$1")" 2>/dev/null || :
	ended "$1" || status=$?
	[ "$status" -eq 0 ] || fail "$1 exited $status"
}

# slay NAME: kill -9.
slay()
{
	kill -9 "$(pid "$1")"
	ended "$1" || [ $? -eq 137 ]
}

# listens [SPOOL]: the addresses prof-recv listens on, one a line.
listens()
{
	sed -n 's/^prof_recv_listen_info{address="\(.*\)"}.*/\1/p' \
	    "${1:-$SPOOL}/stat/recv"
}

# recv_at [SPOOL]: the first TCP address, as HOST:PORT.
recv_at()
{
	listens "$@" | grep -v '^unix:' | head -n 1
}

# recv_socket [SPOOL]: the first unix socket's path.
recv_socket()
{
	listens "$@" | sed -n 's/^unix://p' | head -n 1
}

# figure PROG METRIC: the value of a metric in stat/PROG (labels included).
figure()
{
	awk -v name="$2" '{
		value = $NF
		sub(/ [^ ]*$/, "")
		if ($0 == name) print value
	}' "$SPOOL/stat/$1"
}

# holds DIR: how many files a directory tree of the spool holds.
holds()
{
	find "$SPOOL/$1" -type f 2>/dev/null | wc -l
}

# Everything that is on its way has come. New first: what is in neither, looked
# at so, is nowhere.
empty()
{
	[ "$(holds new)" -eq 0 ] && [ "$(holds queue)" -eq 0 ]
}

# The ledgers add up, at work or as a kill has left them.
books_hold()
{
	prof-spool -c "$CONF" check >books && return
	cat books
	return 1
}

# is VALUE CMD...: does CMD print just VALUE? For poll.
is()
{
	[ "$("${@:2}" 2>/dev/null)" = "$1" ]
}

# under_asan: are these programs built with sanitizers (make asan)?
under_asan()
{
	[ -n "${PROF_ASAN:-}" ]
}

# skip_asan WHY: skip a test that means nothing under sanitizers.
skip_asan()
{
	! under_asan || skip "$1"
}
