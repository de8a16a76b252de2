#!/usr/bin/env bats
# Nothing answered 200 is lost, whatever is killed and whenever.
#
# PROF_SEED and PROF_KILLS choose the kills. Seen to fail when prof-recv
# answered before draft_commit had run, when prof-spool took a record out of
# new/ 3 ms before it was in its queue, and when prof-ship said ok to what it
# had only been handed; when the ledger said ok behind the unlink; when every
# third ok was not heard.

BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-500}
load lib

setup()
{
	prof_setup
	KILLS=${PROF_KILLS:-200}
	SEED=${PROF_SEED:-$RANDOM}
	WORKERS=16
	COMMITS=32	# of prof-metrics, at most
	RANDOM=$SEED
}

spool_up()
{
	start spool prof-spool -c "$CONF"
}

recv_up()
{
	start recv prof-recv -c "$CONF"
}

ship_up()
{
	start ship prof-ship -c "$CONF" -d main
}

metrics_up()
{
	start metrics prof-metrics -c "$CONF"
}

# settings ADDRESS
settings()
{
	cat >"$CONF" <<-EOF
	[http_api]
	listen = $1, unix:$PWD/apm.sock
	[profile.io_config]
	cache_path = $SPOOL
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	workers = $WORKERS
	retry_min = 10ms
	retry_max = 200ms
	probe_interval = 200ms
	lease = 10s
	EOF
}

@test "nothing answered 200 is lost when every program is killed at random" {
	local i name names=(spool recv ship metrics) out=0

	echo "PROF_SEED=$SEED PROF_KILLS=$KILLS"
	start sink sink "$PWD/sink"
	# So long that most kills of prof-ship find uploads under way.
	echo "delay 20" >sink/mode
	settings 127.0.0.1:0
	prof-spool -c "$CONF" init
	spool_up
	recv_up
	# It must come back where the client looks for it.
	settings "$(recv_at)"
	ship_up
	metrics_up
	command load -c 8 -s 6000 -r 100 -o receipts "$(recv_at)" \
	    "unix:$PWD/apm.sock" >load.out 2>load.log 3>&- &
	echo $! >load.pid
	for ((i = 0; i < KILLS; i++)); do
		sleep "0.$(printf %03d $((RANDOM % 150 + 50)))"
		name=${names[RANDOM % 4]}
		slay "$name"
		books_hold
		"${name}_up"
		# What may come twice: prof-recv has nothing out.
		case $name in
		spool|ship)	out=$((out + WORKERS)) ;;
		metrics)	out=$((out + COMMITS)) ;;
		esac
	done 2>kills.log
	kill "$(cat load.pid)"
	# What it could not bring to an end has no receipt.
	wait "$(cat load.pid)" || [ $? -eq 111 ]
	cat load.out load.log
	stop recv
	poll 120 empty
	stop metrics
	stop ship
	stop spool
	stop sink
	# Drafts of a killed prof-recv go at the next start, once they are old
	# enough to be nobody's; the books are exact.
	find "$SPOOL/tmp" -type f -exec touch -d '1 minute ago' '{}' +
	spool_up
	poll 20 is 0 holds tmp
	stop spool
	prof-spool -c "$CONF" check
	python3 "$TOP/t/delivered.py" receipts sink "$out" metrics
	[ "$(holds dead)" -eq 0 ]
}
