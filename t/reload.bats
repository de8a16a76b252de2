#!/usr/bin/env bats
# SIGHUP: what takes effect at once, and what is said to take a restart. Tags,
# destinations and targets have their tests where their program has its.
#
# What is outside the sandbox of a program that has one makes it end, or say so:
# t/sandbox.bats has that.
#
# Requests are in a table, which shellcheck does not see evaluated.
# shellcheck disable=SC2016,SC2034,SC2119,SC2120
load lib

# settings [LINE...]: each "SECTION KEY = VALUE".
settings()
{
	{
		printf '%s\n' "http_api listen = 127.0.0.1:0" \
		    "profile.io_config cache_path = $SPOOL" \
		    "profile.io_config min_free_mb = 0" \
		    "security sandbox = off" \
		    "destination.main type = file" \
		    "destination.main url = file:$OUTBOX" \
		    "profile.pyroscope url = 127.0.0.1:0" \
		    "profile.go url = http://127.0.0.1:9" "$@"
	} | awk '{
		section = $1
		sub(/^[^ ]* /, "")
		# The last one counts.
		key = section SUBSEP $1
		if (!(section in seen)) { seen[section] = ++n; name[n] = section }
		if (!(key in value)) keys[section] = keys[section] $1 "\n"
		value[key] = $0
	}
	END {
		for (i = 1; i <= n; i++) {
			print "[" name[i] "]"
			m = split(keys[name[i]], k, "\n")
			for (j = 1; j < m; j++) print value[name[i], k[j]]
		}
	}' >"$CONF"
}

# serve NAME PROGRAM ARGS...
serve()
{
	settings
	prof-spool -c "$CONF" init
	start "$@" -c "$CONF"
	TAKEN=0
}

# All but prof-pyro.
all_serve()
{
	serve recv prof-recv
	start spool prof-spool -c "$CONF"
	start ship prof-ship -d main -c "$CONF"
	start metrics prof-metrics -c "$CONF"
	start pull prof-pull -c "$CONF"
}

taken()
{
	[ "$(grep -c 'msg="configuration taken"' "$1.log")" -ge "$2" ]
}

# reload NAME LINE...: with these settings beside those of serve.
reload()
{
	settings "${@:2}"
	kill -HUP "$(pid "$1")"
	TAKEN=$((TAKEN + 1))
	poll 10 taken "$1" "$TAKEN"
}

# answer CURL...: the status of a request to prof-recv's endpoint.
answer()
{
	curl -sS -o answer -w '%{http_code}\n' "$@" \
	    "http://$(recv_at)/profiling/v1/input"
}

form()
{
	answer -F "event=@${1:-small};filename=event.json" "${@:2}"
}

# sent TEXT: the status of one that sends this and then nothing.
sent()
{
	printf '%b' "$1" >raw
	send -q -t 5 "$(recv_at)" raw | cut -d ' ' -f 1
}

HEAD='POST /profiling/v1/input HTTP/1.1\r\nHost: a\r\n'
HEAD+='Content-Type: multipart/form-data; boundary=b\r\n'

# held: does a connection more get a place beside one that is there?
held()
{
	local status

	exec {fd}<>"/dev/tcp/127.0.0.1/$(recv_at | cut -d : -f 2)"
	printf 'GET /info HTTP/1.1\r\nHost: a\r\n\r\n' >&"$fd"
	read -r -u "$fd" _
	status=$(form)
	exec {fd}>&-
	echo "$status"
}

@test "prof-recv: every limit of the configuration holds after SIGHUP" {
	local long

	long=$(printf 'x%.0s' {1..2000})
	echo '{}' >small
	head -c 1500000 /dev/zero >large
	serve recv prof-recv
	while IFS='|' read -r setting before after request; do
		reload recv
		[ "$before" = - ] || is "$before" eval "$request" ||
		    fail "$setting: before, $(eval "$request")"
		reload recv "$setting"
		is "$after" eval "$request" ||
		    fail "$setting: after, $(eval "$request")"
	done <<-'END'
		http_api head_bytes = 1024|200|431|form small -H "X: $long"
		http_api head_fields = 8|200|431|form small -H a:b -H b:c -H c:d -H e:f -H g:h -H i:j
		http_api head_timeout = 20ms|-|408|sent "POST / HT"
		http_api body_timeout = 20ms|-|408|sent "${HEAD}Content-Length: 9\r\n\r\na"
		http_api idle_timeout = 20ms|-|408|sent "${HEAD}Content-Length: 9\r\n\r\na"
		http_api multipart_parts = 1|200|400|form small -F a=b
		http_api multipart_head = 256|200|400|form small -F "a=b;filename=$long"
		http_api connections = 1|200|503|held
		profile body_size_limit_mb = 1|200|413|form large
		profile.io_config cache_capacity_mb = 1|200|413|form large
		profile.io_config min_free_mb = 1000000000|200|503|form
		profile endpoints = /other|200|404|form
	END
	reload recv 'http_api body_rate = 1048576' 'http_api body_grace = 0s'
	is 408 sent "${HEAD}Content-Length: 9\r\n\r\na"
}

@test "prof-pyro: limits and a listener's settings hold after SIGHUP" {
	serve pyro prof-pyro
	at=$(sed -n 's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro")
	push="http://$at/ingest?name=a&from=1&until=2"
	head -c 1500000 /dev/zero | tr '\0' a >large
	echo ' 1' >>large
	is 200 curl -sS -o answer -w '%{http_code}' --data-binary @large "$push"
	reload pyro 'profile body_size_limit_mb = 1' \
	    'profile.pyroscope service = new' 'profile.tags team = red'
	is 413 curl -sS -o answer -w '%{http_code}' --data-binary @large "$push"
	rm "$SPOOL"/new/*
	is 200 curl -sS -o answer -w '%{http_code}' -d 'a 1' "$push"
	poll 10 grep -qa 'service:new' "$SPOOL"/new/*
	grep -qax 'tag: team=red' "$SPOOL"/new/*
}

@test "prof-spool: what it may hold holds after SIGHUP" {
	serve spool prof-spool
	start recv prof-recv -c "$CONF"
	head -c 600000 /dev/zero >large
	for _ in 1 2 3 4; do
		is 200 form large
	done
	poll 10 is 4 holds queue/main
	reload spool 'profile.io_config cache_capacity_mb = 1'
	poll 10 is 1 holds queue/main
	grep -q 'msg="evicted"' spool.log
}

@test "prof-ship: a destination's limits hold after SIGHUP" {
	start sink sink "$PWD/sink"
	echo 'delay 500' >sink/mode
	to=('destination.main type = dataway'
	    "destination.main url = http://$(cat sink/address)")
	settings "${to[@]}"
	prof-spool -c "$CONF" init
	start ship prof-ship -c "$CONF" -d main
	TAKEN=0
	reload ship "${to[@]}" 'destination.main timeout = 50ms'
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	echo '{}' >small
	is 200 form
	poll 10 grep -q 'msg="not delivered".*reason=.*timed out' ship.log
	rm sink/mode
	reload ship "${to[@]}" 'destination.main timeout = 20s'
	poll 20 grep -q 'msg="delivered"' ship.log
}

# needs PROGRAM KEY LINE...: these settings are said to need a restart.
needs()
{
	grep 'msg="restart needed" keys=' "$1.log" >before || :
	reload "$1" "${@:3}"
	grep 'msg="restart needed" keys=' "$1.log" |
	    tail -n +$(($(wc -l <before) + 1)) >said
	[ "$(sed 's/.* keys=//' said)" = "$2" ] ||
	    fail "$2: $(cat said)"
}

@test "keys that take a restart are named, as long as they are not as at start" {
	local name

	all_serve
	for name in recv spool ship metrics pull; do
		TAKEN=0
		needs "$name" profile.io_config.cache_path \
		    "profile.io_config cache_path = $SPOOL/other" \
		    'profile.tags a = b'
		# Again, for it is still so; and no more when it is not.
		needs "$name" profile.io_config.cache_path \
		    "profile.io_config cache_path = $SPOOL/other"
		needs "$name" security.sandbox 'security sandbox = auto'
		needs "$name" ''
	done
	TAKEN=$(grep -c 'msg="configuration taken"' recv.log)
	needs recv http_api.listen,http_api.commits \
	    'http_api listen = 127.0.0.2:0' 'http_api commits = 3'
	TAKEN=$(grep -c 'msg="configuration taken"' pull.log)
	needs pull election.enable,election.node_whitelist \
	    'election enable = true' 'election node_whitelist = a,b'
	needs pull profile.election 'profile election = false'
	# What it is compared by is not shown.
	needs pull election.urls 'election urls = http://u:secret@h/'
	run ! grep secret pull.log
}

@test "prof-pyro names the url that takes a restart, and takes nothing" {
	serve pyro prof-pyro
	settings 'profile.pyroscope url = 127.0.0.2:0'
	kill -HUP "$(pid pyro)"
	poll 10 grep -q 'restart needed" keys=profile.pyroscope.1.url$' pyro.log
	poll 10 grep -q 'msg="configuration not taken" in_force=old' pyro.log
	TAKEN=0
	needs pyro http_api.commits 'http_api commits = 3'
}

@test "a bad file is refused by every program, which goes on as it was" {
	local name

	all_serve
	start pyro prof-pyro -c "$CONF"
	settings 'profile.tags a = b' 'profile nonsense = 1'
	for name in recv spool ship metrics pull pyro; do
		kill -HUP "$(pid "$name")"
		poll 10 grep -q 'msg="configuration not taken" in_force=old' \
		    "$name.log"
		grep -q "msg=\"configuration\" error=.*nonsense" "$name.log"
	done
	echo '{}' >small
	is 200 form
	poll 10 is 1 eval 'find "$OUTBOX" -name event.json | wc -l'
}
