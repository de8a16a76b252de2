#!/usr/bin/env bats
# The figures of all programs: their names, one page of them all, and whether
# the set is well.
#
# Each was seen to fail, with what it is about broken in the source, but those
# of a hundred destinations, of what is opened, and of one that is away.
# shellcheck disable=SC2034

load lib
load stats.bash

# listed: NAME{LABELS} of prof.7's section STATISTICS, one a line; the labels
# sorted, those of GET /metrics alone left out.
listed()
{
	sed -n '/^\.Sh STATISTICS/,/^\.Sh LOG/p' "$TOP/cmd/prof.7" |
	    sed -e ':more' -e '/\\$/{N; s/\\\n//; b more' -e '}' |
	    grep '^\.It Li prof_' | tr ' ' '\n' | grep '^prof_' |
	    grep -v -e '^prof_up{' -e '^prof_stat_valid{' | sorted
}

# written FILE...: the same of figures; histograms without le and their parts.
written()
{
	awk '/^# TYPE / { type[$3] = $4; next }
	    /^#/ { next }
	    {
		sub(/ [^ ]*$/, "")
		name = $0
		sub(/[{].*/, "", name)
		labels = substr($0, length(name) + 1)
		gsub(/="([^"\\]|\\.)*"/, "", labels)
		base = name
		sub(/_(bucket|sum|count)$/, "", base)
		if (type[base] == "histogram") {
			name = base
			sub(/,?le}/, "}", labels)
			sub(/^{}$/, "", labels)
		} else if (!(name in type))
			name = "untyped_" name
		print name labels
	    }' "$@" | sorted
}

# types FILE...: the names of families, with and without samples.
types()
{
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$@" | sort -u
}

# Labels in one order.
sorted()
{
	awk '{
		n = split($0, part, /[{,}]/)
		text = part[1]
		for (i = 2; i < n; i++) {
			least = ""
			for (j = 2; j < n; j++)
				if (part[j] != "" &&
				    (least == "" || part[j] < part[least]))
					least = j
			text = text (i == 2 ? "{" : ",") part[least]
			part[least] = ""
		}
		print text (n > 2 ? "}" : "")
	}' | sort -u
}

@test "prof.7 lists every figure that programs write, and no other" {
	whole
	# A failure, too, so that there is a reason to be told.
	printf 'status 400\ntimes 1\n' >sink/mode
	push
	poll 20 grep -q 'msg="pulled"' pull.log
	poll 20 is 0 holds queue
	for name in pull pyro recv copy main metrics spool; do
		stop "$name"
	done
	listed >manual
	written "$SPOOL"/stat/* >programs
	diff <(sed 's/{.*//' manual | sort -u) <(types "$SPOOL"/stat/*)
	# Of what has no sample here the labels cannot be seen.
	sed 's/{.*//' programs | sort -u >names
	awk 'NR == FNR { seen[$0]; next }
	    { name = $0; sub(/{.*/, "", name) } name in seen' names manual |
	    diff - programs
	[ "$(wc -l <manual)" -gt 90 ]
}

@test "names and units are as Prometheus wants them" {
	whole
	push
	poll 20 grep -q 'msg="pulled"' pull.log
	# What counts is what was written last.
	for name in pull pyro copy main metrics; do
		stop "$name"
	done
	scraped >page
	run -0 promtool check metrics <page
	[ -z "$output" ] || fail "$output"
	# All of it was there to be looked at.
	[ "$(written page | wc -l)" -gt 90 ]
	# No gauge may have a counter's name without _total (OpenMetrics).
	sed -n 's/^# TYPE \(.*\)_total counter$/\1/p' page >counters
	sed -n 's/^# TYPE \(.*\) [gh][a-z]*$/\1/p' page >others
	run ! grep -Fxf counters others
}

@test "what is restarted counts its starts, whoever restarts it" {
	whole
	poll 5 shows 'prof_starts_total{program="ship.main"}' 1
	slay main
	up main
	poll 5 shows 'prof_starts_total{program="ship.main"}' 2
	stop main
	up main
	poll 5 shows 'prof_starts_total{program="ship.main"}' 3
	poll 5 shows 'prof_starts_total{program="spool"}' 1
	# A file that is no predecessor's starts anew.
	stop main
	echo '# nothing' >"$SPOOL/stat/ship.main"
	up main
	poll 5 shows 'prof_starts_total{program="ship.main"}' 1
}

@test "GET /metrics joins all programs, a family once, its samples together" {
	local prog

	whole
	scraped >page
	for prog in recv pyro pull spool metrics ship.main ship.copy; do
		grep -qx "prof_up{program=\"$prog\"} 1" page
		grep -qx "prof_stat_valid{program=\"$prog\"} 1" page
		grep -q "^prof_build_info{program=\"$prog\",version=" page
	done
	# A family is one run of lines.
	awk '/^# (HELP|TYPE)/ { name = $3 }
	    !/^#/ {
		name = $1
		sub(/{.*/, "", name)
		sub(/_(bucket|sum|count)$/, "", name)
	    }
	    name != last && seen[name]++ { print name; bad = 1 }
	    { last = name }
	    /^# TYPE/ && types[$3]++ { print; bad = 1 }
	    END { exit bad }' page
	[ "$(grep -c '^prof_ship_workers{' page)" -eq 2 ]
	# All but words of what the files have is there.
	grep -h '^prof_ship_' "$SPOOL"/stat/ship.* | grep -v 'reason=' | sort \
	    >want
	grep '^prof_ship_' page | sort >got
	sed 's/ [^ ]*$//' want | diff - <(sed 's/ [^ ]*$//' got)
	run ! grep 'reason=.*} 1' <(grep '_info{' page)
}

@test "/metrics and /healthz take GET and HEAD, and the type is text" {
	local path

	whole
	for path in metrics healthz; do
		run -0 curl -sS -o got -D head -w '%{http_code}' \
		    -H 'Accept: application/openmetrics-text' \
		    "http://$(recv_at)/$path"
		[ "$output" = 200 ]
		grep -i '^content-type: text/plain; ' head
		run -0 curl -sSI "http://$(recv_at)/$path"
		[[ $output = *"200 OK"* ]]
		run -0 curl -sS -o got -D head -w '%{http_code}' -d x=y \
		    "http://$(recv_at)/$path"
		[ "$output" = 405 ]
		grep -i '^allow: GET, HEAD' head
	done
	curl -sSI "http://$(recv_at)/metrics" |
	    grep -i '^content-type: text/plain; version=0.0.4'
}

@test "metrics = false: 404, and /healthz answers all the same" {
	HTTP_API='metrics = false'
	whole
	run -0 curl -sS -o got -w '%{http_code}' "http://$(recv_at)/metrics"
	[ "$output" = 404 ]
	[ "$(health)" = '200 ok' ]
	HTTP_API='' settings "$(recv_at)"
	kill -HUP "$(pid recv)"
	poll 5 scraped
}

@test "of a program that is down only that is shown" {
	whole
	slay copy
	longago ship.copy
	poll 5 shows 'prof_up{program="ship.copy"}' 0
	scraped >page
	[ "$(grep -c 'ship.copy\|queue="copy"' <(grep -v '^prof_spool' page))" \
	    -eq 1 ]
	grep -qx 'prof_up{program="ship.main"} 1' page
	# Never started, or its file was removed: the same.
	rm "$SPOOL/stat/ship.copy"
	sleep 1
	shows 'prof_up{program="ship.copy"}' 0
	# It was here once, and is configured no more: nothing.
	cp "$SPOOL/stat/ship.main" "$SPOOL/stat/ship.old"
	longago ship.old
	sleep 1
	scraped >page
	run ! grep 'ship\.old' page
}

@test "a file that is torn or strange takes nothing else with it" {
	local stat=$SPOOL/stat

	whole
	# Of programs that nobody configured, they run as far as can be seen.
	head -c 1000 "$stat/spool" >"$stat/torn"
	: >"$stat/empty"
	printf 'prof_x 1\n' >"$stat/bare"
	printf '# HELP prof_x x\n# TYPE prof_x gauge\nprof_x{a="\xff"} 1\n' \
	    >"$stat/latin"
	printf '# HELP prof_x x\n# TYPE prof_x gauge\nprof_y 1\n' >"$stat/other"
	head -c 5000000 /dev/zero | tr '\0' '#' >"$stat/large"
	ln -s "$stat/spool" "$stat/link"
	mkfifo "$stat/pipe"
	cp "$stat/spool" "$stat/.hidden"
	cp "$stat/spool" "$stat/with space"
	scraped >page
	run -0 promtool check metrics <page
	[ -z "$output" ] || fail "$output"
	grep '^prof_stat_valid' page
	for name in torn bare latin other large; do
		grep -qx "prof_stat_valid{program=\"$name\"} 0" page
	done
	grep -qx 'prof_stat_valid{program="empty"} 1' page
	run ! grep -e 'program="link"' -e 'program="pipe"' -e hidden \
	    -e 'with space' -e prof_x -e prof_y page
	grep -qx 'prof_stat_valid{program="spool"} 1' page
	grep -q '^prof_spool_bytes ' page
}

# figures QUEUE: those of a prof-ship.
figures()
{
	sed "s/queue=\"main\"/queue=\"$1\"/; s/ship\.main/ship.$1/" \
	    "$SPOOL/stat/ship.main"
}

@test "a hundred destinations are one page, and memory stays what it is" {
	local i before after

	whole
	scraped >page
	before=$(awk '/^VmHWM/ { print $2 }' "/proc/$(pid recv)/status")
	for i in $(seq 100); do
		figures "d$i" >"$SPOOL/stat/ship.d$i"
	done
	sleep 1
	for i in $(seq 50); do
		scraped >page
	done
	[ "$(grep -c '^prof_ship_workers{' page)" -eq 102 ]
	[ "$(grep -c '^# TYPE prof_ship_workers ' page)" -eq 1 ]
	run -0 promtool check metrics <page
	[ -z "$output" ] || fail "$output"
	skip_asan "memory is another's"
	after=$(awk '/^VmHWM/ { print $2 }' "/proc/$(pid recv)/status")
	# KiB: what was read, and the page.
	[ $((after - before)) -lt 8192 ]
}

@test "who does not read the page costs a bounded amount of memory" {
	local i

	others
	# What a unix socket holds for its reader is little.
	settings "127.0.0.1:0, unix:$PWD/apm.sock"
	prof-spool -c "$CONF" init
	up spool main recv
	for i in $(seq 450); do
		figures "d$i" >"$SPOOL/stat/ship.d$i"
	done
	scraped >page
	[ "$(stat -c %s page)" -gt 1000000 ]
	run -0 python3 - <<-'EOF'
	import socket

	deaf = []
	statuses = []
	for i in range(60):
	    s = socket.socket(socket.AF_UNIX)
	    s.connect("apm.sock")
	    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n")
	    statuses.append(s.recv(12)[9:])
	    deaf.append(s)
	print(statuses.count(b"200"), statuses.count(b"503"))
	EOF
	read -r good put_off <<<"$output"
	[ "$good" -ge 2 ]
	[ "$put_off" -ge 20 ]
	skip_asan "memory is another's"
	[ "$(awk '/^VmHWM/ { print $2 }' "/proc/$(pid recv)/status")" -lt 65536 ]
}

@test "for a scrape nothing but stat/ is opened" {
	skip_asan "LeakSanitizer cannot run under strace"
	others
	settings
	prof-spool -c "$CONF" init
	up spool
	WRAP=(strace -D -f -e trace=openat -o trace)
	start recv prof-recv -c "$CONF"
	WRAP=()
	# The first answer has libc look for a time zone, for its Date.
	[ "$(health)" = '200 ok' ]
	: >trace
	scraped >page
	[ "$(health)" = '200 ok' ]
	grep -ao '"[^"]*"' trace | sort -u >opened
	cat opened
	grep -qx '"stat/spool"' opened
	run ! grep -v -e '^"stat"$' -e '^"stat/[a-z.]*"$' -e '^"\.recv\.tmp"$' \
	    opened
}

@test "/healthz says why records are not taken" {
	whole 'when_full = reject'
	[ "$(health)" = '200 ok' ]
	touch "$SPOOL/full"
	[ "$(health)" = '503 the spool is full' ]
	curl -sSi "http://$(recv_at)/healthz" | grep -qi '^retry-after: '
	rm "$SPOOL/full"
	[ "$(health)" = '200 ok' ]
	MIN_FREE=1000000000 settings "$(recv_at)"
	kill -HUP "$(pid recv)"
	poll 5 is "503 the spool's file system is full" health
	settings "$(recv_at)"
	kill -HUP "$(pid recv)"
	poll 5 is '200 ok' health
	# A commit that fails; then one that does not.
	mv "$SPOOL/tmp/recv" "$SPOOL/away"
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^503 '
	[ "$(health)" = '503 the last record could not be committed: No such '\
'file or directory' ]
	mv "$SPOOL/away" "$SPOOL/tmp/recv"
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^200 '
	[ "$(health)" = '200 ok' ]
}

# spool_said SAMPLE VALUE: as if prof-spool had written that.
spool_said()
{
	awk -v name="$1" -v value="$2" '{
		given = $0
		sub(/ [^ ]*$/, "", given)
		print given == name ? name " " value : $0
	}' "$SPOOL/stat/spool" >stat.new
	mv stat.new "$SPOOL/stat/spool"
}

@test "/healthz says why records are not moved on" {
	whole
	# From here on it writes no more, and its word is what we say.
	kill -STOP "$(pid spool)"
	[ "$(health)" = '200 ok' ]
	cp "$SPOOL/stat/spool" well
	longago spool
	[[ $(health) = '503 prof-spool has written no figures for '*' s' ]]
	rm "$SPOOL/stat/spool"
	[[ $(health) = '503 the figures of prof-spool cannot be read: No such'* ]]
	cp well "$SPOOL/stat/spool"
	[ "$(health)" = '200 ok' ]
	spool_said prof_spool_admitting 0
	[[ $(health) = '503 prof-spool cannot take records from new/: '* ]]
	cp well "$SPOOL/stat/spool"
	spool_said 'prof_spool_queue_stuck{queue="copy"}' 1
	[[ $(health) = '503 queue copy: the disk keeps what was delivered'* ]]
	cp well "$SPOOL/stat/spool"
	spool_said 'prof_spool_consumer_up{queue="main"}' 0
	spool_said 'prof_spool_records{queue="main",state="waiting"}' 3
	[ "$(health)" = '200 ok' ]
	spool_said 'prof_spool_consumer_timestamp_seconds{queue="main"}' \
	    "$(($(date +%s) - 70))"
	[[ $(health) = '503 queue main: nobody has fetched its 3 records for '* ]]
	# Nothing waits there, or nobody wants it: no reason.
	cp "$SPOOL/stat/spool" away
	spool_said 'prof_spool_records{queue="main",state="waiting"}' 0
	[ "$(health)" = '200 ok' ]
	cp away "$SPOOL/stat/spool"
	spool_said 'prof_spool_configured{queue="main"}' 0
	[ "$(health)" = '200 ok' ]
	kill -CONT "$(pid spool)"
}

@test "/healthz is well while a destination is away" {
	whole
	echo 'status 503' >sink/mode
	push
	poll 20 grep -q 'msg="destination is down"' main.log
	[ "$(health)" = '200 ok' ]
}

hangs()
{
	[[ $(health) = '503 1 commits wait, and none has ended for '*' s: the '\
'disk hangs' ]]
}

@test "/healthz says that the disk hangs, as long as it does" {
	local client

	command -v strace >/dev/null || skip "no strace"
	others
	settings
	prof-spool -c "$CONF" init
	up spool main copy metrics
	# shellcheck disable=SC2034
	WRAP=(strace -D -f -o trace -P "$SPOOL/new" -e trace=fsync
	    -e "inject=fsync:delay_enter=24000000")
	up recv
	# shellcheck disable=SC2034
	WRAP=()
	[ "$(health)" = '200 ok' ]
	curl -sS -m 100 -o sent -F main=@"$CONF" -F event='{"version":"4"}' \
	    "http://$(recv_at)/profiling/v1/input" 3>&- &
	client=$!
	poll 15 shows prof_recv_commits_waiting 1
	[ "$(health)" = '200 ok' ]
	poll 30 hangs
	wait "$client"
	grep ProfileID sent
	[ "$(health)" = '200 ok' ]
}
