# prof-spool fsck: each inconsistency is made, seen named, mended by -y and
# seen no more, and no file's bytes are lost on the way.
load lib

A=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a11
B=019e1f0c-6d3a-7c41-9a5e-0b7d2f4c8a12

setup()
{
	prof_setup
	conf <<-EOF
	[destination.main]
	type = file
	url = file:$OUTBOX
	[destination.copy]
	type = external
	command = true
	EOF
	spool init
}

spool()
{
	prof-spool -c "$CONF" "$@"
}

# made PLACE NAME [BODY [ID]]: a sound record by that name.
made()
{
	echo "${3:-body}" | record -i "${4:-${2:0:36}}" >"$SPOOL/$1/$2"
	chmod 664 "$SPOOL/$1/$2"
}

# lines QUEUE LINE...: in its ledger.
lines()
{
	printf '%s\n' "${@:2}" >>"$SPOOL/ledger/$1"
}

# A sound record in both queues, counted.
both()
{
	made queue/main "$A"
	ln "$SPOOL/queue/main/$A" "$SPOOL/queue/copy/$A"
	lines main "in $A"
	lines copy "in $A"
}

# dies QUEUE ID [REASON]: a sound dead record, counted.
dies()
{
	made "dead/$1" "$2"
	echo "reason: ${3:-413}" >"$SPOOL/dead/$1/$2.why"
	lines "$1" "in ${2:0:36}" "dead ${2:0:36}"
}

# What bytes there are, but for what is only counted or told.
bytes()
{
	find "$SPOOL" -type f -size +0c ! -path '*/ledger/*' ! -path '*/stat/*' \
	    ! -path '*/lock/*' -exec sha256sum {} + | cut -d ' ' -f 1 | sort -u
}

# fsck's lines without their last part, which says what is done about it.
names()
{
	sed 's/: [^:]*$//' | sort
}

# finds LINE...: just these are named, "PATH: what is wrong".
finds()
{
	local status=0

	spool fsck >found 2>err || status=$?
	[ "$status" -eq 100 ] || fail "fsck exits $status"
	[ ! -s err ] || fail "$(cat err)"
	printf '%s\n' "$@" | sort | diff - <(names <found)
}

silent()
{
	run -0 spool fsck
	[ -z "$output" ] || fail "$output"
}

# mends LINE...: and -y mends them, and what comes to light by that.
mends()
{
	bytes >before
	finds "$@"
	spool fsck -y >did 2>err || fail "$(cat did err)"
	[ ! -s err ] || fail "$(cat err)"
	[ -z "$(comm -23 <(printf '%s\n' "$@" | sort) <(names <did))" ] ||
	    fail "$(cat did)"
	silent
	[ -z "$(comm -23 before <(bytes))" ] || fail "bytes are lost"
	run -0 spool check
}

# lost PATH: the one that was moved from there.
lost()
{
	local why

	why=$(grep -lxF "path: $1" "$SPOOL"/lost/*.why) || return
	echo "${why%.why}"
}

@test "a sound spool is silent: new, at work, stopped, killed" {
	silent
	made dead/none "$B"
	echo "reason: its id is another record's" >"$SPOOL/dead/none/$B.why"
	lines none "in $B" "dead $B"
	start spool prof-spool -c "$CONF"
	for _ in 1 2 3; do echo body | record | spool put -; done
	echo body | record -k point | spool put -
	poll 5 is 0 holds new
	silent
	queued=("$SPOOL"/queue/copy/*)
	id=${queued[0]##*/}
	echo "$id ok" 1<>"$SPOOL/pipe/copy.done"
	poll 5 [ ! -e "$SPOOL/queue/copy/$id" ]
	touch "$SPOOL/full"
	silent
	stop spool
	silent
	start spool prof-spool -c "$CONF"
	slay spool
	echo body | record | spool put -
	mv "$SPOOL/queue/main/$id" "$SPOOL/queue/main/$id~2~1900000000"
	silent
	run -0 spool fsck -y
	[ -z "$output" ]
}

@test "fsck takes -y and nothing else; what is no spool is left alone" {
	run -2 spool fsck x
	run -2 spool fsck -z
	mkdir -p mail/new mail/cur mail/tmp
	run -111 prof-spool -s "$PWD/mail" fsck -y
	[[ $output == *"this is no spool"* ]]
	[ -d mail/cur ]
	rmdir "$SPOOL/new"
	run -111 spool fsck -y
	[[ $output == *"prof-spool init makes one"* ]]
}

# bad PLACE NAME: four records, each bad in its way.
bad()
{
	local n=0 id

	for id in "$A" "${A%1}2" "${A%1}3" "${A%1}4"; do
		made "$1" "$id" "body $((n += 1))"
	done
	echo nonsense >"$SPOOL/$1/$A"
	truncate -s -1 "$SPOOL/$1/${A%1}2"
	sed -i 's/^body 3$/bodY 3/' "$SPOOL/$1/${A%1}3"
	chmod 664 "$SPOOL/$1/${A%1}3"
	echo "body 4" | record -i "${A%1}9" >"$SPOOL/$1/${A%1}4"
}

@test "a bad record in new goes to dead/none with its reason" {
	bad new
	mends "new/$A: bad record: not a record" \
	    "new/${A%1}2: bad record: length does not match the file" \
	    "new/${A%1}3: bad record: crc32c does not match" \
	    "new/${A%1}4: bad record: the id in it is not its name"
	grep -qx 'reason: crc32c does not match' "$SPOOL/dead/none/${A%1}3.why"
	[ "$(tail -n 1 "$SPOOL/dead/none/${A%1}3")" = "bodY 3" ]
	[[ $(spool check) =~ none\ +4\ +0\ +0\ +4\ +0\ +0 ]]
	# The name is taken: beside it.
	echo again >"$SPOOL/new/$A"
	chmod 664 "$SPOOL/new/$A"
	mends "new/$A: bad record: not a record"
	[ "$(cat "$SPOOL/dead/none/$A~1")" = again ]
	[ "$(cat "$SPOOL/dead/none/$A")" = nonsense ]
}

@test "a bad record in a queue is dead to that queue, and counted so" {
	bad queue/main
	for n in 1 2 3 4; do lines main "in ${A%1}$n"; done
	mv "$SPOOL/queue/main/$A" "$SPOOL/queue/main/$A~3~1900000000"
	mends "queue/main/$A~3~1900000000: bad record: not a record" \
	    "queue/main/${A%1}2: bad record: length does not match the file" \
	    "queue/main/${A%1}3: bad record: crc32c does not match" \
	    "queue/main/${A%1}4: bad record: the id in it is not its name"
	grep -qx 'attempts: 3' "$SPOOL/dead/main/$A.why"
	[[ $(spool check) =~ main\ +4\ +0\ +0\ +4\ +0\ +0 ]]
	# The name is taken: among those of no queue.
	echo again >"$SPOOL/queue/main/$A"
	chmod 664 "$SPOOL/queue/main/$A"
	mends "queue/main/$A: bad record: not a record"
	[ "$(cat "$SPOOL/dead/none/$A~1")" = again ]
}

@test "a bad record among the dead is noted in its .why" {
	dies main "$A"
	sed -i 's/^body$/bodY/' "$SPOOL/dead/main/$A"
	cp "$SPOOL/dead/main/$A.why" was
	finds "dead/main/$A: bad record: crc32c does not match, and its .why does not say so"
	run -0 spool fsck -y
	silent
	head -n 1 "$SPOOL/dead/main/$A.why" | cmp - was
	grep -qx 'reason: crc32c does not match' "$SPOOL/dead/main/$A.why"
	[ "$(tail -n 1 "$SPOOL/dead/main/$A")" = bodY ]
	# What prof-ship or prof-spool refused as bad is as it should be.
	echo nonsense >"$SPOOL/dead/none/$B"
	chmod 664 "$SPOOL/dead/none/$B"
	echo 'reason: bad record: not a record' >"$SPOOL/dead/none/$B.why"
	lines none "in $B" "dead $B"
	silent
}

@test "a stray file is named wherever it is, and kept in lost" {
	want=()
	for dir in . tmp new queue queue/main dead dead/main dead/none keep \
	    ledger stat lock pipe; do
		echo "of $dir" >"$SPOOL/$dir/STRAY"
		path=$dir/STRAY
		want+=("${path#./}: stray file")
	done
	mends "${want[@]}"
	[ "$(cat "$(lost queue/main/STRAY)")" = "of queue/main" ]
	[ "$(cat "$(lost STRAY)")" = "of ." ]
	grep -qx 'reason: stray file' "$(lost STRAY).why"
}

@test "a stray directory goes to lost whole, links and pipes as they are" {
	want=()
	for dir in tmp tmp/recv queue/main dead/main ledger; do
		mkdir -p "$SPOOL/$dir/x.y/z"
		echo "of $dir" >"$SPOOL/$dir/x.y/z/file"
		ln -s /etc/passwd "$SPOOL/$dir/link"
		mkfifo "$SPOOL/$dir/fifo"
		want+=("$dir/x.y: stray directory" "$dir/fifo: stray FIFO"
		    "$dir/link: stray symbolic link")
	done
	mkdir "$SPOOL/new/$A" "$SPOOL/dead/main/$A.why"
	lines copy "in $A"
	ln -s nowhere "$SPOOL/queue/copy/$A"
	ln -s nowhere "$SPOOL/full"
	want+=("new/$A: stray directory" "dead/main/$A.why: stray directory"
	    "queue/copy/$A: stray symbolic link" "full: stray symbolic link")
	mends "${want[@]}"
	[ "$(cat "$(lost dead/main/x.y)/z/file")" = "of dead/main" ]
	[ "$(readlink "$(lost ledger/link)")" = /etc/passwd ]
	[ -p "$(lost queue/main/fifo)" ]
}

@test "a stray device is named" {
	mknod "$SPOOL/new/null" c 1 3 || skip "this needs root"
	mends "new/null: stray device"
	[ -c "$(lost new/null)" ]
}

@test "a name that is nearly a record's is stray, and none can fool a line" {
	made new "$A~1~2" 1
	made queue/main "$A~0~2" 2
	made queue/main "$A~1" 3
	made dead/main "$A~1" 4
	made dead/none "$A~01" 5
	lines main "in $A"
	lines none "in $A"
	made new "$A" 6
	mv "$SPOOL/new/$A" "$SPOOL/new/${A^^}"
	touch "$SPOOL/pipe/main.more" "$SPOOL/ledger/other" \
	    "$SPOOL/stat/ship.X" "$SPOOL/new/"$'line\nqueue: x'
	mends "new/$A~1~2: stray file" "queue/main/$A~0~2: stray file" \
	    "queue/main/$A~1: stray file" "dead/main/$A~1: stray file" \
	    "dead/none/$A~01: stray file" "new/${A^^}: stray file" \
	    "pipe/main.more: stray file" "ledger/other: stray file" \
	    "stat/ship.X: stray file" 'new/line\x0aqueue: x: stray file'
	[ "$(tail -n 1 "$(lost "new/$A~1~2")")" = 1 ]
	[ -e "$(lost 'new/line\x0aqueue: x')" ]
}

@test "lost+found of a file system, locks of scripts and figures are no strays" {
	mkdir "$SPOOL/lost+found"
	touch "$SPOOL/lock/copy" "$SPOOL/lock/ship.main" "$SPOOL/stat/recv" \
	    "$SPOOL/stat/ship.old"
	touch "$SPOOL/keep/pull/baseline"
	mkdir "$SPOOL/keep/pyro/parts"
	silent
}

@test "temporaries left behind are named" {
	for file in stat/.recv.tmp ledger/.main.tmp "dead/main/.$A.why.tmp"; do
		echo "$file" >"$SPOOL/$file"
	done
	mends "stat/.recv.tmp: temporary file left over" \
	    "ledger/.main.tmp: temporary file left over" \
	    "dead/main/.$A.why.tmp: temporary file left over"
}

@test "a dead record without .why gets one" {
	dies main "$A"
	dies none "$A~1"
	rm "$SPOOL/dead/main/$A.why" "$SPOOL/dead/none/$A~1.why"
	mends "dead/main/$A: dead record without .why" \
	    "dead/none/$A~1: dead record without .why"
	grep -q '^reason: not known' "$SPOOL/dead/main/$A.why"
	[ -e "$SPOOL/dead/none/$A~1.why" ]
}

@test "a .why without its record is kept in lost" {
	echo "reason: 1" >"$SPOOL/dead/main/$A.why"
	echo "reason: 2" >"$SPOOL/dead/none/$A~1.why"
	mends "dead/main/$A.why: .why without its record" \
	    "dead/none/$A~1.why: .why without its record"
	[ "$(cat "$(lost "dead/none/$A~1.why")")" = "reason: 2" ]
}

@test "of two names of one id in a queue, one is removed if it is one file" {
	both
	ln "$SPOOL/queue/main/$A" "$SPOOL/queue/main/$A~1~1900000000"
	mends "queue/main/$A~1~1900000000: two names of one id in one queue"
	[ "$SPOOL/queue/main/$A" -ef "$SPOOL/queue/copy/$A" ]
	made queue/main "$A~1~1900000000" other
	mends "queue/main/$A~1~1900000000: two names of one id in one queue, and another file than queue/main/$A"
	[ "$(tail -n 1 "$SPOOL/dead/none/$A~1")" = other ]
	[ "$(tail -n 1 "$SPOOL/queue/main/$A")" = body ]
}

@test "an id queued and dead in one queue is queued" {
	both
	dies main "$A"
	ln -f "$SPOOL/queue/main/$A" "$SPOOL/dead/main/$A"
	mends "dead/main/$A: queued and dead in one queue"
	[ ! -e "$SPOOL/dead/main/$A" ]
	[ "$(cat "$(lost "dead/main/$A.why")")" = "reason: 413" ]
	made dead/main "$A" other
	echo "reason: 400" >"$SPOOL/dead/main/$A.why"
	mends "dead/main/$A: queued and dead in one queue, and another file than queue/main/$A"
	[ "$(tail -n 1 "$SPOOL/dead/none/$A~1")" = other ]
	[ -e "$SPOOL/queue/main/$A" ]
}

@test "an id in several places is one file; another's bytes are put aside" {
	both
	cp -p "$SPOOL/queue/main/$A" x
	mv x "$SPOOL/queue/main/$A"
	cp -p "$SPOOL/queue/main/$A" "$SPOOL/new/$A"
	mends "queue/main/$A: another file than queue/copy/$A, of the same bytes" \
	    "new/$A: another file than queue/copy/$A, of the same bytes"
	[ "$SPOOL/queue/main/$A" -ef "$SPOOL/queue/copy/$A" ]
	[ "$SPOOL/new/$A" -ef "$SPOOL/queue/copy/$A" ]
	rm "$SPOOL/queue/main/$A" "$SPOOL/new/$A"
	made new "$A" second
	made queue/main "$A" third
	mends "queue/main/$A: another record than queue/copy/$A, which has its id" \
	    "new/$A: another record than queue/copy/$A, which has its id"
	run ! grep counted did
	[ "$(tail -n 1 "$SPOOL/queue/copy/$A")" = body ]
	[ "$(tail -qn 1 "$SPOOL/dead/none/$A~"[12] | sort | tr '\n' ' ')" = \
	    "second third " ]
	[[ $(spool check) =~ main\ +1\ +0\ +0\ +0\ +0\ +1 ]]
	[[ $(spool check) =~ none\ +1\ +0\ +0\ +1\ +0\ +0 ]]
}

@test "what an id's other record left in dead/none is as it should be" {
	both
	dies none "$A"
	made dead/none "$A~1" other
	echo "reason: its id is another record's" >"$SPOOL/dead/none/$A~1.why"
	silent
}

@test "directories and pipes that are missing are made, with their modes" {
	both
	dies copy "$B"
	want=() gone=()
	for part in $(cd "$SPOOL" && find ./* -type d -o -type p); do
		part=${part#./}
		case $part in
		new|queue*|ledger|dead|dead/copy)	continue ;;
		esac
		gone+=("$SPOOL/$part")
		if [ -p "$SPOOL/$part" ]; then
			want+=("$part: missing FIFO")
		else
			want+=("$part: missing directory")
		fi
	done
	rm -rf "${gone[@]}"
	[ "${#want[@]}" -gt 18 ]
	mends "${want[@]}"
	[ "$(stat -c %a "$SPOOL/tmp/recv" "$SPOOL/pipe/spool" \
	    "$SPOOL/dead/main" | tr '\n' ' ')" = "2770 620 750 " ]
	start spool prof-spool -c "$CONF"
	stop spool
}

@test "a queue whose directory is gone is made anew, what it held is named" {
	both
	rm -r "$SPOOL/queue"
	mends "queue: missing directory" "queue/main: missing directory" \
	    "queue/copy: missing directory"
	grep -q "^ledger/main: $A came in and is nowhere: counted$" did
	[[ $(spool check) =~ copy\ +1\ +0\ +0\ +0\ +0\ +1 ]]
	rm -r "$SPOOL/dead" "$SPOOL/ledger"
	mends "dead: missing directory" "dead/none: missing directory" \
	    "dead/main: missing directory" "dead/copy: missing directory" \
	    "ledger: missing directory"
	mkdir "$SPOOL/queue/other"
	chmod 750 "$SPOOL/queue/other"
	mends "dead/other: missing directory" "pipe/other.todo: missing FIFO" \
	    "pipe/other.done: missing FIFO"
	# Its pipes alone tell of a queue.
	rm -r "$SPOOL/queue/other" "$SPOOL/dead/other"
	mends "queue/other: missing directory" "dead/other: missing directory"
}

@test "what stands in the place of a directory or a pipe goes to lost" {
	rmdir "$SPOOL/tmp/recv" "$SPOOL/dead/main"
	rm "$SPOOL/pipe/main.done" "$SPOOL/pipe/ctl"
	echo verdict >"$SPOOL/pipe/main.done"
	mkdir "$SPOOL/pipe/ctl"
	echo file >"$SPOOL/tmp/recv"
	ln -s /tmp "$SPOOL/dead/main"
	mends "pipe/main.done: not a FIFO" "pipe/ctl: not a FIFO" \
	    "tmp/recv: not a directory" "dead/main: not a directory"
	[ "$(cat "$(lost pipe/main.done)")" = verdict ]
	[ -p "$SPOOL/pipe/main.done" ]
	[ -d "$SPOOL/tmp/recv" ]
	[ ! -L "$SPOOL/dead/main" ]
}

@test "modes are those that init makes" {
	both
	lines none "in $B" "removed $B"
	want=()
	while read -r mode part; do
		chmod 00777 "$SPOOL/$part"
		want+=("$part: mode is 0777, not $mode")
	done <<-EOF
	0751 .
	0755 tmp
	2770 tmp/recv
	3770 new
	0750 queue
	0750 queue/main
	0750 dead
	0750 dead/copy
	0750 dead/none
	0755 keep
	2770 keep/pyro
	0700 ledger
	3775 stat
	3775 lock
	0755 pipe
	0620 pipe/spool
	0600 pipe/ctl
	0660 pipe/main.todo
	0664 queue/main/$A
	0664 queue/copy/$A
	EOF
	chmod 0400 "$SPOOL/ledger/none"
	mends "${want[@]}" "ledger/none: mode is 0400, not 0600"
	[ "$(stat -c %a "$SPOOL/new")" = 3770 ]
	[ "$(stat -c %a "$SPOOL/queue/copy/$A")" = 664 ]
}

@test "owners are prof-spool's" {
	[ "$(id -u)" -eq 0 ] || skip "this needs root"
	both
	chown 12345 "$SPOOL/queue" "$SPOOL/dead/main" "$SPOOL/pipe/ctl" \
	    "$SPOOL/ledger/main"
	# With a user each, these are the producer's, and prof-spool's by group.
	chown 12345 "$SPOOL/tmp/recv" "$SPOOL/keep/pull" "$SPOOL/queue/copy/$A"
	mends "queue: owner is 12345, not 0" "dead/main: owner is 12345, not 0" \
	    "pipe/ctl: owner is 12345, not 0" \
	    "ledger/main: owner is 12345, not 0"
	[ "$(stat -c %u "$SPOOL/queue/main/$A")" = 12345 ]
	chown 12345:12345 "$SPOOL/tmp/recv" "$SPOOL/queue/copy/$A"
	mends "tmp/recv: group is 12345, not 0" \
	    "queue/main/$A: group is 12345, not 0" \
	    "queue/copy/$A: group is 12345, not 0"
	[ "$(stat -c %a "$SPOOL/tmp/recv")" = 2770 ]
	# What root makes it gives to whom the spool is.
	chown -R 12345:12345 "$SPOOL"
	rm -r "$SPOOL/dead/copy" "$SPOOL/lock/spool" "$SPOOL/ledger/copy"
	echo stray >"$SPOOL/new/stray"
	mends "dead/copy: missing directory" "new/stray: stray file" \
	    "ledger/copy: $A is there and was never counted"
	run ! grep 'owner is' did
	find "$SPOOL" -uid 0 ! -path "*/lost/*" >rooted
	[ ! -s rooted ] || fail "$(cat rooted)"
}

# Without the powers of root, if we are root.
powerless()
{
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --bounding-set=-all -- "$@"
	else
		"$@"
	fi
}

@test "what cannot be read is named, and read when that is put right" {
	both
	dies main "$B"
	chmod 0 "$SPOOL/queue/main/$A" "$SPOOL/dead/main" "$SPOOL/ledger/copy"
	run -100 powerless prof-spool -c "$CONF" fsck
	[[ $output == *"queue/main/$A: cannot be read: Permission denied"* ]]
	[[ $output == *"dead/main: cannot be read: Permission denied"* ]]
	[[ $output == *"ledger/copy: cannot be read: Permission denied"* ]]
	run ! grep nowhere <<<"$output"
	run -0 powerless prof-spool -c "$CONF" fsck -y
	[[ $output == *"dead/main: mode is 0000, not 0750: set"* ]]
	run ! grep 'cannot be read' <<<"$output"
	silent
}

@test "what cannot be mended is said, with the reason, and exits 100" {
	echo stray >"$SPOOL/new/stray"
	touch "$SPOOL/lost"
	run -100 spool fsck -y
	[[ $output == *"new/stray: stray file: not mended: Not a directory"* ]]
	[[ $output == *"lost: stray file: not mended: Not a directory"* ]]
	rm "$SPOOL/lost"
	chmod 0555 "$SPOOL"
	run -100 powerless prof-spool -c "$CONF" fsck -y
	[[ $output == *"new/stray: stray file: not mended: Permission denied"* ]]
	chmod 0751 "$SPOOL"
	[ -e "$SPOOL/new/stray" ]
	mends "new/stray: stray file"
}

@test "a half-done commit in keep is described and left to its program" {
	mkdir "$SPOOL/keep/pull/$A" "$SPOOL/keep/pyro/$B"
	made "keep/pull/$A" "$A"
	echo baseline >"$SPOOL/keep/pull/$A/state"
	echo part >"$SPOOL/keep/pyro/$B/part"
	finds "keep/pull/$A: half-done commit, with a sound record and 1 other name" \
	    "keep/pyro/$B: half-done commit, with no record and 1 other name"
	bytes >before
	run -100 spool fsck -y
	[[ $output == *"keep/pull/$A: "*": its program ends it when it starts"* ]]
	bytes | cmp - before
	[ -e "$SPOOL/keep/pull/$A/state" ]
	truncate -s -1 "$SPOOL/keep/pull/$A/$A"
	run -100 spool fsck
	[[ $output == *"with a bad record and 1 other name"* ]]
	# A program that runs is at work on it.
	flock "$SPOOL/lock/pull" flock "$SPOOL/lock/pyro" \
	    prof-spool -c "$CONF" fsck
}

@test "a commit that was not made goes to lost, but for one at work" {
	mkdir "$SPOOL/tmp/pull/$A"
	made "tmp/pull/$A" "$A"
	flock "$SPOOL/lock/pull" prof-spool -c "$CONF" fsck
	mends "tmp/pull/$A: commit that was not made, with a sound record and 0 other names"
	[ -e "$(lost "tmp/pull/$A")/$A" ]
}

@test "an abandoned draft is kept in lost, one at work is not named" {
	for name in old locked young; do
		echo "$name" >"$SPOOL/tmp/recv/$name"
	done
	touch -d '1 minute ago' "$SPOOL/tmp/recv/old" "$SPOOL/tmp/recv/locked"
	exec {fd}<"$SPOOL/tmp/recv/locked"
	flock "$fd"
	mends "tmp/recv/old: abandoned draft"
	exec {fd}<&-
	[ "$(cat "$(lost tmp/recv/old)")" = old ]
	[ -e "$SPOOL/tmp/recv/locked" ]
}

@test "lines of a ledger that mean nothing are taken out, the old one kept" {
	both
	lines main "in nonsense" "in +3" "ok +x" nonsense "ok +3" "eaten $B"
	cp "$SPOOL/ledger/main" was
	mends "ledger/main: 4 lines mean nothing, the first is line 2"
	[ "$(cat "$SPOOL/ledger/main")" = "in $A"$'\n'"in +3"$'\n'"ok +3" ]
	cmp was "$(lost ledger/main)"
	printf 'ok %s' "$A" >>"$SPOOL/ledger/copy"
	mends "ledger/copy: its last line is torn"
	[ "$(cat "$SPOOL/ledger/copy")" = "in $A" ]
}

@test "a ledger that is no file goes to lost, and is begun anew" {
	both
	mv "$SPOOL/ledger/main" "$SPOOL/ledger.main"
	mkdir "$SPOOL/ledger/main"
	ln -s main "$SPOOL/ledger/none"
	rm "$SPOOL/ledger.main"
	mends "ledger/main: stray directory" "ledger/none: stray symbolic link"
	[ "$(cat "$SPOOL/ledger/main")" = "in $A" ]
}

@test "ids that do not add up are named and counted" {
	both
	dies copy "$B"
	rm "$SPOOL/queue/main/$A" "$SPOOL/dead/copy/$B"*
	: >"$SPOOL/ledger/none"
	dies none "${A%1}5"
	: >"$SPOOL/ledger/none"
	made queue/copy "${A%1}6"
	mends "ledger/main: $A came in and is nowhere" \
	    "ledger/copy: $B is dead and nowhere" \
	    "ledger/copy: ${A%1}6 is there and was never counted" \
	    "ledger/none: ${A%1}5 is there and was never counted"
	[[ $(spool check) =~ main\ +1\ +0\ +0\ +0\ +0\ +1 ]]
	[[ $(spool check) =~ copy\ +3\ +0\ +2\ +0\ +0\ +1 ]]
	[[ $(spool check) =~ none\ +1\ +0\ +0\ +1\ +0\ +0 ]]
	# Not while other things are to be mended that change the sum.
	ln -s nowhere "$SPOOL/queue/main/$B"
	finds "queue/main/$B: stray symbolic link" \
	    "ledger/main: $B is there and was never counted"
	run -0 spool fsck -y
	[ "$output" = "queue/main/$B: stray symbolic link: moved to lost/" ]
}

@test "full is removed when it is older than its minute" {
	touch "$SPOOL/full"
	silent
	touch -d '2 minutes ago' "$SPOOL/full"
	mends "full: older than a minute"
	[ ! -e "$SPOOL/full" ]
}

@test "beside a daemon -y mends what the daemon leaves alone, and no more" {
	start spool prof-spool -c "$CONF"
	made dead/main "$A"
	lines main "in $A" "dead $A"
	echo stray >"$SPOOL/new/stray"
	chmod 0777 "$SPOOL/queue"
	rm "$SPOOL/pipe/copy.done"
	run -100 spool fsck -y
	[[ $output == *"dead/main/$A: dead record without .why: not while prof-spool runs"* ]]
	[[ $output == *"new/stray: stray file: moved to lost/"* ]]
	[[ $output == *"queue: mode is 0777, not 0750: set"* ]]
	[[ $output == *"pipe/copy.done: missing FIFO: made"* ]]
	[ "${#lines[@]}" -eq 4 ]
	[ ! -e "$SPOOL/dead/main/$A.why" ]
	stop spool
	mends "dead/main/$A: dead record without .why"
}

# A consumer of main that delivers all it hears of, and a producer without end.
delivers()
{
	exec 7<>"$SPOOL/pipe/main.todo" 8<>"$SPOOL/pipe/main.done"
	printf 'hello\nwindow 64\n' >&8
	while read -r id rest; do
		[ -z "$rest" ] || echo "$id ok" >&8
	done <&7
}

produces()
{
	while record -n 20 </dev/null | prof-spool -c "$CONF" put -; do
		:
	done
}

@test "what moves while it looks is not named" {
	start spool prof-spool -c "$CONF"
	export -f delivers produces
	bash -c delivers 3>&- &
	consumer=$!
	bash -c produces >put 2>err 3>&- &
	producer=$!
	until [ "$(wc -l <put)" -gt 500 ]; do silent; done
	for _ in 1 2 3 4 5; do silent; done
	kill "$producer" "$consumer"
	wait "$producer" "$consumer" || :
	stop spool
	silent
}

# There is always a stray file, and never the same for long.
strays()
{
	local n=0

	while :; do
		n=$((n + 1))
		: >"$SPOOL/new/x$n"
		rm -f "$SPOOL/new/x$((n - 1))"
	done
}

@test "what is found must be the same in every look" {
	export -f strays
	bash -c strays 3>&- &
	strayer=$!
	silent
	kill "$strayer"
	wait "$strayer" || :
	run -0 spool fsck -y
	silent
}

@test "thousands are checked with progress on a terminal, in a pipe without" {
	record -n 3000 </dev/null | spool put - >/dev/null
	silent
	script -qec "prof-spool -c '$CONF' fsck" /dev/null >out 3>&-
	grep -q 'fsck: 3000 of 3000' out
	grep -q '3000 names of records, 0 findings, 0 mended' out
	echo x >"$SPOOL/stray"
	script -qec "prof-spool -c '$CONF' fsck -y" /dev/null >out 3>&-
	grep -q '3000 names of records, 1 findings, 1 mended' out
}

@test "what of the spool cannot be listed is not said to be in order" {
	skip_asan "LeakSanitizer cannot run under strace"
	both
	for command in fsck ls "ls -q main" stat; do
		for ((n = 1; n < 99; n++)); do
			# shellcheck disable=SC2086
			run strace -o trace -e "inject=getdents64:error=EIO:when=$n+" \
			    prof-spool -c "$CONF" $command
			grep -q INJECTED trace || break
			[ "$status" -ne 0 ] || fail "$command, $n: $output $(grep INJ trace)"
			[[ $output = *"Input/output error"* ]] ||
			    fail "$command, $n: $output $(grep INJ trace)"
		done
		[ "$status" -eq 0 ]
		[ "$n" -gt 2 ]
	done
}

@test "killed at any move of its own, -y loses nothing and can be repeated" {
	skip_asan "LeakSanitizer cannot run under strace"
	both
	echo nonsense >"$SPOOL/new/$B"
	chmod 664 "$SPOOL/new/$B"
	ln "$SPOOL/queue/main/$A" "$SPOOL/queue/main/$A~1~1900000000"
	cp -p "$SPOOL/queue/copy/$A" x
	mv x "$SPOOL/queue/copy/$A"
	echo stray >"$SPOOL/queue/stray"
	lines main nonsense
	bytes >before
	cp -a "$SPOOL" saved
	kills=0
	for call in renameat2 renameat linkat unlinkat; do
		for ((n = 1; n < 20; n++)); do
			rm -rf "$SPOOL"
			cp -a saved "$SPOOL"
			strace -o trace -e "inject=$call:signal=KILL:when=$n" \
			    prof-spool -c "$CONF" fsck -y >out 2>&1 && break
			kills=$((kills + 1))
			spool fsck -y >out || fail "$call $n: $(cat out)"
			silent
			[ -z "$(comm -23 before <(bytes))" ] ||
			    fail "$call $n: bytes are lost"
			[ -e "$SPOOL/queue/main/$A" ]
			[ -e "$SPOOL/queue/copy/$A" ]
		done
		[ "$n" -lt 20 ]
	done 2>/dev/null
	[ "$kills" -ge 10 ]
}
