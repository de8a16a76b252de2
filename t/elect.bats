#!/usr/bin/env bats
# Elections over the network, checked at the targets: a Dataway that does as it
# is told, and as much of an etcd as they need. t/live has a real one.

load lib
load pull
load election

export LEASE=2

asks()
{
	if [ -e dw ]; then
		host "$1" backend=dataway "urls = http://$2?token=tkn_secret" \
		    "${@:3}"
	else
		host "$1" backend=etcd "lease = ${LEASE_SECONDS:-2}s" \
		    "urls = http://$2" "${@:3}"
	fi
}

@test "dataway: of three one pulls, and another when it is killed" {
	election dataway dw
	survives_kill "$(at dw)"
	stop dw
}

@test "dataway: who is stopped longer than its lease pulls no more" {
	election dataway dw
	survives_stop "$(at dw)"
	stop dw
}

@test "dataway: who is cut off stops before another begins" {
	election dataway dw
	survives_cut "$(at dw)"
	stop dw
}

@test "etcd: of three one pulls, and another when it is killed" {
	election gateway gw
	survives_kill "$(at gw)"
	stop gw
}

@test "etcd: who is stopped longer than its lease pulls no more" {
	election gateway gw
	survives_stop "$(at gw)"
	stop gw
}

@test "etcd: who is cut off stops before another begins" {
	election gateway gw
	survives_cut "$(at gw)"
	stop gw
}

# bad MODE SAID: a candidate that is answered so never pulls; one that was
# elected stops, and both say why. NAME: of the directory of whom they ask.
bad()
{
	local asked

	rm -rf ./*.log ./*.spool ./*.conf fake
	: >"$NAME/mode"
	fake
	asks a "$(at "$NAME")"
	up a
	more a 3
	echo "$1" >"$NAME/mode"
	poll 20 tells a "msg=\"not elected\" reason=\"$2"
	poll 20 tells a "msg=\"election in doubt\" reason=\"$2"
	asked=$(wc -l <"$NAME/log")
	asks b "$(at "$NAME")"
	up b
	poll 20 tells b "msg=\"not elected\" reason=\"$2"
	sleep 1
	# Two that ask ten times a second would be more.
	[ $(($(wc -l <"$NAME/log") - asked)) -lt 40 ]
	[ "$(seen)" = a ]
	[ "$(shown b prof_pull_elected)" -eq 0 ]
	[ "$(shown b prof_pull_election_trouble)" -eq 1 ]
	run ! grep tkn_secret a.log b.log a.spool/stat/pull
	: >"$NAME/mode"
	poll 20 tells a 'msg="election answered again"'
	more '[ab]' 3
	stop a
	stop b
	stop fake
	rm run/*.ready
}

@test "dataway: after bad answers nobody pulls, and it is said why" {
	local NAME=dw

	election dataway dw
	bad 500 'status 500'
	bad text 'an answer that is no JSON'
	bad list 'an answer without a status'
	bad unknown 'an answer with an unknown status'
	bad other "an answer to another host's question"
	bad slow 'no answer in time'
	bad hang 'no answer in time'
	bad large 'an answer over'
	stop dw
}

@test "etcd: after bad answers nobody pulls, and it is said why" {
	local NAME=gw

	election gateway gw
	bad 500 'status 500'
	bad text 'an answer that is no JSON'
	bad list 'a\(n answer of another kind\| lease that is none\)'
	bad hang 'no answer in time'
	bad large 'an answer over'
	stop gw
}

# odd MODE: an interval that is none is taken as 4 s, and it is said.
odd()
{
	local asked

	rm -rf a.log a.spool fake dw
	mkdir dw
	echo "$1" >dw/mode
	election dataway dw
	fake
	asks a "$(at dw)"
	up a
	more a 5
	tells a 'msg="election in doubt" reason="an interval out of 1 to 60'
	sleep 1
	[ "$(wc -l <dw/log)" -lt 4 ]
	# It is good for 4 s, however long it was meant to be.
	kill -STOP "$(pid dw)"
	poll 20 tells a 'msg="not elected"'
	kill -CONT "$(pid dw)"
	stop a
	stop fake
	stop dw
}

@test "dataway: interval 0 or huge is safe, and costs no busy loop" {
	odd zero
	odd huge
}

@test "dataway: one who is told that another leads stops at once" {
	election dataway dw
	fake
	asks a "$(at dw)"
	sed -i 's/= goroutine/= cpu/' a.conf
	EVERY=3s up a
	poll 20 grep -q /profile fake/log
	echo defeat >dw/mode
	# Not when the profile has come and the record has an id.
	poll 20 tells a \
	    'pull msg="not committed".*another is elected: somebody'
	poll 20 tells a 'msg="leader" name="somebody"'
	[ "$(find a.spool/new -type f | wc -l)" -eq 0 ]
	stop a
	grep -qx 'prof_pull_leader_info{name="somebody"} 1' a.spool/stat/pull
	stop fake
	stop dw
}

@test "dataway: what it is asked is what the reference asks" {
	election dataway dw
	echo tkn_x >dw/token
	fake
	echo tkn_x >token
	host a backend=dataway 'namespace = here & there' '[dataway]' \
	    "urls = http://$(at dw)" "token_file = $PWD/token"
	up a
	poll 20 grep -q heartbeat dw/log
	stop a
	head -n 1 dw/log | grep -q '/v1/election a 200'
	sed 1d dw/log | grep -q '/v1/election/heartbeat a 200'
	[ "$(grep -c '/v1/election a' dw/log)" -eq 1 ]
	stop fake
	stop dw
}

@test "etcd: on SIGTERM the next one begins at once" {
	election gateway gw
	candidates "$(at gw)" a b
	stop a
	poll 20 pulls b 1
	within "$(gap 1)" 1.2
	stop b
	stop fake
	stop gw
}

@test "etcd: who is elected again before anybody else goes on where it was" {
	election gateway gw
	fake
	asks a "$(at gw)"
	sed -i 's/= goroutine/= heap/' a.conf
	up a
	more a 5
	slay a
	up a
	more a 5
	poll 20 tells a 'msg="elected"' 2
	stop a
	grep -qx 'prof_pull_election_changes_total{change="back"} 1' \
	    a.spool/stat/pull
	[ "$(shown a prof_pull_baselines_total)" -eq 0 ]
	stop fake
	stop gw
}

@test "etcd: endpoints stand in for each other" {
	election gateway gw
	election wire wire "$(at gw)"
	candidates "127.0.0.1:1, http://$(at wire), http://$(at gw)" a
	stop wire
	more a 20
	[ "$(grep -c 'msg="not elected"' a.log)" -le 1 ]
	stop a
	stop fake
	stop gw
}

@test "etcd: user and password are from a file, and seen nowhere" {
	election gateway gw
	echo me:pass_word >gw/auth
	echo logout >gw/mode
	echo me:bad_word >auth
	fake
	asks a "$(at gw)" "auth_file = $PWD/auth"
	up a
	poll 20 tells a 'msg="not elected" reason="authentication failed, inv'
	run ! grep bad_word a.log a.spool/stat/pull
	cp gw/auth auth
	# A token is good for seven questions.
	more a 20
	stop a
	run ! grep pass_word a.log a.spool/stat/pull
	rm auth
	up a
	poll 20 tells a 'reason="auth_file cannot be read'
	stop a
	stop fake
	stop gw
}

@test "etcd: members come and go, and each target is pulled once a time" {
	election gateway gw
	LEASE_SECONDS=1 joins_and_leaves "$(at gw)"
	stop gw
}

@test "etcd: a new member waits until one who has not seen it has let go" {
	export TARGETS=8

	election gateway gw
	election wire wire "$(at gw)"
	fake
	export LEASE_SECONDS=4
	asks a "$(at wire)" 'mode = shard'
	up a
	shared a
	kill -STOP "$(pid wire)"
	asks b "$(at gw)" 'mode = shard'
	up b
	# All of them, when the lease of the first is over.
	shared b
	kill -CONT "$(pid wire)"
	stop a
	stop b
	# Of each target: once it was the second's it was not the first's.
	awk '$5 == "b" { moved[$2] = 1 }
	    $5 == "a" && $2 in moved { bad = 1 }
	    END { exit bad }' fake/log
	stop wire
	stop fake
	stop gw
}

@test "etcd: hosts of both modes are not elected at once" {
	election gateway gw
	candidates "$(at gw)" a
	asks b "$(at gw)" 'mode = shard'
	up b
	poll 20 tells b 'msg="not elected" reason="another has mode = leader'
	stop a
	more b 3
	asks a "$(at gw)"
	up a
	poll 20 tells a 'msg="not elected" reason="others have mode = shard' 1
	[ "$(seen)" = "a b" ]
	stop a
	stop b
	stop fake
	stop gw
}

@test "a host that is not in node_whitelist is banned" {
	election dataway dw
	fake
	asks a "$(at dw)" 'node_whitelist = b, c'
	up a
	poll 20 is 0 shown a prof_pull_elected
	grep -q 'reason="banned: this host is not in node_whitelist"' \
	    a.spool/stat/pull
	asks b "$(at dw)" 'node_whitelist = b, c'
	up b
	more b 5
	[ "$(seen)" = b ]
	[ ! -e dw/log ] || run ! grep ' a ' dw/log
	stop a
	stop b
	stop fake
	stop dw
}

@test "prof status says who leads, and since when" {
	election dataway dw
	candidates "$(at dw)" a b
	poll 20 status_says a '[0-2] of 2 targets up'
	status_says a 'election: this host pulls since 20[^ ]* ([0-9]*s): '
	poll 20 status_says b 'election: this host does not pull since 20'
	status_says b '; a leads since 20[^ ]* ([0-9]*s)'
	stop a
	stop b
	stop fake
	stop dw
}

# status_says NAME TEXT
status_says()
{
	prof-status -c "$1.conf" | tr -s '\n ' ' ' | grep -q "$2"
}

@test "with enable = false everybody pulls" {
	election dataway dw
	fake
	asks a "$(at dw)"
	asks b "$(at dw)"
	sed -i 's/^enable = true/enable = false/' a.conf b.conf
	up a
	up b
	more a 3
	more b 3
	[ "$(wc -l <dw/log)" -eq 0 ]
	stop a
	stop b
	stop fake
	stop dw
}

@test "what is pulled has the namespace and the tags of an election" {
	election dataway dw
	fake
	asks a "$(at dw)" 'namespace = here' 'enable_namespace_tag = true' \
	    '[election.tags]' 'cluster = c1'
	up a
	more a 3
	stop a
	grep -aq '^global-tag: election_namespace=here$' a.spool/new/*
	grep -aq '^global-tag: cluster=c1$' a.spool/new/*
	stop fake
	stop dw
}

@test "no election looks at the wall clock" {
	run ! grep -En 'when_now|CLOCK_REALTIME|gettimeofday|[^_]time\(' \
	    "$TOP"/common/elect*.[ch]
}
