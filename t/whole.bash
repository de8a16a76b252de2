# The whole pipeline, for tests that hurt it: prof-recv, prof-spool and
# prof-metrics, prof-ship to a sink (main) and to files (copy).
# shellcheck shell=bash disable=SC2034

PROGRAMS=(spool recv main copy metrics)
WORKERS=16

# settings ADDRESS [LINE...]: the configuration, with those lines in [http_api].
settings()
{
	cat >"$CONF" <<-EOF
	[http_api]
	listen = $1, unix:$PWD/apm.sock
	$(printf '%s\n' "${@:2}")
	[profile.io_config]
	cache_path = $SPOOL
	min_free_mb = 0
	retry_min = 10ms
	retry_max = 200ms
	probe_interval = 200ms
	lease = 10s
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	workers = $WORKERS
	[destination.copy]
	type = file
	url = file:$OUTBOX
	workers = $WORKERS
	EOF
}

# up NAME: start one of the programs; with WRAP it runs under that command.
up()
{
	case $1 in
	main|copy)	start "$1" prof-ship -c "$CONF" -d "$1" ;;
	*)		start "$1" "prof-$1" -c "$CONF" ;;
	esac
}

# pipeline [LINE...]: a sink, a spool, and all of them.
pipeline()
{
	local name

	start sink sink "$PWD/sink"
	settings 127.0.0.1:0 "$@"
	prof-spool -c "$CONF" init
	for name in "${PROGRAMS[@]}"; do
		up "$name"
	done
	# It must come back where the client looks for it.
	settings "$(recv_at)" "$@"
	: >receipts
}

# loads ARGS...: upload, with receipts, on both of its addresses.
loads()
{
	(loading "$@") || [ $? -eq 111 ]
}

# The same for the background: the shell becomes it.
loading()
{
	exec "$TOP/t/bin/load" -o receipts "$@" "$(recv_at)" \
	    "unix:$PWD/apm.sock" >>load.out 2>>load.log 3>&-
}

# sweep: drafts of those that were killed, which prof-spool would remove when
# they are old enough to be nobody's. When no upload is under way.
sweep()
{
	find "$SPOOL/tmp" -type f -delete
}

# delivers [DUPLICATES]: each receipt is at the sink and in the outbox, whole.
delivers()
{
	python3 "$TOP/t/delivered.py" receipts sink "${1:-1000000}" metrics \
	    "$OUTBOX"
}
