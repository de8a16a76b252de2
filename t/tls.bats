#!/usr/bin/env bats
# TLS, bearer tokens and local users: who may talk to prof-recv and prof-pyro,
# and whom prof-ship talks to.

load lib
load tls

setup()
{
	prof_setup
	authority
	cert ours localhost 2
	printf '{"tags_profiler":"service:shop"}' >event.json
}

# serve [LINE...]: prof-recv with TLS, and these lines in [http_api].
serve()
{
	settings "$@"
	prof-spool -c "$CONF" init
	start recv prof-recv -v -c "$CONF"
}

settings()
{
	printf '%s\n' '[http_api]' "listen = ${LISTEN:-https://127.0.0.1:0}" \
	    "tls_cert_file = $PWD/ours.pem" "tls_key_file = $PWD/ours.key" \
	    "$@" '[profile]' 'generate_metrics = false' \
	    '[profile.io_config]' "cache_path = $SPOOL" 'min_free_mb = 0' \
	    >"$CONF"
}

# at PREFIX: the first address that begins so, behind it.
at()
{
	listens | sed -n "s,^$1,,p" | head -n 1
}

# https PATH [ARGS...]: curl's status alone, and the answer in file out.
https()
{
	curl -sS -m 30 --cacert ca.pem -o out -w '%{http_code}' "${@:2}" \
	    "https://$(at https://)$1"
}

# upload [ARGS...]: a small profile, by https.
upload()
{
	https /profiling/v1/input -F event=@event.json -F 'main=<event.json' \
	    "$@"
}

# bodies: the sums of the bodies in new/, sorted.
bodies()
{
	local file

	for file in "$SPOOL"/new/*; do
		sed '1,/^$/d' "$file" | cksum
	done | sort
}

# failures REASON: how many handshakes have failed so, by the statistics.
failures()
{
	figure recv "prof_recv_tls_handshake_failures_total{reason=\"$1\"}"
}

# said PATTERN...: the log has a line with all of them.
said()
{
	local pattern

	cp recv.log lines
	for pattern; do
		grep -e "$pattern" lines >found || return
		mv found lines
	done
}

@test "curl's uploads come over TLS as in plain, 30 MB, chunked, kept" {
	serve
	[ "$(upload)" = 200 ]
	grep -q ProfileID out
	head -c 30000000 /dev/urandom >big
	[ "$(upload -F main=@big)" = 200 ]
	[ "$(upload -F main=@big -H 'Transfer-Encoding: chunked')" = 200 ]
	[ "$(upload -F main=@big -H 'Expect: 100-continue' --tls-max 1.2)" = 200 ]
	[ "$(holds new)" -eq 4 ]
	for file in "$SPOOL"/new/*; do
		prof-spool -c "$CONF" put - <"$file" 2>&1 | grep -q crc32c &&
		    fail "$file is torn"
	done
	# The whole of each body never stood in memory.
	under_asan || [ "$(awk '$1 == "VmHWM:" { print $2 }' \
	    "/proc/$(pid recv)/status")" -le 16384 ]
	address=$(at https://)
	curl -sS --cacert ca.pem -w '%{http_code} %{num_connects}\n' -o out \
	    "https://$address/info" -o out "https://$address/nowhere" -o out \
	    "https://$address/info" >kept
	[ "$(cat kept)" = $'200 1\n404 0\n200 0' ]
	curl -sSv --cacert ca.pem "https://$address/info" 2>&1 |
	    grep -q 'ALPN: server accepted http/1.1'
}

@test "clients' requests make the same records over TLS as in plain" {
	LISTEN='127.0.0.1:0, https://127.0.0.1:0' serve
	mapfile -t files < <(find "$REQUESTS" -name '*.http' \
	    ! -name '*-agent-*' ! -name curl-no-event.http ! -name curl-put.http)
	for file in "${files[@]}"; do
		send -q "$(recv_at)" "$file"
	done >sent
	bodies >plain
	grep -h -e ^header: -e ^content-type: -e ^request: -e ^length: \
	    "$SPOOL"/new/* | sort >plain.heads
	rm "$SPOOL"/new/*
	python3 "$TOP/t/https.py" "$(at https://)" ca.pem "${files[@]}" >out
	[ "$(grep -c '^200 ' out)" -eq "${#files[@]}" ]
	bodies | cmp - plain
	grep -h -e ^header: -e ^content-type: -e ^request: -e ^length: \
	    "$SPOOL"/new/* | sort | cmp - plain.heads
}

@test "kept connections, pipelines and bytes one by one are read over TLS" {
	local files=("$REQUESTS/constructed-ddjava-lz4.http"
	    "$REQUESTS/constructed-pyspy.http" "$REQUESTS/curl-no-event.http")

	serve
	python3 "$TOP/t/https.py" -k "$(at https://)" ca.pem "${files[@]}" >out
	[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '200 200 400 ' ]
	python3 "$TOP/t/https.py" -p "$(at https://)" ca.pem "${files[@]}" >out
	[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '200 200 400 ' ]
	printf 'GET /info HTTP/1.1\r\nHost: a\r\n\r\n' >asked
	python3 "$TOP/t/https.py" -k -s 1 "$(at https://)" ca.pem asked \
	    "$REQUESTS/constructed-pyspy.http" asked >out
	[ "$(cut -d ' ' -f 1 out | tr '\n' ' ')" = '200 200 200 ' ]
	# More than a connection's turn, of which the answers wait.
	head -n 120000 <(yes "$(cat asked)") | sed 's/\r*$/\r/' >many
	python3 "$TOP/t/https.py" -p -n 40000 "$(at https://)" ca.pem many >out
	[ "$(grep -c '^200 ' out)" -eq 40000 ]
}

@test "slow handshakes end with the head's time, and count as connections" {
	serve 'head_timeout = 1s' 'connections = 2'
	exec 5<>"/dev/tcp/127.0.0.1/$(at 'https://.*:')"
	exec 6<>"/dev/tcp/127.0.0.1/$(at 'https://.*:')"
	printf '\x16\x03\x01\x02\x00\x01' >&5
	poll 5 is 503 https /info
	grep -q 'too many connections' out
	# Both are thrown out, and there is place again.
	poll 10 is 200 https /info
	[ "$(timeout 5 cat <&6 | wc -c)" -eq 0 ]
	exec 5>&- 6>&-
	stop recv
	[ "$(failures late)" -eq 2 ]
	said 'handshake failed' class=late
}

@test "garbage, HTTP on a TLS port and TLS on a plain port are told apart" {
	LISTEN='127.0.0.1:0, https://127.0.0.1:0' serve
	exec 5<>"/dev/tcp/127.0.0.1/$(at 'https://.*:')"
	printf 'OPTIONS no TLS at all, and more of it' >&5
	[ "$(timeout 10 cat <&5 2>/dev/null | wc -c)" -lt 20 ]
	exec 5>&-
	run -0 curl -sS -w ' %{http_code}' "http://$(at https://)/info"
	[[ $output = *'"message":"this is HTTP, and the address takes HTTPS"'* ]]
	[[ $output = *' 400' ]]
	run ! curl -sS --cacert ca.pem "https://$(recv_at)/info"
	# Who only looks whether the port is open is no failure to warn of.
	exec 5<>"/dev/tcp/127.0.0.1/$(at 'https://.*:')"
	exec 5>&-
	[ "$(https /info)" = 200 ]
	stop recv
	[ "$(failures protocol)" -eq 1 ]
	[ "$(failures http)" -eq 1 ]
	[ "$(failures gone)" -eq 1 ]
	[ "$(grep -c 'msg="handshake failed"' recv.log)" -eq 1 ]
	said 'handshake failed' class=protocol
	said 'request refused' status=400 'takes HTTPS'
	said 'request refused' status=400 'a control byte in the head'
}

@test "old versions, renegotiation, and h2 alone are not spoken" {
	serve
	printf '%s\n' 'openssl_conf = a' '[a]' 'ssl_conf = b' '[b]' \
	    'system_default = c' '[c]' 'MinProtocol = TLSv1' \
	    'CipherString = DEFAULT@SECLEVEL=0' >openssl.cnf
	OPENSSL_CONF=openssl.cnf run ! openssl s_client -tls1_1 \
	    -connect "$(at https://)" </dev/null
	run ! openssl s_client -alpn h2 -connect "$(at https://)" </dev/null
	[[ $output = *'no application protocol'* ]]
	{ echo R; sleep 0.5; } | openssl s_client -tls1_2 \
	    -connect "$(at https://)" >said 2>&1 || :
	grep -q 'no renegotiation' said
	[ "$(https /info --tls-max 1.2)" = 200 ]
	stop recv
	[ "$(failures protocol)" -eq 2 ]
	settings 'tls_min_version = 1.3'
	start recv prof-recv -c "$CONF"
	run ! https /info --tls-max 1.2
	[ "$(https /info)" = 200 ]
}

@test "a session is resumed by its ticket" {
	serve
	for version in -tls1_2 -tls1_3; do
		printf 'GET /info HTTP/1.0\r\n\r\n' | timeout 10 openssl \
		    s_client -quiet $version -ign_eof -sess_out session \
		    -connect "$(at https://)" >out 2>&1 || :
		timeout 10 openssl s_client $version -sess_in session \
		    -connect "$(at https://)" </dev/null >out 2>&1 || :
		grep -q '^Reused' out
	done
}

@test "a client's certificate is asked for: none, another's, an expired one" {
	authority other
	cert mine client 2
	cert theirs client 2 other
	cert old client -1
	serve "tls_client_ca_file = $PWD/ca.pem"
	run ! upload
	for name in theirs old; do
		run ! upload --cert $name.pem --key $name.key
	done
	[ "$(upload --cert mine.pem --key mine.key)" = 200 ]
	[ "$(holds new)" -eq 1 ]
	stop recv
	[ "$(failures certificate)" -eq 3 ]
	said 'handshake failed' class=certificate 'certificate has expired'
	said 'handshake failed' 'peer did not return a certificate'
}

@test "without a token, or with another, it is 401 and costs nobody anything" {
	printf '# two of them\n\nfirst\n  tkn_second \r\n' >tokens
	LISTEN="127.0.0.1:0, https://127.0.0.1:0, unix:$PWD/s" serve \
	    "bearer_token_file = $PWD/tokens"
	[ "$(upload)" = 401 ]
	[ "$(jq -r .error.message out)" = 'no bearer token was sent' ]
	for token in firs first1 '' '#' '# two of them' tkn_secon; do
		[ "$(upload -H "Authorization: Bearer $token")" = 401 ]
	done
	jq -e '.error.status == 401' out
	[ "$(upload -H 'DD-API-KEY: third')" = 401 ]
	[ "$(upload -u prof:first)" = 401 ]
	[ "$(upload -H 'Authorization: Bearer first')" = 200 ]
	[ "$(upload -H 'authorization: bearer tkn_second')" = 200 ]
	[ "$(upload -H 'DD-API-KEY: first')" = 200 ]
	[ "$(https /info)" = 401 ]
	[ "$(https /nowhere)" = 401 ]
	[ "$(https /healthz)" != 401 ]
	# A connection is kept, and the next request is looked at by itself.
	curl -sSi --cacert ca.pem "https://$(at https://)/info" --next -sS \
	    --cacert ca.pem -H 'DD-API-KEY: first' -w '%{num_connects}' \
	    "https://$(at https://)/info" >out
	grep -q '^WWW-Authenticate: Bearer realm="prof"' out
	grep -q '}$' out && [ "$(tail -c 1 out)" = 0 ]
	# In the clear, too; but those of a unix socket are known.
	[ "$(curl -s -o out -w '%{http_code}' "$(recv_at)/info")" = 401 ]
	[ "$(curl -s -o out -w '%{http_code}' --unix-socket s h/info)" = 200 ]
	[ "$(holds new)" -eq 3 ]
	said 'request refused' status=401 'no bearer token was sent'
	run ! grep -e tkn_second -e third recv.log
	stop recv
	[ "$(figure recv 'prof_recv_requests_total{code="401"}')" -ge 12 ]
}

@test "who needs a token is configured" {
	echo tkn >tokens
	LISTEN="127.0.0.1:0, https://127.0.0.1:0, unix:$PWD/s" serve \
	    "bearer_token_file = $PWD/tokens" 'bearer_token_for = https'
	[ "$(https /info)" = 401 ]
	[ "$(curl -s -o out -w '%{http_code}' "$(recv_at)/info")" = 200 ]
	# By SIGHUP, too.
	sed -i 's/bearer_token_for = https/bearer_token_for = all/' "$CONF"
	kill -HUP "$(pid recv)"
	poll 10 is 401 curl -s -o out -w '%{http_code}' --unix-socket s h/info
	[ "$(curl -s -o out -w '%{http_code}' "$(recv_at)/info")" = 401 ]
}

# secret DIR: certificate and key there, as Kubernetes mounts a secret: the
# files are links through ..data, which leads to a directory of that time.
secret()
{
	mkdir -p mount "mount/$1"
	cp ours.pem ours.key tokens "mount/$1"
	ln -s "$1" mount/..data.new
	mv -T mount/..data.new mount/..data
	for file in ours.pem ours.key tokens; do
		[ -L "mount/$file" ] || ln -s "..data/$file" "mount/$file"
	done
}

# serial: of the certificate that is shown now.
serial()
{
	openssl s_client -connect "$(at https://)" </dev/null 2>/dev/null |
	    openssl x509 -noout -serial
}

stale()
{
	stop recv
	figure recv "prof_recv_access_files_stale{address=\"$1\",files=\"$2\"}"
}

@test "certificates and tokens are read again, and broken ones are not taken" {
	echo one >tokens
	secret first
	settings "bearer_token_file = $PWD/mount/tokens"
	sed -i "s,$PWD/ours,$PWD/mount/ours," "$CONF"
	prof-spool -c "$CONF" init
	start recv prof-recv -v -c "$CONF"
	before=$(serial)
	[ "$(upload -H 'DD-API-KEY: one')" = 200 ]
	cert ours localhost 2
	echo two >tokens
	secret second
	after=$(openssl x509 -noout -serial -in ours.pem)
	[ "$before" != "$after" ]
	poll 10 is "$after" serial
	poll 10 is 200 upload -H 'DD-API-KEY: two'
	[ "$(upload -H 'DD-API-KEY: one')" = 401 ]
	said 'access files read again' files=certificate
	said 'access files read again' files=tokens
	# A key that is not the certificate's; no tokens.
	openssl ecparam -name prime256v1 -genkey -noout -out ours.key
	echo '# none' >tokens
	secret third
	poll 10 said 'access files not taken' files=certificate 'key values mismatch'
	poll 10 said 'access files not taken' files=tokens 'no token stands in it'
	[ "$(serial)" = "$after" ]
	[ "$(upload -H 'DD-API-KEY: two')" = 200 ]
	address=https://$(at https://)
	[ "$(stale "$address" certificate)" -eq 1 ]
	[ "$(grep -c 'not taken' recv.log)" -eq 2 ]
	[ "$(figure recv "prof_recv_access_files_stale{address=\"$address\",files=\"tokens\"}")" -eq 1 ]
	[ "$(figure recv "prof_recv_tls_certificate_expiry_timestamp_seconds{address=\"$address\"}")" -gt "$(date +%s)" ]
}

@test "prof-recv does not start with files that it cannot use" {
	serve
	stop recv
	for wrong in "tls_client_ca_file = $PWD/event.json" \
	    "bearer_token_file = $PWD/missing"; do
		settings "$wrong"
		run -111 prof-recv -c "$CONF"
		[[ $output = *'msg="cannot listen"'* ]]
	done
	openssl ec -in ours.key -aes128 -passout pass:x -out locked 2>/dev/null
	mv locked ours.key
	settings
	run -111 prof-recv -c "$CONF" </dev/null
	[[ $output = *'the key '* ]]
}

@test "a user who is not among allowed_uids is answered 403" {
	LISTEN="unix:$PWD/s, https://127.0.0.1:0" serve \
	    "allowed_uids = 4000000001, $(id -u)"
	[ "$(curl -s -o out -w '%{http_code}' --unix-socket s h/info)" = 200 ]
	sed -i "s/, $(id -u)\$//" "$CONF"
	kill -HUP "$(pid recv)"
	poll 10 is 403 curl -s -o out -w '%{http_code}' --unix-socket s h/info
	jq -e '.error.status == 403' out
	[ "$(https /info)" = 200 ]
	said 'request refused' remote=unix status=403 allowed_uids
}

@test "of two users the one who is allowed comes in" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	dir=$(mktemp -d /tmp/tls-XXXXXX)
	chmod 755 "$dir"
	LISTEN="unix:$dir/s, https://127.0.0.1:0" serve 'allowed_uids = 65534'
	as()
	{
		setpriv --reuid "$1" --regid "$1" --clear-groups curl -s \
		    -o /dev/null -w '%{http_code}' --unix-socket "$dir/s" h/info
	}
	[ "$(as 65534)" = 200 ]
	[ "$(as 65533)" = 403 ]
	[ "$(curl -s -o out -w '%{http_code}' --unix-socket "$dir/s" h/info)" \
	    = 403 ]
	stop recv
	rmdir "$dir"
}

@test "SIGTERM lets an upload over TLS finish; kill -9 leaves nothing half" {
	serve
	file=$REQUESTS/constructed-ddjava-lz4.http
	python3 "$TOP/t/https.py" -s 100 -w half "$(at https://)" ca.pem \
	    "$file" >out 3>&- &
	client=$!
	poll 10 test -e half
	kill "$(pid recv)"
	poll 10 said stopping connections=1
	rm half
	wait $client
	ended recv
	grep -q '^200 ' out
	[ "$(holds new)" -eq 1 ]
	start recv prof-recv -v -c "$CONF"
	python3 "$TOP/t/https.py" -s 100 -w half "$(at https://)" ca.pem \
	    "$file" >out 2>&1 3>&- &
	client=$!
	poll 10 test -e half
	slay recv
	rm half
	wait $client || :
	run ! grep '^200 ' out
	[ "$(holds new)" -eq 1 ]
	start recv prof-recv -v -c "$CONF"
	[ "$(upload)" = 200 ]
}

@test "a disk that is slow pushes back through TLS" {
	command -v strace >/dev/null || skip "no strace"
	skip_asan "memory means nothing there"
	WRAP=(strace -D -f -o trace -e "trace=fdatasync,fsync"
	    -e "inject=fdatasync,fsync:delay_enter=300000")
	serve 'commits = 1'
	# shellcheck disable=SC2034
	WRAP=()
	head -c 5000000 /dev/urandom >big
	for i in $(seq 24); do
		curl -sS -m 100 --cacert ca.pem -o "out.$i" -F main=@big \
		    -F event=@event.json 3>&- \
		    "https://$(at https://)/profiling/v1/input" &
		clients+=($!)
	done
	wait "${clients[@]}"
	[ "$(grep -l ProfileID out.* | wc -l)" -eq 24 ]
	peak=$(awk '$1 == "VmHWM:" { print $2 }' "/proc/$(pid recv)/status")
	echo "peak $peak KiB"
	[ "$peak" -le 16384 ]
}

@test "prof-pyro speaks TLS and asks for tokens" {
	echo tkn >tokens
	printf '%s\n' '[http_api]' '[profile]' '[profile.io_config]' \
	    "cache_path = $SPOOL" 'min_free_mb = 0' '[profile.pyroscope]' \
	    'url = https://127.0.0.1:0' "tls_cert_file = $PWD/ours.pem" \
	    "tls_key_file = $PWD/ours.key" "bearer_token_file = $PWD/tokens" \
	    '[profile.pyroscope]' 'url = 127.0.0.1:0' >"$CONF"
	prof-spool -c "$CONF" init
	start pyro prof-pyro -v -c "$CONF"
	address=$(sed -n 's,^prof_pyro_listen_info{address="https://\(.*\)"}.*,\1,p' \
	    "$SPOOL/stat/pyro")
	echo 'main;work 3' >folded
	ingest()
	{
		curl -sS --cacert ca.pem -o out -w '%{http_code}' "$@" \
		    --data-binary @folded
	}
	[ "$(ingest "https://$address/ingest?name=a")" = 401 ]
	[ "$(ingest "https://$address/ingest?name=a" \
	    -H 'Authorization: Bearer tkn')" = 200 ]
	[ "$(holds new)" -eq 1 ]
	# The other section has no tokens, and no TLS.
	address=$(sed -n 's,^prof_pyro_listen_info{address="\([0-9].*\)"}.*,\1,p' \
	    "$SPOOL/stat/pyro")
	[ "$(ingest "http://$address/ingest?name=a")" = 200 ]
}

# peer NAME [CLIENT_CA]: an HTTPS destination with that certificate.
peer()
{
	mkdir -p run
	python3 "$TOP/t/tls.py" "$1.d" "$1.pem" "$1.key" "${@:2}" 3>&- &
	echo $! >"run/tls-$1.pid"
	poll 10 test -s "$1.d/address"
}

unpeer()
{
	kill "$(pid "tls-$1")"
	wait "$(pid "tls-$1")" || :
	rm "run/tls-$1.pid"
}

# deliver NAME REASON: to that destination nothing is delivered, for a reason
# that is in the statistics and in status; the record stays.
deliver()
{
	conf <<-EOF
	[destination.main]
	type = dataway
	url = https://$(cat "$1.d/address")
	ca_file = $PWD/ca.pem
	retry_count = 1
	retry_min = 100ms
	EOF
	start ship prof-ship -c "$CONF" -d main
	poll 10 grep -q "^prof_ship_last_answer_info{.*reason=\"[^\"]*$2" \
	    "$SPOOL/stat/ship.main"
	[ "$(figure ship.main 'prof_ship_state{queue="main",state="down"}')" \
	    -eq 1 ]
	prof-status -c "$CONF" >status || :
	tr -s ' \n' ' ' <status | grep -q "$2" || fail "$(cat status)"
	stop ship
	[ ! -e "$1.d/ids" ]
	[ "$(holds queue/main)" -eq 1 ]
	unpeer "$1"
}

@test "prof-ship tells nothing to whom it cannot trust, and keeps the record" {
	authority other
	cert wrong example.org 2
	cert old localhost -1
	cert unknown localhost 2 other
	cert older localhost 2
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout self.key -out self.pem -subj /CN=localhost -days 2 \
	    2>/dev/null
	for name in wrong old unknown self; do
		peer $name
	done
	TLS_OLD=1 peer older
	conf <<-EOF
	[destination.main]
	type = dataway
	url = https://$(cat wrong.d/address)
	EOF
	prof-spool -c "$CONF" init
	printf '%s\r\n' --a 'Content-Disposition: form-data; name="event"' '' \
	    '{"tags_profiler":"service:shop"}' --a-- |
	    record -C 'multipart/form-data; boundary=a' \
	    -i 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11 >one
	prof-spool -c "$CONF" put - <one
	start spool prof-spool -c "$CONF"
	deliver wrong 'no alternative certificate subject name matches'
	deliver old 'certificate has expired'
	deliver unknown 'unable to get local issuer certificate'
	deliver self 'self-signed certificate'
	printf '%s\n' 'openssl_conf = a' '[a]' 'ssl_conf = b' '[b]' \
	    'system_default = c' '[c]' 'MinProtocol = TLSv1' \
	    'CipherString = DEFAULT@SECLEVEL=0' >openssl.cnf
	OPENSSL_CONF=$PWD/openssl.cnf deliver older 'alert protocol version'
}

@test "prof-pull asks nothing of whom it cannot trust" {
	authority other
	cert wrong example.org 2
	cert old localhost -1
	cert unknown localhost 2 other
	cert older localhost 2
	for name in wrong old unknown; do
		peer $name
	done
	TLS_OLD=1 peer older
	for name in wrong old unknown older; do
		printf '%s\n' '[profile.go]' 'enabled_types = goroutine' \
		    "url = https://$(cat $name.d/address)/$name" \
		    'tls_open = true' "tls_ca = $PWD/ca.pem"
	done | conf
	prof-spool -c "$CONF" init
	start pull prof-pull -c "$CONF" -w 200ms
	for why in 'wrong.*no alternative certificate subject name' \
	    'old.*certificate has expired' \
	    'unknown.*unable to get local issuer certificate' \
	    'older.*protocol version'; do
		poll 10 grep -qE "pull failed.*/$why" pull.log
	done
	stop pull
	[ "$(holds new)" -eq 0 ]
	[ "$(grep -c '^prof_pull_target_up{.* 0$' "$SPOOL/stat/pull")" -eq 4 ]
	for name in wrong old unknown older; do
		[ ! -e $name.d/log ]
		unpeer $name
	done
}

# More records into the queue, until CMD succeeds: files are looked at when
# there is something to send.
sending()
{
	N=$((N + 1))
	id=$(printf '019e1f0c-6d3a-7c41-9a5e-%012d' "$N")
	printf '%s\r\n' --a 'Content-Disposition: form-data; name="event"' '' \
	    '{"tags_profiler":"service:shop"}' --a-- |
	    record -C 'multipart/form-data; boundary=a' -i "$id" |
	    prof-spool -c "$CONF" put - >/dev/null
	"$@"
}

@test "prof-ship takes up a token, authorities, a certificate that changed" {
	authority other
	cert mine first 2
	cert theirs localhost 2 other
	cat ca.pem >trusted
	echo tkn_first >token
	peer ours ca.pem
	conf <<-EOF
	[destination.main]
	type = dataway
	url = https://$(cat ours.d/address)
	ca_file = $PWD/trusted
	cert_file = $PWD/mine.pem
	key_file = $PWD/mine.key
	token_file = $PWD/token
	retry_count = 1
	retry_min = 100ms
	retry_max = 300ms
	EOF
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
	N=0
	sending poll 10 grep -qx 'TLSv1.3 first' ours.d/log
	grep -q 'token=tkn_first$' ours.d/targets
	cert mine second 2
	echo tkn_second >token
	poll 15 sending grep -q 'TLSv1.3 second' ours.d/log
	poll 15 sending grep -q 'token=tkn_second$' ours.d/targets
	# Broken ones are not taken, and the old ones go on.
	: >token
	echo 'no certificate' >trusted
	poll 15 sending grep -q 'not taken.*files=certificate' ship.log
	poll 15 sending grep -q 'not taken.*files=tokens' ship.log
	before=$(wc -l <ours.d/log)
	sending poll 10 is "$((before + 1))" lines ours.d/log
	[ "$(tail -n 1 ours.d/log)" = 'TLSv1.3 second' ]
	grep -q 'token=tkn_second$' <(tail -n 1 ours.d/targets)
	# Others' authorities: who was trusted is so no more.
	cat other.pem >trusted
	poll 15 sending grep -q 'reason=.*SSL certificate problem' ship.log
	stop ship
	[ "$(figure ship.main 'prof_ship_access_files_stale{queue="main",files="tokens"}')" -eq 1 ]
	[ "$(figure ship.main 'prof_ship_access_files_stale{queue="main",files="certificate"}')" -eq 0 ]
	unpeer ours
	run -1 grep -r -e tkn_first -e tkn_second "$SPOOL/stat" ship.log spool.log
}

lines()
{
	wc -l <"$1"
}
