#!/usr/bin/env bats
# Elections by a real etcd, checked at the targets.

load ../lib
load ../pull
load ../election

export BATS_TEST_TIMEOUT=200
export LEASE=1

# etcd_up: one on the ports of the first time, with the data it had; in etcd.
etcd_up()
{
	local a b run=$BATS_TEST_TMPDIR/run

	mkdir -p etcd "$run"
	[ -e etcd/ports ] || python3 >etcd/ports <<-'END'
	import socket
	ends = [socket.socket() for _ in range(2)]
	for end in ends:
	    end.bind(("127.0.0.1", 0))
	print(*(end.getsockname()[1] for end in ends))
	END
	read -r a b <etcd/ports
	echo "127.0.0.1:$a" >etcd/address
	PATH=$PATH:$TOP/t/bin env -u ETCD_NAME etcd --data-dir etcd/kept \
	    --listen-client-urls "${SCHEME:-http}://127.0.0.1:$a" \
	    --advertise-client-urls "${SCHEME:-http}://127.0.0.1:$a" \
	    --listen-peer-urls "http://127.0.0.1:$b" \
	    --initial-advertise-peer-urls "http://127.0.0.1:$b" \
	    --initial-cluster "default=http://127.0.0.1:$b" \
	    --heartbeat-interval 50 --election-timeout 500 "$@" \
	    </dev/null >>etcd.out 2>&1 3>&- &
	echo $! >"$run/etcd.pid"
	poll 20 curl -sfk ${CLIENT[@]+"${CLIENT[@]}"} \
	    "${SCHEME:-http}://127.0.0.1:$a/health"
}

asks()
{
	host "$1" backend=etcd "lease = ${LEASE}s" "urls = http://$2" "${@:3}"
}

@test "of three one pulls, and another when it is killed" {
	etcd_up
	survives_kill "$(at etcd)"
	slay etcd
}

@test "who is stopped longer than its lease pulls no more" {
	etcd_up
	survives_stop "$(at etcd)"
	slay etcd
}

@test "who is cut off stops before another begins" {
	etcd_up
	survives_cut "$(at etcd)"
	slay etcd
}

@test "members come and go, and each target is pulled once a time" {
	etcd_up
	joins_and_leaves "$(at etcd)"
	slay etcd
}

@test "nobody pulls long after etcd was killed, and one when it is back" {
	local had

	etcd_up
	candidates "$(at etcd)" a b c
	slay etcd
	poll 20 tells a 'msg="not elected" reason="cannot connect"'
	had=$(grep -c /ok/ fake/log)
	sleep 1
	[ "$(grep -c /ok/ fake/log)" -eq "$had" ]
	etcd_up
	more '[abc]' 10
	[[ $(seen) = a || $(seen) = "a "[bc] ]]
	[ "$(tail -n 8 fake/log | cut -d ' ' -f 5 | sort -u | wc -l)" -eq 1 ]
	stop a
	stop b
	stop c
	stop fake
	slay etcd
}

@test "each target is pulled once a time while etcd is killed and restarted" {
	local name
	export TARGETS=8 EVERY=3s

	fake
	etcd_up
	for name in a b; do
		asks "$name" "$(at etcd)" 'mode = shard'
		up "$name"
	done
	shared 'a b'
	slay etcd
	etcd_up
	more a 6
	more b 6
	stop a
	stop b
	stop fake
	python3 "$TOP/t/election.py" evenly fake/log 3
	slay etcd
}

@test "the wall clock jumps an hour, and nobody else is elected" {
	local lib jump

	lib=$(echo /usr/lib/*/faketime/libfaketime.so.1)
	etcd_up
	fake
	asks a "$(at etcd)"
	asks b "$(at etcd)"
	echo +0 >clock
	# For start.
	# shellcheck disable=SC2034
	WRAP=(env "LD_PRELOAD=$lib" "FAKETIME_TIMESTAMP_FILE=$PWD/clock"
	    FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1)
	up a
	more a 3
	up b
	unset WRAP
	poll 20 tells b 'msg="not elected"'
	for jump in +1h -1h +0; do
		echo "$jump" >clock
		more a 10
	done
	# It has jumped.
	[ "$(sed -n 's/^received: \(.............\).*/\1/p' a.spool/new/* |
	    sort -u | wc -l)" -ge 3 ]
	[ "$(seen)" = a ]
	slay a
	echo +1h >clock
	more b 5
	echo -1h >clock
	more b 10
	[ "$(seen)" = "a b" ]
	within "$(gap 1)" $((LEASE + 2))
	stop b
	stop fake
	slay etcd
}

@test "TLS, user and password" {
	# With users etcd's gateway refuses a client with a CommonName.
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout key.pem \
	    -out cert.pem -subj /O=prof \
	    -addext subjectAltName=IP:127.0.0.1 2>openssl.out
	local CLIENT=(--cert cert.pem --key key.pem)

	SCHEME=https etcd_up --cert-file cert.pem --key-file key.pem \
	    --trusted-ca-file cert.pem --client-cert-auth --auth-token simple
	call()
	{
		curl -sf --cacert cert.pem "${CLIENT[@]}" \
		    "https://$(at etcd)/v3/$1" -d "$2" >>calls
	}
	call auth/user/add '{"name": "root", "password": "root_word"}'
	call auth/role/add '{"name": "root"}'
	call auth/user/grant '{"user": "root", "role": "root"}'
	call auth/user/add '{"name": "prof", "password": "prof_word"}'
	call auth/role/add '{"name": "prof"}'
	# /prof/election/ to /prof/election0
	call auth/role/grant '{"name": "prof", "perm": {"permType": "READWRITE",
	    "key": "L3Byb2YvZWxlY3Rpb24v",
	    "range_end": "L3Byb2YvZWxlY3Rpb24w"}}'
	call auth/user/grant '{"user": "prof", "role": "prof"}'
	call auth/enable '{}'
	echo prof:prof_word >auth
	fake
	host a backend=etcd lease=1s "urls = https://$(at etcd)" \
	    "auth_file = $PWD/auth" "ca_file = $PWD/cert.pem" \
	    "cert_file = $PWD/cert.pem" "key_file = $PWD/key.pem"
	up a
	more a 10
	stop a
	host b backend=etcd lease=1s "urls = https://$(at etcd)"
	up b
	poll 20 tells b 'msg="election in doubt" reason="SSL'
	stop b
	[ "$(seen)" = a ]
	stop fake
	slay etcd
}
