#!/usr/bin/env bats
# The programs in pipelines, and a shell loop as a consumer: as prof.7 has it.

load lib

# brings FILE...: ids answered to uploads on the unix socket, in order.
brings()
{
	send -q "unix:$PWD/apm.sock" "$@" |
	    sed -n 's/^200 .*"ProfileID":"\([^"]*\)".*/\1/p'
}

up()
{
	[ -S apm.sock ] && curl -s --unix-socket apm.sock http://localhost/info
}

# settings <<EOF: a unix socket, a spool and the lines of standard input.
settings()
{
	printf '%s\n' '[http_api]' "listen = unix:$PWD/apm.sock" \
	    '[profile]' 'generate_metrics = false' \
	    '[profile.io_config]' "cache_path = $SPOOL" >"$CONF"
	cat >>"$CONF"
}

# The end of a pipeline begun in the background: prof-recv stops on SIGTERM and
# the rest ends with its output.
drain()
{
	kill "$(cat recv.pid)"
	waits 20 gone "$PIPELINE"
	wait "$PIPELINE"
}

# recv_out: prof-recv -o -, its process in recv.pid.
recv_out()
{
	# shellcheck disable=SC2016
	sh -c 'echo $$ >recv.pid; exec prof-recv "$@"' - -c "$CONF" -o - \
	    2>recv.log
}

@test "prof-recv -o - | prof-spool put -" {
	local id ids

	settings </dev/null
	prof-spool -c "$CONF" init
	recv_out | prof-spool -c "$CONF" put - >put.out 2>put.log 3>&- &
	PIPELINE=$!
	poll 20 up
	ids=$(brings "$REQUESTS"/dd-*.http "$REQUESTS"/curl-*.http)
	drain
	cat put.out put.log
	[ "$(wc -w <<<"$ids")" -ge 12 ]
	[ "$(holds new)" -eq "$(wc -w <<<"$ids")" ]
	for id in $ids; do
		prof-spool -c "$CONF" cat "$id" | head -n 3 | tee head
		grep -x "id: $id" head
	done
}

@test "a record put from a pipe holds the client's body byte for byte" {
	local id

	settings </dev/null
	prof-spool -c "$CONF" init
	recv_out | prof-spool -c "$CONF" put - >put.out 2>put.log 3>&- &
	PIPELINE=$!
	poll 20 up
	id=$(brings "$REQUESTS/dd-go-1.43.http")
	drain
	# What follows the blank line; the request has a Content-Length.
	sed '1,/^\r$/d' "$REQUESTS/dd-go-1.43.http" >sent
	prof-spool -c "$CONF" cat "$id" | sed '1,/^$/d' >got
	cmp sent got
}

# The one profile in the outbox DIR: its attachments are those of a request,
# and its event says what it should.
stored()
{
	local profile

	profile=$(find "$1" -name event.json -printf '%h\n')
	[ "$(wc -l <<<"$profile")" -eq 1 ]
	jq -e '.format == "pprof" and .language == "golang"' \
	    "$profile/event.json"
	[ "$(find "$profile" -name '*.pprof' | wc -l)" -eq 5 ]
	go tool pprof -top "$profile/cpu.pprof" | grep flat
}

@test "prof-spool cat ID | prof-ship -u file:DIR -" {
	local id

	settings </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	id=$(brings "$REQUESTS/dd-go-1.41-form.http")
	prof-spool -c "$CONF" cat "$id" |
	    prof-ship -c "$CONF" -u "file:$PWD/out" -
	stored out
	# The spool still has it: by hand nothing is taken out.
	[ "$(holds new)" -eq 1 ]
}

@test "prof-recv -o - | prof-ship -u file:DIR -" {
	settings </dev/null
	recv_out | prof-ship -c "$CONF" -u "file:$PWD/out" - >ship.out \
	    2>ship.log 3>&- &
	PIPELINE=$!
	poll 20 up
	brings "$REQUESTS/dd-go-1.41-form.http"
	drain
	stored out
	[ ! -e "$SPOOL" ]
}

@test "a stream of records is their concatenation" {
	settings </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	brings "$REQUESTS"/dd-js-5.132-retry-*.http
	cat "$SPOOL"/new/* | prof-ship -c "$CONF" -u "file:$PWD/out" -
	[ "$(find out -name event.json | wc -l)" -eq 3 ]
	cat "$SPOOL"/new/* >stream
	rm "$SPOOL"/new/*
	prof-spool -c "$CONF" put - <stream
	[ "$(holds new)" -eq 3 ]
}

# The loop of prof.7, but for the directory it copies to.
consume()
{
	cd "$SPOOL" || return
	# shellcheck disable=SC2016
	flock -n lock/copy sh -c 'while read id n path; do cp "$path" "'"$COPIES"'/$id" </dev/null >&2 && echo "$id ok" || echo "$id retry 60 cp"; done' <pipe/copy.todo >pipe/copy.done
}

# copied N: so many copies are there, and nothing is left in the queue.
copied()
{
	[ "$(find "$COPIES" -type f | wc -l)" -eq "$1" ] &&
	    [ "$(holds queue/copy)" -eq 0 ] && [ "$(holds new)" -eq 0 ]
}

@test "a shell loop is a consumer" {
	local id

	COPIES=$PWD/copies
	mkdir "$COPIES"
	settings <<-EOF
	[destination.copy]
	type = external
	EOF
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	consume 2>consume.log 3>&- &
	brings "$REQUESTS"/dd-js-5*.http "$REQUESTS"/constructed-*.http >ids
	poll 30 copied "$(wc -l <ids)"
	while read -r id; do
		grep -x "id: $id" -m 1 "$COPIES/$id"
	done <ids
	# Its input ends with prof-spool, and so does it.
	stop spool
	waits 10 gone $!
	wait $!

	# Once more, as a supervisor would.
	start spool prof-spool -c "$CONF"
	consume 2>>consume.log 3>&- &
	brings "$REQUESTS"/curl-collapsed.http >>ids
	poll 30 copied "$(wc -l <ids)"
	stop spool
	wait $!
}

# attempted: how many records in the queue have failed once (ID~1~DUE).
attempted()
{
	find "$SPOOL/queue/copy" -name '*~1~*' | wc -l
}

@test "a shell loop that fails is asked again" {
	COPIES=$PWD/copies
	settings <<-EOF
	[destination.copy]
	type = external
	EOF
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	consume 2>consume.log 3>&- &
	brings "$REQUESTS"/curl-collapsed.http
	poll 20 is 1 attempted
	stop spool
	wait $!
}
