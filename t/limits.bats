#!/usr/bin/env bats
# Limits that only the programs together can show, each at limit - 1, limit
# and limit + 1. The others stand with what they limit: t/recv.bats,
# t/spool.bats, t/ship.bats, t/conf.bats, t/unit-*.c.

load lib

# settings [LINE...]: the pipeline's configuration; LINEs are for [http_api].
settings()
{
	start sink sink "$PWD/sink"
	printf '%s\n' '[http_api]' 'listen = 127.0.0.1:0' "$@" \
	    '[profile]' 'generate_metrics = false' \
	    '[profile.io_config]' "cache_path = $SPOOL" \
	    '[profile.tags]' 'team = red' \
	    '[global_host_tags]' 'host = web-1' \
	    '[dataway]' "urls = http://$(cat sink/address)" >"$CONF"
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	start ship prof-ship -c "$CONF" -d main
}

# request BOUNDARY [HEADER...]: make the request in the file request, with the
# file event as its event.
request()
{
	{
		printf -- '--%s\r\n' "$1"
		printf 'Content-Disposition: form-data; name="event"\r\n\r\n'
		cat event
		printf '\r\n--%s--\r\n' "$1"
	} >body
	{
		printf 'POST /profiling/v1/input HTTP/1.1\r\nHost: x\r\n'
		printf 'Content-Type: multipart/form-data; boundary=%s\r\n' "$1"
		printf '%s\r\n' "${@:2}" "Content-Length: $(wc -c <body)" ''
		cat body
	} >request
}

# pads N: N bytes of x.
pads()
{
	printf '%*s' "$1" '' | tr ' ' x
}

# delivered N: so many have been answered 200 by the destination.
delivered()
{
	[ "$(grep -c ' 200 ' sink/log)" -eq "$1" ]
}

@test "boundaries: 1, 69 and 70 bytes are taken and delivered, 71 are not" {
	local n

	settings
	echo '{"tags_profiler":"service:s"}' >event
	for n in 1 69 70 71; do
		request "$(pads "$n")"
		send -q "$(recv_at)" request || [ $? -eq 100 ]
	done | cut -c 1-3 >statuses
	[ "$(xargs <statuses)" = "200 200 200 400" ]
	poll 20 delivered 3
	[ "$(grep -l team:red sink/*.body | wc -l)" -eq 3 ]
}

# grown EVENT: it is the event sent, byte for byte, but for the tags that were
# added and for what stands behind its members.
grown()
{
	sed 's/service:s/&,team:red,host:web-1/; s/}$//' event >before
	cmp -n "$(wc -c <before)" before "$1" && jq -e .language "$1"
}

@test "events of 64 KiB - 1, 64 KiB, 64 KiB + 1 and 4 MiB are rewritten whole" {
	local n id front='{"tags_profiler":"service:s",'

	front+='"n":18446744073709551617,"pad":"'

	settings
	for n in 65535 65536 65537 4194304; do
		{
			printf %s "$front"
			pads $((n - ${#front} - 2))
			printf '"}'
		} >event
		[ "$(wc -c <event)" -eq "$n" ]
		request b
		id=$(send -q "$(recv_at)" request | grep -o '[0-9a-f-]\{36\}')
		poll 20 test -s "sink/$id.1.body"
		poll 20 grep " 200 $id " sink/log
		sed -n '/^{/p' "sink/$id.1.body" | tr -d '\r' >got
		grown got
	done
}

@test "a head of head_bytes' greatest bound still makes a record that is sent" {
	local n spare

	settings 'head_bytes = 32768'
	echo '{"tags_profiler":"service:s"}' >event
	request b 'X: '
	spare=$((32768 - $(wc -c <request) + $(wc -c <body)))
	for n in -1 0 1; do
		request b "X: $(pads $((spare + n)))"
		send -q "$(recv_at)" request || [ $? -eq 100 ]
	done | cut -c 1-3 >statuses
	[ "$(xargs <statuses)" = "200 200 431" ]
	poll 20 delivered 2
	[ "$(grep -c '^X: x*.$' sink/*.head | grep -c ':1$')" -eq 2 ]
}

@test "verdicts of 511 and 512 bytes count, one of 513 is dropped" {
	local id n i=0

	conf <<-EOF
	[destination.copy]
	type = external
	lease = 1h
	EOF
	prof-spool -c "$CONF" init
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	cat 0<>"$SPOOL/pipe/copy.todo" >>names 3>&- &
	for n in 511 512 513; do
		send -q "$(recv_at)" "$REQUESTS/curl-collapsed.http"
		poll 20 is $((i += 1)) grep -c / names
		id=$(tail -n 1 names | cut -d ' ' -f 1)
		# With its newline.
		echo "$id dead $(pads $((n - 37 - 5 - 1)))" \
		    1<>"$SPOOL/pipe/copy.done"
		[ "$n" -eq 513 ] || poll 20 test -e "$SPOOL/dead/copy/$id"
	done
	# What comes behind the dropped line is heard.
	echo "$id ok" 1<>"$SPOOL/pipe/copy.done"
	poll 20 is 0 holds queue
	[ "$(find "$SPOOL/dead/copy" -name '*.why' | wc -l)" -eq 2 ]
	kill $!
	wait $! || :
}
