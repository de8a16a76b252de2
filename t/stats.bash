# A whole set, every program and both types of destination, for tests of what
# can be seen of it.
# shellcheck shell=bash

# settings [ADDRESS [LINE...]]: the configuration; prof-recv on that address,
# and those lines in [profile.io_config].
settings()
{
	cat >"$CONF" <<-EOF
	[http_api]
	listen = ${1:-127.0.0.1:0}
	${HTTP_API:-}
	[profile.io_config]
	cache_path = $SPOOL
	min_free_mb = ${MIN_FREE:-0}
	retry_min = 10ms
	retry_max = 200ms
	probe_interval = 200ms
	$(printf '%s\n' "${@:2}")
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	[destination.copy]
	type = file
	url = file:$OUTBOX
	[profile.pyroscope]
	url = 127.0.0.1:0
	[profile.go]
	url = http://$(cat fake/address)/ok
	enabled_types = goroutine
	EOF
}

# up NAME...: start those of the set.
up()
{
	local name

	for name; do
		case $name in
		main|copy)	start "$name" prof-ship -c "$CONF" -d "$name" ;;
		*)		start "$name" "prof-$name" -c "$CONF" ;;
		esac
	done
}

# others: what they talk to.
others()
{
	start sink sink "$PWD/sink"
	mkdir -p fake
	# For start.
	# shellcheck disable=SC2034
	local WRAP=(python3)
	start fake "$TOP/t/target.py" fake
}

# whole [LINE...]: a spool, and all of the set.
whole()
{
	others
	settings 127.0.0.1:0 "$@"
	prof-spool -c "$CONF" init
	up spool main copy metrics recv pyro pull
	# It must come back where a scraper looks for it.
	settings "$(recv_at)" "$@"
}

# push: upload a profile to prof-recv, and one to prof-pyro; all must be 200.
push()
{
	send -q "$(recv_at)" "$REQUESTS/dd-go-1.43.http" | grep -q '^200 '
	curl -sSf -H 'Content-Type: application/octet-stream' \
	    --data-binary "main;work 10" \
	    "http://$(pyro_at)/ingest?name=a&format=folded&from=1&until=11"
}

pyro_at()
{
	sed -n 's/^prof_pyro_listen_info{address="\(.*\)"} 1$/\1/p' \
	    "$SPOOL/stat/pyro"
}

# scraped: what GET /metrics answers.
scraped()
{
	curl -sSf "http://$(recv_at)/metrics"
}

# shows SAMPLE VALUE: does GET /metrics have it so?
shows()
{
	scraped | grep -qxF -- "$1 $2"
}

# health: the status of GET /healthz and what it says, in a line.
health()
{
	curl -sS -w '%{http_code} ' -o said "http://$(recv_at)/healthz" &&
	    cat said
}

# longago PROG: its figures look as if it had not written them for a minute.
longago()
{
	touch -d '1 minute ago' "$SPOOL/stat/$1"
}
