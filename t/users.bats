#!/usr/bin/env bats
# With a user for each program (prof.7): what prof-spool init makes as root,
# all of them at work so, and what each may not. Users are numbers, so that
# nobody is added to the system. All of it takes root, which says so.

load lib
load pull

# A uid each, whose group has the same number, and three groups.
SPOOL_USER=61001 RECV=61002 PULL=61003 PYRO=61004 METRICS=61005
MAIN=61006 COPY=61007
PRODUCERS=61011 CONSUMERS=61012 PROGRAMS=61013

setup_file()
{
	TOP=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
	build_goapp
}

# Below bats' own directory only root gets anywhere.
setup()
{
	[ "$(id -u)" -eq 0 ] ||
	    skip "IT PROVES NOTHING: separate users can only be had as root"
	prof_setup
	PLACE=$(mktemp -d /tmp/prof-users.XXXXXX)
	chmod 711 "$PLACE"
	mkdir -m 1777 "$PLACE/tmp"
	SPOOL=$PLACE/spool
	OUTBOX=$PLACE/outbox
	CONF=$PLACE/prof.conf
	# The programs, where all may run them.
	mkdir "$PLACE/bin"
	cp "$TOP"/cmd/prof-* "$PLACE/bin" 2>/dev/null
	PATH=$PLACE/bin:$PATH
	HARDLINKS=$(cat /proc/sys/fs/protected_hardlinks)
	[ "$HARDLINKS" -eq 1 ] || echo 1 >/proc/sys/fs/protected_hardlinks
}

teardown()
{
	[ -n "${PLACE:-}" ] || return 0
	prof_teardown || return
	rm -rf "$PLACE"
	[ "$HARDLINKS" -eq 1 ] ||
	    echo "$HARDLINKS" >/proc/sys/fs/protected_hardlinks
}

# become UID: the command, in BECOME, that runs another as that user, with the
# groups that prof.7 says.
become()
{
	local groups

	case $1 in
	"$SPOOL_USER")	groups=$PRODUCERS,$CONSUMERS,$PROGRAMS,$METRICS
			groups+=,$MAIN,$COPY,$RECV,$PULL,$PYRO ;;
	"$METRICS")	groups=$PRODUCERS,$CONSUMERS,$PROGRAMS ;;
	"$MAIN"|"$COPY") groups=$CONSUMERS,$PROGRAMS ;;
	*)		groups=$PRODUCERS,$PROGRAMS ;;
	esac
	BECOME=(setpriv --reuid "$1" --regid "$1" --groups "$groups"
	    --inh-caps=-all)
}

# as UID CMD...: as that user.
as()
{
	local BECOME

	become "$1"
	shift
	"${BECOME[@]}" "$@"
}

# run_as NAME UID PROGRAM ARGS...: start it as that user.
run_as()
{
	local name=$1 BECOME

	become "$2"
	shift 2
	# shellcheck disable=SC2034 # for start
	local WRAP=("${BECOME[@]}")
	TMPDIR=$PLACE/tmp start "$name" "$@"
}

# settings [LINE...]: of the users, two destinations, and what follows.
settings()
{
	METRICS=true conf <<-EOF
	min_free_mb = 0
	[users]
	spool = $SPOOL_USER
	recv = $RECV
	pull = $PULL
	pyro = $PYRO
	metrics = $METRICS
	ship = $COPY
	producers = $PRODUCERS
	consumers = $CONSUMERS
	programs = $PROGRAMS
	[profile.pyroscope]
	url = 127.0.0.1:0
	[destination.main]
	user = $MAIN
	url = http://${SINK:-127.0.0.1:1}
	token_file = $PLACE/token
	[destination.copy]
	type = file
	url = file:$OUTBOX
	$(printf '%s\n' "$@")
	EOF
	echo tkn_secret >"$PLACE/token"
	chown "$MAIN" "$PLACE/token"
	chmod 600 "$PLACE/token"
}

made()
{
	settings "$@"
	prof-spool -c "$CONF" init
}

@test "init as root gives each part of the spool to its user" {
	local name want

	made
	while read -r name want; do
		[ "$(stat -c '%04a %u:%g' "$SPOOL/$name")" = "$want" ] ||
		    fail "$name is $(stat -c '%04a %u:%g' "$SPOOL/$name")"
	done <<-END
	.		0751 $SPOOL_USER:$SPOOL_USER
	tmp/recv	2770 $RECV:$SPOOL_USER
	tmp/metrics	2770 $METRICS:$SPOOL_USER
	keep/pull	2770 $PULL:$SPOOL_USER
	keep/pyro	2770 $PYRO:$SPOOL_USER
	spare/pyro	2770 $PYRO:$SPOOL_USER
	new		3770 $SPOOL_USER:$PRODUCERS
	queue		0750 $SPOOL_USER:$CONSUMERS
	queue/main	0750 $SPOOL_USER:$MAIN
	dead/none	0750 $SPOOL_USER:$CONSUMERS
	dead/metrics	0750 $SPOOL_USER:$METRICS
	pipe/spool	0620 $SPOOL_USER:$PRODUCERS
	pipe/ctl	0600 $SPOOL_USER:$SPOOL_USER
	pipe/recv.spare	0660 $SPOOL_USER:$RECV
	pipe/main.done	0660 $SPOOL_USER:$MAIN
	pipe/copy.todo	0660 $SPOOL_USER:$COPY
	pipe/metrics.todo	0660 $SPOOL_USER:$METRICS
	ledger		0700 $SPOOL_USER:$SPOOL_USER
	stat		3775 $SPOOL_USER:$PROGRAMS
	lock		3775 $SPOOL_USER:$PROGRAMS
	stat/recv	0644 $RECV:$RECV
	lock/ship.main	0600 $MAIN:$MAIN
	END
	[ "$(stat -c %u "$OUTBOX")" = "$COPY" ]
	# What was one user's becomes theirs, and again changes nothing.
	chown -R 0:0 "$SPOOL"
	prof-spool -c "$CONF" init
	[ "$(stat -c %u:%g "$SPOOL/tmp/recv")" = "$RECV:$SPOOL_USER" ]
	run -0 prof-spool -c "$CONF" fsck
	[ -z "$output" ]
}

# Everything that is to run.
all_up()
{
	mkdir sink
	start sink sink sink
	SINK=$(cat sink/address)
	app
	made '[profile.go]' "url = http://$(at app)" 'enabled_types = goroutine'
	run_as spool "$SPOOL_USER" prof-spool -c "$CONF"
	run_as main "$MAIN" prof-ship -c "$CONF" -d main
	run_as copy "$COPY" prof-ship -c "$CONF" -d copy
	run_as metrics "$METRICS" prof-metrics -c "$CONF"
	run_as recv "$RECV" prof-recv -c "$CONF"
	run_as pyro "$PYRO" prof-pyro -c "$CONF"
	run_as pull "$PULL" prof-pull -w 1s -c "$CONF"
}

# all_down PRODUCER...: these, and then the others.
all_down()
{
	local name

	for name in "$@" metrics copy main spool app sink; do
		stop "$name"
	done
}

delivered()
{
	find "$OUTBOX" -name event.json | wc -l
}

# Metrics of a profile have been delivered.
measured()
{
	find "$OUTBOX" -name '*.line' | grep -q .
}

# first DIR: the name of a file there.
first()
{
	find "$SPOOL/$1" -type f -printf '%f\n' | grep -m 1 .
}

pyro_at()
{
	sed -n 's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro"
}

@test "six programs are at work as seven users, and lose nothing" {
	all_up
	[ "$(ps -o ruser:20= -p "$(pid recv)" | tr -d ' ')" = "$RECV" ]
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	[ "$(curl -sS -o answer -w '%{http_code}' -F profile=@"$(profile)" \
	    "http://$(pyro_at)/ingest?name=app&format=pprof")" = 200 ]
	poll 20 grep -q 'msg="pulled"' pull.log
	stop pull
	# One pushed, one from a Pyroscope SDK, and what was pulled.
	poll 20 is "$((2 + $(grep -c 'msg="pulled"' pull.log)))" delivered
	poll 20 measured
	poll 20 is 0 holds new
	poll 20 is 0 holds queue
	[ "$(grep -c ' 200 ' sink/log)" -ge 3 ]
	all_down pyro recv
	run -0 prof-spool -c "$CONF" check
	run -0 prof-spool -c "$CONF" fsck
	[ -z "$output" ] || fail "$output"
	grep -hE 'level=(error|warn)' ./*.log | grep -v 'consumer has gone' >odd ||
	    :
	[ ! -s odd ] || fail "$(cat odd)"
}

# A pprof file.
profile()
{
	find "$DATA/pprof" -name '*.pprof*' -o -name '*.pb*' | sort | head -n 1
}

# may_not UID CMD...: it fails, and for want of permission.
may_not()
{
	local uid=$1

	shift
	if as "$uid" "$@" >out 2>&1 </dev/null; then
		fail "user $uid may: $*"
	fi
	grep -qiE 'permission denied|not permitted' out ||
	    fail "user $uid: $*: $(cat out)"
}

@test "what the table forbids is refused to each user" {
	local uid id other

	all_up
	stop copy
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	poll 20 first queue/copy
	id=$(first queue/copy)
	stop spool
	# A record that nobody took yet, and a draft of each producer.
	send -q "$(recv_at)" "$REQUESTS/constructed-ddpy117.http"
	new=$(first new)
	for other in recv pull pyro metrics; do
		touch "$SPOOL/tmp/$other/draft"
		chown --reference "$SPOOL/tmp/$other" "$SPOOL/tmp/$other/draft"
	done
	touch "$SPOOL/keep/pull/x" "$SPOOL/keep/pyro/x" "$SPOOL/ledger/main"
	for uid in "$RECV" "$PULL" "$PYRO" "$METRICS" "$MAIN" "$COPY"; do
		# Others' drafts and what they keep.
		for other in recv:$RECV pull:$PULL pyro:$PYRO \
		    metrics:$METRICS; do
			[ "${other#*:}" != "$uid" ] || continue
			may_not "$uid" cat "$SPOOL/tmp/${other%:*}/draft"
			may_not "$uid" ls "$SPOOL/tmp/${other%:*}"
			may_not "$uid" touch "$SPOOL/tmp/${other%:*}/new"
			may_not "$uid" touch "$SPOOL/spare/${other%:*}/new"
			# Or hold its lock, forge its figures.
			may_not "$uid" flock -n "$SPOOL/lock/${other%:*}" true
			may_not "$uid" rm -f "$SPOOL/lock/${other%:*}"
			may_not "$uid" rm -f "$SPOOL/stat/${other%:*}"
			may_not "$uid" dd of="$SPOOL/stat/${other%:*}"
			touch "$PLACE/tmp/forged.$uid"
			chown "$uid" "$PLACE/tmp/forged.$uid"
			may_not "$uid" mv -f "$PLACE/tmp/forged.$uid" \
			    "$SPOOL/stat/${other%:*}"
		done
		[ "$uid" = "$PULL" ] || may_not "$uid" cat "$SPOOL/keep/pull/x"
		[ "$uid" = "$PYRO" ] || may_not "$uid" cat "$SPOOL/keep/pyro/x"
		# What prof-spool alone does.
		may_not "$uid" touch "$SPOOL/queue/main/x"
		may_not "$uid" touch "$SPOOL/dead/main/x"
		may_not "$uid" rm -f "$SPOOL/queue/copy/$id"
		may_not "$uid" ln "$SPOOL/queue/copy/$id" "$PLACE/tmp/link"
		may_not "$uid" dd of="$SPOOL/queue/copy/$id"
		may_not "$uid" mv "$SPOOL/queue/copy" "$SPOOL/queue/gone"
		may_not "$uid" touch "$SPOOL/full"
		may_not "$uid" mkdir "$SPOOL/lost"
		may_not "$uid" cat "$SPOOL/ledger/main"
		[ "$uid" = "$RECV" ] || {
			may_not "$uid" ln "$SPOOL/new/$new" "$PLACE/tmp/link"
			may_not "$uid" dd of="$SPOOL/new/$new"
			may_not "$uid" rm -f "$SPOOL/new/$new"
		}
		may_not "$uid" dd of="$SPOOL/pipe/ctl"
		# A token, and others' pipes.
		[ "$uid" = "$MAIN" ] || {
			may_not "$uid" cat "$PLACE/token"
			may_not "$uid" dd of="$SPOOL/pipe/main.done"
			may_not "$uid" dd if="$SPOOL/pipe/main.todo"
		}
		[ "$uid" = "$COPY" ] || {
			may_not "$uid" dd of="$SPOOL/pipe/copy.done"
			may_not "$uid" touch "$OUTBOX/x"
		}
		[ "$uid" = "$METRICS" ] ||
		    may_not "$uid" dd of="$SPOOL/pipe/metrics.done"
	done
	for uid in "$RECV" "$PULL" "$PYRO"; do
		may_not "$uid" ls "$SPOOL/queue"
	done
	# A queue is its consumer's alone, also for who made what is in it.
	for uid in "$RECV" "$PULL" "$PYRO" "$METRICS" "$MAIN"; do
		may_not "$uid" ls "$SPOOL/queue/copy"
		may_not "$uid" cat "$SPOOL/queue/copy/$id"
	done
	# Who only delivers puts nothing in, and rings nobody.
	for uid in "$MAIN" "$COPY"; do
		may_not "$uid" touch "$SPOOL/new/x"
		may_not "$uid" ls "$SPOOL/new"
		may_not "$uid" dd of="$SPOOL/pipe/spool"
	done
	# A stranger sees figures, and nothing else.
	strange()
	{
		setpriv --reuid 61099 --regid 61099 --clear-groups "$@"
	}
	strange cat "$SPOOL/stat/recv" >/dev/null
	for other in new queue dead ledger tmp/recv keep/pull; do
		run ! strange ls "$SPOOL/$other"
	done
	run ! strange touch "$SPOOL/stat/x"
	run ! strange touch "$SPOOL/lock/x"
	# One's own stays one's own.
	as "$RECV" cat "$SPOOL/tmp/recv/draft"
	as "$MAIN" cat "$PLACE/token" >/dev/null
	as "$COPY" cat "$SPOOL/queue/copy/$id" >/dev/null
	rm "$SPOOL"/tmp/*/draft
	rm "$SPOOL"/keep/*/x
	run_as spool "$SPOOL_USER" prof-spool -c "$CONF"
	run_as copy "$COPY" prof-ship -c "$CONF" -d copy
	stop pull
	poll 20 is 0 holds queue
	all_down recv pyro
	run -0 prof-spool -c "$CONF" check
}

@test "a part of another owner or mode is named, with what mends it" {
	made
	run -0 prof-spool -c "$CONF" fsck
	chown 0:0 "$SPOOL/stat/recv"
	chown "$RECV" "$SPOOL/tmp/pull"
	chgrp "$COPY" "$SPOOL/pipe/main.done"
	chmod 755 "$SPOOL/queue/main"
	run_as spool "$SPOOL_USER" prof-spool -c "$CONF"
	stop spool
	for want in "path=\"tmp/pull\" why=\"owner is $RECV, not $PULL\"" \
	    "path=\"pipe/main.done\" why=\"group is $COPY, not $MAIN\"" \
	    'path="queue/main" why="mode is 0755, not 0750"'; do
		grep 'not as prof-spool init makes it' spool.log |
		    grep 'hint="prof-spool fsck -y' | grep -qF "$want" ||
		    fail "$want"
	done
	run -100 prof-spool -c "$CONF" fsck
	[[ $output = *"tmp/pull: owner is $RECV, not $PULL: -y sets it"* ]]
	[[ $output = *"stat/recv: owner is 0, not $RECV: -y sets it"* ]]
	run -0 prof-spool -c "$CONF" fsck -y
	run -0 prof-spool -c "$CONF" fsck
	[ -z "$output" ]
	[ "$(stat -c %u:%g "$SPOOL/tmp/pull")" = "$PULL:$SPOOL_USER" ]
	[ "$(stat -c %a "$SPOOL/queue/main")" = 750 ]
}

# refused NAME UID PROGRAM ARGS...: it does not start, and says PATH first.
refused()
{
	local path=$1 status=$2 uid=$3

	shift 3
	run "-$status" as "$uid" "$@"
	[[ $output = *"$path"* ]] || fail "$output"
}

@test "who may not write where it must does not start, and says where" {
	made
	chmod 750 "$SPOOL/dead/main"
	chown 0 "$SPOOL/dead/main"
	refused 'act=rename path=dead/main mode=0750' 100 "$SPOOL_USER" \
	    prof-spool -c "$CONF"
	prof-spool -c "$CONF" init
	chmod 700 "$SPOOL/tmp/recv"
	refused 'path=tmp/recv mode=2700' 100 "$SPOOL_USER" \
	    prof-spool -c "$CONF"
	prof-spool -c "$CONF" init
	refused "hint=\"run it as prof-spool's user, or as root\"" 111 "$RECV" \
	    prof-spool -c "$CONF"
	refused 'tmp/recv has mode 2770 and owner 61002:61001, wants 2770 and '\
'recv:spool; this is user 61007' 111 "$COPY" prof-recv -c "$CONF"
	chown "$COPY" "$SPOOL"/*/recv
	refused 'new has mode 3770 and owner 61001:61011, wants 3770 and '\
'spool:producers; this is user 61007' 111 "$COPY" prof-recv -c "$CONF"
	refused 'tmp/pyro has mode' 111 "$RECV" prof-pyro -c "$CONF"
	refused 'tmp/pull has mode' 111 "$RECV" prof-pull -c "$CONF"
	refused 'tmp/metrics has mode' 111 "$RECV" prof-metrics -c "$CONF"
	refused 'hint="run it as that owner; or name its user in [users]' 111 \
	    "$RECV" prof-pull -c "$CONF"
	# Of a spool that is another's altogether.
	chmod 700 "$SPOOL"
	refused 'msg="cannot open the spool"' 111 "$RECV" prof-recv -c "$CONF"
	[[ $output = *'hint="run it as its owner, or as root"'* ]]
	chmod 751 "$SPOOL"
	refused 'pipe/main.todo has mode' 111 "$COPY" prof-ship -c "$CONF" \
	    -d main
}

@test "a destination that SIGHUP brings waits for init as root" {
	made
	run_as spool "$SPOOL_USER" prof-spool -c "$CONF"
	settings '[destination.third]' "user = $METRICS" \
	    'url = http://127.0.0.1:1'
	kill -HUP "$(pid spool)"
	poll 10 grep -q 'configuration taken' spool.log
	grep -q "queue is not its consumer's.*queue=third" spool.log
	[ "$(stat -c %g "$SPOOL/pipe/third.todo")" = "$SPOOL_USER" ]
	prof-spool -c "$CONF" init
	[ "$(stat -c %g "$SPOOL/pipe/third.todo")" = "$METRICS" ]
	stop spool
	run -0 prof-spool -c "$CONF" fsck
	[ -z "$output" ]
}

@test "a user that is none is told with its key" {
	made
	sed -i 's/^pyro = .*/pyro = nobody-of-that-name/' "$CONF"
	run -100 prof-spool -c "$CONF" init
	[[ $output = *'[users] pyro: there is no user nobody-of-that-name'* ]]
	sed -i 's/^pyro = .*/pyro = 61004/
	    s/^user = .*/user = no-such-one/' "$CONF"
	run -100 prof-spool -c "$CONF" init
	[[ $output = *'[destination.main] user: there is no user no-such-one'* ]]
}
