# t/bench's nginx: one that only writes bodies to files, to compare with.
# shellcheck shell=bash

# nginx_find: 1 if there is none.
nginx_find()
{
	NGINX_CMD=$(PATH=$PATH:/usr/sbin:$BIN command -v nginx)
}

# start_nginx: it takes a body into a file before its upstream, which is
# itself, gets the head alone. It cannot say which port it was given.
start_nginx()
{
	local try

	NGINX_DIR=$CELL/nginx
	mkdir "$NGINX_DIR"
	for ((try = 0; try < 20; try++)); do
		NGINX_AT=127.0.0.1:$((RANDOM % 20000 + 10000))
		nginx_conf >"$NGINX_DIR/conf"
		"$NGINX_CMD" -p "$NGINX_DIR" -c "$NGINX_DIR/conf" \
		    </dev/null >/dev/null 2>>"$CELL/nginx.log" &
		launched nginx
		while alive nginx; do
			[ ! -s "$NGINX_DIR/pid" ] || return 0
			sleep 0.05
		done
	done
	die "nginx: $(tail -n 5 "$CELL/nginx.log")"
}

nginx_conf()
{
	[ "$(id -u)" -ne 0 ] || echo 'user root root;'
	cat <<-END
	daemon off;
	worker_processes auto;
	pid $NGINX_DIR/pid;
	error_log $CELL/nginx.log;
	events {
		worker_connections 1024;
	}
	http {
		access_log off;
		client_max_body_size 64m;
		client_body_in_file_only on;
		client_body_temp_path $NGINX_DIR/body;
		proxy_temp_path $NGINX_DIR/proxy;
		fastcgi_temp_path $NGINX_DIR/fastcgi;
		uwsgi_temp_path $NGINX_DIR/uwsgi;
		scgi_temp_path $NGINX_DIR/scgi;
		keepalive_requests 1000000;
		upstream up {
			server unix:$NGINX_DIR/up;
			keepalive 64;
		}
		server {
			listen $NGINX_AT;
			location / {
				proxy_pass http://up;
				proxy_http_version 1.1;
				proxy_pass_request_body off;
				proxy_set_header Content-Length "";
				proxy_set_header Connection "";
			}
		}
		server {
			listen unix:$NGINX_DIR/up;
			return 200 "{}";
		}
	}
	END
}
