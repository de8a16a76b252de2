#!/usr/bin/env bats
# prof-pull and targets that are no good: each has a line in the log and a
# count, and nothing of it is sent.

load lib
load pull

# small: bodies are small.
small()
{
	sed -i 's/^\[profile\]$/&\nbody_size_limit_mb = 1/' "$CONF"
}

# bad WHAT RESULT REASON: one fetch of the fake's WHAT comes to nothing, counted
# as RESULT, and the log says why.
bad()
{
	one "http://$(at fake)/$1" "${@:2}"
}

# one URL RESULT REASON
one()
{
	rm -rf "$SPOOL"
	conf <<-EOF
	[profile.go]
	url = $1
	enabled_types = ${TYPE:-goroutine}
	timeout = ${TIMEOUT:-8s}
	EOF
	small
	prof-spool -c "$CONF" init
	: >pull.log
	pulling -w 400ms
	poll 20 said 1 'msg="pull failed"'
	stop pull
	grep -Fq "reason=\"$3" pull.log || fail "$1: $(cat pull.log)"
	[ "$(figure pull \
	    "prof_pull_fetches_total{type=\"${TYPE:-goroutine}\",result=\"$2\"}"\
	    )" -ge 1 ] || fail "$1: not counted: $(cat "$SPOOL/stat/pull")"
	[ "$(figure pull prof_pull_records_total)" -eq 0 ]
	[ "$(holds new)" -eq 0 ]
	[ "$(holds tmp)" -eq 0 ]
	[ "$(holds keep)" -eq 0 ]
}

@test "a target that refuses, hangs or goes away" {
	fake
	one http://127.0.0.1:1 unreached 'cannot connect: Connection refused'
	one http://no.such.name.invalid unreached 'Could not resolve host'
	one "unix:$PWD/none" unreached "cannot connect: No such file"
	TIMEOUT=500ms bad hang timeout 'no answer in time'
	TIMEOUT=500ms bad head timeout 'no answer in time'
	bad reset unreached 'Empty reply'
	bad short unreached 'Transferred a partial file'
	stop fake
}

@test "an answer that is not 200, with the first line of what it says" {
	fake
	bad refuse-404 status '404 no, said the target"'
	bad refuse-500 status '500 no, said the target"'
	bad refuse-204 status '204'
	bad locked status '401 who are you?"'
	stop fake
}

@test "an answer that is no profile" {
	fake
	bad text no_profile 'no profile: '
	bad html no_profile 'no profile: '
	bad empty no_profile 'no profile: empty'
	bad cut no_profile 'no profile: compressed bytes are cut short'
	bad flip no_profile 'no profile: checksum does not match'
	bad bomb no_profile 'no profile: inflates '
	TYPE=heap bad other no_profile \
	    'no profile: not the sample types of its kind'
	TYPE=heap bad delta no_profile 'no profile: a delta, not cumulative'
	stop fake
}

@test "a body over body_size_limit_mb, of whatever framing" {
	fake
	bad large-1048577 large 'over body_size_limit_mb'
	bad chunked-1048577 large 'over body_size_limit_mb'
	stop fake
}

@test "one of just body_size_limit_mb is taken" {
	fake
	conf < <(section exact-1048576 goroutine
	    section chunked-1048576 goroutine)
	small
	prof-spool -c "$CONF" init
	prof-pull -1 -c "$CONF"
	[ "$(holds new)" -eq 2 ]
	stop fake
}

@test "a redirect is followed on the same host, and nowhere else" {
	fake
	bad to-host redirect '302 redirect elsewhere'
	bad to-port redirect '302 redirect elsewhere'
	bad to-scheme redirect '302 redirect elsewhere'
	bad to-file redirect '302 redirect elsewhere'
	bad to-loop redirect '302 redirect elsewhere'
	run ! grep ' /ok' fake/log
	prof-pull -1 -o - -u "http://$(at fake)/to-same" -T goroutine >records
	[ "$(grep -c ' /to-same' fake/log)" -eq 1 ]
	[ "$(grep -c ' /ok' fake/log)" -eq 1 ]
	stop fake
}

@test "what fails is said once, and again when it changes or is over" {
	fake
	echo refuse-500 >fake/x
	aim x goroutine
	pulling -w 100ms
	poll 20 asked 5
	[ "$(grep -c 'msg="pull failed"' pull.log)" -eq 1 ]
	echo refuse-404 >fake/x
	poll 20 said 2 'msg="pull failed"'
	echo ok >fake/x
	poll 20 said 1 'msg="pulled again"'
	echo hang >fake/x
	poll 20 said 1 'msg="round missed".*the one before is not over'
	echo ok >fake/x
	stop pull
	[ "$(figure pull 'prof_pull_rounds_missed_total{reason="busy"}')" -ge 1 ]
	stop fake
}

# asked N: has the fake had so many requests?
asked()
{
	[ "$(wc -l <fake/log)" -ge "$1" ]
}

@test "of a target's types each fails or works for itself" {
	fake
	conf < <(section ok goroutine,heap,mutex
	    section other goroutine,heap,mutex)
	prof-spool -c "$CONF" init
	run -111 prof-pull -1 -w 200ms -c "$CONF"
	[ "$(pulled list | cut -d ' ' -f 3 | sort | tr '\n' ' ')" = \
"delta-heap.pprof,delta-mutex.pprof goroutines.pprof goroutines.pprof " ]
	[ "$(grep -c 'msg="pull failed"' <<<"$output")" -eq 2 ]
	stop fake
}

@test "a type that hangs delays no other of its target" {
	fake
	echo ok >fake/x
	echo hang >fake/x.goroutine
	aim x goroutine,threadcreate,heap
	pulling -w 2s
	poll 20 made 1 threadcreate.pprof
	# Its first round goes on still: the baseline has not waited for it.
	poll 20 is 1 holds keep
	run ! said 1 'msg="pull failed"'
	stop pull
	stop fake
}

@test "a full spool is pulled into no more, and misses nothing" {
	fake
	aim ok heap
	pulling -w 100ms
	poll 20 made 1 delta-heap.pprof
	touch "$SPOOL/full"
	poll 20 said 1 'msg="round missed".*the spool is full'
	rm "$SPOOL/full"
	new | wc -l >had
	poll 20 made $(($(cat had) + 2)) delta-heap.pprof
	stop pull
	pulled chain heap fake/log "$SPOOL"/keep/pull/*.heap
	[ "$(figure pull 'prof_pull_rounds_missed_total{reason="full"}')" -ge 1 ]
	stop fake
}

@test "a spool that is away for a while costs rounds, and no interval" {
	fake
	aim ok heap
	pulling -w 100ms
	poll 20 made 1 delta-heap.pprof
	mv "$SPOOL/new" "$SPOOL/away"
	poll 20 said 2 'msg="\(committed, but not ended\|not committed\)"'
	mv "$SPOOL/away" "$SPOOL/new"
	new | wc -l >had
	poll 20 made $(($(cat had) + 2)) delta-heap.pprof
	: >pull.log
	mv "$SPOOL/keep/pull" "$SPOOL/keep/away"
	poll 20 said 1 'reason="the one before cannot be read"'
	mv "$SPOOL/keep/away" "$SPOOL/keep/pull"
	new | wc -l >had
	poll 20 made $(($(cat had) + 2)) delta-heap.pprof
	stop pull
	pulled chain heap fake/log "$SPOOL"/keep/pull/*.heap
	[ "$(holds keep)" -eq 1 ]
	stop fake
}
