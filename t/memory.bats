#!/usr/bin/env bats
# Memory does not grow with what clients send. Under sanitizers the figures
# mean nothing; then only the deliveries are seen to.

load lib

BODY=$((32 << 20))		# bytes: body_size_limit_mb's default

setup()
{
	prof_setup
	start sink sink -d "$PWD/sink"
	conf <<-EOF
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	workers = 8
	EOF
	prof-spool -c "$CONF" init
}

# These are gigabytes: not to be left for the end of the whole run.
teardown()
{
	prof_teardown
	rm -rf "$SPOOL"
}

# peak NAME: the most memory that a started program ever had, in KiB.
peak()
{
	awk '$1 == "VmHWM:" { print $2 }' "/proc/$(pid "$1")/status"
}

# at_most KIB NAME
at_most()
{
	echo "$2: $(peak "$2") KiB, at most $1"
	under_asan || [ "$(peak "$2")" -le "$1" ]
}

@test "prof-recv takes 64 bodies of 32 MiB at once in 8 MiB" {
	start recv prof-recv -c "$CONF"
	command load -w -c 64 -u 64 -s "$BODY" "$(recv_at)"
	[ "$(holds new)" -eq 64 ]
	at_most 8192 recv
}

@test "prof-ship rewrites and uploads 8 profiles of 32 MiB at once in 20 MiB" {
	start recv prof-recv -c "$CONF"
	start spool prof-spool -c "$CONF"
	command load -c 8 -u 8 -s "$BODY" "$(recv_at)"
	# Slow enough for all of them to be under way together.
	echo "rate 20000000" >sink/mode
	start ship prof-ship -c "$CONF" -d main
	poll 60 is 0 holds queue
	at_most 20480 ship
	cat sink/log
	[ "$(grep -c ' 200 ' sink/log)" -eq 8 ]
	# All at once, and more came than was sent: the tag.
	[ "$(cut -d ' ' -f 5 sink/log | sort -n | tail -n 1)" -eq 8 ]
	[ "$(cut -d ' ' -f 6 sink/log | sort -n | head -n 1)" -gt "$BODY" ]
}

# twice FILE FORMAT: post a file to prof-pyro two times at once; prints both
# statuses.
twice()
{
	local at

	at=$(sed -n 's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro")
	curl -sSZ --data-binary "@$1" -o answer -w '%{http_code} ' \
	    "http://$at/ingest?name=a&format=$2&i=[1-2]"
}

@test "prof-pyro converts two bodies of 4 MiB at once in 64 MiB" {
	cat >"$CONF" <<-END
		[profile]
		body_size_limit_mb = 4
		[profile.io_config]
		cache_path = $SPOOL
		[profile.pyroscope]
		url = 127.0.0.1:0
	END
	# Nodes of 4 bytes, 96 below each, and locations of 7.
	python3 - <<-'END'
	def nodes(deeper):
	    below = nodes(deeper - 1) if deeper else b""
	    return b"".join(bytes([1, 33 + i, 1, 96 if deeper else 0]) + below
	                    for i in range(96))
	with open("tree", "wb") as f:
	    f.write(b"\0\0\x60" + nodes(2))
	with open("pprof", "wb") as f:
	    f.write(b"\x0a\x02\x08\x01\x32\0\x32\x01a")
	    for i in range(400000):
	        f.write(b"\x22\x05\x08" + bytes([i & 127 | 128, i >> 7 & 127 |
	                128, i >> 14 | 128, 1]))
	END
	start pyro prof-pyro -c "$CONF"
	[ "$(twice tree tree)" = '413 413 ' ]
	[ "$(twice pprof pprof)" = '200 200 ' ]
	at_most 65536 pyro
}
