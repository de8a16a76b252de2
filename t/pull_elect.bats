#!/usr/bin/env bats
# prof-pull and elections by a locked file: one of several pulls, and what grows
# is sent by one of them.

load lib
load pull
load tls

# host NAME: a configuration, NAME.conf, with a spool of its own.
host()
{
	cat >"$1.conf" <<-EOF
	[profile.io_config]
	cache_path = $PWD/$1.spool
	[profile.go]
	url = http://$(at fake)/ok
	enabled_types = ${TYPES:-heap}
	cpu_seconds = 3
	[election]
	enable = true
	backend = file
	file = $PWD/lock
	namespace = here
	enable_namespace_tag = true
	[election.tags]
	cluster = c1
	[global_host_tags]
	host = $1
	EOF
	prof-spool -c "$1.conf" init
}

# up NAME, tells NAME TEXT, sent NAME N: its records, N at least.
up()
{
	start "$1" prof-pull -c "$1.conf" -w "${EVERY:-100ms}"
}

tells()
{
	grep -q "$2" "$1.log"
}

sent()
{
	[ "$(find "$1.spool/new" -type f | wc -l)" -ge "$2" ]
}

# apart: no part of a counter is in two deltas, whoever has sent them.
apart()
{
	python3 - "$TOP/t" "$@" <<-'END'
	import sys
	sys.path.insert(0, sys.argv[1])
	import pulled
	spans = sorted((p.time - p.duration, p.time)
	               for r in pulled.records(sys.argv[2:])
	               for p in [r.profile("delta-heap.pprof")] if p)
	for (_, end), (start, _) in zip(spans, spans[1:]):
	    assert end <= start, f"from {start}, and another to {end}"
	print(len(spans), "deltas")
	END
}

@test "one of two pulls; the other takes over when it is killed" {
	local had

	fake
	host a
	host b
	up a
	poll 20 sent a 3
	up b
	poll 20 tells b 'msg="not elected" reason="another is elected: .*a.spool'
	had=$(grep -c ' /ok/' fake/log)
	poll 20 sent a 8
	slay a
	poll 20 tells b 'msg="elected"'
	poll 20 sent b 3
	# It comes back, and has to wait, and to begin anew.
	up a
	poll 20 tells a 'msg="not elected"'
	had=$(find a.spool/new -type f | wc -l)
	poll 20 sent b 8
	[ "$(find a.spool/new -type f | wc -l)" -eq "$had" ]
	stop b
	poll 20 sent a $((had + 3))
	stop a
	apart a.spool/new/* b.spool/new/*
	[ "$(awk '/prof_pull_rounds_missed_total.*not_elected/ { print $NF }' \
	    b.spool/stat/pull)" -gt 0 ]
	stop fake
}

@test "one that comes back before anybody else goes on where it was" {
	fake
	host a
	up a
	poll 20 sent a 3
	slay a
	sleep 0.3
	up a
	poll 20 sent a 6
	stop a
	stop fake
	python3 "$TOP/t/pulled.py" chain heap fake/log a.spool/keep/pull/*.heap \
	    a.spool/new/*
}

# hold FILE: lock it, until release.
hold()
{
	: >"$1"
	flock -n "$1" sh -c 'echo $$ >holder; exec sleep 60' 3>&- &
	HOLDER=$!
	poll 20 test -s holder
}

release()
{
	kill "$(cat holder)"
	wait $HOLDER || :
}

@test "who is elected no more commits no more" {
	fake
	TYPES=cpu host a
	EVERY=4s up a
	poll 20 grep -q /profile fake/log
	# While the profile is being taken another one wins.
	hold lock.new
	mv lock.new lock
	poll 20 tells a 'msg="not committed".*\(is elected\|replaced\)'
	sent a 0
	[ "$(find a.spool/new -type f | wc -l)" -eq 0 ]
	stop a
	[ "$(awk '/lost_total.*not_elected/ { print $NF }' \
	    a.spool/stat/pull)" -eq 1 ]
	release
	stop fake
}

@test "-1 asks first, and -u does not" {
	fake
	host a
	hold lock
	run -111 prof-pull -1 -w 50ms -c a.conf
	[[ $output = *'msg="not elected"'* ]]
	run ! grep ' /ok' fake/log
	prof-pull -1 -c a.conf -u "http://$(at fake)/ok" -T goroutine
	sent a 1
	release
	prof-pull -1 -w 50ms -c a.conf
	sent a 2
	grep -aq '^global-tag: election_namespace=here$' a.spool/new/*
	grep -aq '^global-tag: cluster=c1$' a.spool/new/*
	stop fake
}

# files_stale N: so many sets of files are not taken, says prof-pull.
files_stale()
{
	grep -qx "prof_pull_access_files_stale $1" one.spool/stat/pull
}

@test "files of an elector that change and are no good are told, and counted" {
	fake
	authority
	host one
	sed -i -e 's/^backend = .*/backend = etcd/' -e 's,^file = .*,urls = '\
'https://127.0.0.1:1,' -e "/^urls/a ca_file = $PWD/ca.pem" one.conf
	up one
	poll 10 tells one 'msg="election in doubt"'
	run ! tells one 'msg="access files'
	echo nothing >ca.pem
	poll 30 tells one 'access files not taken" files=certificate of=election'
	poll 15 files_stale 1
	authority
	poll 30 tells one 'access files read again" files=certificate of=election'
	poll 15 files_stale 0
	stop one
	stop fake
}
