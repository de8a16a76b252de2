# Spares: files of delivered records that are written over.
load lib

setup()
{
	prof_setup
	conf <<-EOF
	[global_host_tags]
	[destination.main]
	type = external
	command = true
	EOF
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	address=$(recv_at)
}

# put SIZE: upload a profile with SIZE bytes of attachment, print its id.
put()
{
	head -c "$1" /dev/urandom >"$BATS_TEST_TMPDIR/attachment"
	curl -sS -F 'event={"tags_profiler":"a:b"};filename=event.json' \
	    -F "cpu=@$BATS_TEST_TMPDIR/attachment" \
	    "http://$address/profiling/v1/input" |
	    sed -n 's/.*"ProfileID": *"\([^"]*\)".*/\1/p'
}

queued()
{
	[ -e "$SPOOL/queue/main/$1" ]
}

inode()
{
	stat -c %i "$SPOOL/queue/main/$1"
}

# delivered ID: say ok for it and wait until its queue has not got it.
delivered()
{
	echo "$1 ok" 1<>"$SPOOL/pipe/main.done"
	poll 5 [ ! -e "$SPOOL/queue/main/$1" ]
}

# sound ID: is the record whole, and is its attachment the one last made?
sound()
{
	prof-spool -c "$CONF" cat "$1" >record &&
	    prof-spool -c "$CONF" show "$1" >shown &&
	    ! grep broken shown &&
	    python3 -c 'import sys
record, attachment = (open(f, "rb").read() for f in sys.argv[1:])
sys.exit(attachment not in record)' record "$BATS_TEST_TMPDIR/attachment"
}

@test "a delivered record's file is written over, longer or shorter" {
	a=$(put 50000)
	poll 5 queued "$a"
	inode=$(inode "$a")
	delivered "$a"
	[ -e "$SPOOL/spare/recv/$a" ]
	# Not before its queue was synced again: this one is a new file.
	b=$(put 50000)
	poll 5 queued "$b"
	[ "$(inode "$b")" -ne "$inode" ]
	for size in 1000 200000 10; do
		c=$(put "$size")
		poll 5 queued "$c"
		[ "$(inode "$c")" -eq "$inode" ]
		sound "$c"
		delivered "$c"
		# Another batch makes it free again.
		d=$(put 10)
		poll 5 queued "$d"
	done
	stop recv
	stop spool
	run -0 prof-spool -c "$CONF" check
	run -0 prof-spool -c "$CONF" fsck
}

# spared: a delivered record whose file is there to be written over.
spared()
{
	a=$(put "${1:-50000}")
	poll 5 queued "$a"
	inode=$(inode "$a")
	"${@:2}"
	delivered "$a"
	b=$(put 10)
	poll 5 queued "$b"
}

@test "a file that somebody reads is not written over" {
	reads()
	{
		exec {fd}<"$SPOOL/queue/main/$a"
	}
	spared 50000 reads
	before=$(sha256sum <"/proc/self/fd/$fd")
	c=$(put 50000)
	poll 5 queued "$c"
	[ "$(inode "$c")" -ne "$inode" ]
	[ "$(sha256sum <"/proc/self/fd/$fd")" = "$before" ]
	exec {fd}<&-
	sound "$c"
}

@test "a file that has another name is not written over" {
	links()
	{
		ln "$SPOOL/queue/main/$a" kept
	}
	spared 50000 links
	before=$(sha256sum <kept)
	c=$(put 50000)
	poll 5 queued "$c"
	[ "$(inode "$c")" -ne "$inode" ]
	[ "$(sha256sum <kept)" = "$before" ]
	[ "$(stat -c %h kept)" -eq 1 ]
}

@test "a file over 256 KiB is not kept" {
	spared 300000 true
	[ -z "$(ls "$SPOOL/spare/recv")" ]
	spared 200000 true
	[ -n "$(ls "$SPOOL/spare/recv")" ]
}

@test "a record still queued elsewhere is not written over" {
	sed -i 's/^\[destination.main\]$/[destination.other]\ntype = external\ncommand = true\n&/' "$CONF"
	kill -HUP "$(pid spool)"
	poll 5 grep -q 'configuration taken' spool.log
	spared 50000 true
	[ ! -e "$SPOOL/spare/recv/$a" ]
	[ "$(stat -c %h "$SPOOL/queue/other/$a")" -eq 1 ]
	[ "$(stat -c %i "$SPOOL/queue/other/$a")" -eq "$inode" ]
}

@test "a producer that is killed over a spare costs nothing" {
	spared 50000 true
	python3 - "$address" <<-'EOF' 3>&- &
	import socket, sys, time
	host, port = sys.argv[1].rsplit(":", 1)
	s = socket.create_connection((host, int(port)))
	s.sendall(b"POST /profiling/v1/input HTTP/1.1\r\nHost: x\r\n"
	    b"Content-Type: multipart/form-data; boundary=x\r\n"
	    b"Content-Length: 160000\r\n\r\n--x\r\n")
	time.sleep(100)
	EOF
	client=$!
	poll 5 is 1 holds tmp/recv
	[ "$(stat -c %i "$SPOOL"/tmp/recv/*)" -eq "$inode" ]
	# It is no record any more.
	[ "$(head -c 16 "$SPOOL"/tmp/recv/* | tr -d '\0' | wc -c)" -eq 0 ]
	slay recv
	kill "$client"
	wait "$client" || :
	start recv prof-recv -c "$CONF"
	address=$(recv_at)
	c=$(put 1000)
	poll 5 queued "$c"
	sound "$c"
	run -0 prof-spool -c "$CONF" check
}

@test "what an earlier prof-spool left in spare goes at its start" {
	spared 50000 true
	slay spool
	[ -e "$SPOOL/spare/recv/$a" ]
	start spool prof-spool -c "$CONF"
	[ ! -e "$SPOOL/spare/recv/$a" ]
	# Its name is in the pipe still: it is no harm.
	c=$(put 1000)
	poll 5 queued "$c"
	sound "$c"
}
