#!/usr/bin/env bats
# Profiles that prof-pyro joins: Node.js' kinds of one program, and those of one
# run of a Go program.
#
# lib.bash reads WRAP.
# shellcheck disable=SC2034

load lib
load pyro
load hurt

NODE='spyName=nodespy&format=pprof&from=1795341719&until=1795341729'

setup()
{
	prof_setup
	HEAP=$PWD/heap CPU=$PWD/cpu
	body pyro-node-0.6.4-heap
	body pyro-node-0.6.4-wall
	mv pyro-node-0.6.4-heap "$HEAP"
	mv pyro-node-0.6.4-wall "$CPU"
}

# The parts that wait; the files in a record, in order.
parts()
{
	find "$SPOOL/keep/pyro" -type f | wc -l
}

files()
{
	event '.attachments | join(" ")'
}

# joined: how often the log says so.
joined()
{
	grep -c 'msg="joined"' pyro.log
}

@test "a CPU profile and a heap profile become one record" {
	serve 'join_timeout = 1h'
	[ "$(ingest "name=app.cpu%7Ba=b%7D&$NODE" "$HEAP")" = 200 ]
	[ "$(parts),$(holds new)" = 1,0 ]
	id=$(sed -n 's/.* id=\([^ ]*\) msg="part received".*/\1/p' pyro.log)
	[ "$(ingest "name=app.inuse_space%7Ba=b%7D&$NODE" "$CPU")" = 200 ]
	poll 10 is 1 holds new
	poll 5 is 0 parts
	# Under the id that the set has had from its beginning.
	[ "$(records)" = "$id" ]
	[ "$(files)" = 'cpu.pprof inuse_objects.pprof inuse_space.pprof' ]
	[ "$(event .start)" = 2026-11-22T10:01:49Z ]
	[ "$(event .end)" = 2026-11-22T10:01:59Z ]
	part cpu.pprof | cmp - "$CPU"
	prof-spool -c "$CONF" cat "$id" >record
	run -0 prof-ship -u "file:$OUTBOX" record
	go tool pprof -top "$(find "$OUTBOX" -name cpu.pprof)" >top
	[ "$(figure pyro prof_pyro_waiting_sets)" = 0 ] || :
	stop pyro
	[ "$(figure pyro 'prof_pyro_sets_total{complete="true"}')" = 1 ]
	[ "$(figure pyro prof_pyro_parts_total)" = 2 ]
	[ "$(holds tmp)" = 0 ]
}

@test "what differs in name, labels or listener is not joined" {
	serve 'join_timeout = 1h'
	cat >>"$CONF" <<-END
		[profile.pyroscope]
		url = unix:$PWD/pyro.sock
		service = two
		join_timeout = 1h
	END
	stop pyro
	pyro_up
	[ "$(ingest "name=app%7Ba=b%7D&$NODE" "$HEAP")" = 200 ]
	[ "$(ingest "name=app%7Ba=c%7D&$NODE" "$CPU")" = 200 ]
	[ "$(ingest "name=app%7B%7D&$NODE" "$CPU")" = 200 ]
	[ "$(ingest "name=other%7Ba=b%7D&$NODE" "$CPU")" = 200 ]
	[ "$(ingest "name=app%7Ba=b%7D&$NODE" "$CPU" \
	    --unix-socket pyro.sock)" = 200 ]
	[ "$(parts)" = 5 ]
	[ "$(ingest "name=app%7Ba=b%7D&$NODE" "$CPU")" = 200 ]
	poll 10 is 1 holds new
	poll 5 is 4 parts
	[ "$(tag service)" = app ]
}

@test "a profile that a set has already begins another, and none is lost" {
	local i

	serve 'join_timeout = 1h'
	for i in 1 2 3; do
		[ "$(ingest "name=app&$NODE&i=$i" "$CPU")" = 200 ]
	done
	[ "$(parts)" = 3 ]
	# The one that has waited longest is the first to be complete.
	id=$(sed -n 's/.* id=\([^ ]*\) msg="part received".*/\1/p' pyro.log |
	    head -n 1)
	[ "$(ingest "name=app&$NODE&i=0" "$HEAP")" = 200 ]
	poll 10 is "$id" records
	for i in 1 2; do
		[ "$(ingest "name=app&$NODE&i=$i" "$HEAP")" = 200 ]
	done
	poll 10 is 3 holds new
	poll 5 is 0 parts
}

@test "of sets that wait 16 MiB are remembered, the oldest are sent" {
	local sets

	IO='cache_capacity_mb = 10240' serve 'join_timeout = 1h'
	python3 - "$(pyro_at)" "$CPU" <<-'END'
	import http.client, sys, threading
	body = open(sys.argv[2], "rb").read()
	def post(first):
	    c = http.client.HTTPConnection(sys.argv[1])
	    for i in range(first, 1200, 8):
	        c.request("POST", "/ingest?format=pprof&spyName=nodespy&name="
	                  f"app%7Bi={i},long={'x' * 15000}%7D", body)
	        answer = c.getresponse()
	        assert answer.status == 200, answer.read()
	        answer.read()
	    c.close()
	all = [threading.Thread(target=post, args=(i,)) for i in range(8)]
	for t in all:
	    t.start()
	for t in all:
	    t.join()
	END
	poll 10 grep -q 'msg="joined" complete=false' pyro.log
	stop pyro
	sets=$(figure pyro prof_pyro_waiting_sets)
	echo "sets=$sets parts=$(parts) records=$(holds new)"
	[ "$sets" -lt $(((16 << 20) / 15000 + 1)) ]
	# No more than must be.
	[ "$sets" -gt 1000 ]
	[ $(($(parts) + $(holds new))) -eq 1200 ]
}

@test "labels of samples stay in a record" {
	serve 'join_timeout = 100ms'
	run -0 send -q "$(pyro_at)" "$DATA/pyro/pyro-node-0.4.13-wall.http"
	poll 10 is 1 holds new
	part cpu.pprof >p
	pprof stacks p | grep -q '{vehicle=bike}'
}

@test "an incomplete set is sent after join_timeout" {
	serve 'join_timeout = 300ms'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	poll 10 is 1 holds new
	[ "$(files)" = 'inuse_objects.pprof inuse_space.pprof' ]
	[ "$(event .start)" = 2026-11-22T10:01:59Z ]
	[ "$(event .end)" = 2026-11-22T10:02:09Z ]
	poll 5 is 0 parts
	grep -q 'msg="joined" complete=false' pyro.log
}

# go_profile FILE SESSION UNTIL [CONFIG]: as pyroscope-go sends one.
go_profile()
{
	local name="go%7B__session_id__=$2%7D"

	curl -sS -o answer -w '%{http_code}' -F "profile=@$DATA/pprof/$1" \
	    ${4:+-F "sample_type_config=$4"} "http://$(pyro_at)/ingest?\
name=$name&spyName=gospy&from=${5:-10}&until=$3"
}

@test "Go's profiles of one run and second become one record" {
	local lock='{"contentions":{"display-name":"%s_count"}}'

	serve 'join_timeout = 1h'
	[ "$(go_profile cpu.1.pprof s1 25)" = 200 ]
	[ "$(go_profile heap.1.pprof s1 25 '{"inuse_space":{}}' 8)" = 200 ]
	[ "$(go_profile goroutine.1.pprof s1 25 '{"goroutine":{}}')" = 200 ]
	# shellcheck disable=SC2059
	[ "$(go_profile mutex.1.pprof s1 25 "$(printf "$lock" mutex)")" = 200 ]
	[ "$(holds new),$(parts)" = 0,4 ]
	# Of another second, of another run; and of none.
	[ "$(go_profile cpu.2.pprof s1 26)" = 200 ]
	[ "$(go_profile cpu.2.pprof s2 25)" = 200 ]
	[ "$(go_profile cpu.2.pprof '' 25)" = 200 ]
	[ "$(holds new),$(parts)" = 1,6 ]
	rm "$(record)"
	# shellcheck disable=SC2059
	[ "$(go_profile block.1.pprof s1 25 "$(printf "$lock" block)")" = 200 ]
	poll 10 is 1 holds new
	[ "$(files)" = 'cpu.pprof goroutines.pprof delta-heap.pprof '\
'delta-mutex.pprof delta-block.pprof' ]
	[ "$(event .language)" = golang ]
	# From the first of them to the last.
	[ "$(event .start)" = 1970-01-01T00:00:08Z ]
	[ "$(event .end)" = 1970-01-01T00:00:25Z ]
	part delta-block.pprof | cmp - "$DATA/pprof/block.1.pprof"
	[ -z "$(tag __session_id__)" ]
}

@test "what waits outlives the program, and goes on waiting" {
	serve 'join_timeout = 1h'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	slay pyro
	pyro_up
	grep -q 'msg="sets found" sets=1' pyro.log
	[ "$(holds new)" = 0 ]
	[ "$(ingest "name=app&$NODE" "$CPU")" = 200 ]
	poll 10 is 1 holds new
	[ "$(files)" = 'cpu.pprof inuse_objects.pprof inuse_space.pprof' ]
	stop pyro
	pyro_up
	[ "$(holds new),$(parts)" = 1,0 ]
}

@test "SIGTERM leaves what waits; it is sent when its time has come" {
	local old=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11 part

	serve 'join_timeout = 1h'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	stop pyro
	[ "$(parts)" = 1 ]
	# Its id says since when it has waited.
	part=$(ls "$SPOOL/keep/pyro")
	mv "$SPOOL/keep/pyro/$part" "$SPOOL/keep/pyro/$old.${part##*.}"
	pyro_up
	poll 10 is $old records
	poll 5 is 0 parts
}

@test "a set found whole at the start is sent at once" {
	local heap cpu

	serve 'join_timeout = 1h'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	stop pyro
	heap=$(ls "$SPOOL/keep/pyro")
	mv "$SPOOL/keep/pyro/$heap" aside
	pyro_up
	[ "$(ingest "name=app&$NODE" "$CPU")" = 200 ]
	stop pyro
	cpu=$(ls "$SPOOL/keep/pyro")
	# As if it had been killed when both were stored.
	mv aside "$SPOOL/keep/pyro/${cpu%.*}.${heap##*.}"
	pyro_up
	poll 10 is 1 holds new
	[ "$(files)" = 'cpu.pprof inuse_objects.pprof inuse_space.pprof' ]
}

@test "sets of a listener that is no more are sent at once" {
	serve 'join_timeout = 1h'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	stop pyro
	URL=localhost:0 settings 'join_timeout = 1h'
	pyro_up
	poll 10 is 1 holds new
}

@test "a part that is damaged stays, and costs the others nothing" {
	serve 'join_timeout = 2s'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	[ "$(ingest "name=other&$NODE" "$CPU")" = 200 ]
	stop pyro
	for file in "$SPOOL"/keep/pyro/*.1; do
		printf x | dd of="$file" bs=1 seek=900 conv=notrunc status=none
	done
	echo stray >"$SPOOL/keep/pyro/stray"
	pyro_up
	grep -q 'msg="bad part" path="keep/pyro/stray"' pyro.log
	grep -q 'msg="bad part" path="keep/pyro/.*crc32c does not match' pyro.log
	poll 10 is 1 holds new
	[ "$(files)" = cpu.pprof ]
	[ "$(parts)" = 2 ]
	stop pyro
	[ "$(figure pyro prof_pyro_bad_parts_total)" = 2 ]
}

@test "of a set whose parts are all damaged nothing is sent" {
	serve 'join_timeout = 1s'
	[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
	printf x | dd of="$(echo "$SPOOL"/keep/pyro/*)" bs=1 seek=900 \
	    conv=notrunc status=none
	poll 10 grep -q 'msg="bad part"' pyro.log
	stop pyro
	[ "$(holds new),$(parts)" = 0,1 ]
	[ "$(figure pyro 'prof_pyro_sets_total{complete="false"}')" = 0 ]
}

@test "a set that cannot be joined, or not ended, is tried again" {
	local away

	serve 'join_timeout = 200ms'
	for away in tmp/pyro new; do
		[ "$(ingest "name=app&$NODE" "$HEAP")" = 200 ]
		mv "$SPOOL/$away" away
		poll 5 grep -q 'msg="cannot join" error="No such' pyro.log
		[ "$(find "$SPOOL/keep/pyro" -type f | wc -l)" -gt 0 ]
		mv away "$SPOOL/$away"
		poll 10 is 1 holds new
		poll 5 is 0 parts
		[ "$(find "$SPOOL/keep/pyro" -mindepth 1 | wc -l)" -eq 0 ]
		rm "$(record)"
		: >pyro.log
	done
}

# both: upload the two halves of a set; what was answered 200 is in the file
# acked, a line "cpu" or "heap" each.
both()
{
	[ "$(ingest "name=app&$NODE" "$HEAP")" != 200 ] || echo heap >>acked
	[ "$(ingest "name=app&$NODE" "$CPU")" != 200 ] || echo cpu >>acked
} 2>/dev/null

# whole: prof-pyro has sent all that waits; everything answered 200 is there,
# and nothing stands in two records. An upload that had no answer may be there.
whole()
{
	local id cpu=0 heap=0 set

	poll 20 is 0 parts
	stop pyro
	for id in $(records); do
		set=$(event '.attachments | join(" ")' "$SPOOL/new/$id")
		case $set in
		*cpu*)	cpu=$((cpu + 1)) ;;
		esac
		case $set in
		*inuse*)	heap=$((heap + 1)) ;;
		esac
	done
	echo "kill $1: $(xargs <acked): $cpu cpu, $heap heap"
	[ "$cpu" -ge "$(grep -c cpu acked)" ] && [ "$cpu" -le 1 ] &&
	    [ "$heap" -ge "$(grep -c heap acked)" ] && [ "$heap" -le 1 ] &&
	    [ "$(find "$SPOOL/keep/pyro" -mindepth 1 | wc -l)" -eq 0 ]
}

# killed N: prof-pyro killed at the N-th call of a run in which two uploads are a
# set, for each_point.
killed()
{
	: >acked
	rm -rf "$SPOOL"
	prof-spool -c "$CONF" init
	WRAP=("${KILLAT[@]}" -n "$1")
	start pyro prof-pyro -c "$CONF" || :
	WRAP=()
	both
	# The join comes behind the answers, and at last the way out.
	waits 3 over
	kill "$(pid pyro)" || :
	ended pyro || [ $? -eq 137 ]
	counted
	start pyro prof-pyro -c "$CONF"
	whole "$1"
}

# over: it was killed, or has done all there is.
over()
{
	gone "$(pid pyro)" ||
	    { [ "$(holds new)" -eq 1 ] && [ "$(find "$SPOOL/keep/pyro" \
	    -mindepth 1 | wc -l)" -eq 0 ]; }
}

@test "killed at each system call of a set, nothing is lost or doubled" {
	hurt_setup 25
	HTTP_API='commits = 1' settings 'join_timeout = 500ms'
	each_point killed 2>>kills.log
}

# published: is its address to be had, if it lives?
published()
{
	gone "$(pid pyro)" || [ -s "$SPOOL/stat/pyro" ]
}

# failing ERROR CALL N: prof-pyro, whose N-th such call fails in that run.
failing()
{
	: >acked
	rm -rf "$SPOOL"
	prof-spool -c "$CONF" init
	WRAP=(strace -D -f -qq -o trace -e "trace=$2"
	    -e "inject=$2:error=$1:when=$3")
	start pyro prof-pyro -c "$CONF" || :
	WRAP=()
	# Its address is in its figures: those that fail come 10 s later.
	waits 15 published
	both
	waits 3 over
	if gone "$(pid pyro)"; then
		ended pyro || [ $? -eq 111 ]
		start pyro prof-pyro -c "$CONF"
	fi
	# What could not be joined is tried again every 2 seconds.
	whole "$*"
	failed=$(grep -c INJECTED trace || :)
}

@test "when a system call of a set fails, nothing is lost or doubled" {
	local call error errors=(EIO ENOSPC) failed n

	hurt_setup 3
	[ "$POINTS" != every ] || errors+=(EMFILE EDQUOT EINTR)
	RANDOM=${SEED:?}
	HTTP_API='commits = 1' settings 'join_timeout = 500ms'
	for error in "${errors[@]}"; do
		for call in fsync renameat2 mkdirat pwrite64 openat; do
			for ((n = 1; n == 1 || failed > 0; n++)); do
				[ "$POINTS" = every ] || break
				failing "$error" "$call" "$n"
			done
			[ "$POINTS" = every ] || failing "$error" "$call" \
			    $((RANDOM % POINTS + 1))
		done
	done 2>>kills.log
}

@test "killed at random, at work and while it starts, none is lost or doubled" {
	local i pusher seed=${PROF_SEED:-$RANDOM}

	echo "PROF_SEED=$seed"
	RANDOM=$seed
	serve 'join_timeout = 300ms'
	pyro_at >address
	URL=$(pyro_at)
	settings 'join_timeout = 300ms'
	python3 "$TOP/t/pyro_sets.py" push address "$CPU" "$HEAP" stop \
	    >acked 2>push.log 3>&- &
	pusher=$!
	for ((i = 0; i < 40; i++)); do
		sleep "0.$(printf %03d $((RANDOM % 150 + 10)))"
		slay pyro
		# Now and then it is killed before it is ready, too.
		if [ $((i % 4)) -eq 0 ]; then
			prof-pyro -c "$CONF" 2>>early.log 3>&- &
			sleep "0.0$(printf %02d $((RANDOM % 30)))"
			kill -9 $!
			wait $! || :
		fi
		pyro_up
	done 2>kills.log
	touch stop
	wait "$pusher"
	poll 20 is 0 parts
	stop pyro
	python3 "$TOP/t/pyro_sets.py" check acked "$SPOOL/new"
	[ "$(find "$SPOOL/keep/pyro" -mindepth 1 | wc -l)" -eq 0 ]
}
