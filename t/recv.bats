#!/usr/bin/env bats
# prof-recv alone: what it answers, and what it leaves in the spool.

load lib

ENDPOINT=/profiling/v1/input

# settings [LINE...]: the configuration, with lines for [http_api] of HTTP_API,
# for [profile] of PROFILE, for [profile.io_config] of IO, then the arguments.
settings()
{
	{
		printf '%s\n' '[http_api]' "listen = ${LISTEN:-127.0.0.1:0}"
		printf '%s\n' "${HTTP_API:-}" '[profile]' "${PROFILE:-}"
		printf '%s\n' '[profile.io_config]' "cache_path = $SPOOL"
		printf '%s\n' "${IO:-min_free_mb = 0}" '[global_host_tags]'
		printf '%s\n' 'host = web-1' "$@"
	} >"$CONF"
}

# serve [LINE...]: prof-recv on a new spool with such settings.
serve()
{
	settings "$@"
	prof-spool -c "$CONF" init
	start recv prof-recv -v -c "$CONF"
}

url()
{
	echo "http://$(recv_at)${1-$ENDPOINT}"
}

# post ARGS...: upload a small profile by curl; answer in the file answer,
# prints the status.
post()
{
	curl -sS -o answer -w '%{http_code}\n' \
	    -F 'main=@profile;type=text/plain' \
	    -F 'event=@event.json;type=application/json' "$@" "$(url)"
}

# body TYPE FILE ARGS...: upload a file as it is.
body()
{
	curl -sS -o answer -w '%{http_code}\n' -H "Content-Type: $1" \
	    --data-binary "@$2" "${@:3}" "$(url)"
}

setup()
{
	prof_setup
	printf 'main;work 10\nmain;idle 20\n' >profile
	printf '{"version":"4","family":"go","tags_profiler":"service:s"}' \
	    >event.json
}

# The id that the last answer names; its record.
id()
{
	sed -n 's/^{"content":{"ProfileID":"\([0-9a-f-]\{36\}\)"}}$/\1/p' answer
}

record()
{
	echo "$SPOOL/new/$(id)"
}

# The record's header, and its lines of one name.
header()
{
	sed '/^$/q' "$(record)"
}

lines()
{
	header | sed -n "s/^$1: //p"
}

# Nothing of an upload is left, neither a draft nor a record.
empty()
{
	[ "$(holds tmp)" -eq 0 ] && [ "$(holds new)" -eq 0 ]
}

logged()
{
	grep -q -e "$1" recv.log
}

# form SIZE: a form of so many bytes on standard output, boundary x.
form()
{
	local head=$'--x\r\nContent-Disposition: form-data;'
	local tail=$'\r\n--x--\r\n'

	head+=$' name="event"\r\n\r\n'
	printf %s "$head"
	head -c "$(($1 - ${#head} - ${#tail}))" /dev/zero | tr '\0' a
	printf %s "$tail"
}

FORM='multipart/form-data; boundary=x'

# head_of LENGTH: the head of a request with such a form of so many bytes.
head_of()
{
	printf '%s\r\n' "POST $ENDPOINT HTTP/1.1" 'Host: a' \
	    "Content-Type: $FORM" "Content-Length: $1" ''
}

@test "an upload is answered 200 with its id and is a record in new" {
	serve
	[ "$(post)" = 200 ]
	[ -n "$(id)" ]
	[ -f "$(record)" ]
	[ "$(holds new)" -eq 1 ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "a record's header says where it is from" {
	serve '[profile.tags]' 'team = core' 'site = a=b'
	[ "$(post -H 'X-Some: value' -A agent/1)" = 200 ]
	header
	[ "$(header | head -n 1)" = "prof-record 1" ]
	[ "$(lines id)" = "$(id)" ]
	[ "$(lines kind)" = profile ]
	[ "$(lines source)" = recv ]
	lines received | grep -Ex '20[0-9-]{8}T[0-9:]{8}\.[0-9]{9}Z'
	lines remote | grep -Ex '127\.0\.0\.1:[0-9]+'
	[ "$(lines request)" = "POST $ENDPOINT" ]
	lines content-type |
	    grep -Ex 'multipart/form-data; boundary=-+[0-9a-f]+'
	[ "$(lines tag)" = $'team=core\nsite=a=b' ]
	[ "$(lines global-tag)" = host=web-1 ]
	[ "$(lines header)" = \
	    $'User-Agent: agent/1\nAccept: */*\nX-Some: value' ]
}

@test "a record's body is what was sent, byte for byte" {
	serve
	form 300000 >sent
	[ "$(body "$FORM" sent)" = 200 ]
	[ "$(lines length)" = 00000000000000300000 ]
	tail -c 300000 "$(record)" | cmp - sent
	[ "$(wc -c <"$(record)")" -eq "$(($(header | wc -c) + 300000))" ]
	# The crc32c is checked by whoever reads it.
	prof-spool -s "$SPOOL" cat "$(id)" | cmp - "$(record)"
	prof-spool -s "$SPOOL" show "$(id)"
}

@test "chunked uploads, Expect, HTTP/1.0 and pieces of one byte are taken" {
	serve
	form 100000 >sent
	[ "$(body "$FORM" sent -H 'Transfer-Encoding: chunked')" = 200 ]
	tail -c 100000 "$(record)" | cmp - sent
	[ "$(body "$FORM" sent -H 'Expect: 100-continue' -v 2>verbose)" = 200 ]
	grep '< HTTP/1.1 100' verbose
	[ "$(body "$FORM" sent --http1.0)" = 200 ]
	form 1000 >sent
	{
		head_of 1000
		cat sent
	} >raw
	send -n 1 "$(recv_at)" raw >out
	sed -n '$p' out >answer
	tail -c 1000 "$(record)" | cmp - sent
	[ "$(holds new)" -eq 4 ]
}

@test "a form that only has tags[] is taken, and one named event.json" {
	serve
	[ "$(curl -sS -o answer -w '%{http_code}' -F 'tags[]=a:b' \
	    -F 'data[0]=@profile;filename=pprof-data' "$(url)")" = 200 ]
	[ "$(curl -sS -o answer -w '%{http_code}' -F 'prof=@profile' \
	    -F 'event.json=<event.json' "$(url)")" = 200 ]
	[ "$(curl -sS -o answer -w '%{http_code}' -F 'prof=@profile' \
	    -F 'x=@event.json' "$(url)")" = 200 ]
}

@test "other paths are 404, other methods 405 with Allow, keep-alive stays" {
	serve
	at=$(recv_at)
	run -0 curl -sS -o /dev/null -o /dev/null -o /dev/null -o /dev/null \
	    -w '%{http_code} %{num_connects} %header{allow}\n' \
	    "http://$at/v0.4/traces" "http://$at$ENDPOINT" "http://$at/info" \
	    "http://$at$ENDPOINT/"
	[ "$output" = $'404 1 \n405 0 POST\n200 0 \n404 0 ' ]
	run -0 curl -sS -X POST -d x -o /dev/null -o /dev/null \
	    -w '%{http_code} %{num_connects} %header{allow}\n' \
	    "http://$at/info" "http://$at/v0.7/config"
	[ "$output" = $'405 1 GET\n404 0 ' ]
	empty
}

@test "an upload follows a 404 on the same connection" {
	serve
	form 1000 >sent
	{
		printf 'PUT /v0.4/traces HTTP/1.1\r\nHost: a\r\n'
		printf 'Content-Length: 5\r\n\r\nhello'
		head_of 1000
		cat sent
	} >raw
	run -100 send -q -r 2 "$(recv_at)" raw
	echo "$output"
	[ "${lines[0]%% *}" = 404 ]
	[ "${lines[1]%% *}" = 200 ]
	[ "$(holds new)" -eq 1 ]
}

@test "/info says version and endpoints" {
	PROFILE='endpoints = ["/profiling/v1/input","/other"]' serve
	[ "$(curl -sS "$(url /info)")" = "{\"version\":\"$(prof-recv -V |
	    cut -d ' ' -f 2)\",\"endpoints\":[\"$ENDPOINT\",\"/other\"]}" ]
	[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
	    "$(url /other)")" = 200 ]
	[ "$(lines request)" = "POST /other" ]
}

# refused STATUS MESSAGE [OFFSET]: the last answer was that, with a message and
# an offset of these patterns; it is logged once with the remote, and nothing
# is left.
refused()
{
	cat answer
	[ "$code" = "$1" ]
	grep -Ex -e '\{"error":\{"status":'"$1,\"message\":\"$2\"\
${3:+,\"offset\":$3}\}\}" answer
	logged "remote=127.0.0.1:[0-9]* status=$1 reason="
	[ "$(grep -c 'msg="upload refused"' recv.log)" -eq 1 ]
	empty
}

@test "what is no multipart/form-data is 400" {
	serve
	code=$(body application/json event.json)
	refused 400 '[^"]+'
}

@test "multipart without a boundary is 400" {
	serve
	code=$(body multipart/form-data event.json)
	refused 400 '[^"]*boundary[^"]*'
}

@test "a body that does not begin with the boundary is 400 at its byte" {
	serve
	printf -- '--y\r\n\r\nz\r\n--y--\r\n' >sent
	code=$(body "$FORM" sent)
	refused 400 '[^"]+' '[0-9]+'
}

@test "what is wrong is answered at once, not at the body's end" {
	serve
	{
		head_of 9000
		printf -- '--x\r\nno colon\r\n\r\nz\r\n'
	} >raw
	run -100 send -q -t 5 "$(recv_at)" raw
	[ "${output%% *}" = 400 ]
	empty
}

@test "a body cut before the final boundary is 400 at its end" {
	serve
	form 1000 | head -c 990 >sent
	code=$(body "$FORM" sent)
	refused 400 '[^"]+' '990'
}

@test "a bad part header is 400 at its byte" {
	serve
	printf -- '--x\r\nno colon\r\n\r\nz\r\n--x--\r\n' >sent
	code=$(body "$FORM" sent)
	refused 400 '[^"]+' '[0-9]+'
}

@test "an empty body is 400" {
	serve
	: >sent
	code=$(body "$FORM" sent)
	refused 400 '[^"]+' '0'
}

@test "a form without event and tags[] is 400 at its end" {
	serve
	form 1000 | sed 's/name="event"/name="other"/' >sent
	code=$(body "$FORM" sent)
	refused 400 'the form has neither [^"]+' 1000
	[ "$(figure recv 'prof_recv_records_total')" = 0 ]
}

@test "a client that leaves in the middle leaves nothing" {
	serve
	{
		head_of 9000
		form 1000 | head -c 500
	} >raw
	run ! send -w "$(recv_at)" raw
	poll 5 empty
	[ "$(post)" = 200 ]
}

@test "body_size_limit_mb: limit - 1 and limit are taken, limit + 1 is 413" {
	local n

	PROFILE='body_size_limit_mb = 1' serve
	for n in -1 0 1; do
		form $((1048576 + n)) >sent
		body "$FORM" sent
		body "$FORM" sent -H 'Transfer-Encoding: chunked'
	done >statuses
	[ "$(cat statuses)" = $'200\n200\n200\n200\n413\n413' ]
	[ "$(holds new)" -eq 4 ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "413 comes before the body where the length is known" {
	PROFILE='body_size_limit_mb = 1' serve
	head_of 1048577 >raw
	run -100 send -q "$(recv_at)" raw
	[ "${output%% *}" = 413 ]
}

@test "a body that alone exceeds cache_capacity_mb is 413" {
	local n

	IO=$'min_free_mb = 0\ncache_capacity_mb = 1' serve
	for n in 0 1; do
		form $((1048576 + n)) >sent
		body "$FORM" sent
	done >statuses
	[ "$(cat statuses)" = $'200\n413' ]
}

# parts N HEAD: a form of N parts with part headers of HEAD bytes, all in.
parts()
{
	local i pad base

	base=$'Content-Disposition: form-data; name="event"\r\n'
	pad=$(printf '%*s' $(($2 - ${#base} - 7)) '')
	for ((i = 0; i < $1; i++)); do
		printf -- '--x\r\n%sX: %s\r\n\r\nz\r\n' "$base" "${pad// /p}"
	done
	printf -- '--x--\r\n'
}

@test "multipart_parts: limit - 1 and limit are taken, limit + 1 is 400" {
	local n

	HTTP_API='multipart_parts = 10' serve
	for n in 9 10 11; do
		parts "$n" 100 >sent
		body "$FORM" sent
	done >statuses
	[ "$(cat statuses)" = $'200\n200\n400' ]
}

@test "multipart_head: limit - 1 and limit are taken, limit + 1 is 400" {
	local n

	HTTP_API='multipart_head = 300' serve
	for n in 299 300 301; do
		parts 1 "$n" >sent
		body "$FORM" sent
	done >statuses
	[ "$(cat statuses)" = $'200\n200\n400' ]
}

# head BYTES FIELDS: a request with a head of so many bytes and fields.
request()
{
	local head i size

	head=$'POST /profiling/v1/input HTTP/1.1\r\nHost: a\r\n'
	head+="Content-Type: $FORM"$'\r\nContent-Length: 1000\r\n'
	for ((i = 4; i < $2; i++)); do
		head+=$'A: b\r\n'
	done
	head+="X: "
	size=$(($1 - ${#head} - 4))
	printf '%s%s\r\n\r\n' "$head" "$(printf '%*s' "$size" '' | tr ' ' a)"
	form 1000
}

@test "head_bytes: limit - 1 and limit are taken, limit + 1 is 431" {
	local n

	HTTP_API='head_bytes = 2000' serve
	for n in 1999 2000 2001; do
		request "$n" 4 >raw
		send -q "$(recv_at)" raw || :
	done >statuses
	[ "$(cut -d ' ' -f 1 statuses)" = $'200\n200\n431' ]
}

@test "head_fields: limit - 1 and limit are taken, limit + 1 is 431" {
	local n

	HTTP_API='head_fields = 20' serve
	for n in 19 20 21; do
		request 1000 "$n" >raw
		send -q "$(recv_at)" raw || :
	done >statuses
	[ "$(cut -d ' ' -f 1 statuses)" = $'200\n200\n431' ]
}

# late SETTINGS BYTES: under these settings BYTES of a request, and no more, are
# answered 408, and what was drafted is gone.
late()
{
	HTTP_API=$1 serve
	request 500 4 | head -c "$2" >raw
	run -100 send -q "$(recv_at)" raw
	[ "${output%% *}" = 408 ]
	poll 5 empty
	[ "$(post)" = 200 ]
}

@test "a head slower than head_timeout is 408" {
	late 'head_timeout = 300ms' 20
}

@test "a body slower than body_timeout is 408" {
	late 'body_timeout = 300ms' 1000
}

@test "a client silent for idle_timeout is 408" {
	late 'idle_timeout = 300ms' 1000
}

@test "a body that comes slower than body_rate is 408, after body_grace" {
	late $'body_rate = 1000000\nbody_grace = 300ms' 1000
}

@test "connections: limit - 1 and limit are served, limit + 1 is 503" {
	local at one two

	HTTP_API='connections = 2' serve
	at=$(recv_at)
	[ "$(post)" = 200 ]
	exec {one}<>"/dev/tcp/${at%:*}/${at##*:}"
	[ "$(post)" = 200 ]
	exec {two}<>"/dev/tcp/${at%:*}/${at##*:}"
	[ "$(post -D heads)" = 503 ]
	grep -i '^retry-after: ' heads
	exec {one}>&- {two}>&-
	poll 5 is 200 post
}

@test "a spool that is full answers 503 with Retry-After, and recovers" {
	serve
	touch "$SPOOL/full"
	code=$(post -D heads)
	refused 503 'the spool is full'
	grep -i '^retry-after: [0-9]*.$' heads
	rm "$SPOOL/full"
	poll 5 is 200 post
	[ "$(holds new)" -eq 1 ]
}

@test "a full that nobody touched for a minute is ignored" {
	settings
	prof-spool -c "$CONF" init
	touch -d '2 minutes ago' "$SPOOL/full"
	start recv prof-recv -c "$CONF"
	[ "$(post)" = 200 ]
}

@test "less than min_free_mb left answers 503, before the body is read" {
	IO='min_free_mb = 1000000000' serve
	request 500 4 | head -c 500 >raw
	run -111 send -q "$(recv_at)" raw
	[ "${output%% *}" = 503 ]
	code=$(post)
	[ "$code" = 503 ]
	empty
	# The mark is lowered: taken, without a restart.
	settings
	kill -HUP "$(pid recv)"
	poll 5 is 200 post
}

@test "a disk without space answers 503, leaves nothing, and recovers" {
	WRAP=(prlimit --fsize=1500000)
	serve
	form 2000000 >sent
	code=$(body "$FORM" sent)
	refused 503 'no space in the spool'
	[ "$(body "$FORM" sent -H 'Transfer-Encoding: chunked')" = 503 ]
	empty
	[ "$(post)" = 200 ]
}

# strained INJECT...: serve under strace, which makes calls of prof-recv fail;
# it counts them by thread, and one thread commits.
strained()
{
	local at

	WRAP=(strace -D -f -o trace -e "trace=${1%%:*}")
	for at; do
		WRAP+=(-e "inject=$at")
	done
	HTTP_API='commits = 1' serve
	WRAP=()
}

@test "a write that fails answers 503 and leaves nothing" {
	skip_asan "LeakSanitizer cannot run under strace"
	# Of a long body, in the loop; of a short one, as it is committed; of
	# the header.
	strained pwrite64:error=EIO:when=1..3+2
	form 100000 >sent
	code=$(body "$FORM" sent)
	refused 503 'the spool cannot be written'
	[ "$(post)" = 503 ]
	[ "$(post)" = 503 ]
	empty
	[ "$(post)" = 200 ]
}

@test "a read-only spool answers 503, and recovers" {
	skip_asan "LeakSanitizer cannot run under strace"
	strained renameat2:error=EROFS:when=1
	code=$(post)
	refused 503 'the spool cannot be written'
	[ "$(post)" = 200 ]
}

@test "an fsync that fails answers 503 and is not tried again" {
	skip_asan "LeakSanitizer cannot run under strace"
	strained fsync:error=EIO:when=1
	code=$(post)
	refused 503 'the spool cannot be written'
	[ "$(grep -c 'fsync(' trace)" -eq 1 ]
	# Of new/, which another thread does: the record is there, unanswered.
	[ "$(post)" = 503 ]
	[ "$(holds new)" -eq 1 ]
	[ "$(post)" = 200 ]
	[ "$(holds new)" -eq 2 ]
}

@test "200 comes after fsync, rename and the fsync of new" {
	skip_asan "LeakSanitizer cannot run under strace"
	local order

	WRAP=(strace -D -f -o trace
	    -e "trace=fsync,renameat2,write,writev,sendto")
	serve
	WRAP=()
	[ "$(post)" = 200 ]
	stop recv
	order=$(sed -n -e 's/.*[ >]\(fsync\).*= 0.*/\1/p' \
	    -e 's/.*\(renameat2\).*= 0.*/\1/p' \
	    -e 's/.*\(HTTP.1.1 200\).*/200/p' trace | tr '\n' ' ')
	echo "$order"
	[ "$order" = "fsync renameat2 fsync 200 " ]
}

@test "without new uploads are 503; when it is back they are taken" {
	# In a sandbox it would end, to be started again.
	serve '[security]' 'sandbox = off'
	mv "$SPOOL/new" "$SPOOL/away"
	[ "$(post)" = 503 ]
	[ "$(holds tmp)" -eq 0 ]
	mv "$SPOOL/away" "$SPOOL/new"
	[ "$(post)" = 200 ]
	rmdir "$SPOOL/new" 2>/dev/null || rm -r "$SPOOL/new"
	[ "$(post)" = 503 ]
	mkdir "$SPOOL/new"
	[ "$(post)" = 200 ]
	[ -f "$(record)" ]
}

@test "tokens and keys in a query are redacted on disk and in the log" {
	serve
	query='token=canary1&x=y&API%5fkey=canary2&%54oken=canary3&z'
	[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
	    "$(url)?$query")" = 200 ]
	kept='token=redacted&x=y&API%5fkey=redacted&%54oken=redacted&z'
	[ "$(lines request)" = "POST $ENDPOINT?$kept" ]
	stop recv
	run ! grep -r canary "$SPOOL" recv.log
}

@test "secrets and hop-by-hop headers stay off the disk, others do not" {
	serve
	[ "$(post -A '' -H Accept: -u user:canary -b canary=1 \
	    -H 'DD-API-KEY: canary' -H 'x-api-key: canary' \
	    -H 'X-Token: canary' \
	    -H 'Proxy-Authorization: canary' -H 'Proxy-Thing: canary' \
	    -H 'Connection: keep-alive, X-Hop , x-hip' -H 'X-Hop: canary' \
	    -H 'X-Hip: canary' -H 'Keep-Alive: canary' -H 'TE: canary' \
	    -H 'Trailer: canary' -H 'Upgrade: canary' \
	    -H 'X-Original-URI: /?token=canary' -H 'Referer: /?token=canary' \
	    -H 'DD-EVP-ORIGIN: dd-trace-js' -H 'Datadog-Entity-ID: in-1' \
	    -H 'X-Hops: stays')" = 200 ]
	[ "$(lines header)" = $'DD-EVP-ORIGIN: dd-trace-js
Datadog-Entity-ID: in-1\nX-Hops: stays' ]
	stop recv
	run ! grep -r canary "$SPOOL" recv.log
}

@test "header values with a tab or bytes over 127 do not lose the upload" {
	serve
	[ "$(post -A '' -H Accept: -H $'X-Tab: a\tb' \
	    -H $'X-Obs: caf\xe9')" = 200 ]
	[ "$(lines header)" = $'X-Tab: a b\nX-Obs: caf\xe9' ]
	prof-spool -s "$SPOOL" show "$(id)"
}

@test "it listens on every address, TCP and unix, and says where" {
	LISTEN="127.0.0.1:0, 127.0.0.1:0, unix:$PWD/sock" serve
	[ "$(listens | wc -l)" -eq 3 ]
	listens | while read -r at; do
		case $at in
		unix:*)	set -- --unix-socket "${at#unix:}" http://localhost ;;
		*)	set -- "http://$at" ;;
		esac
		[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
		    "${@:1:$#-1}" "${*:$#}$ENDPOINT" </dev/null)" = 200 ]
	done
	[ "$(holds new)" -eq 3 ]
	grep -x 'remote: unix' "$SPOOL"/new/*
	[ "$(recv_socket)" = "$PWD/sock" ]
	stop recv
	[ ! -e sock ]
}

@test "SIGTERM finishes the upload in progress, takes no other, exits 0" {
	serve
	at=$(url)
	{ head_of 100000; form 100000; } >raw
	send -q -n 10000 -m 100 "$(recv_at)" raw >slow 3>&- &
	poll 5 is 1 holds tmp
	kill -TERM "$(pid recv)"
	poll 5 logged 'msg="stopping"'
	run ! curl -sS -o /dev/null -F event=1 "$at"
	wait $!
	[ "$(cut -d ' ' -f 1 slow)" = 200 ]
	ended recv
	[ "$(holds new)" -eq 1 ]
	[ "$(figure recv prof_recv_records_total)" = 1 ]
}

@test "a second SIGTERM does not wait for the upload in progress" {
	serve
	{ head_of 100000; form 1000; } >raw
	send -t 30 "$(recv_at)" raw >/dev/null 2>&1 3>&- &
	poll 5 is 1 holds tmp
	kill -TERM "$(pid recv)"
	poll 5 logged 'msg="stopping"'
	stop recv
	run ! wait $!
	empty
}

@test "SIGTERM without clients exits at once, with a client idle too" {
	serve
	mkfifo hold
	exec {fd}<>hold
	send -t 30 "$(recv_at)" - <hold >/dev/null 2>&1 3>&- {fd}>&- &
	poll 5 is 0 holds tmp
	stop recv
	exec {fd}>&-
	wait $! || :
}

@test "SIGHUP takes new tags and endpoints" {
	serve
	[ "$(post)" = 200 ]
	[ "$(lines tag)" = "" ]
	PROFILE='endpoints = ["/new","/profiling/v1/input"]' \
	    settings '[profile.tags]' 'a = b'
	kill -HUP "$(pid recv)"
	poll 5 logged 'msg="configuration taken"'
	[ "$(post)" = 200 ]
	[ "$(lines tag)" = a=b ]
	[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
	    "$(url /new)")" = 200 ]
}

@test "SIGHUP with a new limit holds for the next request" {
	serve
	form 1048577 >sent
	[ "$(body "$FORM" sent)" = 200 ]
	PROFILE='body_size_limit_mb = 1' settings
	kill -HUP "$(pid recv)"
	poll 5 logged 'msg="configuration taken"'
	[ "$(body "$FORM" sent)" = 413 ]
}

@test "SIGHUP with a bad file keeps the old one and logs why" {
	serve '[profile.tags]' 'a = b'
	echo 'nonsense' >>"$CONF"
	kill -HUP "$(pid recv)"
	poll 5 logged 'msg="configuration not taken"'
	logged "level=error .*msg=\"configuration\" error=.*$CONF:"
	[ "$(post)" = 200 ]
	[ "$(lines tag)" = a=b ]
}

@test "SIGHUP with another listen says that it needs a restart" {
	serve
	LISTEN=127.0.0.1:1 settings
	kill -HUP "$(pid recv)"
	poll 5 logged 'msg="restart needed" keys=http_api.listen'
	[ "$(post)" = 200 ]
}

@test "options: -h, -V, -t, and usage errors" {
	run -0 prof-recv -h
	[[ $output = "usage: prof-recv "* ]]
	run -0 prof-recv -V
	[[ $output = "prof-recv "[0-9]* ]]
	settings
	run -0 prof-recv -t -c "$CONF"
	[ -z "$output" ]
	[ ! -e "$SPOOL" ]
	run -2 prof-recv -x
	run -2 prof-recv -c "$CONF" more
	run -2 prof-recv -o file
	run -2 prof-recv -n 77
	run -2 prof-recv -n x
}

@test "a bad configuration is 100, with and without -t" {
	settings '[nonsense]' 'a = b'
	run -100 prof-recv -t -c "$CONF"
	[[ $output = "error: $CONF:"* ]]
	run -100 prof-recv -c "$CONF"
	[[ $output = *"msg=\"configuration\" error="*"$CONF:"* ]]
	run -100 prof-recv -c "$CONF.none"
}

@test "it cannot start without a spool, or where another runs: 111" {
	settings
	run -111 timeout 10 prof-recv -c "$CONF"
	[[ $output = *'msg="cannot open the spool" spool='* ]]
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	run -111 timeout 10 prof-recv -c "$CONF"
	[[ $output = *"another prof-recv"* ]]
	[ "$(post)" = 200 ]
}

@test "it cannot start on an address in use: 111" {
	serve
	LISTEN=$(recv_at) SPOOL=$PWD/other settings
	prof-spool -c "$CONF" init
	run -111 timeout 10 prof-recv -c "$CONF"
	[[ $output = *'msg="cannot listen" '*'error="Address already in use"'* ]]
	[[ $output = *' why="another program listens there" hint='* ]]
	# A documentation's (RFC 5737), and a name that has none (RFC 6761).
	LISTEN=192.0.2.1:0 SPOOL=$PWD/other settings
	run -111 timeout 10 prof-recv -c "$CONF"
	[[ $output = *' why="this host has no such address" hint='* ]]
	LISTEN=none.invalid:0 SPOOL=$PWD/other settings
	run -111 timeout 60 prof-recv -c "$CONF"
	[[ $output != *'Invalid argument'* ]]
}

@test "-s names the spool" {
	settings
	prof-spool -c "$CONF" -s "$PWD/other" init
	start recv prof-recv -c "$CONF" -s "$PWD/other"
	at=$(recv_at "$PWD/other")
	[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
	    "http://$at$ENDPOINT")" = 200 ]
	[ -f "other/new/$(id)" ]
	[ ! -e "$SPOOL" ]
}

@test "-o - writes whole records to standard output and needs no spool" {
	local clients=() i

	settings
	form 1000000 >sent
	start recv prof-recv -c "$CONF" -o -
	at=$(sed -n 's/.*msg="listening" address=//p' recv.log)
	for i in 1 2 3 4 5 6 7 8; do
		# Large enough that two of them would mix.
		curl -sS -o "answer$i" -H "Content-Type: $FORM" \
		    --data-binary @sent "http://$at$ENDPOINT" 3>&- &
		clients+=($!)
	done
	wait "${clients[@]}"
	[ "$(cat answer? | grep -c ProfileID)" -eq 8 ]
	[ "$(grep -c -a '^prof-record 1$' recv.out)" -eq 8 ]
	[ ! -e "$SPOOL" ]
	stop recv
	prof-spool -c "$CONF" init
	prof-spool -c "$CONF" put - <recv.out
	[ "$(holds new)" -eq 8 ]
	[ -z "$(ls "$TMPDIR")" ]
}

@test "-o - to a pipe that broke answers 503 and exits 111" {
	local reader status=0

	settings
	mkfifo out
	cat out >/dev/null 3>&- &
	reader=$!
	printf '%s\n' '#!/bin/sh' 'exec prof-recv "$@" >out' >piped
	chmod +x piped
	start recv ./piped -c "$CONF" -o -
	kill "$reader"
	wait "$reader" || :
	at=$(sed -n 's/.*msg="listening" address=//p' recv.log)
	[ "$(curl -sS -o answer -w '%{http_code}' -F event=1 \
	    "http://$at$ENDPOINT")" = 503 ]
	grep '"message":"the output cannot be written"' answer
	ended recv || status=$?
	[ "$status" -eq 111 ]
}

@test "a client that left before its answer leaves the record" {
	skip_asan "LeakSanitizer cannot run under strace"
	strained fsync:delay_enter=1000000:when=1
	# A close with the first answer unread resets the connection.
	at=$(recv_at)
	exec {fd}<>"/dev/tcp/${at%:*}/${at##*:}"
	{
		printf 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
		request 500 4
	} >&"$fd"
	poll 5 grep -q fsync trace
	exec {fd}>&-
	poll 5 is 1 holds new
	poll 5 logged 'level=debug .* id=.* msg="client left before the answer"'
	[ "$(post)" = 200 ]
}

@test "many uploads on a slow disk all get their answer" {
	skip_asan "LeakSanitizer cannot run under strace"
	local clients=() i

	strained fsync:delay_enter=20000
	for i in {1..32}; do
		post -o "answer$i" >"code$i" 3>&- &
		clients+=($!)
	done
	wait "${clients[@]}"
	[ "$(sort code* | uniq -c | tr -s ' ')" = " 32 200" ]
	[ "$(holds new)" -eq 32 ]
}

@test "stat/recv counts what was done" {
	serve
	[ "$(post)" = 200 ]
	body "$FORM" event.json
	curl -sS -o /dev/null "$(url /none)"
	stop recv
	[ "$(figure recv 'prof_recv_requests_total{code="200"}')" = 1 ]
	[ "$(figure recv 'prof_recv_requests_total{code="400"}')" = 1 ]
	[ "$(figure recv 'prof_recv_requests_total{code="404"}')" = 1 ]
	[ "$(figure recv prof_recv_connections_total)" = 3 ]
	[ "$(figure recv prof_recv_records_total)" = 1 ]
	[ "$(figure recv prof_recv_uploads)" = 0 ]
	discarded='prof_recv_drafts_discarded_total{reason="refused"}'
	[ "$(figure recv "$discarded")" = 1 ]
	[ "$(figure recv prof_recv_commit_seconds_count)" = 1 ]
	[ "$(figure recv prof_recv_commits_waiting)" = 0 ]
	# Of the text exposition format: each sample has its TYPE before it.
	awk '/^# TYPE /{ type[$3] = 1; next } /^#/{ next } {
		name = $1; sub(/{.*/, "", name)
		sub(/_(bucket|sum|count)$/, "", name)
		if (!(name in type)) exit 1
	}' "$SPOOL/stat/recv"
}
