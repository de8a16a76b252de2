# prof trace: the life of records that the real programs had, from the spool and
# from logs as supervisors write them.
load lib

# sinks NAME MODE...: a destination.
sinks()
{
	mkdir -p "$1"
	printf '%s\n' "${@:2}" >"$1/mode"
	start "$1" sink "$1"
}

# to NAME: that destination. Of several records a sick one is tried with one
# only: so it gets no more.
to()
{
	printf '[destination.%s]\ntype = dataway\nurl = http://%s\n' "$1" \
	    "$(cat "$1/address")"
	echo 'accept = profile'
}

outbox()
{
	printf '[destination.main]\ntype = file\nurl = file:%s\n' "$OUTBOX"
}

# upload: its id in ID.
upload()
{
	ID=$(send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" |
	    sed -n 's/^200.*"ProfileID":"\([^"]*\)".*/\1/p')
	[ -n "$ID" ]
}

# traced PATTERN [ARGS...]: does the trace of ID have such a line?
traced()
{
	prof trace -c "$CONF" "$ID" "${@:2}" 2>&1 | grep -qE "$1"
}

@test "a record is traced from its client to each destination's end" {
	sinks picky 'status 413' 'body too much'
	sinks sick 'status 503'
	METRICS=true conf <<-END
		retry_min = 60s
		retry_max = 60s
		send_retry_count = 1
		$(outbox)
		$(to picky)
		$(to sick)
	END
	start run prof run -c "$CONF"
	upload
	poll 20 traced 'picky: refused for good, attempt 1: 413 .*too much'
	poll 20 traced '^-  *queue/sick: waits, 1 attempts failed, next try at 20'
	poll 20 traced '^- .* ledger/main: ok$'
	run -0 prof trace -c "$CONF" "$ID" run.log
	[[ ${lines[0]} =~ ^20[^\ ]*Z\ \ received:\ profile\ by\ prof-recv\ from ]]
	[[ $output = *"outbox of main: $OUTBOX/"*"-$ID"* ]]
	[[ $output = *"prof-recv: received remote="* ]]
	[[ $output = *"prof-ship: delivered to=main "* ]]
	# The sentence, of each queue.
	[[ $output = *"$ID: "*"main has it"* ]]
	[[ $output = *"it waits for sick, 1 attempt failed, and is tried again in "* ]]
	[[ $output = *"it is dead in picky (413 "*"until prof-spool -c $CONF retry -q picky $ID"* ]]
	[[ $output = *"metrics is done with it"* ]]
	# What was made of it, and that one's own.
	[[ $output = *"made of it: "*"main has it"* ]]
	ID=$(sed -n 's/^made of it: \([^:]*\).*/\1/p' <<<"$output" | head -n 1)
	traced "^made from .*it is dead in picky"
	# Cut short it is the record, not what was made of it.
	run -0 prof trace -c "$CONF" "${ID:0:13}"
	[[ $output = *"made of it: "* ]]
	stop run
	stop picky
	stop sick
}

@test "a record in new, one that was removed, one that is lost, and none" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	record -i "$ID" </dev/null >"$SPOOL/new/$ID"
	traced '^-  *new: committed'
	traced 'it is committed, and prof-spool .* admits it .* if it runs\.$'
	start spool prof-spool -c "$CONF"
	poll 10 traced 'it waits for main, was not tried yet'
	run -0 prof-spool -c "$CONF" rm "$ID"
	traced 'somebody removed it from main; nothing more happens'
	stop spool
	echo "in 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a22" >>"$SPOOL/ledger/main"
	# Two begin so.
	run -100 prof trace -c "$CONF" 019e1f0c-6d3a-7c41
	[[ $output = *"several records begin so"* ]]
	ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a22
	traced 'main has counted it and it is nowhere'
	ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a33
	mkdir -p "$SPOOL/lost"
	record -i "$ID" </dev/null >"$SPOOL/lost/$ID"
	traced 'put it into lost/'
	run -100 prof trace -c "$CONF" 019e1f0d
	[[ $output = *"no such record"* ]]
	run -2 prof trace -c "$CONF" nonsense
	run -2 prof trace -c "$CONF"
	run -111 prof trace -c "$CONF" "$ID" no-such-log
	[[ $output = *"cannot read a log"*"put it into lost/"* ]]
}

# When all of the logs below say that it was.
WHEN=1795341600

# line MSG...: as prof-ship writes it.
line()
{
	echo "level=info prog=prof-ship id=$ID msg=\"delivered\" to=main status=200 n=$1"
}

# tai SECONDS: as svlogd -t has it.
tai()
{
	printf '@%016x%08x' $((0x4000000000000000 + $1)) 500000000
}

@test "lines of several loggers are told in the order of time" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	{
		echo "$(tai $((WHEN + 10 + 5))) $(line tai)"
		echo "$(tai $((WHEN + 10 + 5))) level=info prog=prof-ship id=${ID%1}2 msg=\"delivered\" to=main n=other"
	} >svlogd.log
	{
		echo "$(date -u -d "@$((WHEN + 4))" +%FT%T).25000 $(line ttt)"
		line unstamped
	} >ttt.log
	echo "$(date -u -d "@$((WHEN + 3))" +%F_%T).25000 $(line tt)" >tt.log
	echo "$(date -u -d "@$((WHEN + 2))" +%FT%T+0000) host prof-ship[12]: $(line journal)" >journal.log
	echo "$(TZ=UTC-8 date -d "@$((WHEN + 1))" +%FT%T+0800) host prof-ship[12]: $(line zone)" >zone.log
	echo "$((WHEN)).250000 host prof-ship[12]: $(line unix)" >unix.log
	echo "$(TZ=UTC-8 date -d "@$((WHEN - 1))" '+%F %T').250000 $(line local)" >local.log
	# s6-log's counts leap seconds: the file's time tells.
	echo "$(tai $((WHEN + 37 - 2))) $(line leap)" >s6.log
	touch -d "@$((WHEN - 2))" s6.log
	line plain >plain.log
	TZ=UTC-8 run -0 prof trace -c "$CONF" "$ID" svlogd.log ttt.log tt.log \
	    journal.log zone.log unix.log local.log s6.log plain.log
	sed -n 's/^\([^ ]*\) .* n=\([a-z]*\)$/\2 \1/p' <<<"$output" >told
	diff - told <<-END
		leap $(date -u -d "@$((WHEN - 2))" +%FT%T.500Z)
		local $(date -u -d "@$((WHEN - 1))" +%FT%T.250Z)
		unix $(date -u -d "@$((WHEN))" +%FT%T.250Z)
		zone $(date -u -d "@$((WHEN + 1))" +%FT%T.000Z)
		journal $(date -u -d "@$((WHEN + 2))" +%FT%T.000Z)
		tt $(date -u -d "@$((WHEN + 3))" +%FT%T.250Z)
		ttt $(date -u -d "@$((WHEN + 4))" +%FT%T.250Z)
		unstamped $(date -u -d "@$((WHEN + 4))" +%FT%T.250Z)
		tai $(date -u -d "@$((WHEN + 5))" +%FT%T.500Z)
		plain -
	END
	# The logs alone know it, and say so.
	[[ $output = *"$ID: main has it; nothing more happens."* ]]
	TZ=UTC-8 run -0 prof trace -c "$CONF" "${ID:0:30}" - <unix.log
	[[ $output = *"main has it"* ]]
}

@test "a hostile log is only read" {
	conf <<<"$(outbox)"
	prof-spool -c "$CONF" init
	ID=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	{
		printf '@4000 id=%s\n' "$ID"
		printf '@ffffffffffffffffffffffff %s\n' "$ID"
		printf '2026-13-45T99:99:99 %s msg=" prog=\n' "$ID"
		printf '\033[2J%s msg="delivered" prog="\\\n' "$ID"
		head -c 100000 /dev/urandom
		printf '\n9999999999. %s\n' "$ID"
		printf '9223372036.999999999999999999999 %s' "$ID"
	} >log
	run -0 prof trace -c "$CONF" "$ID" log
	[[ $output != *$'\033'* ]]
	[ "$(grep -c "log: " <<<"$output")" -ge 3 ]
}
