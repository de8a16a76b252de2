# Helpers for tests with real clients: a home that they may write to, their
# programs in the background, and what came of them in the outbox.
# shellcheck shell=bash

# In a file of such tests, in the place of prof_setup.
clients_setup()
{
	prof_setup
	export XDG_CACHE_HOME=$TMPDIR XDG_CONFIG_HOME=$TMPDIR HOME=$TMPDIR
	export PPROF_TMPDIR=$TMPDIR
	# Its .bin has npm's Node.js, for what Debian's is too old for.
	MODULES=$TOP/t/live/node_modules
	export MODULES
}

# clients_conf: the configuration, with lines of standard input and an outbox.
clients_conf()
{
	{
		echo 'min_free_mb = 0'
		cat
		printf '%s\n' '[destination.main]' 'type = file' \
		    "url = file:$OUTBOX"
	} | conf
}

# client NAME [VARIABLE=VALUE...] CMD...: run it in the background, with no
# other environment; its output goes to NAME.log.
client()
{
	env -i PATH="$PATH" HOME="$TMPDIR" PROF_TEST="$PROF_TEST" "${@:2}" \
	    </dev/null >>"$1.log" 2>&1 3>&- &
	mkdir -p run
	echo $! >"run/$1.pid"
}

# came NAME N: the outbox has at least N files of that name.
came()
{
	[ "$(find "$OUTBOX" -name "$1" | wc -l)" -ge "$2" ]
}

# last NAME: the newest of them.
last()
{
	find "$OUTBOX" -name "$1" | sort | tail -n 1
}

# tagged TAG...: the newest event has each of these, as KEY:VALUE.
tagged()
{
	local event tag

	event=$(last event.json)
	for tag; do
		jq -e --arg tag "$tag" \
		    '.tags_profiler | split(",") | any(. == $tag)' "$event" ||
		    fail "no $tag in $(cat "$event")"
	done
}
