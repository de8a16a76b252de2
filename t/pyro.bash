# Helpers for the tests of prof-pyro. A section is [profile.pyroscope] with
# what is given; records are looked at where they lie in the spool.
# shellcheck shell=bash disable=SC2119,SC2120,SC2154

# settings [LINE...]: the configuration: lines of PROFILE in [profile], of IO in
# [profile.io_config], of HTTP_API in [http_api], and of the section.
settings()
{
	{
		printf '%s\n' '[http_api]' "${HTTP_API:-}" '[profile]'
		printf '%s\n' "${PROFILE:-}" '[profile.io_config]'
		printf '%s\n' "cache_path = $SPOOL" "${IO:-min_free_mb = 0}"
		printf '%s\n' '[global_host_tags]' 'host = web-1'
		printf '%s\n' '[profile.pyroscope]' "url = ${URL:-127.0.0.1:0}"
		printf '%s\n' "$@"
	} >"$CONF"
}

# serve [LINE...]: prof-pyro on a new spool with such settings.
serve()
{
	settings "$@"
	prof-spool -c "$CONF" init
	pyro_up
}

pyro_up()
{
	start pyro prof-pyro -v -c "$CONF"
}

# pyro_at [PATTERN]: the first address that it listens on and that matches;
# a TCP one.
pyro_at()
{
	sed -n 's/^prof_pyro_listen_info{address="\(.*\)"}.*/\1/p' \
	    "$SPOOL/stat/pyro" | grep -m 1 "${1:-^[^u]}"
}

# ingest QUERY FILE [ARGS...]: post a file's bytes by curl; the answer is in the
# file answer. Prints the status.
ingest()
{
	curl -sS -o answer -w '%{http_code}\n' \
	    -H 'Content-Type: application/octet-stream' \
	    --data-binary "@$2" "${@:3}" "http://$(pyro_at)/ingest?$1"
}

# push TYPE FILE [ARGS...]: the same to the push API.
push()
{
	curl -sS -o answer -D head -w '%{http_code}\n' \
	    -H "Content-Type: $1" --data-binary "@$2" "${@:3}" \
	    "http://$(pyro_at)/push.v1.PusherService/Push"
}

# body NAME: the body of a request of t/data/pyro, in the file NAME.
body()
{
	PYTHONPATH=$TOP/t python3 -c 'import form, sys
sys.stdout.buffer.write(form.Request(open(sys.argv[1], "rb").read()).body)
' "$DATA/pyro/$1.http" >"$1"
}

# records: the ids of those in new; record: its file, if there is one.
records()
{
	ls "$SPOOL/new"
}

record()
{
	[ "$(holds new)" -eq 1 ] && echo "$SPOOL/new/$(records)"
}

# part NAME [RECORD]: the content of a part of a record's form.
part()
{
	PYTHONPATH=$TOP/t python3 -c 'import form, sys
record = open(sys.argv[2], "rb").read()
head, body = record.split(b"\n\n", 1)
kind = [l for l in head.split(b"\n") if l.startswith(b"content-type: ")][0]
request = form.Request(b"POST / HTTP/1.1\r\n" + kind, body)
for p in request.parts():
    if p.filename == sys.argv[1]:
        sys.stdout.buffer.write(p.content)
' "$1" "${2:-$(record)}"
}

# event [FILTER [RECORD]]: a record's event, by jq.
event()
{
	part event.json "${@:2}" | jq -r "${1:-.}"
}

# tag KEY: its value there.
tag()
{
	event .tags_profiler | tr , '\n' | sed -n "s/^$1://p"
}

# empty: nothing of a request is left.
empty()
{
	[ "$(holds new)" -eq 0 ] && [ "$(holds tmp)" -eq 0 ] &&
	    [ "$(find "$SPOOL/keep/pyro" -type f | wc -l)" -eq 0 ]
}

# refused STATUS REASON: the last status, in $code, and the answer's reason; and
# nothing is left.
refused()
{
	echo "status ${code:?}, $(cat answer)"
	[ "$code" = "$1" ]
	jq -e --arg why "$2" --argjson status "$1" \
	    '.error.status == $status and .error.message == $why' answer
	poll 5 empty
}
