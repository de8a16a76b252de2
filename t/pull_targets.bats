#!/usr/bin/env bats
# prof-pull: where its targets come from, and how it gets in.

load lib
load pull
load tls

@test "a target may be a unix socket, and have a path of its own" {
	SOCKET=$PWD/s fake
	prof-pull -1 -u "unix:$PWD/s:/ok/base?x=1&y" -T goroutine -o - >records
	taken list | grep -q " unix:$PWD/s goroutines.pprof "
	grep -q '/ok/base/debug/pprof/goroutine x=1&y ' fake/log
	prof-pull -1 -u "http://$(at fake)/ok/a/debug/pprof/" -T cpu -w 1s -o - \
	    >records
	grep -q ' /ok/a/debug/pprof/profile seconds=1 ' fake/log
	prof-pull -1 -u "http://$(at fake)/ok?" -T goroutine -o - >/dev/null
	grep -q ' /ok/debug/pprof/goroutine - ' fake/log
	stop fake
}

@test "passwords, tokens and headers come from files, and are logged nowhere" {
	fake
	conf < <(section locked goroutine "basic_auth_file = $PWD/basic"
	    section locked/2 goroutine "bearer_token_file = $PWD/link"
	    section locked/3 goroutine \
		'headers = ["X-Test: geheim3", "X-More: 1"]'
	    section locked/4 goroutine | sed s,http://,http://me:geheim4@,)
	prof-spool -c "$CONF" init
	echo me:geheim1 >basic
	echo geheim2 >token
	ln -s token link
	prof-pull -1 -v -c "$CONF" 2>pull.log
	grep -q "/locked/debug/pprof/goroutine - Basic:$(printf me:geheim1 |
	    base64) " fake/log
	grep -q '/locked/2/debug/pprof/goroutine - Bearer:geheim2 ' fake/log
	grep -q '/locked/3/debug/pprof/goroutine - - geheim3' fake/log
	grep -q "/locked/4/debug/pprof/goroutine - Basic:$(printf me:geheim4 |
	    base64) " fake/log
	[ "$(pulled list | wc -l)" -eq 4 ]
	[ "$(pulled list | cut -d ' ' -f 2 | sort -u)" = "$(at fake)" ]
	# Without its file a target has no round, and says why.
	rm basic
	run -111 prof-pull -1 -v -c "$CONF"
	[[ $output = *'round missed'*'basic_auth_file cannot be read'* ]]
	[[ $output != *geheim* ]]
	run ! grep -r geheim pull.log "$SPOOL"
	stop fake
}

@test "TLS: a target is verified, by its own authority where there is one" {
	authority
	cert good localhost 2
	cert mine me 2
	fake -c good.pem -k good.key -a ca.pem
	tls "tls_ca = $PWD/ca.pem" "tls_cert = $PWD/mine.pem" \
	    "tls_key = $PWD/mine.key"
	prof-pull -1 -c "$CONF"
	[ "$(pulled list | wc -l)" -eq 1 ]
	# Without tls_open the system's authorities count, and they do not know.
	sed -i s/tls_open.*// "$CONF"
	run -111 prof-pull -1 -c "$CONF"
	[[ $output = *'SSL certificate problem'* ]]
	tls "tls_ca = $PWD/ca.pem"
	run -111 prof-pull -1 -c "$CONF"
	tls "tls_ca = $PWD/mine.pem" 'insecure_skip_verify = true' \
	    "tls_cert = $PWD/mine.pem" "tls_key = $PWD/mine.key"
	prof-pull -1 -c "$CONF"
	sed -i s/localhost/127.0.0.1/ "$CONF"
	prof-pull -1 -c "$CONF"
	sed -i '/insecure/d; s/mine.pem$/ca.pem/' "$CONF"
	run -111 prof-pull -1 -c "$CONF"
	[ "$(pulled list | wc -l)" -eq 3 ]
	stop fake
}

# tls LINE...: a spool, and the fake as a target by TLS.
tls()
{
	conf < <(section ok goroutine 'tls_open = true' "$@" |
	    sed "s,http://127.0.0.1,https://localhost,")
	prof-spool -c "$CONF" init
}

@test "a proxy is one of the configuration, and none of the environment" {
	fake
	export http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1
	aim ok goroutine
	prof-pull -1 -c "$CONF"
	conf < <(section ok goroutine "http_proxy = http://$(at fake)" |
	    sed 's,^url.*,url = http://no.host/ok/far,')
	prof-pull -1 -c "$CONF"
	[ "$(pulled list | cut -d ' ' -f 2 | sort | tr '\n' ' ')" = \
	    "$(at fake) no.host " ]
	stop fake
}

@test "-u and -T stand for a section, and are checked as one" {
	run -2 prof-pull -1 -T heap
	run -2 prof-pull -1 -u 'http://h/ x'
	run -2 prof-pull -1 -u $'http://h\n[http_api]'
	run -2 prof-pull -1 -u http://h -T heap,nonsense
	[[ $output = *nonsense* ]]
	run -2 prof-pull -w soon
	run -2 prof-pull extra
	fake
	prof-pull -1 -o - -u "http://$(at fake)/ok" -T goroutine \
	    -u "http://$(at fake)/ok/2" -T threadcreate,goroutine >records
	[ "$(taken list | wc -l)" -eq 3 ]
	stop fake
}

@test "a list of targets is read again when it changes" {
	fake
	list ok/1 ok/2
	conf <<-EOF
	[profile.go]
	file_sd = $PWD/list.json
	enabled_types = goroutine
	env = test
	EOF
	prof-spool -c "$CONF" init
	pulling -w 300ms
	poll 20 grep -q /ok/1/ fake/log
	poll 20 grep -q /ok/2/ fake/log
	list ok/2 ok/3
	poll 20 grep -q /ok/3/ fake/log
	: >fake/log
	poll 20 grep -q /ok/3/ fake/log
	poll 20 grep -q /ok/2/ fake/log
	run ! grep /ok/1/ fake/log
	echo '[{"targets":1}]' >list.json
	poll 20 said 1 'msg="targets not read".*a group has no list of targets'
	: >fake/log
	poll 20 grep -q /ok/3/ fake/log
	stop pull
	pulled list | grep -q ' service:s3,env:test,zone:z zone:z,service:s3$'
	stop fake
}

# list PATH...: a list with these on the fake, the last digit in their service.
list()
{
	local path

	for path; do
		jq -cn --arg url "http://$(at fake)/$path" --arg s "s${path: -1}" \
		    '{targets: [$url], labels: {zone: "z", service: $s,
		    __meta_x: "no"}}'
	done | jq -s . >list.new
	mv list.new list.json
}

@test "SIGHUP: targets come, go and change; a wrong file changes nothing" {
	fake
	aim ok/1 goroutine
	pulling -w 300ms
	poll 20 made 1 goroutines.pprof
	echo nonsense >>"$CONF"
	kill -HUP "$(pid pull)"
	poll 20 said 1 'msg="configuration not taken"'
	conf < <(section ok/1 goroutine 'service = changed'
	    section ok/2 threadcreate)
	kill -HUP "$(pid pull)"
	poll 20 said 1 'msg="configuration taken"'
	poll 20 made 1 threadcreate.pprof
	poll 20 changed
	conf < <(section ok/2 threadcreate)
	kill -HUP "$(pid pull)"
	poll 20 said 2 'msg="configuration taken"'
	: >fake/log
	poll 20 grep -q /ok/2/ fake/log
	run ! grep /ok/1/ fake/log
	stop pull
	stop fake
}

changed()
{
	pulled list | grep -q 'goroutines.pprof .* service:changed'
}

@test "two targets with one url are two" {
	fake
	conf < <(section ok heap 'service = a'; section ok heap 'service = b')
	prof-spool -c "$CONF" init
	prof-pull -1 -w 100ms -c "$CONF"
	[ "$(pulled list | cut -d ' ' -f 6 | sort | tr '\n' ' ')" = \
	    "service:a service:b " ]
	[ "$(holds keep)" -eq 2 ]
	stop fake
}

@test "prof run runs it where there is a target" {
	local i

	fake
	# Some of so many have their first round soon.
	conf < <(for ((i = 0; i < 20; i++)); do
		section "ok/$i" goroutine 'service = shop'
	    done
	    printf '%s\n' '[destination.main]' 'type = file' \
		"url = file:$OUTBOX")
	start run prof run -c "$CONF"
	poll 20 delivered
	run -0 prof status -c "$CONF"
	[[ $output = *prof-pull*up*'of 20 targets up'* ]]
	stop run
	stop fake
}

delivered()
{
	ls "$OUTBOX"/*/shop/*/goroutines.pprof
}
