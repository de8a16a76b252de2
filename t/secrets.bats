#!/usr/bin/env bats
# A secret is where the configuration itself holds it, or a file that it names,
# and nowhere else: in no log at full verbosity, no file of the spool, no
# statistics, no status, no trace, no process's arguments or environment, and
# no core. Every secret here has the word canary in it. Two exceptions: what is
# given to prof-ship -u and prof-pull -u by hand is an argument, which ps shows;
# and what a client has in a profile itself is passed on as it is.

load lib
load tls

setup()
{
	prof_setup
	mkdir echo secret
	# For start.
	# shellcheck disable=SC2034
	local WRAP=(python3)
	start echo "$TOP/t/echo.py" echo
	printf '{"tags_profiler":"service:shop"}' >event.json
}

# Its beginning in base64, wherever in three bytes it begins.
CANARY='canary|Y2FuYXJ5|NhbmFyeX|jYW5hcn'

# quiet: every program's arguments and environment, everything in the spool and
# the outbox, every log, and what is in said, are without one.
quiet()
{
	local pid

	for pid in $(left_behind); do
		tr '\0' '\n' <"/proc/$pid/cmdline"
		tr '\0' '\n' <"/proc/$pid/environ"
	done >processes 2>/dev/null
	[ -s processes ]
	if grep -raE "$CANARY" "$SPOOL" ./*.log ./*.out processes said \
	    "$SPOOL.outbox" 2>/dev/null; then
		fail "that was a secret"
	fi
	# All this is not because nothing was looked for.
	[ "$(grep -c . said)" -ge "$1" ]
	grep -qx -e -v processes
	[ -s "$SPOOL/stat/spool" ]
}

# say CMD...: what it says goes to said, whatever its end.
say()
{
	echo "== $*" | sed 's/canary[a-z_0-9]*/*/g' >>said
	"$@" >>said 2>&1 3>&- || :
}

# asked: all that an operator may ask.
asked()
{
	say prof-status -c "$CONF"
	say prof-status -c "$CONF" --check
	say prof run -t -c "$CONF"
	say prof-spool -c "$CONF" conf
	say prof-spool -c "$CONF" stat
	say prof-spool -c "$CONF" ls -l
	say prof-spool -c "$CONF" check
	say prof-spool -c "$CONF" fsck
	for id in $(prof-spool -c "$CONF" ls 2>/dev/null | grep -oE \
	    '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}' | sort -u | head -n 3)
	do
		say prof-spool -c "$CONF" show "$id"
		say prof-spool -c "$CONF" cat "$id"
		say prof trace -c "$CONF" "$id"
	done
}

# url PROG: the first address of its that is no socket.
url()
{
	sed -n "s,^prof_$1_listen_info{address=\"\\([^u].*\\)\"}.*,\\1,p" \
	    "$SPOOL/stat/$1" | head -n 1
}

@test "what clients send in secret is nowhere, whatever they are answered" {
	authority
	cert ours localhost 2
	printf 'canary_bearer\n' >secret/tokens
	cat >"$CONF" <<-END
	[http_api]
	listen = 127.0.0.1:0, https://127.0.0.1:0
	tls_cert_file = $PWD/ours.pem
	tls_key_file = $PWD/ours.key
	bearer_token_file = $PWD/secret/tokens
	head_timeout = 500ms
	[profile]
	body_size_limit_mb = 1
	[profile.io_config]
	cache_path = $SPOOL
	min_free_mb = 0
	[profile.pyroscope]
	url = 127.0.0.1:0
	bearer_token_file = $PWD/secret/tokens
	END
	prof-spool -c "$CONF" init
	start spool prof-spool -v -c "$CONF"
	start recv prof-recv -v -c "$CONF"
	start pyro prof-pyro -v -c "$CONF"
	head -c 2000000 /dev/zero >large
	echo 'main;work 3' >folded
	query='token=canary_query&api_key=canary_key&%74oken=canary_escaped'
	for at in "http://$(url recv)" "$(listens | grep https:)"; do
		input="$at/profiling/v1/input?$query"
		ask=(say curl -sS --cacert ca.pem -w '%{http_code}\n'
		    -H 'Cookie: canary_cookie' -H 'DD-API-KEY: canary_header'
		    -H "Referer: $at/?$query" -H 'X-Vault-Token: canary_vault')
		good=(-H 'Authorization: Bearer canary_bearer')
		form=(-F event=@event.json -F 'main=<event.json')
		"${ask[@]}" "$input" "${form[@]}"		# 401
		"${ask[@]}" "$input" "${form[@]}" -u user:canary_basic
		"${ask[@]}" "$input" "${form[@]}" -H 'Authorization: Bearer canary_not'
		"${ask[@]}" "${good[@]}" "$input" "${form[@]}"	# 200
		"${ask[@]}" "${good[@]}" "$input" -d a=b	# 400
		"${ask[@]}" "${good[@]}" "$input" -F a=b
		"${ask[@]}" "${good[@]}" "$input"		# 405
		"${ask[@]}" "${good[@]}" "$at/nowhere?$query"	# 404
		"${ask[@]}" "${good[@]}" "$at/info?$query"
		"${ask[@]}" "${good[@]}" "$at/metrics?$query"
		"${ask[@]}" "$at/healthz?$query"
		"${ask[@]}" "${good[@]}" "$input" -F main=@large	# 413
		"${ask[@]}" "${good[@]}" "$input" -H "X-Long: canary$(
		    head -c 20000 /dev/zero | tr '\0' a)"	# 431
		"${ask[@]}" "${good[@]}" "$input" -X 'PO ST'
	done
	# TLS that fails, and heads that are cut, too slow, or no HTTP at all.
	say curl -sS "https://localhost:1/?$query"
	say curl -sS "$(listens | grep https:)/?$query"
	for head in "GET /?token=canary_cut HTTP/9.9" "canary_no_http" \
	    "POST /x?token=canary_slow HTTP/1.1
Authorization: Bearer canary_bearer"; do
		exec 5<>"/dev/tcp/127.0.0.1/$(url recv | sed 's/.*://')"
		printf '%s\r\n' "$head" >&5
		say timeout 5 cat <&5
		exec 5>&-
	done
	ask=(say curl -sS -w '%{http_code}\n' --data-binary @folded)
	at=http://$(url pyro)
	"${ask[@]}" "$at/ingest?name=a&$query"
	"${ask[@]}" "${good[@]}" "$at/ingest?name=a&$query"
	"${ask[@]}" "${good[@]}" "$at/ingest?name=a&format=canaryless&$query"
	"${ask[@]}" "${good[@]}" "$at/push.v1.PusherService/Push?$query"
	"${ask[@]}" "${good[@]}" "$at/ingest?name=&$query"
	sed -i 's/canaryless//' said
	for status in 200 400 401 404 405 413 431; do
		grep -qx ".*$status" said || fail "none was answered $status"
	done
	asked
	kill -HUP "$(pid recv)" "$(pid pyro)" "$(pid spool)"
	printf 'canary two words\n' >secret/tokens
	poll 10 grep -q 'access files not taken' recv.log
	quiet 40
	stop recv
	stop pyro
	stop spool
}

# destination STATUS LINE...: prof-ship delivers to one that answers STATUS,
# until that is in the log.
destination()
{
	echo "$1" >echo/status
	{
		printf '%s\n' '[profile]' 'generate_metrics = false' \
		    '[profile.io_config]' "cache_path = $SPOOL" \
		    'min_free_mb = 0' '[dataway]' 'retry_count = 1' \
		    'retry_min = 100ms' 'retry_max = 200ms' \
		    'probe_interval = 200ms' "${@:2}"
	} >"$CONF"
	prof-spool -c "$CONF" init
	N=$((${N:-0} + 1))
	printf '%s\r\n' --a 'Content-Disposition: form-data; name="event"' '' \
	    '{"tags_profiler":"service:shop"}' --a-- |
	    record -C 'multipart/form-data; boundary=a' \
	    -i "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a1$N" >one
	prof-spool -c "$CONF" put one >>said 2>&1 || prof-spool -c "$CONF" \
	    put - <one >>said 2>&1
	start "spool$N" prof-spool -v -c "$CONF"
	start "ship$N" prof-ship -v -c "$CONF" -d main
	poll 10 grep -q -e 'msg="not delivered"' -e 'msg="refused for good"' \
	    "ship$N.log"
	asked
	quiet 5
	# By hand, too, as an argument aside.
	say prof-ship -v -c "$CONF" one
	quiet 5
	stop "ship$N"
	stop "spool$N"
}

@test "what a destination is told in secret is nowhere, whatever it answers" {
	at=$(cat echo/address)
	echo canary_file >secret/token
	user="user:canary_password@"
	for status in 400 401 403 404 500; do
		destination $status \
		    "urls = http://$user$at/?token=canary_url&zone=a" \
		    "token_file = $PWD/secret/token"
	done
	[ "$(find "$SPOOL/dead" -name '*.why' | wc -l)" -eq 1 ]
	# Refused, no such host, TLS that fails, a proxy that does.
	destination 500 "urls = http://${user}127.0.0.1:1/?token=canary_url"
	destination 500 "urls = https://$user$at/?token=canary_url"
	destination 407 "urls = http://${user}h.invalid/?token=canary_url" \
	    "http_proxy = http://${user}$at"
	destination 407 "urls = https://${user}h.invalid/?token=canary_url" \
	    "http_proxy = http://${user}$at"
}

@test "what a target or an elector is told in secret is nowhere" {
	at=$(cat echo/address)
	echo user:canary_basic >secret/basic
	echo canary_token >secret/token
	target()
	{
		printf '%s\n' '[profile.go]' 'enabled_types = goroutine' "$@"
	}
	{
		printf '%s\n' '[profile.io_config]' "cache_path = $SPOOL" \
		    '[election]' 'enable = true' 'backend = etcd' \
		    "urls = http://user:canary_url@$at/?token=canary_etcd" \
		    "auth_file = $PWD/secret/basic"
		target "url = http://user:canary_url@$at/1?token=canary_query" \
		    'headers = X-Secret: canary_header'
		target "url = http://$at/2" \
		    "basic_auth_file = $PWD/secret/basic"
		target "url = http://$at/3" \
		    "bearer_token_file = $PWD/secret/token" \
		    "http_proxy = http://user:canary_proxy@$at"
		target "url = https://user:canary_url@$at/4?token=canary_query"
		target "url = http://user:canary_url@127.0.0.1:1/5"
	} >"$CONF"
	prof-spool -c "$CONF" init
	start spool prof-spool -v -c "$CONF"
	start pull prof-pull -v -c "$CONF" -w 200ms
	poll 10 grep -q 'election in doubt' pull.log
	asked
	quiet 5
	stop pull
	sed -i 's/enable = true/enable = false/' "$CONF"
	start pull prof-pull -v -c "$CONF" -w 200ms
	for status in 500 401 302 200; do
		echo $status >echo/status
		poll 10 pulled_all
		: >pull.seen
		cat pull.log >>pulls.log
	done
	asked
	quiet 5
	stop pull
	stop spool
}

# Each of the five targets has failed.
pulled_all()
{
	for n in 1 2 3 4 5; do
		grep -q "pull failed.*/$n" pull.log || return
	done
}

@test "what is wrong with a configuration is said without its secrets" {
	wrong()
	{
		printf '[dataway]\n%b\n' "$1" >"$CONF"
		for program in prof-spool prof-ship prof-recv prof-pull; do
			say $program -v -c "$CONF" -t
		done
		say prof-status -c "$CONF"
		say prof run -t -c "$CONF"
	}
	wrong 'urls = htps://h?token=canary_1'
	wrong 'urls = https://h?token=canary_1, ://h?token=canary_2'
	wrong 'urls = https://u:canary_1@:x/'
	wrong 'urls = ["https://h?token=canary_1"'
	wrong 'urls = "https://h?token=canary_1'
	wrong 'urls https://h?token=canary_1'
	wrong 'https://h?token=canary_1'
	wrong 'url = https://h\nurls = https://h?token=canary_1'
	wrong 'urls = https://h\nhttp_proxy = u:canary_1@h'
	wrong 'urls = https://h\n[profile.go]\nurl = http//u:canary_1@h'
	wrong 'urls = https://h\n[profile.go]\nurl = http://h\nheaders = X canary_1'
	wrong 'urls = https://h\n[election]\nurls = tcp://h?token=canary_1'
	wrong 'urls = https://h\n[http_api]\nlisten = https://u:canary_1@h'
	[ "$(grep -c error said)" -ge 60 ]
	run ! grep -E "$CANARY" said
}

@test "no program leaves a core" {
	conf <<-EOF
	[profile.pyroscope]
	url = 127.0.0.1:0
	[destination.main]
	type = dataway
	url = http://$(cat echo/address)
	[profile.go]
	url = http://$(cat echo/address)
	EOF
	ulimit -c unlimited 2>/dev/null || :
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	start pyro prof-pyro -c "$CONF"
	start pull prof-pull -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	for name in ship pull pyro recv spool; do
		grep -qE '^Max core file size +0 +0 ' \
		    "/proc/$(pid $name)/limits" || fail "$name may"
		kill -ABRT "$(pid $name)"
		code=0
		ended $name || code=$?
		[ "$code" -eq 134 ] || fail "$name exited $code"
	done
	run -0 find . -name '*core*'
	[ -z "$output" ]
}
