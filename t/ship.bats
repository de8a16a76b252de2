#!/usr/bin/env bats
# prof-ship alone: by hand, and as a consumer whose prof-spool is this file.

load lib
load tls

ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
OTHER=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a22
FORM='multipart/form-data; boundary=XX'

setup()
{
	prof_setup
	form cpu.pprof PPROF | record -C "$FORM" -i $ID >one
	form cpu.pprof PPROF | record -C "$FORM" -i $OTHER >two
}

# form FILENAME CONTENT ...: a form with an event and attachments.
form()
{
	printf -- '--XX\r\nContent-Disposition: form-data; name="event"; '
	printf 'filename="event.json"\r\n\r\n{"start":"2026-11-22T09:57:57Z",'
	printf '"end":"2026-11-22T09:58:57Z","tags_profiler":"%s"}' \
	    "${TAGS:-service:shop}"
	while [ $# -gt 0 ]; do
		printf '\r\n--XX\r\nContent-Disposition: form-data; '
		printf 'name="%s"; filename="%s"\r\n\r\n' "$1" "$1"
		printf '%b' "$2"
		shift 2
	done
	printf '\r\n--XX--\r\n'
}

# sinks NAME: start a sink in directory NAME. told NAME LINE...: its mode.
sinks()
{
	start "$1" sink "$1"
}

told()
{
	printf '%s\n' "${@:2}" >"$1/mode.new"
	mv "$1/mode.new" "$1/mode"
}

# requests NAME: how many it got. targets NAME: what they asked for.
requests()
{
	wc -l <"$1/log"
}

targets()
{
	cut -d ' ' -f 9 "$1/log"
}

# asked NAME N: it has got N. whole NAME ID: the first body of it too.
asked()
{
	[ "$(requests "$1")" -eq "$2" ]
}

whole()
{
	[ "$(stat -c %s "$1/$2.1.body")" -gt 0 ]
}

# stored N: the outbox has N of a.pprof.
stored()
{
	[ "$(find "$OUTBOX" -name a.pprof | wc -l)" -eq "$1" ]
}

url()
{
	echo "http://$(cat "${1:-sink}/address")"
}

# header FILE NAME: a header's value as the sink got it.
header()
{
	tr -d '\r' <"$1" | sed -n "s/^$2: //p"
}

# settings LINE...: a configuration with one destination, main, that is not
# patient unless a line says so.
settings()
{
	[[ "$*" == *retry_min* ]] || set -- "$@" 'retry_min = 10ms'
	[[ "$*" == *probe_interval* ]] || set -- "$@" 'probe_interval = 1s'
	conf <<-EOF
	[dataway]
	urls = ${URLS-$(url)/?token=tkn_secret}
	$(printf '%s\n' "$@")
	EOF
}

# serve LINE...: prof-ship as the consumer of main, we being prof-spool.
serve()
{
	settings "$@"
	prof-spool -c "$CONF" init
	start ship prof-ship -c "$CONF" -d main -v
	exec 5<>"$SPOOL/pipe/main.todo" 6<>"$SPOOL/pipe/main.done"
}

# line: the next line prof-ship says is in LINE.
line()
{
	read -r -t 10 -u 6 LINE
}

# hears PATTERN: the next line is like that.
hears()
{
	line || fail "nothing, instead of $1"
	# shellcheck disable=SC2053
	[[ $LINE == $1 ]] || fail "$LINE, instead of $1"
}

# awaits PATTERN: some line is; those before it are passed over.
awaits()
{
	local tries

	for ((tries = 0; tries < 100; tries++)); do
		line || break
		# shellcheck disable=SC2053
		[[ $LINE != $1 ]] || return 0
	done
	fail "no $1"
}

# greets: a consumer's hello, answered. Its window is in WINDOW.
greets()
{
	hears hello
	hears 'window *'
	echo hello >&5
	hears 'window *'
	WINDOW=${LINE#window }
}

# give ID ATTEMPTS FILE: hand a record out.
give()
{
	echo "$1 $2 $BATS_TEST_TMPDIR/$3" >&5
}

# By hand --------------------------------------------------------------------

@test "by hand a record goes to a directory with no configuration" {
	run -0 prof-ship -u file:out one
	[ "$output" = "$ID file:out ok stored" ]
	cmp <(printf PPROF) out/2026-11-22/shop/095757-$ID/cpu.pprof
	grep -q '"tags_profiler":"service:shop' \
	    out/2026-11-22/shop/095757-$ID/event.json
	[ -z "$(ls out/.tmp)" ]
}

@test "by hand a record goes to a Dataway" {
	sinks sink
	run -0 prof-ship -u "$(url)/?token=tkn_secret" one
	[ "$output" = "$ID $(url)/ ok 200" ]
	[ "$(targets sink)" = "/v1/upload/profiling?token=tkn_secret" ]
}

@test "what the argument of -u hides from ps" {
	sinks sink
	told sink hang
	prof-ship -u "$(url | sed s,//,//u:pass@,)/?token=tkn_secret" one \
	    >/dev/null 2>&1 3>&- &
	poll 5 asked sink 1
	tr '\0' ' ' </proc/$!/cmdline >seen
	kill $!
	wait $! || :
	grep -q 'prof-ship -u http://\**@127.0.0.1:[0-9]*/\** one' seen
}

@test "a stream of records on standard input" {
	run -0 prof-ship -u file:out - < <(cat one two)
	[ "$(sort <<<"$output")" = "$ID file:out ok stored
$OTHER file:out ok stored" ]
}

@test "files that are pipes are streams too" {
	run -0 prof-ship -u file:out <(cat one two) one
	[ "${#lines[@]}" -eq 3 ]
}

@test "an empty stream is no error" {
	run -0 prof-ship -u file:out - </dev/null
	[ -z "$output" ]
}

@test "a stream that is cut short: 100, and what came before it is sent" {
	run -100 prof-ship -u file:out - < <(cat one; head -c -5 two)
	[[ $output == *"$ID file:out ok stored"* ]]
	[[ $output == *"- file:out dead record is cut short"* ]]
}

@test "a slow stream holds nothing up" {
	run -0 prof-ship -u file:out - < <(cat one
	    waits 10 test -e out/2026-11-22/shop/095757-$ID && cat two)
	[ "${#lines[@]}" -eq 2 ]
}

@test "the exit code is the worst of all" {
	sinks sink
	head -c 100 /dev/zero >bad
	run -100 prof-ship -u file:out one bad
	[[ $output == *"bad file:out dead bad record: not a record"* ]]
	run -111 prof-ship -u file:out bad gone one
	[[ $output == *"gone file:out retry cannot open: No such file"* ]]
	told sink 'status 400' 'body no form'
	run -100 prof-ship -u "$(url)" one
	[ "$output" = "$ID $(url) dead 400 no form" ]
	told sink 'status 403'
	run -111 prof-ship -u "$(url)" one
	[ "$output" = "$ID $(url) suspended 403 {}" ]
}

@test "by hand a round is tried, then it is over" {
	sinks sink
	settings 'retry_count = 3'
	told sink 'status 503'
	run -111 prof-ship -c "$CONF" one
	[ "$output" = "$ID main retry 503 {}" ]
	[ "$(requests sink)" -eq 3 ]
}

@test "by hand a destination that is down costs one round, not one a file" {
	sinks sink
	settings 'retry_count = 3' 'workers = 1'
	told sink 'status 503'
	run -111 prof-ship -c "$CONF" one two one two
	[ "${#lines[@]}" -eq 4 ]
	[ "$(requests sink)" -eq 6 ]
}

@test "by hand no lock is taken and no statistics are written" {
	sinks sink
	settings
	prof-spool -c "$CONF" init
	run -0 flock "$SPOOL/lock/ship.main" prof-ship -c "$CONF" one
	[ ! -e "$SPOOL/stat/ship.main" ]
}

@test "usage, configuration and URL are checked" {
	run -2 prof-ship
	run -2 prof-ship -u file:out
	run -2 prof-ship -d main -u file:out one
	run -2 prof-ship -x
	run -0 prof-ship -h
	run -0 prof-ship -V
	run -100 prof-ship -u ftp://host one
	run -100 prof-ship -u http:// one
	echo nonsense >"$CONF"
	run -100 prof-ship -c "$CONF" one
	conf </dev/null
	run -0 prof-ship -c "$CONF" -t
	run -100 prof-ship -c "$CONF" -d nobody one
	[[ $output == *"no destination of that name"* ]]
	run -111 prof-ship -u file:/proc/out one
	[[ $output == *'url="file:/proc/out" error="the outbox cannot be made"'* ]]
}

@test "standard output that is closed is an error" {
	run -111 bash -c 'prof-ship -u file:out one >/dev/full'
}

# A record that is bad -------------------------------------------------------

# flip FILE OFFSET: the lowest bit of the byte there.
flip()
{
	python3 -c 'import sys
with open(sys.argv[1], "r+b") as f:
    f.seek(int(sys.argv[2]))
    byte = f.read(1)[0]
    f.seek(-1, 1)
    f.write(bytes([byte ^ 1]))' "$@"
}

@test "one flipped bit anywhere is found" {
	local size at

	size=$(stat -c %s one)
	for ((at = 13; at < size; at += 41)); do
		cp one bad
		flip bad $at
		run -100 prof-ship -u file:out bad
		[[ $output == *" dead bad record: "* ]] || fail "$at: $output"
	done
	[ ! -e out/2026-11-22 ]
}

@test "a record that is no form is dead" {
	echo body | record -C "$FORM" -i $ID >bad
	run -100 prof-ship -u file:out bad
	[[ $output == "$ID file:out dead bad record: "* ]]
}

# What a request is ----------------------------------------------------------

@test "the client's headers go on, those of the hop, secrets and ours do not" {
	sinks sink
	form cpu.pprof PPROF | record -C "$FORM" -i $ID -H 'User-Agent: js/1' \
	    -H 'DD-EVP-ORIGIN: dd-trace-js' -H 'X-Empty:' -H 'Host: evil' \
	    -H 'Content-Length: 7' -H 'Connection: close' \
	    -H 'Transfer-Encoding: chunked' -H 'Authorization: Basic x' \
	    -H 'X-Datakit-Version: 9' -H 'Content-Type: text/plain' \
	    -H 'Accept-Encoding: gzip' >r
	run -0 prof-ship -u "$(url)" r
	tr -d '\r' <sink/$ID.1.head | sed 1d | sed '/^$/d' | sort >heard
	diff heard - <<-EOF
	Accept-Encoding: gzip
	Content-Length: $(sed '1,/^$/d' r | wc -c)
	Content-Type: $FORM
	DD-EVP-ORIGIN: dd-trace-js
	Host: $(cat sink/address)
	User-Agent: js/1
	X-Datakit-Version: prof/$(prof-ship -V | cut -d ' ' -f 2)
	X-Empty:
	X-Prof-Id: $ID
	EOF
	cmp sink/$ID.1.body <(sed '1,/^$/d' r)
}

@test "libcurl adds no header of its own" {
	sinks sink
	run -0 prof-ship -u "$(url)" one
	[ "$(grep -c : sink/$ID.1.head)" -eq 5 ]
}

@test "metrics and points have their own paths and type" {
	sinks sink
	echo 'm,host=a f=1i 1' | record -k metric -i $ID >m
	echo 'profile f=1i 1' | record -k point -i $OTHER >p
	run -0 prof-ship -u "$(url)/base?token=t&x=y" m p
	[ "$(targets sink | sort)" = "/base/v1/write/metric?token=t&x=y
/base/v1/write/profiling?token=t&x=y" ]
	[ "$(header sink/$ID.1.head Content-Type)" = \
	    application/line-protocol ]
	[ "$(cat sink/$ID.1.body)" = 'm,host=a f=1i 1' ]
}

@test "token_file adds the token, whatever the URL has" {
	sinks sink
	printf ' tkn&1\n' >token
	URLS="$(url)" settings "token_file = $PWD/token"
	run -0 prof-ship -c "$CONF" one
	URLS="$(url)/?" settings "token_file = $PWD/token"
	run -0 prof-ship -c "$CONF" one
	URLS="$(url)/x/?a=b" settings "token_file = $PWD/token"
	run -0 prof-ship -c "$CONF" one
	[ "$(targets sink)" = "/v1/upload/profiling?token=tkn%261
/v1/upload/profiling?token=tkn%261
/x/v1/upload/profiling?a=b&token=tkn%261" ]
}

@test "X-Global-Tags has global and customer keys of the final tags" {
	sinks sink
	settings 'enable_sinker = true' 'global_customer_keys = ["team", "env"]'
	TAGS='service:shop,team:blue,host:client' form a.pprof x |
	    record -C "$FORM" -i $ID -g host=web-1 -g zone=a >r
	run -0 prof-ship -c "$CONF" r
	[ "$(header sink/$ID.1.head X-Global-Tags)" = \
	    "host=client,zone=a,team=blue" ]
}

@test "without any such tag X-Global-Tags has the global tags, sorted" {
	sinks sink
	settings 'enable_sinker = true'
	echo 'm,lang=go f=1i 1' | record -k metric -i $ID -g zone=a -g b=1 >m
	run -0 prof-ship -c "$CONF" m
	[ "$(header sink/$ID.1.head X-Global-Tags)" = "b=1,zone=a" ]
}

@test "X-Global-Tags of metrics come from their first line" {
	sinks sink
	settings 'enable_sinker = true' 'global_customer_keys = ["a b"]'
	printf 'm\\,x,host=h\\ 1,a\\ b=c\\,d f=1i 1\nm,host=no f=1i\n' |
	    record -k metric -i $ID -g host=web-1 >m
	run -0 prof-ship -c "$CONF" m
	[ "$(header sink/$ID.1.head X-Global-Tags)" = "host=h 1,a b=c,d" ]
}

@test "X-Global-Tags lets no line break through" {
	sinks sink
	settings 'enable_sinker = true' 'global_customer_keys = ["team"]'
	TAGS='team:a\r\nX-Evil: 1' form a.pprof x |
	    record -C "$FORM" -i $ID >r
	run -0 prof-ship -c "$CONF" r
	[ "$(header sink/$ID.1.head X-Global-Tags)" = "team=a__X-Evil: 1" ]
}

# stands_in STATUS: one of two URLs answers so, and the other takes it all.
stands_in()
{
	sinks one.d
	sinks two.d
	told one.d "status $1"
	URLS="[\"$(url one.d)\", \"$(url two.d)\"]" settings 'workers = 1'
	run -0 prof-ship -c "$CONF" one two
	[ "$(requests one.d)" -eq 1 ]
	[ "$(requests two.d)" -eq 2 ]
}

@test "several URLs stand in for each other within one round" {
	stands_in 503
}

@test "one URL that takes nothing is no reason to suspend, all of them are" {
	stands_in 403
	told two.d 'status 404'
	run -111 prof-ship -c "$CONF" one
	[[ $output = *suspend* ]]
	[ "$(requests one.d)" -eq 2 ]
	[ "$(requests two.d)" -eq 3 ]
}

@test "one connection serves many records" {
	sinks sink
	settings 'workers = 1'
	ASAN_OPTIONS=detect_leaks=0 run -0 strace -f -e trace=connect -o trace prof-ship -c "$CONF" \
	    one two one two one
	[ "$(requests sink)" -eq 5 ]
	[ "$(grep -c 'connect(.*AF_INET,' trace)" -eq 1 ]
}

@test "an answer's body is not read for ever" {
	# Answers one request with 64 MiB, and says how much of it was taken.
	python3 -c 'import socket
listener = socket.create_server(("127.0.0.1", 0))
open("port", "w").write(str(listener.getsockname()[1]) + "\n")
c = listener.accept()[0]
while b"--XX--" not in c.recv(65536):
    pass
c.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 67108864\r\n\r\nno form\n")
taken = 0
try:
    while taken < 67000000:
        taken += c.send(bytes(65536))
except OSError:
    pass
open("taken", "w").write(str(taken) + "\n")' 3>&- &
	poll 5 test -s port
	run -100 prof-ship -u "http://127.0.0.1:$(cat port)" one
	[[ $output == *" dead 400 no form" ]]
	poll 5 test -s taken
	[ "$(cat taken)" -lt 30000000 ]
}

@test "a token is seen in no answer and no log" {
	sinks sink
	told sink 'status 400' 'body tkn_secret is no token'
	settings
	run -100 prof-ship -v -c "$CONF" one
	[[ $output == *"$ID main dead 400 ********** is no token"* ]]
	[[ $output != *tkn_secret* ]]
	URLS='http://user:hunter22@127.0.0.1:1/?token=tkn_secret' settings
	run -111 prof-ship -v -c "$CONF" one
	[[ $output != *tkn_secret* && $output != *hunter22* ]]
}

# TLS ------------------------------------------------------------------------

# tls NAME ARGS...: an HTTPS destination with that certificate, in $NAME.d.
tls()
{
	mkdir -p run
	python3 "$TOP/t/tls.py" "$1.d" "$1.pem" "$1.key" "${@:2}" 3>&- &
	echo $! >run/tls-"$1".pid
	poll 10 test -s "$1.d/address"
	URLS="https://$(cat "$1.d/address")"
}

untls()
{
	kill "$(cat run/tls-"$1".pid)"
	wait "$(cat run/tls-"$1".pid)" || :
	rm run/tls-"$1".pid
}

@test "TLS: a certificate of the configured CA is good, of no other" {
	authority
	cert good localhost 2
	tls good
	settings "ca_file = $PWD/ca.pem"
	run -0 prof-ship -c "$CONF" one
	grep -q '^TLSv1\.[23] -$' good.d/log
	settings 'retry_count = 1'
	run -111 prof-ship -c "$CONF" one
	[[ $output == "$ID main retry SSL certificate problem: "* ]]
	untls good
}

@test "TLS: a wrong name, an expired and a self-signed one are refused" {
	authority
	cert wrong example.org 2
	cert old localhost -1
	openssl req -x509 -newkey rsa:2048 -nodes -keyout self.key \
	    -out self.pem -subj /CN=localhost -days 2 2>/dev/null
	for name in wrong old self; do
		tls $name
		settings "ca_file = $PWD/ca.pem" 'retry_count = 1'
		run -111 prof-ship -c "$CONF" one
		[[ $output == "$ID main retry SSL"* ]]
		[ ! -e $name.d/log ]
		untls $name
	done
}

@test "TLS: nothing below 1.2" {
	authority
	cert good localhost 2
	TLS_OLD=1 tls good
	# Debian's own default is as strict.
	printf '%s\n' 'openssl_conf = a' '[a]' 'ssl_conf = b' '[b]' \
	    'system_default = c' '[c]' 'MinProtocol = TLSv1' \
	    'CipherString = DEFAULT@SECLEVEL=0' >openssl.cnf
	settings "ca_file = $PWD/ca.pem" 'retry_count = 1'
	OPENSSL_CONF=openssl.cnf run -111 prof-ship -c "$CONF" one
	[ ! -e good.d/log ]
	untls good
}

@test "TLS: a client certificate is shown" {
	authority
	cert good localhost 2
	cert client prof 2
	tls good ca.pem
	settings "ca_file = $PWD/ca.pem" "cert_file = $PWD/client.pem" \
	    "key_file = $PWD/client.key"
	run -0 prof-ship -c "$CONF" one
	grep -q ' prof$' good.d/log
	untls good
}

@test "a proxy is used if configured, and none of the environment's" {
	sinks sink
	URLS=http://backend.invalid/ settings "http_proxy = $(url)"
	run -0 prof-ship -c "$CONF" one
	[ "$(targets sink)" = http://backend.invalid/v1/upload/profiling ]
	run -0 env http_proxy=http://127.0.0.1:1 prof-ship -u "$(url)" one
}

# The outbox -----------------------------------------------------------------

@test "names of clients are made safe, and equal ones told apart" {
	TAGS='service:../a b' form ../../x A .y B x.jfr '\x1f\x8b' x.jfr C \
	    z.pprof '\x28\xb5\x2f\xfd' event.json D |
	    record -C "$FORM" -i $ID >r
	run -0 prof-ship -u "file:$OUTBOX" r
	[ "$(cd "$OUTBOX/2026-11-22" && ls)" = '%2E.%2Fa%20b' ]
	ls "$OUTBOX"/2026-11-22/*/095757-$ID >heard
	diff heard - <<-EOF
	%2E.%2F..%2Fx
	%2Ey
	event-2.json
	event.json
	x.jfr
	x.jfr.gz
	z.pprof.zst
	EOF
	[ "$(find . -name 'x' | wc -l)" -eq 0 ]
}

@test "two attachments of one name are both kept" {
	form a.pprof A a.pprof B | record -C "$FORM" -i $ID >r
	run -0 prof-ship -u "file:$OUTBOX" r
	cmp <(printf A) "$OUTBOX"/*/shop/*/a.pprof
	cmp <(printf B) "$OUTBOX"/*/shop/*/a-2.pprof
}

@test "a record that is there already is ok, and stays" {
	run -0 prof-ship -u file:out one
	touch -d 2000-01-01 out/*/shop/*/cpu.pprof
	run -0 prof-ship -u file:out one
	[ "$(find out -name cpu.pprof -newermt 2001-01-01)" = "" ]
	[ -z "$(ls out/.tmp)" ]
}

@test "metrics and points are files of lines" {
	echo 'm f=1i 1' | record -k metric -i $ID >m
	echo 'p f=1i 1' | record -k point -i $OTHER >p
	run -0 prof-ship -u file:out m p
	day=$(sed -n 's/^received: \(.*\)T.*/\1/p' m)
	[ "$(cat "out/$day/metrics/$ID.line")" = 'm f=1i 1' ]
	[ "$(cat "out/$day/points/$OTHER.line")" = 'p f=1i 1' ]
}

locked()
{
	! flock -n "$1" true
}

@test "what a dead writer left is swept, what a live one writes is not" {
	mkdir -p out/.tmp/dead out/.tmp/live
	touch out/.tmp/dead/x out/.tmp/live/y
	flock out/.tmp/live sleep 60 3>&- &
	poll 5 locked out/.tmp/live
	run -0 prof-ship -u file:out one
	[ "$(ls out/.tmp)" = live ]
	kill %1
	pkill -P $! || :
	wait || :
}

@test "a profile is durable before it counts" {
	ASAN_OPTIONS=detect_leaks=0 strace -f -y -e trace=fsync,renameat2,mkdirat -o trace \
	    prof-ship -u file:new/out one
	sed -n 's/^[0-9]* *//; s,<[^>]*/new,<new,; s/fsync([0-9]*//p
	    s/^renameat2.*/rename/p' trace | cut -d ' ' -f 1 |
	    sed -e 's/)$//' -e "s/$ID\.[0-9a-f]*/DRAFT/" >order
	# Parents first, then files, then all above the rename, then its place.
	diff order - <<-EOF
	<$PWD>
	<new>
	<new/out/.tmp/DRAFT/event.json>
	<new/out/.tmp/DRAFT/cpu.pprof>
	<new/out>
	<new/out/2026-11-22>
	<new/out/.tmp/DRAFT>
	rename
	<new/out/2026-11-22/shop>
	EOF
}

# The pipes ------------------------------------------------------------------

@test "it is ready with its statistics there, and says hello and its window" {
	sinks sink
	serve 'workers = 3'
	[ "$(figure ship.main 'prof_ship_workers{queue="main"}')" -eq 3 ]
	greets
	[ "$WINDOW" -eq 6 ]
}

@test "what stood in todo before its hello was answered is void" {
	sinks sink
	settings
	prof-spool -c "$CONF" init
	exec 5<>"$SPOOL/pipe/main.todo" 6<>"$SPOOL/pipe/main.done"
	echo hello >&5
	give $OTHER 0 two
	start ship prof-ship -c "$CONF" -d main
	give $OTHER 0 two
	greets
	give $ID 0 one
	hears "$ID ok"
	[ "$(requests sink)" -eq 1 ]
}

@test "a hello it did not ask for is answered by one" {
	sinks sink
	serve
	greets
	echo hello >&5
	greets
}

@test "a record is delivered and answered ok" {
	sinks sink
	serve
	greets
	give $ID 0 one
	hears "$ID ok"
	cmp <(sed '1,/^$/d' one | tail -c 9) <(tail -c 9 sink/$ID.1.body)
	grep -q "id=$ID msg=\"delivered\" to=main status=200 attempts=1" ship.log
	stop ship
	[ "$(figure ship.main 'prof_ship_verdicts_total{queue="main",verdict="ok"}')" -eq 1 ]
}

@test "a PATH that is gone is given back" {
	sinks sink
	serve
	greets
	give $ID 0 gone
	hears "$ID back"
}

@test "a line that is none is logged and passed over" {
	sinks sink
	serve
	greets
	echo nonsense >&5
	echo "$ID x $PWD/one" >&5
	echo "$ID 0 one" >&5
	printf '%0600d\n' 0 >&5
	give $ID 0 one
	hears "$ID ok"
	[ "$(grep -c 'msg="line ignored"' ship.log)" -eq 3 ]
}

@test "a name in hand is not taken twice" {
	sinks sink
	told sink 'delay 300'
	serve
	greets
	give $ID 0 one
	give $ID 0 one
	hears "$ID ok"
	give $ID 0 one
	hears "$ID ok"
	stop ship
	[ "$(requests sink)" -eq 2 ]
}

@test "at most workers are under way at once" {
	sinks sink
	told sink 'delay 200'
	serve 'workers = 2'
	greets
	for n in 1 2 3 4; do
		form a.pprof $n |
		    record -C "$FORM" -i ${ID%11}0$n >r$n
		give ${ID%11}0$n 0 r$n
	done
	for n in 1 2 3 4; do
		hears '* ok'
	done
	[ "$(cut -d ' ' -f 5 sink/log | sort -n | tail -n 1)" -eq 2 ]
}

@test "a record whose id is not its name is dead, as is a broken one" {
	sinks sink
	serve
	greets
	give $OTHER 0 one
	hears "$OTHER dead bad record: its id is not its name"
	head -c 100 one >short
	give $ID 0 short
	hears "$ID dead bad record: header is cut short"
	mkdir dir
	give $ID 0 dir
	hears "$ID dead not a plain file"
	grep -q "id=$ID msg=\"refused for good\" to=main" ship.log
	[ ! -s sink/log ]
}

@test "4xx is dead with its reason" {
	sinks sink
	told sink 'status 413' 'body too much'
	serve
	greets
	give $ID 0 one
	hears "$ID dead 413 too much"
}

@test "the delay grows with the rounds that failed" {
	local n seconds last=0

	sinks sink
	told sink 'status 503'
	serve 'retry_count = 1' 'retry_min = 1s' 'retry_max = 20s' \
	    'probe_interval = 10ms'
	greets
	for n in 0 1 3 9; do
		give $ID $n one
		awaits "$ID retry * 503 {}"
		seconds=${LINE#* retry }
		seconds=${seconds%% *}
		[ "$seconds" -gt "$last" ]
		last=$seconds
		awaits 'window 1'
	done
	[ "$last" -ge 15 ] && [ "$last" -le 20 ]
}

@test "a round is retry_count attempts, each with the same X-Prof-Id" {
	sinks sink
	told sink 'status 503' 'times 2'
	serve 'retry_count = 3'
	greets
	give $ID 0 one
	hears 'window 1'
	hears "$ID ok"
	hears "window $WINDOW"
	[ "$(cut -d ' ' -f 2,3 sink/log | tr '\n' ' ')" = \
	    "503 $ID 503 $ID 200 $ID " ]
}

@test "Retry-After ends the round and is honoured, as seconds and as a date" {
	sinks sink
	told sink 'status 429' 'retry-after 2'
	serve
	greets
	give $ID 0 one
	awaits "$ID retry 2 429 {}"
	awaits 'window 0'
	SECONDS=0
	told sink 'status 503' \
	    "retry-after $(LC_ALL=C date -u -d '+90 seconds' \
	    '+%a, %d %b %Y %H:%M:%S GMT')"
	awaits 'window 1'
	[ "$SECONDS" -ge 1 ]
	give $ID 0 one
	awaits "$ID retry * 503 {}"
	[[ $LINE =~ retry\ (8[0-9]|90)\  ]]
	[ "$(requests sink)" -eq 2 ]
}

@test "Retry-After of a day is an hour" {
	sinks sink
	told sink 'status 503' 'retry-after 86400'
	serve
	greets
	give $ID 0 one
	awaits "$ID retry 3600 503 {}"
}

@test "while it is down one goes on, the others come back" {
	sinks sink
	told sink 'status 503' 'delay 200'
	serve 'workers = 2' 'retry_count = 5' 'retry_min = 100ms'
	greets
	for n in 1 2 3 4; do
		form a.pprof $n | record -C "$FORM" -i ${ID%11}0$n >r$n
		give ${ID%11}0$n 0 r$n
	done
	awaits '* retry * 503 {}'
	[ "$(requests sink)" -eq 6 ]
	grep -q 'msg="destination is down" to=main reason="503 {}"' ship.log
	stop ship
	[ "$(figure ship.main 'prof_ship_verdicts_total{queue="main",verdict="back"}')" -eq 3 ]
	grep -qx 'prof_ship_state{queue="main",state="down"} 1' \
	    "$SPOOL/stat/ship.main"
	grep -q '^prof_ship_last_answer_info{queue="main",reason="503' \
	    "$SPOOL/stat/ship.main"
}

@test "a round that waits comes back when the destination goes down" {
	sinks sink
	told sink 'status 503' "match $ID" 'delay 300'
	serve 'retry_min = 1h' 'retry_max = 1h'
	greets
	give $ID 0 one
	give $OTHER 0 two
	# One succeeds while the other fails: that is the record's.
	hears "$OTHER ok"
	poll 5 grep -q "id=$ID msg=\"attempt failed\"" ship.log
	told sink 'status 503'
	give $OTHER 0 two
	hears 'window 1'
	hears "$ID back"
}

@test "a dead destination is probed by what is handed out, then all is well" {
	sinks sink
	told sink 'status 503'
	serve 'retry_count = 1'
	greets
	give $ID 0 one
	awaits "$ID retry * 503 {}"
	SECONDS=0
	awaits 'window 1'
	[ "$SECONDS" -le 4 ]
	told sink 'status 200'
	give $ID 1 one
	hears "$ID ok"
	hears "window $WINDOW"
	poll 5 grep -q 'msg="destination is well"' ship.log
}

@test "403 suspends: one probe, the others come back" {
	sinks sink
	told sink 'status 403' 'body token' 'delay 200'
	serve 'workers = 2'
	greets
	for n in 1 2 3 4; do
		form a.pprof $n | record -C "$FORM" -i ${ID%11}0$n >r$n
		give ${ID%11}0$n 0 r$n
	done
	awaits '* retry 1 403 token'
	awaits 'window 0'
	grep -q 'msg="destination is suspended" to=main reason="403 token"' \
	    ship.log
	told sink 'status 403'
	awaits 'window 1'
	give $ID 0 one
	awaits "$ID retry 1 403 {}"
	told sink 'status 200'
	awaits 'window 1'
	give $ID 1 one
	hears "$ID ok"
	hears "window $WINDOW"
	stop ship
	[ "$(requests sink)" -eq 4 ]
	[ "$(figure ship.main 'prof_ship_verdicts_total{queue="main",verdict="back"}')" -eq 3 ]
}

@test "while it is suspended a name that comes all the same goes back" {
	sinks sink
	told sink 'status 401'
	serve 'probe_interval = 1h'
	greets
	give $ID 0 one
	hears "$ID retry 3600 401 {}"
	hears 'window 0'
	give $OTHER 0 two
	hears "$OTHER back"
	[ "$(requests sink)" -eq 1 ]
}

@test "a connection refused is retried" {
	URLS=http://127.0.0.1:1 serve 'retry_count = 2'
	greets
	give $ID 0 one
	awaits "$ID retry * Failed to connect to 127.0.0.1 port 1*"
}

@test "a destination that hangs is a timeout, never seen again as a hang" {
	sinks sink
	told sink hang
	serve 'timeout = 300ms' 'retry_count = 1'
	greets
	give $ID 0 one
	awaits "$ID retry * Operation timed out*"
}

@test "a full done pipe loses no verdict" {
	local n id

	settings() {
		conf <<-EOF
		[destination.main]
		type = file
		url = file:$OUTBOX
		EOF
	}
	serve
	greets
	# What fills a pipe: 64 KiB of other lines, unread.
	dd if=/dev/zero bs=4096 count=16 oflag=nonblock status=none >&6 || :
	for n in 10 11 12 13 14; do
		id=${ID%11}$n
		form a.pprof $n | record -C "$FORM" -i "$id" >r$n
		give "$id" 0 r$n
	done
	poll 10 stored 5
	dd bs=65536 count=1 iflag=fullblock status=none <&6 >/dev/null
	for n in 10 11 12 13 14; do
		hears '* ok'
	done
}

@test "at SIGTERM what is under way is finished, the rest comes back" {
	sinks sink
	told sink 'delay 500'
	serve 'workers = 1'
	greets
	give $ID 0 one
	give $OTHER 0 two
	poll 5 whole sink $ID
	stop ship
	hears 'window 0'
	hears "$OTHER back"
	hears "$ID ok"
	[ "$(requests sink)" -eq 1 ]
}

@test "at SIGTERM what does not end within the bound comes back" {
	sinks sink
	told sink hang
	serve
	greets
	give $ID 0 one
	poll 5 asked sink 1
	SECONDS=0
	stop ship
	[ "$SECONDS" -le 9 ]
	awaits "$ID back"
}

@test "a round that waits is given back at SIGTERM at once" {
	sinks sink
	told sink 'status 503'
	serve 'retry_count = 100' 'retry_min = 1h' 'retry_max = 1h'
	greets
	give $ID 0 one
	hears 'window 1'
	SECONDS=0
	stop ship
	[ "$SECONDS" -le 3 ]
	awaits "$ID back"
}

@test "two for one queue: the second does not start" {
	sinks sink
	serve
	run -111 prof-ship -c "$CONF" -d main
	[[ $output == *"another prof-ship serves it"* ]]
}

@test "without a spool it does not start" {
	URLS=http://127.0.0.1:1 settings
	run -111 prof-ship -c "$CONF" -d main
	[[ $output == *"cannot open the spool"* ]]
}

@test "SIGHUP takes a new configuration, and ends a suspension" {
	sinks sink
	sinks new
	told sink 'status 403'
	# In a sandbox another port takes a restart.
	serve 'probe_interval = 1h' 'retry_min = 10ms' '[security]' \
	    'sandbox = off'
	greets
	give $ID 0 one
	hears "$ID retry 3600 403 {}"
	hears 'window 0'
	URLS="$(url new)" settings 'workers = 1'
	kill -HUP "$(pid ship)"
	hears 'window 2'
	give $ID 1 one
	hears "$ID ok"
	[ "$(requests new)" -eq 1 ]
}

@test "SIGHUP keeps the old configuration when the new one is bad" {
	sinks sink
	serve
	greets
	echo nonsense >>"$CONF"
	kill -HUP "$(pid ship)"
	poll 5 grep -q 'msg="configuration not taken"' ship.log
	give $ID 0 one
	hears "$ID ok"
}

@test "what is under way when SIGHUP comes goes on as it was" {
	sinks sink
	sinks new
	told sink 'delay 500'
	# In a sandbox another port takes a restart.
	serve 'probe_interval = 1h' 'retry_min = 10ms' '[security]' \
	    'sandbox = off'
	greets
	give $ID 0 one
	poll 5 whole sink $ID
	URLS="$(url new)" settings 'workers = 1'
	kill -HUP "$(pid ship)"
	awaits "$ID ok"
	[ "$(requests sink)" -eq 1 ]
	[ "$(requests new)" -eq 0 ]
}

@test "an outbox that cannot be written is retried" {
	settings() {
		conf <<-EOF
		[destination.main]
		type = file
		url = file:$OUTBOX
		retry_count = 1
		[security]
		sandbox = off
		EOF
	}
	serve
	greets
	rm -r "$OUTBOX"
	: >"$OUTBOX"
	give $ID 0 one
	awaits "$ID retry * outbox: Not a directory"
}
