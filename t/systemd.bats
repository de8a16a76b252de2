#!/usr/bin/env bats
# The units of etc/systemd, as far as they can be tried where systemd is not
# the first process: it checks them itself, and passes a socket. booted.bats has
# them under one that is.
load lib

# units: a copy of them, with this tree's programs.
units()
{
	cp -a "$TOP/etc/systemd" units
	sed -i "s,/usr/bin/,$TOP/cmd/," units/*.service
}

@test "systemd has nothing to say against the units" {
	units
	run -0 systemd-analyze verify --man=no units/*.service units/*.socket
	[ -z "$output" ]
	# It does say something when there is.
	echo 'Whatever=yes' >>units/prof-recv.service
	run systemd-analyze verify --man=no units/prof-recv.service
	[[ $output = *Whatever* ]]
}

@test "every unit's exposure is 2.0 at most" {
	local unit

	units
	for unit in units/*.service; do
		run -0 systemd-analyze security --offline=true \
		    --threshold=20 "$unit"
		echo "${lines[-1]}"
	done
	rm units/prof-.service.d/sandbox.conf
	run ! systemd-analyze security --offline=true --threshold=20 \
	    units/prof-recv.service
}

@test "every program is a unit, and every unit's user and group is made" {
	local name

	units
	for name in prof-spool prof-recv prof-pyro prof-pull prof-metrics \
	    prof-ship; do
		grep -l "^ExecStart=$TOP/cmd/$name\( -d %i\)\?$" units/*.service
	done
	sed -n 's/^User=//p' units/*.service |
	    while read -r name; do
		grep -q "^u	$name	" units/prof.sysusers || echo "$name"
	    done >unknown
	sed -n 's/^SupplementaryGroups=//p' units/*.service | tr ' ' '\n' |
	    while read -r name; do
		grep -q "^[ug]	$name	" units/prof.sysusers || echo "$name"
	    done >>unknown
	# What runit and s6 switch to, too; prof-log is theirs alone.
	grep -rhoE '(-u|s6-setuidgid) prof-[a-z]+' "$TOP/etc/runit" \
	    "$TOP/etc/s6" | cut -d ' ' -f 2 | sort -u |
	    while read -r name; do
		[ "$name" = prof-log ] ||
		    grep -q "^u	$name	" units/prof.sysusers || echo "$name"
	    done >>unknown
	[ ! -s unknown ] || fail "$(cat unknown)"
	mkdir -p root/etc
	systemd-sysusers --root="$PWD/root" --dry-run "$PWD/units/prof.sysusers"
}

@test "the groups of a unit are those that runit gives the program" {
	local unit name groups user

	mkdir bin
	# shellcheck disable=SC2016
	printf '#!/bin/sh\necho "$2"\n' >bin/chpst
	printf '#!/bin/sh\n' >bin/prof-spool
	chmod +x bin/*
	for unit in "$TOP"/etc/systemd/*.service; do
		name=$(basename "$unit" .service)
		name=${name/@/@main}
		groups=$(sed -n 's/^SupplementaryGroups=//p' "$unit")
		user=$(sed -n 's/^User=//p' "$unit")
		cd "$TOP/etc/runit/$name"
		[ ! -d served ] || cd served
		PATH=$BATS_TEST_TMPDIR/bin:$PATH run -0 sh run
		[ "$output" = "$user:$user:${groups// /:}" ]
	done
}

@test "prof-recv takes the socket that systemd passes" {
	conf </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	at=$(recv_at)
	stop recv
	sed -i "s,^listen = .*,listen = $at," "$CONF"
	mkdir -p run
	# It begins prof-recv when somebody connects.
	systemd-socket-activate -l "$at" -E PROF_TEST -E PATH \
	    prof-recv -c "$CONF" 2>activate.log 3>&- &
	echo $! >run/activate.pid
	poll 10 grep -q 'Listening on' activate.log
	curl -sSf "http://$at/info"
	grep -q "msg=\"listening\" address=$at passed=1" activate.log
	# The addresses of the socket unit are those of the default.
	prof-spool -c /dev/null conf |
	    grep -x 'http_api.listen = localhost:9529'
	run -0 sed -n 's/^ListenStream=//p' \
	    "$TOP/etc/systemd/prof-recv.socket"
	[ "${lines[*]}" = "127.0.0.1:9529 [::1]:9529" ]
}
