#!/usr/bin/env bats
# Requests made to be misread, directly and through nginx, and crowds of slow
# clients. Seen to fail with common/http_chunk.c skipping spaces in a size.

load lib

recv_up()
{
	conf </dev/null
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
}

# sends ADDRESS: all of them, what came to "answers", the bodies meant to meant/
sends()
{
	mkdir meant
	python3 "$TOP/t/hostile.py" send "$1" meant "$DATA"/hostile/*.http \
	    >answers
}

# Each profile taken is there, with the body that was meant, and no other.
bodies_are_those_meant()
{
	local file

	[ "$(ls meant)" = "$(ls "$SPOOL/new")" ]
	for file in meant/*; do
		sed '1,/^$/d' "$SPOOL/new/${file##*/}" | cmp - "$file"
	done
}

# Its configuration; the port is tried until one is free.
nginx_conf()
{
	cat <<-END
	daemon off;
	worker_processes 1;
	$([ "$(id -u)" -ne 0 ] || echo 'user root root;')
	pid $PWD/nginx.pid;
	error_log $PWD/nginx.log;
	events {
	}
	http {
		log_format seen '\$upstream_status';
		access_log $PWD/seen seen;
		client_body_temp_path $PWD/nginx.body;
		proxy_temp_path $PWD/nginx.proxy;
		fastcgi_temp_path $PWD/nginx.fastcgi;
		uwsgi_temp_path $PWD/nginx.uwsgi;
		scgi_temp_path $PWD/nginx.scgi;
		upstream recv {
			server $(recv_at);
			keepalive 4;
		}
		server {
			listen $NGINX;
			location / {
				proxy_pass http://recv;
				proxy_http_version 1.1;
				proxy_set_header Connection "";
				proxy_set_header Host a;
				proxy_request_buffering $1;
				proxy_ignore_client_abort on;
			}
		}
	}
	END
}

# nginx BUFFERING: in front of prof-recv, at $NGINX.
nginx_up()
{
	local tries

	for ((tries = 0; tries < 20; tries++)); do
		NGINX=127.0.0.1:$((RANDOM % 20000 + 10000))
		nginx_conf "$1" >nginx.conf
		nginx -p "$PWD" -c "$PWD/nginx.conf" 2>>nginx.err 3>&- &
		NGINX_PID=$!
		while kill -0 "$NGINX_PID" 2>/dev/null; do
			[ ! -s nginx.pid ] || return 0
			sleep 0.05
		done
	done
	return 1
}

nginx_down()
{
	kill -QUIT "$NGINX_PID"
	wait "$NGINX_PID"
}

@test "what servers read differently has the one answer of the RFC" {
	recv_up
	sends "$(recv_at)"
	python3 "$TOP/t/hostile.py" table >wanted
	[ "$(wc -l <wanted)" -ge 130 ]
	head -n "$(wc -l <wanted)" answers | diff wanted -
	bodies_are_those_meant
	run ! grep ' odd' answers
	stop recv
}

# agrees BUFFERING: what nginx sends on, repaired or not, are as many requests
# to prof-recv as to nginx, with the same bodies. What it refuses itself, being
# stricter, is known: tabs around a length and a coding, no Host with HTTP/1.0.
agrees()
{
	recv_up
	nginx_up "$1"
	sends "$NGINX"
	nginx_down
	stop recv
	# To a request of HTTP/0.9 it answers without a head. The body that 28
	# waits for begins what is behind it, whose rest is no request.
	run -0 grep ' odd' answers
	[ "${lines[*]}" = "no-version odd [] http-0.9 odd []$() 28-expect-100.http odd [400, 400]" ]
	bodies_are_those_meant
	[ "$(grep -vc '^-' seen)" -eq \
	    "$(awk '/^prof_recv_requests_total/ { n += $NF }
		END { print n }' "$SPOOL/stat/recv")" ]
	python3 "$TOP/t/hostile.py" table | grep ' taken' | sort >taken
	sort answers | comm -23 taken - | cut -d ' ' -f 1 | xargs >strict
	[ "$(cat strict)" = "$2" ]
}

@test "nginx in front, which sends on as it reads, agrees on the framing" {
	agrees off "chunked-tabs empty-host length-tab"
}

@test "nginx in front, which reads a body first, agrees on the framing" {
	agrees on "chunked-tabs empty-host length-tab"
}

# Seen to fail with the deadline of a head taken out of httpd_deadline.c.
@test "a crowd of idle, slow and broken clients costs others nothing" {
	printf '%s\n' '[http_api]' 'listen = 127.0.0.1:0' \
	    'head_timeout = 1s' 'idle_timeout = 2s' 'body_grace = 1s' \
	    '[profile]' 'generate_metrics = false' \
	    '[profile.io_config]' "cache_path = $SPOOL" >"$CONF"
	prof-spool -c "$CONF" init
	start recv prof-recv -c "$CONF"
	python3 "$TOP/t/crowd.py" "$(recv_at)" 300 300 >crowd 3>&- &
	poll 20 grep open crowd
	command load -c 4 -r 100 -u 400 -o receipts "$(recv_at)" >summary
	[ "$(wc -l <receipts)" -eq 400 ]
	[ "$(awk '{ print $1 }' receipts | sort | comm -3 - <(ls "$SPOOL/new") |
	    wc -l)" -eq 0 ]
	kill %%
	wait %%
	# Each was thrown out within its time.
	[ "$(awk '/thrown/ && $1 >= 300' crowd | wc -l)" -eq 3 ]
	stop recv
	[ "$(figure recv prof_recv_open_connections)" -eq 0 ]
	[ "$(holds tmp)" -eq 0 ]
}
