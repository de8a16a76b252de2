# For the tests of prof-pull: targets, and what becomes of their profiles.
# shellcheck shell=bash

# build_goapp: the Go program of t/data/goapp, once.
build_goapp()
{
	local source=$TOP/t/data/goapp/main.go to=$TOP/t/bin/goapp

	[ "$to" -nt "$source" ] && return
	(
		flock 9
		if [ ! "$to" -nt "$source" ]; then
			GOCACHE=$TOP/t/bin/go-cache GO111MODULE=off \
			    GOFLAGS='' go build -o "$to.new" "$source"
			mv "$to.new" "$to"
		fi
	) 9>"$TOP/t/bin/goapp.lock"
}

# app [NAME [ADDRESS]]: run it, its directory being NAME.
app()
{
	mkdir -p "${1:-app}"
	start "${1:-app}" goapp "${1:-app}" ${2:+"$2"}
}

# fake ARGS...: run t/target.py ARGS, in the directory fake; on $SOCKET, too.
fake()
{
	mkdir -p fake
	# For start.
	# shellcheck disable=SC2034
	local WRAP=(python3)
	start fake "$TOP/t/target.py" "$@" fake ${SOCKET:+"$SOCKET"}
}

# at NAME: the address of an app or the fake.
at()
{
	cat "$1/address"
}

# section PATH TYPES [LINE...]: of a target of the fake's.
section()
{
	printf '%s\n' '[profile.go]' "url = http://$(at fake)/$1" \
	    "enabled_types = $2" "${@:3}"
}

# aim PATH TYPES [LINE...]: a spool, and such a target.
aim()
{
	conf < <(section "$@")
	prof-spool -c "$CONF" init
}

# pulling ARGS...: prof-pull as a daemon on the configuration.
pulling()
{
	start pull prof-pull -c "$CONF" "$@"
}

# new: the records that nobody has taken yet.
new()
{
	find "$SPOOL/new" -type f
}

# pulled COMMAND ARGS...: of those.
pulled()
{
	local files

	mapfile -t files < <(new)
	python3 "$TOP/t/pulled.py" "$@" "${files[@]}"
}

# taken COMMAND ARGS...: of the stream in the file records.
taken()
{
	python3 "$TOP/t/pulled.py" "$@" records
}

# shipped: ship them into $OUTBOX, by hand.
shipped()
{
	local files

	mapfile -t files < <(new)
	prof-ship -u "file:$OUTBOX" "${files[@]}"
}

# made N NAME: are there N attachments of that name in new/?
made()
{
	[ "$(new | xargs -r grep -al "filename=\"$2\"" | wc -l)" -ge "$1" ]
}

# said N TEXT: has prof-pull logged so many lines with it?
said()
{
	[ "$(grep -c -- "$2" pull.log)" -ge "$1" ]
}

# counted FIGURE VALUE: is it that in stat/pull, by now?
counted()
{
	[ "$(figure pull "$1")" = "$2" ]
}
