#!/usr/bin/env bats
# The sandbox (prof.7): what each program may and may not do in it, tried by a
# tool that enters it as the program does; and that the programs are in it.

load lib

# settings [LINE...]: all programs, the configuration in a directory of its own.
settings()
{
	mkdir -p etc tokens
	echo tkn_secret >tokens/main
	CONF=$PWD/etc/prof.conf
	METRICS=true conf <<-EOF
	min_free_mb = 0
	[profile.pyroscope]
	url = 127.0.0.1:0
	[profile.go]
	url = http://127.0.0.1:7001
	[destination.main]
	url = http://127.0.0.1:7002
	token_file = $PWD/tokens/main
	[destination.copy]
	type = file
	url = file:$OUTBOX
	$(printf '%s\n' "$@")
	EOF
	mkdir -p "$OUTBOX"
	prof-spool -c "$CONF" init
}

# confines LANDLOCK: is it of that version at least, with seccomp?
confines()
{
	local has

	confined recv "$CONF" core: 2>said >/dev/null
	has=$(sed -n 's/.*landlock=\([0-9]*\) seccomp=1$/\1/p' said)
	[ "${has:-0}" -ge "$1" ]
}

needs()
{
	confines "$1" || skip "this kernel, or this build, has no such sandbox"
}

# may PROG ACT...: each is done.
may()
{
	local prog=$1

	shift
	confined "$prog" "$CONF" "$@" >did
	! grep -v ' done$' did >odd || fail "$prog: $(cat odd)"
	[ "$(wc -l <did)" -eq $# ]
}

# may_not PROG ACT...: each is refused.
may_not()
{
	local prog=$1

	shift
	confined "$prog" "$CONF" "$@" >did
	! grep -vE ' (EACCES|EPERM|ENOSYS)$' did >odd ||
	    fail "$prog: $(cat odd)"
	[ "$(wc -l <did)" -eq $# ]
}

# drafts: one for each producer, and one record.
drafts()
{
	local prog

	for prog in recv pull pyro metrics spool; do
		: >"$SPOOL/tmp/$prog/x"
	done
	for prog in keep/pull keep/pyro spare/recv spare/pull queue/main \
	    queue/copy queue/metrics dead/main new ledger lock; do
		: >"$SPOOL/$prog/x"
	done
}

ALL='recv pull pyro metrics spool ship.main ship.copy worker'

@test "no program may read what is none of its, run, listen, trace or mount" {
	local prog

	settings
	needs 2
	for prog in $ALL; do
		may_not "$prog" read:/etc/passwd read:/etc/shadow list:/root \
		    list:/ list:/etc "make:$PWD/made" mkdir:/tmp/made \
		    exec:/bin/true listen: socket:17 ptrace: mount: \
		    "write:$CONF" core:
	done
	[ ! -e made ]
}

@test "only prof-pull and prof-ship may connect, to the ports configured" {
	local prog

	settings
	needs 2
	for prog in recv pyro metrics spool worker ship.copy; do
		may_not "$prog" connect:7002 socket:2 socket:1 bind:0
	done
	may pull connect:7001 resolve:localhost socket:1
	may ship.main connect:7002 connect:53 resolve:localhost
	needs 4
	may_not pull connect:7002 bind:0
	may_not ship.main connect:7001 connect:22 bind:0
	# Targets of a file may have any port.
	: >tokens/targets
	settings '[profile.go]' "file_sd = $PWD/tokens/targets"
	may pull connect:7002
}

@test "each program may write its own part of the spool, and no other" {
	local prog

	settings
	needs 2
	drafts
	for prog in recv pull pyro metrics; do
		may "$prog" "read:$SPOOL/tmp/$prog/x" \
		    "make:$SPOOL/tmp/$prog/y" "list:$SPOOL/new" \
		    "rename:$SPOOL/tmp/$prog/y:$SPOOL/new/$prog" \
		    "remove:$SPOOL/tmp/$prog/x" "make:$SPOOL/stat/.x.$prog" \
		    "write:$SPOOL/pipe/$prog.spare" thread:
		may_not "$prog" "read:$SPOOL/tmp/spool/x" \
		    "make:$SPOOL/tmp/spool/y" "read:$SPOOL/new/x" \
		    "write:$SPOOL/new/x" "remove:$SPOOL/new/x" \
		    "make:$SPOOL/queue/main/y" "read:$SPOOL/queue/copy/x" \
		    "write:$SPOOL/queue/main/x" "remove:$SPOOL/queue/main/x" \
		    "make:$SPOOL/dead/main/y" "read:$SPOOL/ledger/x" \
		    "write:$SPOOL/pipe/ctl" "write:$SPOOL/pipe/main.done" \
		    "remove:$SPOOL/lock/x" "make:$SPOOL/full" \
		    "link:$SPOOL/new/x:$SPOOL/new/z" "chown:$SPOOL/new/x"
	done
	may_not recv "read:$SPOOL/keep/pyro/x" "read:$SPOOL/tmp/spool/x" \
	    "mkdir:$SPOOL/tmp/recv/d" "rename:$SPOOL/spare/pull/x:$SPOOL/new/s"
	may_not pull "read:$SPOOL/keep/pyro/x"
	may_not pyro "read:$SPOOL/keep/pull/x"
	may pull "mkdir:$SPOOL/tmp/pull/d" "read:$SPOOL/keep/pull/x" \
	    "rename:$SPOOL/tmp/pull/d:$SPOOL/keep/pull/d"
	may metrics "read:$SPOOL/queue/metrics/x" fork: \
	    "write:$SPOOL/pipe/metrics.done"
	for prog in ship.main:main ship.copy:copy; do
		may "${prog%:*}" "read:$SPOOL/queue/${prog#*:}/x" \
		    "write:$SPOOL/pipe/${prog#*:}.done" thread:
		may_not "${prog%:*}" "write:$SPOOL/queue/${prog#*:}/x" \
		    "remove:$SPOOL/queue/${prog#*:}/x" "make:$SPOOL/new/y" \
		    "list:$SPOOL/new" "write:$SPOOL/pipe/spool" \
		    "read:$SPOOL/queue/metrics/x" "read:$SPOOL/keep/pull/x" \
		    "write:$SPOOL/pipe/metrics.done" fork: \
		    "make:$SPOOL/tmp/recv/y" "read:$SPOOL/tmp/spool/x"
	done
	may_not ship.main "read:$SPOOL/queue/copy/x" "make:$OUTBOX/y" \
	    "write:$SPOOL/pipe/copy.done"
	may ship.copy "make:$OUTBOX/y" "mkdir:$OUTBOX/d"
	may_not ship.copy "read:$PWD/tokens/main"
	may ship.main "read:$PWD/tokens/main"
	for prog in recv pull pyro metrics spool; do
		may_not "$prog" "read:$PWD/tokens/main"
	done
	may spool "link:$SPOOL/new/x:$SPOOL/queue/main/z" \
	    "remove:$SPOOL/new/x" "make:$SPOOL/full" "read:$SPOOL/ledger/x"
	may_not spool fork: thread: code:
	may_not recv fork: code:
	may_not worker fork: thread: code: "read:$SPOOL/queue/metrics/x" \
	    "make:$SPOOL/tmp/metrics/w" read:/dev/null "kill:$$"
}

@test "a system call that is refused is told, once" {
	settings
	needs 2
	confined recv "$CONF" ptrace: ptrace: mount: >did 2>said
	[ "$(cat did)" = $'ptrace: ENOSYS\nptrace: ENOSYS\nmount: ENOSYS' ]
	[ "$(grep -c 'level=warn .*msg="system call refused" call=ptrace$' \
	    said)" -eq 1 ]
	grep -q 'call=mount$' said
}

# inside PID: is that process confined by seccomp, for good?
inside()
{
	grep -qx 'Seccomp:	2' "/proc/$1/status" &&
	    grep -qx 'NoNewPrivs:	1' "/proc/$1/status" &&
	    grep -q '^Max core file size *0 *0 ' "/proc/$1/limits"
}

# up: everything.
up()
{
	start spool prof-spool -c "$CONF"
	start main prof-ship -c "$CONF" -d main
	start copy prof-ship -c "$CONF" -d copy
	start metrics prof-metrics -c "$CONF"
	start recv prof-recv -c "$CONF"
	start pyro prof-pyro -c "$CONF"
	start pull prof-pull -c "$CONF"
}

PROGRAMS='pull pyro recv metrics copy main spool'

# The process that prof-metrics started.
worker()
{
	pgrep -P "$(pid metrics)"
}

# Metrics of a profile have been delivered.
measured()
{
	find "$OUTBOX" -name '*.line' | grep -q .
}

@test "the programs at work are in it, and say so in log and figures" {
	local name

	settings
	needs 2
	up
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	poll 20 measured
	for name in $PROGRAMS; do
		inside "$(pid "$name")" || fail "$name is not"
		grep -q 'msg="confined" landlock=[0-9]* seccomp=1$' "$name.log"
		stat=$name
		[ ! -e "$SPOOL/stat/ship.$name" ] || stat=ship.$name
		grep -q "^prof_sandbox_info{program=\"$stat\",landlock=\
\"[0-9]*\",seccomp=\"1\"} 1$" "$SPOOL/stat/$stat"
	done
	inside "$(worker)"
	run -0 prof status -c "$CONF"
	[[ $output = *$'\nsandbox: Landlock '[1-9]*' and seccomp, for all that run'* ]]
	run -0 jq -e '[.programs[] | select(.state == "up") | .landlock > 0 and
	    .seccomp == 1] | length > 4 and all' <(prof status -c "$CONF" -j)
	for name in $PROGRAMS; do
		stop "$name"
	done
	run -0 jq -e '.programs | all(.landlock == null)' \
	    <(prof status -c "$CONF" -j)
	run ! grep -h 'system call refused' ./*.log
}

@test "sandbox = off leaves it out" {
	settings '[security]' 'sandbox = off'
	start spool prof-spool -c "$CONF"
	start metrics prof-metrics -c "$CONF"
	start recv prof-recv -c "$CONF"
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	poll 20 grep -q 'metrics made' metrics.log
	for name in spool metrics recv; do
		run ! inside "$(pid "$name")"
		grep -q 'msg="not confined" reason=configuration' "$name.log"
	done
	run ! inside "$(worker)"
	[ "$(figure recv 'prof_sandbox_info{program="recv",landlock="0",seccomp="0"}')" = 1 ]
	run -0 prof status -c "$CONF"
	[[ $output = *$'\nsandbox: not whole for 3 that run, as '\
'prof-spool: Landlock 0, seccomp 0'* ]]
	for name in recv metrics spool; do
		stop "$name"
	done
}

@test "where the kernel refuses it, the programs do without" {
	settings
	skip_asan "strace and sanitizers"
	local calls=seccomp,landlock_create_ruleset
	# shellcheck disable=SC2034 # for start
	local WRAP=(strace -f -o /dev/null -e trace="$calls"
	    -e inject="$calls:error=ENOSYS")
	start recv prof-recv -c "$CONF"
	grep -q 'msg="confined" landlock=0 seccomp=0$' recv.log
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	pkill -P "$(pid recv)"
	ended recv
}

@test "SIGHUP with more than was granted says that a restart is needed" {
	local status=0

	settings
	needs 4
	start main prof-ship -c "$CONF" -d main
	sed -i 's/7002/7003/' "$CONF"
	kill -HUP "$(pid main)"
	ended main || status=$?
	[ "$status" -eq 111 ]
	grep -q 'configuration taken' main.log
	grep -q 'msg="restart needed" .*for="port 7003"' main.log
	# Who listens goes on, and says it.
	start recv prof-recv -c "$CONF"
	mkdir more
	sed -i "s,^\[profile\],bearer_token_file = $PWD/more/token\n&," "$CONF"
	echo word >more/token
	kill -HUP "$(pid recv)"
	poll 10 grep -q "restart needed.* for=\"$PWD/more\"" recv.log
	stop recv
}

@test "an outbox that is another now ends its prof-ship, to be started again" {
	settings
	needs 2
	start spool prof-spool -c "$CONF"
	start copy prof-ship -c "$CONF" -d copy
	mv "$OUTBOX" gone
	local status=0
	ended copy 20 || status=$?
	[ "$status" -eq 111 ]
	grep -q "msg=\"restart needed\" .*for=\"$OUTBOX\"" copy.log
	start copy prof-ship -c "$CONF" -d copy
	[ -d "$OUTBOX" ]
	stop copy
	stop spool
}

@test "a rule that cannot be made for want of something takes nothing away" {
	skip_asan "LeakSanitizer cannot run under strace"
	settings
	needs 1
	# shellcheck disable=SC2034 # for start
	WRAP=(strace -D -f -o trace -P "$SPOOL/new"
	    -e inject=openat:error=EMFILE:when=1)
	start recv prof-recv -c "$CONF"
	# shellcheck disable=SC2034
	WRAP=()
	grep -q 'O_PATH.*INJECTED' trace
	grep -q 'msg="confined" landlock=0' recv.log
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^200'
	stop recv
}
