#!/usr/bin/env bats
# A real Prometheus, with our rules, that scrapes a whole set: each alert is
# provoked, and each query of the dashboard has an answer.

load ../lib
load ../stats.bash
load ../tls.bash

export BATS_TEST_TIMEOUT=300

# scrapes: Prometheus, with our rules in a hurry.
scrapes()
{
	local port

	port=$(python3 - <<-'END'
	import socket
	end = socket.socket()
	end.bind(("127.0.0.1", 0))
	print(end.getsockname()[1])
	END
	)
	PROMETHEUS=127.0.0.1:$port
	sed -e 's/^\( *for:\) .*/\1 0s/' -e 's/> 3600$/> 5/' \
	    "$TOP/etc/prometheus/prof.rules.yml" >prof.rules.yml
	{
		printf 'global:\n  scrape_interval: 1s\n'
		printf '  evaluation_interval: 1s\n'
		sed "s/localhost:9529/$(recv_at)/" \
		    "$TOP/etc/prometheus/prometheus.yml"
	} >prometheus.yml
	mkdir -p run
	prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb \
	    --web.listen-address="$PROMETHEUS" </dev/null \
	    >prometheus.out 2>&1 3>&- &
	echo $! >run/prometheus.pid
	poll 20 curl -sf "http://$PROMETHEUS/-/ready"
	poll 20 has 'prof_up{program="recv"} == 1'
}

# asked QUERY: its answer.
asked()
{
	curl -sS --data-urlencode "query=$1" \
	    "http://$PROMETHEUS/api/v1/query"
}

# has QUERY: does it have an answer, and a number in it?
has()
{
	asked "$1" | jq -e '.status == "success" and
	    ([.data.result[].value[1] | select(. != "NaN")] | length > 0)' \
	    >/dev/null
}

# fires NAME: does this alert, now?
fires()
{
	curl -sS "http://$PROMETHEUS/api/v1/alerts" | jq -e --arg name "$1" '
	    any(.data.alerts[]; .labels.alertname == $name and
		.state == "firing")' >/dev/null
}

# provokes NAME...: these alerts fire, soon.
provokes()
{
	local name

	for name; do
		poll 30 fires "$name"
		echo "$name" >>fired
	done
}

# firing: all that fire.
firing()
{
	curl -sS "http://$PROMETHEUS/api/v1/alerts" |
	    jq -r '.data.alerts[].labels.alertname' | sort -u
}

# large: upload a profile of 150 KB that does not compress; prints the status.
large()
{
	head -c 150000 /dev/urandom >large
	curl -sS -o answer -w '%{http_code}\n' \
	    -F 'main=@large;type=application/octet-stream' \
	    -F 'event={"version":"4"};type=application/json' \
	    "http://$(recv_at)/profiling/v1/input"
}

@test "every query of the dashboard has an answer" {
	local n query

	whole
	scrapes
	# One of each kind of answer; and one that waits.
	push
	curl -sS -o answer --data x "http://$(recv_at)/profiling/v1/input"
	poll 20 has 'prof_ship_last_ok_timestamp_seconds{queue="main"} > 0'
	echo 'status 503' >sink/mode
	# shellcheck disable=SC2016
	jq -r '.. | .expr? // empty' "$TOP/etc/grafana/prof.json" |
	    sed -e 's/\$__rate_interval/1m/g' -e 's/\$instance/.*/g' >queries
	run ! grep -F '$' queries
	for ((n = 0; n < 50; n++)); do
		push
		while read -r query; do
			has "$query" || echo "$query"
		done <queries >unanswered
		[ -s unanswered ] || break
		sleep 1
	done
	[ ! -s unanswered ] || fail "$(cat unanswered)"
	[ "$(jq -r '.templating.list[] | select(.name == "instance") |
	    .query.query' "$TOP/etc/grafana/prof.json")" = \
	    'label_values(prof_up, instance)' ]
	has 'prof_up{instance!=""}'
}

@test "each alert fires when it is provoked" {
	local name args

	whole 'cache_capacity_mb = 1'
	scrapes
	push
	# What prof-spool wrote at first is from before the others were there.
	poll 20 has 'min(prof_spool_consumer_up) == 1'
	poll 5 is '' firing

	# A wrong token; a program that is gone, one that comes and goes, and a
	# file of nobody's.
	echo 'status 403' >sink/mode
	for n in 1 2 3 4 5 6; do
		[ "$(large)" = 200 ]
	done
	provokes ProfDestinationSuspended
	slay copy
	longago ship.copy
	echo nothing >"$SPOOL/stat/strange"
	for n in 1 2 3; do
		slay metrics
		up metrics
	done
	provokes ProfDown ProfFiguresUnreadable ProfRestarting ProfNotFetched \
	    ProfSpoolFilling ProfRecordsOld

	# Another answer; more than there is room for; and then a disk that
	# refuses.
	echo 'status 503' >sink/mode
	for n in 1 2 3; do
		[ "$(large)" = 200 ]
	done
	provokes ProfDestinationDown
	provokes ProfRecordsEvicted
	mv "$SPOOL/queue/copy" away
	[ "$(large)" = 200 ]
	provokes ProfDiskRefuses
	mv away "$SPOOL/queue/copy"

	# Refused for good; no space.
	echo 'status 400' >sink/mode
	provokes ProfRecordsDead
	MIN_FREE=1000000000 settings "$(recv_at)" 'cache_capacity_mb = 1'
	kill -HUP "$(pid recv)" "$(pid spool)"
	poll 20 grep -q 'msg="configuration taken"' recv.log
	[ "$(large)" = 503 ]
	provokes ProfUploadsRefused
	provokes ProfSpoolRefuses

	# A target that is gone; an elector that never was; a certificate of a
	# day, and then none.
	stop fake
	provokes ProfTargetDown
	stop pull
	printf '%s\n' '[election]' 'enable = true' 'backend = etcd' \
	    'urls = http://127.0.0.1:1' >>"$CONF"
	up pull
	provokes ProfElectionTrouble
	authority
	cert pyro localhost 1
	stop pyro
	sed -i -e "/^.profile.pyroscope/,/^url/s,^url.*,url = https://127.0.0.1:0\n\
tls_cert_file = $PWD/pyro.pem\ntls_key_file = $PWD/pyro.key," "$CONF"
	up pyro
	provokes ProfCertificateExpires
	echo nothing >pyro.pem
	provokes ProfFilesNotTaken

	# What they say is whole, and what they name can be run.
	curl -sS "http://$PROMETHEUS/api/v1/alerts" >alerts
	run ! grep -e '<no value>' -e 'error' alerts
	jq -r '.data.alerts[].annotations.command' alerts | sort -u >commands
	grep -qx 'prof-spool ls -l -q main dead' commands
	while read -r name args; do
		# shellcheck disable=SC2086
		run "$name" -c "$CONF" $args
		[ "$status" -ne 2 ] || fail "$name $args: $output"
	done <commands

	stop recv
	provokes ProfNotScraped
	# None was forgotten.
	sed -n 's/.*alert: //p' "$TOP/etc/prometheus/prof.rules.yml" | sort |
	    diff - <(sort fired)
}
