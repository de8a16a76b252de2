# What the tests of etc/runit and etc/s6 share: the whole set, from etc's own
# files, with paths and users replaced by the test's.
# shellcheck shell=bash

# Two destinations, all programs; the target of prof-pull is not there.
supervised_conf()
{
	METRICS=true conf <<-EOF
		retry_min = 10ms
		[destination.main]
		type = file
		url = file:$OUTBOX/main
		[destination.copy]
		type = file
		url = file:$OUTBOX/copy
		[profile.pyroscope]
		url = 127.0.0.1:0
		[profile.go]
		url = http://127.0.0.1:9
	EOF
}

# services SUPERVISOR: etc's directories in sv, one more destination, and users:
# as root a uid for each program, else nobody is switched to. Root needs a place
# of its own, for nobody else gets below bats' directory.
services()
{
	PLACE=$BATS_TEST_TMPDIR
	if [ "$(id -u)" -eq 0 ]; then
		PLACE=$(mktemp -d /tmp/prof-services.XXXXXX)
		chmod 711 "$PLACE"
		mkdir "$PLACE/bin"
		cp "$TOP"/cmd/prof-[!.]* "$PLACE/bin" 2>/dev/null
		PATH=$PLACE/bin:$PATH
		SPOOL=$PLACE/spool OUTBOX=$PLACE/outbox CONF=$PLACE/prof.conf
	fi
	supervised_conf
	cp -a "$TOP/etc/$1" "$PLACE/sv"
	cp -a "$PLACE/sv/prof-ship@main" "$PLACE/sv/prof-ship@copy"
	substitute -e "s,/etc/prof/prof.conf,$CONF," \
	    -e "s,/var/log/prof,$PLACE/log,"
	if [ "$(id -u)" -eq 0 ]; then
		several_users
	else
		substitute -e '/chpst/s/ -u "\?prof-[^ ]*//' \
		    -e 's/s6-setuidgid [^ ]* //' -e 's/ -o prof-log//'
	fi
}

# substitute SED...: in every file that the supervisor runs.
substitute()
{
	find "$PLACE/sv" \( -name run -o -name finish \) \
	    -exec sed -i "$@" {} +
}

# "NAME NUMBER" of every user and group of etc, and of prof-log.
numbers()
{
	{ cat "$TOP/etc/systemd/prof.sysusers"; echo 'u prof-log'; } |
	    awk '$1 == "u" || $1 == "g" { print $2, 61000 + NR }'
}

# number NAME
number()
{
	numbers | sed -n "s/^$1 //p"
}

# Numbers for names, so that nobody is added to the system.
several_users()
{
	local name n groups key

	while read -r name n; do
		groups=$(awk -v user="$name" '$1 == "m" && $2 == user {
			print $3
		}' "$TOP/etc/systemd/prof.sysusers" |
		    while read -r group; do number "$group"; done |
		    paste -s -d ,)
		substitute -e "s/s6-setuidgid $name /s6-applyuidgid -u $n \
-g $n -G $n${groups:+,$groups} /" -e "s/ -o $name / -o $n /" \
		    -e "/-u\|groups=/s/\([ :=\"]\)$name\([ :\"]\|\$\)/\1$n\2/g" \
		    -e "/-u\|groups=/s/\([ :=\"]\)$name\([ :\"]\|\$\)/\1$n\2/g"
		key=${name#prof-}
		case $name in
		prof)		key=producers ;;
		prof-out)	key=consumers ;;
		prof-stat)	key=programs ;;
		prof-log)	continue ;;
		esac
		echo "$key = $n"
	done < <(numbers) >users
	{ echo '[users]'; cat users; } >>"$CONF"
	substitute -e '/chpst/s/ -u \("\?\)6/ -u \1:6/'
}

# whose SERVICE: its process's user, and groups.
whose()
{
	local pid

	pid=$(process "$1")
	awk '$1 == "Uid:" { uid = $3 }
	    $1 == "Groups:" { $1 = ""; groups = $0 }
	    END { print uid groups }' "/proc/$pid/status"
}

# As root each program has its user, with the groups that etc says.
users_are_right()
{
	local name service groups

	[ "$(id -u)" -eq 0 ] || return 0
	for service in $ALL; do
		name=${service%@*}
		groups=$(for group in "$name" $(awk -v user="$name" '
		    $1 == "m" && $2 == user { print $3 }' \
		    "$TOP/etc/systemd/prof.sysusers"); do
			number "$group"
		done | sort -n | paste -s -d ' ')
		[ "$(whose "$service")" = "$(number "$name") $groups" ] ||
		    fail "$service: $(whose "$service"), not $groups"
	done
}

# supervisor SIGNAL CMD...: run it, which SIGNAL will end with all of its own,
# until all of them serve.
supervisor()
{
	mkdir -p run
	echo "$1" >run/signal
	"${@:2}" >supervisor.log 2>&1 3>&- &
	echo $! >run/supervisor.pid
	poll 30 all_serve
}

services_teardown()
{
	local status=0

	if [ -e run/signal ]; then
		kill -"$(cat run/signal)" "$(pid supervisor)" || :
		ended supervisor || :
	fi
	tail -n 5 "$PLACE"/log/*/current || :
	prof_teardown || status=1
	[ "$PLACE" = "$BATS_TEST_TMPDIR" ] || rm -rf "$PLACE"
	return $status
}

# "PID COMMAND..." of every process below this test, without an -n FD. No
# command is run for each.
running()
{
	local pid args words

	for pid in $(left_behind); do
		mapfile -d '' args <"/proc/$pid/cmdline" || continue
		words=${args[*]}
		[[ ! $words =~ ^(.*)\ -n\ [0-9]+(.*)$ ]] ||
		    words=${BASH_REMATCH[1]}${BASH_REMATCH[2]}
		echo "$pid $words"
	done 2>/dev/null
}

# The command of a service: prof-ship@NAME is prof-ship -d NAME.
command_of()
{
	local name=${1#*@}

	echo "${1%%@*} -c $CONF$([ "$name" = "$1" ] || echo " -d $name")"
}

# process SERVICE: the program itself.
process()
{
	running | sed -n "s|^\([0-9]*\) $(command_of "$1")\$|\1|p"
}

# replaced OLD SERVICE: it runs, as another process.
replaced()
{
	local pid

	pid=$(process "$2")
	[ -n "$pid" ] && [ "$pid" != "$1" ]
}

ALL="prof-spool prof-recv prof-pyro prof-pull prof-metrics prof-ship@main"
ALL+=" prof-ship@copy"

# All of them run and say how they are, and prof-recv answers.
all_serve()
{
	local service now

	now=$(running)
	for service in $ALL; do
		grep -q "^[0-9]* $(command_of "$service")\$" <<<"$now" || return
		service=${service#prof-}
		[ -s "$SPOOL/stat/${service/@/.}" ] || return
	done
	curl -sSf "http://$(recv_at)/info"
}

# push: one upload, which is answered 200.
push()
{
	curl -sSf -o /dev/null -F 'event=@-;filename=event.json' \
	    "http://$(recv_at)/profiling/v1/input" <<-'END'
		{"start":"2026-11-22T10:00:00Z","end":"2026-11-22T10:01:00Z"}
	END
}

# delivered N: so many profiles are in both outboxes.
delivered()
{
	local name

	for name in main copy; do
		[ "$(find "$OUTBOX/$name" -name event.json | wc -l)" -eq "$1" ] ||
		    return
	done
}

# Each of them is killed by kill -9 and comes back; a profile goes through.
comes_back()
{
	local service pid n=0

	for service in $ALL; do
		pid=$(process "$service")
		kill -9 "$pid"
		poll 20 replaced "$pid" "$service"
		poll 20 all_serve
		push
		n=$((n + 1))
		poll 20 delivered "$n"
	done
	prof-spool -c "$CONF" check
}

# restarts COMMAND...: which restarts prof-recv; five times, and no client is
# refused.
restarts()
{
	local pid

	python3 "$TOP/t/restarted.py" "$(recv_at)" new 4 8 >counted 2>why 3>&- &
	for _ in 1 2 3 4 5; do
		pid=$(process prof-recv)
		"$@"
		poll 20 replaced "$pid" prof-recv
	done
	wait $!
	cat counted why
	read -r uploads failed _ <counted
	[ "$failed" -eq 0 ]
	[ "$uploads" -gt 20 ]
	poll 30 delivered "$uploads"
}

# in_log SERVICE PATTERN: in what its logger keeps.
in_log()
{
	grep -q -- "$2" "$PLACE/log/$1/current"
}
