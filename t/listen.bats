#!/usr/bin/env bats
# Sockets that outlive the program that serves them.
#
# What sh is given is for it to expand, and WRAP is for start.
# shellcheck disable=SC2016,SC2034
load lib

# settings ADDRESSES: and a queue that nobody empties.
settings()
{
	conf </dev/null
	sed -i "s;^listen = .*;listen = $1;" "$CONF"
	prof-spool -c "$CONF" init
}

# Keeps prof-recv as a supervisor does: one that ends is followed by another,
# which is told by nothing but its environment what it was passed.
supervise()
{
	cat >supervise <<-'END'
		trap 'over=true; kill "$child"' TERM
		over=false
		until $over; do
			sh -c 'echo $$ >recv.pid
			    LISTEN_PID=$$ exec prof-recv -c "$CONF"' &
			child=$!
			wait "$child"
			wait "$child"
		done
	END
	mkdir -p run
	prof-listen -c "$CONF" recv sh supervise 2>>recv.log 3>&- &
	echo $! >run/supervise.pid
	poll 10 ready 1
	poll 10 test -s "$SPOOL/stat/recv"
}

# ready N: so many have begun to serve.
ready()
{
	[ "$(grep -c 'prog=prof-recv msg="listening".*passed=' \
	    recv.log)" -ge "$1" ]
}

# restarts KIND ADDRESS: 8 clients, 20 restarts, no failure.
restarts()
{
	local n

	python3 "$TOP/t/restarted.py" "$2" "$1" 8 4 >counted 2>why 3>&- &
	for n in {1..20}; do
		kill "$(cat recv.pid)"
		poll 10 ready $((n + 1))
	done
	wait $!
	cat counted why
	read -r uploads failed _ <counted
	[ "$failed" -eq 0 ]
	[ "$uploads" -gt 100 ]
	stop supervise
	# What was answered is there, each once.
	[ "$(holds new)" -ge "$uploads" ]
	run -0 ls "$SPOOL/tmp/recv"
	[ -z "$output" ]
}

@test "20 restarts of prof-recv refuse no client that connects anew" {
	settings 127.0.0.1:0
	supervise
	restarts new "$(recv_at)"
	[ "$(holds new)" -eq "$uploads" ]
}

@test "20 restarts fail no client that keeps its connection and retries once" {
	settings 127.0.0.1:0
	supervise
	restarts kept "$(recv_at)"
}

@test "20 restarts refuse no client of a unix socket" {
	settings "unix:$PWD/sock"
	supervise
	restarts new "unix:$PWD/sock"
	[ "$(holds new)" -eq "$uploads" ]
}

# held ADDRESSES...: the sockets a program has under these would be passed.
held()
{
	WRAP=(prof-listen -c "$CONF" recv "$@")
}

@test "who connects before it begins is served" {
	settings 127.0.0.1:0
	mkfifo go
	prof-listen -c "$CONF" recv sh -c 'read -r _ <go
	    LISTEN_PID=$$ exec prof-recv -c "$CONF"' 2>recv.log 3>&- &
	mkdir -p run
	echo $! >run/recv.pid
	poll 5 grep -q 'prog=prof-listen msg="listening"' recv.log
	at=$(sed -n 's/.*address=//p' recv.log)
	curl -sS "http://$at/info" >answer 3>&- &
	echo >go
	wait $!
	grep -q /profiling/v1/input answer
	stop recv
}

@test "what is passed is taken by address, port 0 by its name" {
	settings "127.0.0.1:0, unix:$PWD/sock"
	run -0 prof-listen -c "$CONF" recv sh -c \
	    'echo "$LISTEN_PID $$ $LISTEN_FDS $LISTEN_FDNAMES"'
	[[ ${lines[-1]} =~ ^([0-9]+)\ ([0-9]+)\ 2\ listen.1:listen.2$ ]]
	[ "${BASH_REMATCH[1]}" = "${BASH_REMATCH[2]}" ]
	held env LISTEN_FDNAMES=listen.1
	start recv prof-recv -c "$CONF"
	[ "$(grep -c 'prog=prof-recv msg="listening".* passed=1' \
	    recv.log)" -eq 2 ]
	curl -sSf "http://$(recv_at)/info"
	curl -sSf --unix-socket sock http://localhost/info
	stop recv
	# Not its own: whoever passed it may want it again.
	[ -S sock ]
}

@test "every address of localhost is taken, without its name" {
	settings 127.0.0.1:0
	start recv prof-recv -c "$CONF"
	at=$(recv_at)
	stop recv
	settings "localhost:${at#*:}"
	held env -u LISTEN_FDNAMES
	start recv prof-recv -c "$CONF"
	grep 'prog=prof-recv msg="listening"' recv.log | tail -n 1 |
	    grep -q passed=
	curl -sSf "http://$at/info"
}

@test "a socket of no configured address is said, and closed" {
	settings "unix:$PWD/old"
	cp "$CONF" old.conf
	settings "unix:$PWD/sock"
	WRAP=(prof-listen -c old.conf recv)
	start recv prof-recv -c "$CONF"
	grep -q "msg=\"passed socket not used\" address=\"unix:$PWD/old" \
	    recv.log
	curl -sSf --unix-socket sock http://localhost/info
	run -7 curl -sS --unix-socket old http://localhost/info
}

@test "sockets that are meant for another process are left alone" {
	settings 127.0.0.1:0
	held env LISTEN_PID=1
	start recv prof-recv -c "$CONF"
	run ! grep passed= recv.log
	curl -sSf "http://$(recv_at)/info"
	stop recv
	held env LISTEN_FDS=many
	run start recv prof-recv -c "$CONF"
	[ "$status" -ne 0 ]
	grep -q 'msg="cannot listen" error=.* variable=LISTEN_FDS' recv.log
	rm -f run/recv.pid
}

@test "prof-listen says what it cannot open, and with -k goes on" {
	settings "127.0.0.1:0, unix:/nonexistent/sock"
	run -111 prof-listen -c "$CONF" recv echo here
	[[ $output = *'msg="cannot listen" address="unix:/nonexistent/sock" error='* ]]
	[[ $output != *here* ]]
	run -0 prof-listen -k -c "$CONF" recv sh -c 'echo $LISTEN_FDS'
	[ "${lines[-1]}" = 1 ]
	run -111 prof-listen -k -c "$CONF" recv ./nothing
	[[ $output = *'msg="cannot run" command="./nothing"'* ]]
	run -2 prof-listen -c "$CONF" ship true
	run -2 prof-listen -c "$CONF" recv
	echo nonsense >>"$CONF"
	run -100 prof-listen -c "$CONF" recv true
	run -100 prof-listen -t -c "$CONF"
}

@test "prof-pyro takes the sockets of its sections" {
	conf <<-END
		[profile.pyroscope]
		url = 127.0.0.1:0
		[profile.pyroscope]
		url = unix:$PWD/sock
	END
	prof-spool -c "$CONF" init
	WRAP=(prof-listen -c "$CONF" pyro)
	start pyro prof-pyro -c "$CONF"
	[ "$(grep -c 'prog=prof-pyro msg="listening".* passed=1' \
	    pyro.log)" -eq 2 ]
}
