load lib

setup()
{
	prof_setup
	conf <<-EOF
	[destination.main]
	type = file
	url = file:$OUTBOX
	accept = profile,metric
	retry_min = 1s
	lease = 1h
	[destination.copy]
	type = external
	command = true
	EOF
	prof-spool -c "$CONF" init
}

spool()
{
	prof-spool -c "$CONF" "$@"
}

# Records are made and put by these: ids on standard output.
give()
{
	echo body | record "$@" | spool put -
}

# A consumer of our own: what it hears is in heard; it dies by "deaf".
hears()
{
	cat 0<>"$SPOOL/pipe/main.todo" >>heard 3>&- &
	echo $! >hears.pid
}

deaf()
{
	kill -9 "$(cat hears.pid)"
	wait "$(cat hears.pid)" 2>/dev/null || :
}

says()
{
	echo "$*" 1<>"$SPOOL/pipe/main.done"
}

# heard N PATTERN: N lines of the pattern have come, and no more.
heard()
{
	[ "$(grep -c -e "$2" heard)" -eq "$1" ]
}

greets()
{
	start spool prof-spool -c "$CONF" -v
	hears
	says hello
	says "window 8"
	poll 5 heard 1 '^hello$'
}

teardown()
{
	[ ! -e hears.pid ] || deaf
	prof_teardown
}

# attempted ID N: has it been given back with N attempts?
attempted()
{
	queued | grep -q "^$1~$2~"
}

queued()
{
	ls "$SPOOL/queue/${1:-main}"
}

@test "init makes a spool, and again without harm" {
	id=$(give)
	spool init
	[ -p "$SPOOL/pipe/main.todo" ]
	[ -d "$SPOOL/dead/none" ]
	[ -e "$SPOOL/new/$id" ]
}

@test "without a spool it says how to make one and exits 111" {
	run -111 prof-spool -s "$BATS_TEST_TMPDIR/none"
	[[ $output == *"prof-spool init makes one"* ]]
	run -111 prof-spool -s "$BATS_TEST_TMPDIR/none" ls
}

@test "a second prof-spool exits 111 and harms nothing" {
	start spool prof-spool -c "$CONF"
	run -111 spool
	[[ $output == *"another prof-spool runs"* ]]
	stop spool
}

@test "init and conf take no arguments" {
	run -2 spool init -c "$CONF"
	[[ $output = *"-c: options stand before the command"* ]]
	run -2 spool conf x
	run -2 spool stat x
	run -2 spool check x
}

@test "usage errors exit 2, a bad configuration 100" {
	run -2 prof-spool -x
	run -2 spool nonsense
	run -2 spool ls -q main nowhere
	[[ $output = *"no such state: nowhere"*usage:* ]]
	run -100 spool ls -q nowhere
	[[ $output = *'msg="no such queue" queue="nowhere" hint='* ]]
	run -100 spool retry -q nowhere -a
	run -100 spool rm -q nowhere
	run -100 spool rm -q ../main
	run -2 spool cat
	[[ $output = *"of which record?"*usage:* ]]
	run -2 spool show
	run -0 prof-spool -h
	run -0 prof-spool -V
	run -0 spool -t
	echo '[nonsense]' >>"$CONF"
	run -100 spool -t
	run -100 spool
}

@test "what is put comes out of cat byte for byte" {
	head -c 300000 /dev/urandom | record >one
	id=$(spool put one)
	spool cat "$id" >out
	cmp one out
	echo two | record -n 3 >three
	run -0 spool put three
	[ "${#lines[@]}" -eq 3 ]
	[ "$(spool ls new | wc -l)" -eq 4 ]
}

@test "put refuses what is no record, cut short or damaged, and keeps nothing" {
	echo body | record >good
	printf 'GET / HTTP/1.1\r\n\r\n' >bad
	run -100 spool put bad
	[[ $output == *"not a record"* ]]
	head -c -1 good >short
	run -100 spool put short
	[[ $output == *"cut short"* ]]
	head -c 60 good >stump
	run -100 spool put stump
	[[ $output == *"ends within a header"* ]]
	sed 's/^body$/bodY/' good >flipped
	run -100 spool put flipped
	[[ $output == *"crc32c does not match"* ]]
	run -100 spool put nofile
	[ "$(holds new)" -eq 0 ]
	[ "$(holds tmp)" -eq 0 ]
	# A record behind a good one is refused alone.
	cat good bad | run -100 spool put -
	[ "$(holds new)" -eq 1 ]
}

@test "put of a record that is there is done" {
	echo body | record >one
	id=$(spool put one)
	[ "$(spool put one)" = "$id" ]
	[ "$(holds new)" -eq 1 ]
}

@test "put of another record of an id in new says so and drops neither" {
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	echo 1 | record -i "$a" | spool put -
	echo 2 | record -i "$a" >two
	run -111 spool put two
	[[ $output == *"File exists"* ]]
	[ "$(tail -n 1 "$SPOOL/new/$a")" = 1 ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "an id may be cut short as long as it fits one record" {
	first=$(give)
	sleep 0.01
	second=$(give)
	[ "$(spool show "$first" | sed -n 's/^id: //p')" = "$first" ]
	run -100 spool cat "${second:0:6}"
	[[ $output == *"several records begin so"* ]]
	run -100 spool cat ffff
	[[ $output == *"no such record"* ]]
}

@test "ls -l tells kind, size, attempts, due and reason" {
	id=$(give -k metric)
	run -0 spool ls -l new
	[[ $output == "$id new - metric "* ]]
	mv "$SPOOL/new/$id" "$SPOOL/queue/main/$id~3~4102444800"
	run -0 spool ls -l -q main queue
	[[ $output == "$id queue main metric "*" 3 2100-01-01T00:00:00Z -" ]]
}

@test "show tells header, place, parts, sizes and tags" {
	boundary=$(sed -n 's/.*boundary=\([0-9a-f]*\).*/\1/p' \
	    "$REQUESTS/dd-go-1.43.http" | head -n 1)
	sed '1,/^\r$/d' "$REQUESTS/dd-go-1.43.http" |
	    record -C "multipart/form-data; boundary=$boundary" >one
	id=$(spool put one)
	run -0 spool show "$id"
	[[ $output == "prof-record 1"* ]]
	[[ $output == *"in: new"* ]]
	[[ $output == *"part: cpu.pprof cpu.pprof 2697"* ]]
	[[ $output == *"part: event event.json 490"* ]]
	[[ $output == *"tag: service:go-demo"* ]]
	boundary=$(sed -n 's/.*boundary=\([0-9a-f]*\).*/\1/p' \
	    "$REQUESTS/dd-go-1.41-form.http" | head -n 1)
	sed '1,/^\r$/d' "$REQUESTS/dd-go-1.41-form.http" |
	    record -C "multipart/form-data; boundary=$boundary" >two
	run -0 spool show "$(spool put two)"
	[[ $output == *"tag: runtime:go"* ]]
}

@test "a record goes to every queue that takes its kind, and is one file" {
	start spool prof-spool -c "$CONF"
	profile=$(give)
	metric=$(give -k metric)
	poll 5 is 0 holds new
	[ "$(stat -c %h "$SPOOL/queue/main/$profile")" -eq 2 ]
	[ "$SPOOL/queue/main/$profile" -ef "$SPOOL/queue/copy/$profile" ]
	[ -e "$SPOOL/queue/main/$metric" ]
	[ ! -e "$SPOOL/queue/copy/$metric" ]
	stop spool
}

@test "a kind that no queue takes is dead, with the reason" {
	start spool prof-spool -c "$CONF"
	id=$(give -k point)
	poll 5 is 0 holds new
	grep -q 'reason: no queue accepts kind point' \
	    "$SPOOL/dead/none/$id.why"
	[ "$(spool cat "$id" | tail -n 1)" = body ]
	stop spool
}

@test "a bad record in new is dead with its reason and stops nothing" {
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	b=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12
	c=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a13
	echo nonsense >"$SPOOL/new/$a"
	echo body | record -i "$b" | head -c -1 >"$SPOOL/new/$b"
	echo body | record >"$SPOOL/new/$c"
	mkdir "$SPOOL/new/019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a14"
	ln -s /etc/passwd "$SPOOL/new/019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a15"
	mkfifo "$SPOOL/new/019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a16"
	good=$(give)
	start spool prof-spool -c "$CONF"
	poll 5 is "$good" queued
	grep -q 'reason: not a record' "$SPOOL/dead/none/$a.why"
	grep -q 'reason: length does not match' "$SPOOL/dead/none/$b.why"
	grep -q 'reason: the id in it is not its name' \
	    "$SPOOL/dead/none/$c.why"
	stop spool
}

@test "with the bell lost a record is admitted within the scan" {
	echo body | record >one
	id=$(sed -n 's/^id: //p' one)
	start spool prof-spool -c "$CONF"
	cp one "$SPOOL/tmp/spool/$id"
	mv "$SPOOL/tmp/spool/$id" "$SPOOL/new/$id"
	poll 5 [ -e "$SPOOL/queue/main/$id" ]
	stop spool
}

@test "the same record made twice is queued once" {
	echo body | record >one
	start spool prof-spool -c "$CONF" -v
	id=$(spool put one)
	poll 5 is "$id" queued
	spool put one
	poll 15 is 1 figure spool prof_spool_same_record_total
	[ "$(queued)" = "$id" ]
	[ "$(holds dead)" -eq 0 ]
	[ "$(holds new)" -eq 0 ]
	stop spool
}

@test "the same record is no other one while there is no descriptor to look" {
	skip_asan "LeakSanitizer cannot run under strace"
	echo body | record >one
	id=$(sed -n 's/^id: //p' one)
	# shellcheck disable=SC2034 # for start
	WRAP=(strace -D -f -o trace -P "queue/main/$id"
	    -e inject=openat:error=EMFILE:when=1)
	start spool prof-spool -c "$CONF" -v
	# shellcheck disable=SC2034
	WRAP=()
	spool put one
	poll 5 is "$id" queued
	spool put one
	poll 15 is 1 figure spool prof_spool_same_record_total
	grep -q INJECTED trace
	[ "$(holds dead)" -eq 0 ]
	[ "$(holds new)" -eq 0 ]
	stop spool
}

@test "a derived record with its parent's time is the same, whatever its crc" {
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	b=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12
	start spool prof-spool -c "$CONF" -v
	echo 1 | record -i "$a" -p "$b" -k metric | spool put -
	poll 5 is "$a" queued
	echo 2 | record -i "$a" -p "$b" -k metric | spool put -
	poll 5 is 0 holds new
	[ "$(holds dead)" -eq 0 ]
	[ "$(spool cat "$a" | tail -n 1)" = 1 ]
	stop spool
}

@test "another record of a used id is put aside, never dropped" {
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	start spool prof-spool -c "$CONF"
	echo 1 | record -i "$a" | spool put -
	poll 5 is "$a" queued
	echo 2 | record -i "$a" | spool put -
	poll 5 [ -e "$SPOOL/dead/none/$a" ]
	echo 3 | record -i "$a" | spool put -
	poll 5 [ -e "$SPOOL/dead/none/$a~1" ]
	[ "$(tail -n 1 "$SPOOL/queue/main/$a")" = 1 ]
	[ "$(tail -n 1 "$SPOOL/dead/none/$a")" = 2 ]
	[ "$(tail -n 1 "$SPOOL/dead/none/$a~1")" = 3 ]
	grep -q "another record's" "$SPOOL/dead/none/$a~1.why"
	stop spool
}

@test "a record put into a queue by hand does not lose the one that comes" {
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	start spool prof-spool -c "$CONF"
	echo 1 | record -i "$a" >"$SPOOL/queue/main/$a"
	echo 2 | record -i "$a" | spool put -
	poll 5 [ -e "$SPOOL/dead/none/$a" ]
	[ "$(tail -n 1 "$SPOOL/queue/main/$a")" = 1 ]
	[ "$(tail -n 1 "$SPOOL/dead/none/$a")" = 2 ]
	stop spool
}

@test "nothing is handed out before a hello, then no more than the window" {
	for _ in 1 2 3 4 5; do give; done
	start spool prof-spool -c "$CONF" -v
	hears
	poll 5 heard 1 '^hello$'
	says "window 2"
	poll 5 heard 2 '^hello$'
	run ! grep -q queue/main heard
	says hello
	says "window 2"
	poll 5 heard 2 queue/main
	id=$(grep queue/main heard | head -n 1 | cut -d ' ' -f 1)
	[ "$(grep "$id" heard)" = "$id 0 $SPOOL/queue/main/$id" ]
	says "$id ok"
	poll 5 heard 3 queue/main
	[ ! -e "$SPOOL/queue/main/$id" ]
	says "window 0"
	id=$(grep queue/main heard | tail -n 1 | cut -d ' ' -f 1)
	says "$id ok"
	poll 5 [ ! -e "$SPOOL/queue/main/$id" ]
	heard 3 queue/main
	stop spool
}

@test "odd picks are the oldest, even picks the newest" {
	for _ in 1 2 3 4; do
		give
		sleep 0.01
	done >ids
	greets
	poll 5 heard 4 queue/main
	grep queue/main heard | cut -d ' ' -f 1 >picks
	{ sed -n 1p ids; sed -n 4p ids; sed -n 2p ids; sed -n 3p ids; } |
	    cmp - picks
	stop spool
}

@test "a failing destination is tried with the record tried least" {
	for _ in 1 2 3 4; do give; done >ids
	start spool prof-spool -c "$CONF" -v
	hears
	says hello
	says "window 1"
	poll 5 heard 1 queue/main
	# The oldest fails; the next odd pick would be an old one that failed.
	first=$(sed -n 1p ids)
	heard 1 "^$first 0 "
	says "$first retry 0 503"
	poll 5 heard 2 queue/main
	second=$(grep queue/main heard | tail -n 1 | cut -d ' ' -f 1)
	[ "$second" = "$(sed -n 2p ids)" ]
	says "$second retry 0 503"
	poll 5 heard 1 "^$(sed -n 3p ids) 0 "
	says "$(sed -n 3p ids) retry 0 503"
	poll 5 heard 1 "^$(sed -n 4p ids) 0 "
	# All were tried once: now the oldest again.
	says "$(sed -n 4p ids) retry 0 503"
	poll 5 heard 1 "^$first 1 "
	# It goes: picks are the oldest and the newest in turn again.
	says "$first ok"
	poll 5 heard 6 queue/main
	stop spool
}

@test "retry counts an attempt and comes again after its delay" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	says "$id retry 1 503 Service Unavailable"
	poll 5 heard 1 "^$id 1 $SPOOL/queue/main/$id~1~"
	[ "$(queued | wc -l)" -eq 1 ]
	says "$id ok"
	poll 5 is "" queued
	grep -q 'reason="503 Service Unavailable"' spool.log
	stop spool
}

@test "a delay asked for is at most an hour, and a due time beyond is due now" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	says "$id retry 99999999999999999999 long"
	poll 5 grep -q 'to be retried' spool.log
	due=$(queued)
	due=${due##*~}
	[ "$due" -le $(($(date +%s) + 3601)) ]
	stop spool
	mv "$SPOOL/queue/main/$id"~* "$SPOOL/queue/main/$id~5~4102444800"
	deaf
	rm heard
	greets
	poll 5 heard 1 "^$id 5 "
	stop spool
}

@test "dead moves it with its reason" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	says "$id dead 413 too large"
	poll 5 [ -e "$SPOOL/dead/main/$id" ]
	grep -q '^reason: 413 too large$' "$SPOOL/dead/main/$id.why"
	grep -q '^attempts: 1$' "$SPOOL/dead/main/$id.why"
	[ -e "$SPOOL/queue/copy/$id" ]
	spool show "$id" | grep -q '^reason: 413 too large$'
	spool ls -l dead | grep -q "^$id dead main .* 413 too large$"
	stop spool
}

@test "back is free and waits a second" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	says "$id back"
	sleep 0.5
	heard 1 "^$id 0 "
	poll 5 heard 2 "^$id 0 "
	stop spool
}

@test "a consumer that dies is charged an attempt for what it had" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	deaf
	poll 5 grep -q 'consumer has gone' spool.log
	poll 5 attempted "$id" 1
	hears
	says hello
	says "window 1"
	poll 10 heard 1 "^$id 1 "
	stop spool
}

@test "what it said before it died counts" {
	for _ in 1 2; do give; done
	greets
	poll 5 heard 2 queue/main
	first=$(grep queue/main heard | head -n 1 | cut -d ' ' -f 1)
	second=$(grep queue/main heard | tail -n 1 | cut -d ' ' -f 1)
	kill -STOP "$(pid spool)"
	says "$first ok"
	deaf
	kill -CONT "$(pid spool)"
	poll 5 attempted "$second" 1
	[ "$(queued | wc -l)" -eq 1 ]
	stop spool
}

@test "a new hello opens again what was out, at the price of an attempt" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	says hello
	says "window 1"
	poll 10 heard 1 "^$id 1 "
	stop spool
}

@test "a lease that runs out is charged and handed out again" {
	sed -i 's/^lease = .*/lease = 1s/' "$CONF"
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	poll 10 heard 1 "^$id 1 "
	grep -q 'lease ran out' spool.log
	# The late verdict of the first one still counts.
	says "$id ok"
	poll 5 is "" queued
	stop spool
}

@test "ok counts for any id queued; every other verdict only for one out" {
	id=$(give)
	start spool prof-spool -c "$CONF" -v
	says "$id retry 5 foreign"
	says "$id dead foreign"
	says "$id back"
	says "019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11 ok"
	says "../../etc/passwd-aaaaaaaaaaaaaaaaaaaaa ok"
	says "nonsense"
	says "$id nonsense"
	poll 5 is 7 grep -c 'verdict ignored' spool.log
	[ "$(queued)" = "$id" ]
	says "$id ok"
	poll 5 is "" queued
	stop spool
}

@test "a verdict that waited while prof-spool was away comes first" {
	id=$(give)
	greets
	poll 5 heard 1 "^$id 0 "
	sleep 1000 0<>"$SPOOL/pipe/main.done" 3>&- &
	holder=$!
	slay spool
	says "$id ok"
	start spool prof-spool -c "$CONF" -v
	kill "$holder"
	poll 5 is "" queued
	heard 1 "$id"
	stop spool
}

@test "a queue full of names is no harm: they go as room comes" {
	record -n 2000 </dev/null | spool put - >/dev/null
	start spool prof-spool -c "$CONF"
	# A reader that does not read.
	sleep 1000 0<>"$SPOOL/pipe/main.todo" 3>&- &
	sleeper=$!
	for _ in 1 2 3; do
		says hello
		says "window 256"
	done
	poll 15 is 256 figure spool \
	    'prof_spool_records{queue="main",state="out"}'
	kill "$sleeper"
	stop spool
	[ "$(queued | wc -l)" -eq 2000 ]
}

@test "the shell loop of prof.7 is a consumer" {
	for _ in 1 2 3; do give; done >ids
	mkdir copied
	start spool prof-spool -c "$CONF"
	(
		cd "$SPOOL"
		export to=$BATS_TEST_TMPDIR/copied
		# shellcheck disable=SC2016
		exec flock -n lock/copy sh -c 'while read id n path; do
			cp "$path" "$to/$id" </dev/null >&2 &&
			echo "$id ok" || echo "$id retry 60 cp"
		done' <pipe/copy.todo >pipe/copy.done 3>&-
	) &
	loop=$!
	poll 10 is "" queued copy
	sort ids | cmp - <(ls copied)
	stop spool
	wait "$loop"
}

@test "abandoned drafts are swept, those being written are not" {
	for name in recv/old recv/locked recv/young; do
		echo draft >"$SPOOL/tmp/$name"
	done
	touch -d '1 minute ago' "$SPOOL/tmp/recv/old" "$SPOOL/tmp/recv/locked"
	exec {fd}<"$SPOOL/tmp/recv/locked"
	flock "$fd"
	start spool prof-spool -c "$CONF"
	poll 5 [ ! -e "$SPOOL/tmp/recv/old" ]
	[ -e "$SPOOL/tmp/recv/locked" ]
	[ -e "$SPOOL/tmp/recv/young" ]
	stop spool
	exec {fd}<&-
}

@test "SIGHUP adds a destination, and keeps the queue of one taken away" {
	start spool prof-spool -c "$CONF"
	first=$(give)
	poll 5 is "$first" queued copy
	sed -i 's/destination.copy/destination.other/' "$CONF"
	kill -HUP "$(pid spool)"
	poll 5 [ -p "$SPOOL/pipe/other.todo" ]
	poll 5 grep -q 'configuration taken' spool.log
	second=$(give)
	poll 5 is "$second" queued other
	[ "$(queued copy)" = "$first" ]
	grep -q 'queue no longer configured is kept.*queue=copy' spool.log
	cp "$CONF" good.conf
	echo nonsense >>"$CONF"
	kill -HUP "$(pid spool)"
	poll 5 grep -q 'configuration not taken' spool.log
	cp good.conf "$CONF"
	third=$(give)
	poll 5 [ -e "$SPOOL/queue/other/$third" ]
	stop spool
}

@test "stat fits 80 columns and tells each queue's depth" {
	for _ in 1 2 3; do give; done
	start spool prof-spool -c "$CONF"
	poll 5 is 0 holds new
	stop spool
	run -0 spool stat
	[[ $output =~ main\ +3\ +0\ +0 ]]
	[ "$(spool stat | awk '{ if (length > n) n = length } END { print n }')" \
	    -le 80 ]
}

# ledger QUEUE COLUMN: a figure of check's table.
ledger()
{
	spool check | awk -v queue="$1" -v column="$2" \
	    '$1 == queue { print $column }'
}

@test "the ledger of each queue adds up" {
	greets
	for _ in 1 2 3 4 5; do give; done >ids
	give -k point >>ids
	poll 5 heard 5 queue/main
	says "$(sed -n 1p ids) ok"
	says "$(sed -n 2p ids) ok"
	says "$(sed -n 3p ids) dead 413"
	says "$(sed -n 4p ids) retry 100 503"
	poll 5 attempted "$(sed -n 4p ids)" 1
	[[ $(spool check) =~ main\ +5\ +2\ +2\ +1\ +0\ +0 ]]
	[[ $(spool check) =~ copy\ +5\ +0\ +5\ +0\ +0\ +0 ]]
	[[ $(spool check) =~ none\ +1\ +0\ +0\ +1\ +0\ +0 ]]
	stop spool
	run -0 spool check
}

@test "check names what came in and is nowhere, and what was never counted" {
	start spool prof-spool -c "$CONF"
	lost=$(give)
	kept=$(give)
	poll 5 [ -e "$SPOOL/queue/main/$kept" ]
	stop spool
	rm "$SPOOL/queue/main/$lost"
	run -100 spool check
	[[ $output == *"main $lost came in and is nowhere"* ]]
	[[ $output != *"$kept"* ]]
	ln "$SPOOL/queue/copy/$lost" "$SPOOL/queue/main/$lost"
	run -0 spool check
	echo body | record -i 019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11 \
	    >"$SPOOL/queue/main/019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11"
	run -100 spool check
	[[ $output == *"8a11 is there and was never counted"* ]]
	# The next start counts it.
	start spool prof-spool -c "$CONF"
	stop spool
	run -0 spool check
}

@test "kill -9 between a ledger's line and its act is put right" {
	greets
	id=$(give)
	poll 5 heard 1 "^$id 0 "
	slay spool
	echo "ok $id" >>"$SPOOL/ledger/main"
	printf 'ok %s' "$id" >>"$SPOOL/ledger/main"
	[ "$(ledger main 4)" -eq 1 ]
	start spool prof-spool -c "$CONF" -v
	[ "$(ledger main 3)" -eq 0 ]
	[ "$(tail -c 1 "$SPOOL/ledger/main" | od -An -c | tr -d ' ')" = '\n' ]
	says hello
	says "window 1"
	poll 5 heard 2 "^$id "
	says "$id ok"
	poll 5 is "" queued
	[ "$(ledger main 3)" -eq 1 ]
	run -0 spool check
	stop spool
}

@test "the order of admission survives a restart, whatever the ids' times" {
	b=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12
	a=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
	start spool prof-spool -c "$CONF"
	for id in "$b" "$a"; do
		echo body | record -i "$id" | spool put -
		poll 5 [ -e "$SPOOL/queue/main/$id" ]
	done
	slay spool
	greets
	poll 5 heard 2 queue/main
	[ "$(grep queue/main heard | head -n 1 | cut -d ' ' -f 1)" = "$b" ]
	stop spool
}

@test "a ledger over 16 MiB is made short, and counts the same" {
	start spool prof-spool -c "$CONF"
	id=$(give)
	poll 5 is "$id" queued
	stop spool
	awk 'BEGIN { for (i = 0; i < 250000; i++) {
		id = sprintf("019e1f0c-6d3a-7c41-9a5e-%012x", i)
		print "in " id; print "ok " id } }' >>"$SPOOL/ledger/main"
	[ "$(stat -c %s "$SPOOL/ledger/main")" -gt 16777216 ]
	start spool prof-spool -c "$CONF"
	poll 30 grep -q '^ok +250000$' "$SPOOL/ledger/main"
	[[ $(spool check) =~ main\ +250001\ +250000\ +1\ +0\ +0\ +0 ]]
	stop spool
	[ "$(stat -c %s "$SPOOL/ledger/main")" -lt 1000 ]
}

# big KIB: a record that occupies so much.
big()
{
	head -c $(($1 * 1024 - 1000)) /dev/zero | record "${@:2}" | spool put -
}

depth()
{
	[ "$(queued | wc -l)" -eq "$1" ]
}

@test "over capacity the oldest go, from all queues, said and counted" {
	sed -i 's/^\[profile.io_config\]$/&\ncache_capacity_mb = 1/' "$CONF"
	start spool prof-spool -c "$CONF"
	for _ in 1 2 3 4 5 6 7; do
		big 200
		poll 5 is 0 holds new
	done >ids
	# 1 MiB holds five, 95 % of it four; the sixth made room, then one came.
	poll 5 depth 5
	queued | cmp - <(tail -n 5 ids)
	queued copy | cmp - <(tail -n 5 ids)
	for id in $(head -n 2 ids); do
		[ "$(grep -c "id=$id.*evicted" spool.log)" -eq 2 ]
	done
	stop spool
	[[ $(spool check) =~ main\ +7\ +0\ +5\ +0\ +2\ +0 ]]
}

@test "the dead go first, but not those whose record is still queued" {
	sed -i 's/^\[profile.io_config\]$/&\ncache_capacity_mb = 1/' "$CONF"
	greets
	free=$(big 400 -k metric)
	kept=$(big 200)
	old=$(big 200)
	poll 5 heard 3 queue/main
	says "$kept dead 400"
	says "$free dead 400"
	poll 5 [ -e "$SPOOL/dead/main/$free" ]
	big 200
	big 200
	poll 5 [ ! -e "$SPOOL/dead/main/$free" ]
	poll 5 [ ! -e "$SPOOL/dead/main/$free.why" ]
	[ -e "$SPOOL/dead/main/$kept" ]
	[ -e "$SPOOL/queue/copy/$kept" ]
	[ -e "$SPOOL/queue/main/$old" ]
	stop spool
	run -0 spool check
}

@test "what no queue took is evicted with the dead" {
	sed -i 's/^\[profile.io_config\]$/&\ncache_capacity_mb = 1/' "$CONF"
	start spool prof-spool -c "$CONF"
	dead=$(big 400 -k point)
	for _ in 1 2 3 4; do big 200; done
	poll 5 [ ! -e "$SPOOL/dead/none/$dead" ]
	[[ $(spool check) =~ none\ +1\ +0\ +0\ +0\ +1\ +0 ]]
	stop spool
}

@test "what is handed out is evicted last" {
	sed -i 's/^\[profile.io_config\]$/&\ncache_capacity_mb = 1/' "$CONF"
	start spool prof-spool -c "$CONF" -v
	hears
	says hello
	says "window 1"
	poll 5 heard 1 '^hello$'
	out=$(big 200)
	poll 5 heard 1 "^$out 0 "
	for _ in 1 2 3 4 5 6; do
		big 200
		poll 5 is 0 holds new
	done >ids
	poll 5 grep -q "id=$(head -n 1 ids).*evicted" spool.log
	[ -e "$SPOOL/queue/main/$out" ]
	stop spool
}

@test "when_full = reject keeps everything and says that it is full" {
	sed -i 's/^\[profile.io_config\]$/&\ncache_capacity_mb = 1/' "$CONF"
	sed -i 's/^\[profile.io_config\]$/&\nwhen_full = reject/' "$CONF"
	touch "$SPOOL/full"
	greets
	poll 5 [ ! -e "$SPOOL/full" ]
	for _ in 1 2 3 4 5 6 7; do big 200; done >ids
	poll 5 [ -e "$SPOOL/full" ]
	[ "$(queued | wc -l)" -eq 7 ]
	sed -i 's/^\[destination.copy\]$/[destination.gone]/' "$CONF"
	while read -r id; do
		says "$id ok"
		rm "$SPOOL/queue/copy/$id"
	done <ids
	stop spool
	start spool prof-spool -c "$CONF"
	poll 5 [ ! -e "$SPOOL/full" ]
	stop spool
}

# Three records, dead in main and queued in copy.
dead_ones()
{
	greets
	for _ in 1 2 3; do give; done >ids
	poll 5 heard 3 queue/main
	while read -r id; do
		says "$id dead 400"
	done <ids
	poll 5 is "" queued
}

@test "retry puts a dead record back, beside the daemon and without it" {
	dead_ones
	first=$(sed -n 1p ids)
	[ "$(spool retry "$first")" = 1 ]
	poll 5 heard 2 "^$first 0 "
	[ ! -e "$SPOOL/dead/main/$first.why" ]
	says "$first ok"
	poll 5 is "" queued
	stop spool
	run -0 spool check
	[ "$(spool retry -a)" = 2 ]
	[ "$(queued | wc -l)" -eq 2 ]
	[ "$(holds dead)" -eq 0 ]
	run -0 spool check
	[[ $output =~ main\ +3\ +1\ +2\ +0\ +0\ +0 ]]
	run -100 spool retry "$first"
	[[ $output == *"no such record"* ]]
	run -2 spool retry
	run -2 spool retry -a "$first"
}

@test "retry of what no queue accepted admits it again" {
	start spool prof-spool -c "$CONF"
	id=$(give -k point)
	poll 5 [ -e "$SPOOL/dead/none/$id.why" ]
	sed -i 's/^accept = .*/accept = profile,metric,point/' "$CONF"
	kill -HUP "$(pid spool)"
	poll 5 grep -q 'configuration taken' spool.log
	spool retry -q none -a
	poll 5 is "$id" queued
	[ "$(holds dead)" -eq 0 ]
	stop spool
	run -0 spool check
}

@test "rm takes a record away, or all of a queue, and counts them" {
	dead_ones
	first=$(sed -n 1p ids)
	[ "$(spool rm "$first")" = 2 ]
	run -100 spool cat "$first"
	[ ! -e "$SPOOL/dead/main/$first.why" ]
	[ "$(spool rm -q copy)" = 2 ]
	[ "$(queued copy)" = "" ]
	[ "$(holds dead/main)" -eq 4 ]
	stop spool
	[ "$(spool rm -q main)" = 2 ]
	[ "$(holds dead)" -eq 0 ]
	run -0 spool check
	[[ $output =~ main\ +3\ +0\ +0\ +0\ +0\ +3 ]]
	[[ $output =~ copy\ +3\ +0\ +0\ +0\ +0\ +3 ]]
	run -100 spool rm "$first"
	run -2 spool rm
	run -2 spool rm -a
}

@test "thousands are retried by one command, with progress on a terminal" {
	record -n 10000 -d "$SPOOL/dead/main" </dev/null
	start spool prof-spool -c "$CONF"
	spool retry -a 2>err >out
	[ "$(cat out)" = 10000 ]
	[ ! -s err ]
	[ "$(queued | wc -l)" -eq 10000 ]
	stop spool
	record -n 1000 -d "$SPOOL/dead/main" </dev/null
	script -qec "prof-spool -c '$CONF' retry -a" /dev/null >out 3>&-
	grep -q 'retry: 1000 of 1000' out
	[ "$(holds dead)" -eq 0 ]
	run -0 spool check
}

@test "a daemon that does not answer is given up on after 10 s" {
	dead_ones
	kill -STOP "$(pid spool)"
	run -111 spool retry -a
	[[ $output == *"did not do it in time"* ]]
	kill -CONT "$(pid spool)"
	poll 5 depth 3
	stop spool
}

@test "requests that mean nothing are ignored" {
	start spool prof-spool -c "$CONF"
	id=$(give)
	poll 5 is "$id" queued
	for line in "" rm "rm main" "rm main x" "rm main ../../x" \
	    "rm none ../../etc/passwd" "rm none $id/../../x" "boil main $id" \
	    "retry main $id" "rm other $id"; do
		echo "$line" 1<>"$SPOOL/pipe/ctl"
	done
	poll 5 is 10 grep -c 'request ignored' spool.log
	[ "$(queued)" = "$id" ]
	stop spool
}

@test "clear_cache_on_start removes everything, says so and counts it" {
	start spool prof-spool -c "$CONF"
	id=$(give)
	poll 5 is "$id" queued
	none=$(give -k point)
	poll 5 [ -e "$SPOOL/dead/none/$none" ]
	stop spool
	new=$(give)
	sed -i 's/^\[profile.io_config\]$/&\nclear_cache_on_start = true/' "$CONF"
	start spool prof-spool -c "$CONF"
	[ "$(holds new)$(holds queue)$(holds dead)" = 000 ]
	for gone in "$id" "$none" "$new"; do
		grep -q "id=$gone.*removed\|removed.*name=$gone" spool.log
	done
	grep -q 'spool cleared" names=4' spool.log
	run -0 spool check
	[[ $output =~ main\ +1\ +0\ +0\ +0\ +0\ +1 ]]
	# Only at the start.
	id=$(give)
	poll 5 is "$id" queued
	kill -HUP "$(pid spool)"
	poll 5 grep -q 'configuration taken' spool.log
	[ "$(queued)" = "$id" ]
	stop spool
}
