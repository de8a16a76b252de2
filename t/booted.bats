#!/usr/bin/env bats
# The units of etc/systemd under a systemd that is the first process.
load lib
load booted

teardown()
{
	[ ! -e run/machine.pid ] || halts
	prof_teardown
}

active()
{
	inside systemctl is-active --quiet \
	    prof-{spool,recv,pyro,pull,metrics,ship@main}.service \
	    prof-recv.socket
}

main_pid()
{
	inside systemctl show -P MainPID "$1"
}

another()
{
	local now

	now=$(main_pid "$1")
	[ "$now" != "$2" ] && [ "$now" != 0 ]
}

# outbox: profiles that have come out.
outbox()
{
	inside find /var/spool/prof.outbox -name event.json | wc -l
}

push()
{
	inside curl -sS -o /dev/null -w '%{http_code}' -F main=@/etc/passwd \
	    -F 'event={"version":"4"}' http://localhost:9529/profiling/v1/input
}

# lines: what the programs logged as warnings and errors, but for what is so
# here: localhost may have one address, there is no target, and no profile.
lines()
{
	inside journalctl -q --no-pager -o cat >journal
	grep -e '^level=warn' -e '^level=error' journal |
	    grep -v -e 'passed socket not used' -e 'pull failed' \
	    -e 'part not used' || :
}

@test "a booted systemd runs all units, each as its user, and restarts them" {
	local unit killed

	[ "$EUID" -eq 0 ] || skip "not root"
	skip_asan "a sanitizer wants what the units forbid"
	[ -w "$(cgroup2)" ] && grep -qw overlay /proc/filesystems &&
	    unshare --mount --pid --fork --cgroup --net true ||
	    skip "no namespaces, overlayfs or cgroup2"
	cat >boot.conf <<-'END'
	[profile]
	generate_metrics = true
	[users]
	spool = prof-spool
	recv = prof-recv
	pull = prof-pull
	pyro = prof-pyro
	metrics = prof-metrics
	ship = prof-ship
	producers = prof
	consumers = prof-out
	programs = prof-stat
	[profile.io_config]
	min_free_mb = 0
	[profile.pyroscope]
	url = localhost:4040
	[profile.go]
	url = http://localhost:1
	END
	boots boot.conf
	active
	inside ps -eo user:20=,args= >processes
	for unit in spool recv pyro pull metrics ship; do
		grep "^prof-$unit  *[^ ]*/prof-$unit\( \|$\)" processes
	done
	[ "$(push)" = 200 ]
	poll 20 is 1 outbox
	inside prof-spool check
	run -0 inside prof-spool fsck
	[ -z "$output" ]
	run -0 inside prof status --check
	# Its sandbox and ours together refuse nothing that is needed.
	[ -z "$(lines)" ] || fail "$(lines)"
	[ "$(grep -c 'msg="confined" landlock=[1-9].* seccomp=1' journal)" -eq 6 ]

	for unit in prof-recv prof-spool; do
		killed=$(main_pid $unit)
		inside kill -9 "$killed"
		poll 10 another $unit "$killed"
		poll 10 active
	done
	[ "$(push)" = 200 ]
	poll 20 is 2 outbox
	inside systemctl stop prof-{recv,pyro,pull,metrics,ship@main,spool}.service
	run inside systemctl --no-legend list-units --failed 'prof*'
	[ -z "$output" ]
	halts
}
