# The manuals beside what they describe: t/manuals.py takes both apart, and what
# one says and the other does not is a failure, either way. t/conf.bats has the
# keys, t/stats.bats the figures.
load lib
load pull

PROGRAMS='recv pyro pull spool metrics ship status trace listen'

# fact FILE WHAT...: what manuals.py prints, sorted, in a file.
fact()
{
	python3 "$TOP/t/manuals.py" "${@:2}" | sort >"$1"
}

# there GLOB: is there such a file?
there()
{
	compgen -G "$1"
}

# same WHO LEFT RIGHT: files with a fact a line.
same()
{
	diff -u --label "$1: $2" --label "$1: $3" "$2" "$3" ||
	    fail "$1: $2 and $3 differ"
}

# within WHO LEFT RIGHT: all of the former is in the latter.
within()
{
	comm -23 "$2" "$3" >missing
	[ ! -s missing ] || fail "$1: in $2, not in $3: $(cat missing)"
}

@test "mandoc finds nothing to say of a page" {
	command -v mandoc >/dev/null || skip "no mandoc"
	run mandoc -T lint -W warning "$TOP"/cmd/*.[578]
	[ -z "$output" ] || fail "$output"
}

@test "options: page, synopsis, -h, contract and getopt have the same" {
	local prog program what

	for prog in prof $PROGRAMS; do
		program=prof-${prog#prof-}
		[ "$prog" != prof ] || program=prof
		fact source options source "$prog"
		[ -s source ]
		for what in page synopsis contract; do
			fact "$what" options "$what" "$prog"
			same "$program" source "$what"
		done
		"$program" -h | fact usage options usage "$prog"
		same "$program" source usage
	done
}

@test "an option that a program has not is refused by its name" {
	local one

	for one in recv:-u pyro:-1 pull:-p spool:-o metrics:-d ship:-o \
	    status:-t trace:-n listen:-s; do
		run -2 "prof-${one%:*}" "${one#*:}" 2
		[[ $output = *"${one#*:}"*usage:* ||
		    $output = *"'${one#*:-}'"*usage:* ]] || fail "$output"
	done
	run -2 prof-recv -n 77
	[[ $output = *"prof-recv: -n 77: no open descriptor"* ]]
	run -2 prof-recv more
	[[ $output = *"prof-recv: more: it takes no arguments"* ]]
	run -2 prof-pull -u "http://h/?token=secret'"
	[[ $output = *"prof-pull: -u: "* ]]
	[[ $output != *secret* ]]
	run -2 prof-pull -T heap
	[[ $output = *"prof-pull: -T heap: it stands behind the -u"* ]]
	run -2 prof-status --chess
	[[ $output = *"prof-status: --chess: there is only --check"* ]]
	run -2 prof dance
	[[ $output = *"prof: no such command: dance"* ]]
}

@test "commands of prof-spool: page, -h and getopt have the same" {
	fact page commands page
	fact source commands source
	[ -s page ]
	same prof-spool source page
	prof-spool -h | fact usage commands usage
	sed 's/ .*//' source >names
	same prof-spool names usage
}

@test "exit codes: page, contract and source have the same" {
	local prog what

	for prog in prof $PROGRAMS; do
		fact source exits source "$prog"
		for what in page contract; do
			fact "$what" exits "$what" "$prog"
			same "$prog" source "$what"
		done
	done
}

@test "each page names the keys that take a restart" {
	local prog

	for prog in recv pyro pull spool metrics ship; do
		fact source restarts source "$prog"
		fact page restarts page "$prog"
		[ -s source ]
		within "$prog" source page
	done
}

# exits CODE PROGRAM ARGS...: so it ends.
exits()
{
	run "-$1" timeout 20 "${@:2}"
}

@test "each program exits 0, 2, 100 and 111 for what its page says" {
	local prog

	conf </dev/null
	printf '[nonsense]\n' >wrong.conf
	for prog in $PROGRAMS; do
		exits 0 "prof-$prog" -V
		exits 2 "prof-$prog" -Z
	done
	exits 0 prof -V
	exits 2 prof -Z
	for prog in recv pyro pull spool metrics; do
		exits 100 "prof-$prog" -c wrong.conf
	done
	exits 100 prof-ship -c wrong.conf -d main
	exits 100 prof-status -c wrong.conf --check
	exits 100 prof-trace -c wrong.conf 019e
	exits 100 prof-listen -c wrong.conf recv true
	exits 100 prof -c wrong.conf run
	exits 100 prof-pyro -c "$CONF"
	for prog in recv pull spool metrics; do
		exits 111 "prof-$prog" -c "$CONF"
	done
	exits 111 prof-ship -c "$CONF" -d main
	exits 111 prof-status -c "$CONF"
	exits 111 prof-trace -c "$CONF" 019e no.log
	exits 111 prof-listen -c "$CONF" recv no/such/program
	exits 111 prof -c "$CONF" status
	printf '[profile.pyroscope]\nurl = 127.0.0.1:0\n' >>"$CONF"
	exits 111 prof-pyro -c "$CONF"
	# What lies beneath one that is there and is a file.
	: >file
	exits 111 prof -c "$CONF" -s file/spool run
}

@test "LOG LINES has what each program says, and nothing else" {
	local prog own

	fact several phrases several prof
	for prog in prof $PROGRAMS; do
		fact "said.$prog" phrases source "$prog"
		fact "own.$prog" phrases page "$prog"
		own=own.$prog
		[ "$prog" != pyro ] || own='own.pyro own.recv'
		# shellcheck disable=SC2086
		sort -u several $own >told
		within "$prog" "said.$prog" told
		within "$prog" "own.$prog" "said.$prog"
	done
	# What several say, at least two do.
	sort said.* | uniq -d >twice
	within several several twice
	[ "$(cat said.* | sort -u | wc -l)" -gt 100 ]
}

@test "LOG LINES says of every error and warning what to do" {
	local prog

	fact advised phrases advised all
	for prog in prof $PROGRAMS; do
		fact bad phrases bad "$prog"
		within "$prog" bad advised
	done
	[ "$(wc -l <advised)" -gt 80 ]
}

@test "the top of THE SPOOL is what spool.h names" {
	fact listed spool
	sed 's,/.*,,' listed | sort -u >page
	sed -n 's/^#define SPOOL_[A-Z]*	"\([a-z]*\)".*/\1/p' \
	    "$TOP/common/spool.h" | grep -vx none | sort >source
	[ -s source ]
	same spool source page
}

# A path of a spool as THE SPOOL has it.
as_listed()
{
	local id='[0-9a-f]\{8\}-[0-9a-f-]*'

	sed -e "s,$id,ID,g" -e 's,ID~[0-9~]*$,ID,' -e 's,ID\.why$,ID,' \
	    -e 's,^\(tmp\|keep\)/[^/]*.*,\1/PROG/,' \
	    -e 's,^\(stat\|lock\)/[^/]*$,\1/PROG,' \
	    -e 's,^spare/[^/]*/ID,spare/PROG/ID,' \
	    -e 's,^ledger/.*,ledger/NAME,' \
	    -e 's,^\(queue\|dead\)/[^/]*/,\1/NAME/,' \
	    -e 's,^pipe/[a-z]*\.spare$,pipe/PROG.spare,' \
	    -e 's,^pipe/[a-z]*\.\(todo\|done\)$,pipe/NAME.\1,'
}

@test "a spool that was used has what THE SPOOL and FILES list" {
	local prog path

	mkdir picky
	echo 'status 413' >picky/mode
	start picky sink picky
	METRICS=true conf <<-END
		retry_min = 60s
		[destination.main]
		type = file
		url = file:$OUTBOX
		[destination.picky]
		url = http://$(cat picky/address)
		accept = profile
		[profile.pyroscope]
		url = 127.0.0.1:0
		[profile.go]
		url = http://127.0.0.1:9
	END
	start run prof run -c "$CONF"
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http"
	poll 20 there "$SPOOL/dead/picky/*.why"
	(cd "$SPOOL" && find . -mindepth 1 ! -type d -printf '%P\n'
	    find tmp keep -mindepth 1 -type d) | as_listed | sort -u >found
	fact listed spool
	within spool found listed
	# The others come and go: spare.bats, full.bats and fsck.bats see them.
	grep -vx -e new/ID -e queue/NAME/ID -e spare/PROG/ID -e full \
	    -e lost/ID listed >lasting
	within spool lasting found
	for prog in recv pyro pull spool metrics ship; do
		fact files files "$prog"
		path=$prog
		[ "$prog" != ship ] || path=ship.NAME
		grep -q "stat/$path\$" files || fail "$prog: no stat"
		grep -q "lock/$path\$" files || fail "$prog: no lock"
		while read -r path; do
			path=${path#SPOOL/}
			case $path in
			full|lost|/etc/*|*ID*)	continue ;;
			esac
			[ -e "$SPOOL/${path//NAME/main}" ] ||
			    fail "prof-$prog: no $path"
		done <files
	done
	stop run
	stop picky
}

# Examples. Each page's are run here as they stand, but for paths, ports and
# ids; as many as there are.

# named PROGRAM: there, with the test's configuration in the place of
# /etc/prof/prof.conf.
named()
{
	mkdir -p bin
	printf '#!/bin/sh\nexec "%s" -c "%s" "$@"\n' "$TOP/cmd/$1" "$CONF" \
	    >"bin/$1"
	chmod +x "bin/$1"
}

# examples PAGE N: it has N, which example N prints, in the test's terms.
examples()
{
	mapfile -d '' -t EXAMPLES < <(python3 "$TOP/t/manuals.py" examples "$1")
	[ "${#EXAMPLES[@]}" -eq "$2" ] ||
	    fail "$1 has ${#EXAMPLES[@]} examples, and $2 are tested"
}

example()
{
	sed -e 's/^\$ //' -e "s,SPOOL/,$SPOOL/,g" -e "s,/tmp/spool,$SPOOL,g" \
	    -e "s,/tmp/out,$OUTBOX,g" -e "s,/var/log/prof,logs,g" \
	    -e "s/019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11/${ID:-}/g" \
	    -e "s/019e1f0c-6d3a-7c41/${ID:0:18}/g" -e "s/019e1f0c/${ID:-}/g" \
	    -e "s,localhost:6060,${APP:-},g" \
	    -e "s,unix:/run/app.sock,http://${APP:-},g" \
	    <<<"${EXAMPLES[$1]}"
}

# try N: run it, with those programs that are named; its output is in output.
try()
{
	run -0 env PATH="$BATS_TEST_TMPDIR/bin:$PATH" bash -euo pipefail -c \
	    "$(example "$1")"
}

# A spool with a record of each kind of place, of which ID is dead.
worked()
{
	local program

	mkdir picky
	echo 'status 413' >picky/mode
	start picky sink picky
	METRICS=true conf <<-END
		[destination.main]
		url = http://$(cat picky/address)
		accept = profile
	END
	for program in prof prof-spool prof-ship prof-metrics prof-pull; do
		named "$program"
	done
	start run prof run -c "$CONF"
	ID=$(send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" |
	    sed -n 's/^200.*"ProfileID":"\([^"]*\)".*/\1/p')
	poll 20 test -e "$SPOOL/dead/main/$ID.why"
}

dead_is_worst()
{
	try 1
	[[ $output = *'"what"'*dead*main* || $output = *'"what"'*main*dead* ]]
}

# now STATUS: what the destination answers.
now()
{
	echo "status $1" >picky/mode.new
	mv picky/mode.new picky/mode
}

@test "the examples of prof and prof-recv work" {
	local command port

	examples prof.8 3
	read -ra command <<<"$(example 0)"
	printf '[http_api]\nlisten = 127.0.0.1:0\n' >"$CONF"
	start run "${command[@]}" -c "$CONF"
	port=$(recv_at)
	# 2 is a unit of systemd: t/systemd.bats has etc's.
	ID=$(send -q "$port" "$REQUESTS/dd-go-1.43.http" |
	    sed -n 's/^200.*"ProfileID":"\([^"]*\)".*/\1/p')
	run -0 bash -euc "$(example 1)"
	[[ $output = *PROGRAM*prof-recv*"$ID: "* ]] || fail "$output"
	examples prof-recv.8 2
	gunzip <"$DATA/jfr/busy-small.jfr.gz" >main.jfr
	echo '{"start":"2026-11-22T09:57:57Z","end":"2026-11-22T09:58:57Z"}' \
	    >event.json
	run -0 bash -c "$(example 1 | sed "s/localhost:9529/$port/")"
	[[ $output = *ProfileID* ]]
	poll 20 there "$SPOOL.outbox/*/*/*/main.jfr"
	stop run
	named prof-recv
	# 9 is the descriptor of start.
	sed -i 's/"$@"$/-n 9 "$@"/' bin/prof-recv
	printf '#!/bin/sh\n%s\n' "$(example 0 | sed 's/^/exec /')" >keeps
	chmod +x keeps
	PATH=$PWD/bin:$PATH start recv ./keeps
	stop recv
	[ -e records ]
}

@test "the examples of prof.conf work" {
	local here="s,/etc/prof/,$PWD/,g"

	examples prof.conf.5 3
	{ example 0; example 1; } | sed -e "$here" >"$CONF"
	run -0 bash -euc "$(example 2 | sed -e "$here")"
	[[ $output = *"would run prof-ship.copy"*"would run prof-pull"* ]]
	[[ $output = *"would run prof-pyro"* ]]
	[[ $output = *"destination.copy.outbox_capacity_mb = 1024"* ]]
	[[ $output != *tkn_xxx* ]]
}

@test "the examples of prof-spool work" {
	examples prof-spool.8 3
	worked
	now 200
	try 0
	[[ ${lines[0]} = "$ID dead main "* ]] || fail "$output"
	[[ $output = *"in: dead/main"* ]]
	[[ $output = *"$ID main ok"* ]] || fail "$output"
	# Another host, and something that waits for it.
	prof-spool -c "$CONF" -s other init
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nshift\nprog=$1\nshift\nexec "$prog" -s "%s" "$@"\n' \
	    "$PWD/other" >bin/ssh
	chmod +x bin/ssh
	now 503
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http"
	poll 10 there "$SPOOL/queue/main/*"
	try 1
	[ "$(find other/new -type f | wc -l)" -eq 1 ]
	stop run
	stop picky
	echo stray >"$SPOOL/new/core"
	run -0 env PATH="$PWD/bin:$PATH" bash -c "$(example 2)"
	[[ $output = *"new/core: stray file"*"reason: stray file"* ]]
}

@test "the examples of prof-ship work" {
	examples prof-ship.8 2
	worked
	now 200
	try 0
	[[ $output = "$ID main ok"* ]] || fail "$output"
	try 1
	[ -n "$(find out -name cpu.pprof)" ]
	stop run
	stop picky
}

@test "the examples of prof-metrics, prof-status and prof-trace work" {
	worked
	examples prof-metrics.8 3
	gunzip <"$DATA/jfr/busy-small.jfr.gz" >main.jfr
	prof-spool -c "$CONF" cat "$ID" | prof-ship -u file:parts -
	cp parts/*/*/*/cpu.pprof .
	try 0
	[[ $output = profiling_metrics* ]]
	try 1
	[[ $output = *jdk.Metadata* ]]
	try 2
	[[ $output = profiling_metrics* ]] || fail "$output"
	examples prof-status.8 2
	try 0
	[ -z "$output" ]
	# What is dead is in figures 10 s old at most.
	poll 20 dead_is_worst
	examples prof-trace.8 1
	mkdir -p logs/prof-recv
	cp run.log logs/prof-recv/current
	printf '#!/bin/sh\nexec cat run.log\n' >bin/journalctl
	chmod +x bin/journalctl
	try 0
	[ "$(grep -c "^$ID: it is dead in main" <<<"$output")" -eq 2 ]
	[ "$(grep -c "prof-recv: received" <<<"$output")" -eq 2 ]
	stop run
	stop picky
}

@test "the examples of prof-pull and prof-pyro work" {
	local port

	build_goapp
	app
	APP=$(at app)
	examples prof-pull.8 2
	conf </dev/null
	named prof-ship
	# An interval is 10 s, and no test waits so long.
	printf '#!/bin/sh\nexec "%s" -c "%s" -w 1s "$@"\n' \
	    "$TOP/cmd/prof-pull" "$CONF" >bin/prof-pull
	chmod +x bin/prof-pull
	named prof-metrics
	export PPROF_TMPDIR=$TMPDIR HOME=$TMPDIR
	try 0
	[[ $output = *"Type: "*flat* ]] || fail "$output"
	try 1
	[[ $output = *prof_go_cpu_cores=* ]] || fail "$output"
	stop app
	examples prof-pyro.8 1
	example 0 | sed '/^$/,$d' | sed 's/0.0.0.0:4040/127.0.0.1:0/' >>"$CONF"
	prof-spool -c "$CONF" init
	start pyro prof-pyro -c "$CONF"
	port=$(sed -n 's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro")
	echo 'main;work 7' >stacks.txt
	run -0 bash -c "$(example 0 | sed -e '1,/^$/d' -e 's/^\$ //' \
	    -e "s/localhost:4040/$port/")"
	[ "$(holds new)" -eq 1 ]
	stop pyro
}
