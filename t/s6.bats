#!/usr/bin/env bats
# The whole set under s6-svscan, from the directories of etc/s6.
load lib
load supervised

setup()
{
	prof_setup
	services s6
}

teardown()
{
	services_teardown
}

begin()
{
	supervisor TERM s6-svscan "$PLACE/sv"
}

@test "the whole set runs under s6-svscan; what is killed comes back" {
	begin
	users_are_right
	comes_back
	in_log prof-ship@copy 'level=info prog=prof-ship .*msg="delivered"'
	in_log prof-recv 'prog=prof-recv .*msg="received"'
}

@test "s6 knows when a program is ready" {
	begin
	for service in prof-spool prof-recv/served prof-pyro/served prof-pull \
	    prof-metrics prof-ship@main prof-ship@copy; do
		s6-svwait -t 20000 -U "$PLACE/sv/$service"
		[ "$(s6-svstat -o ready "$PLACE/sv/$service")" = true ]
	done
	# Ready again only when it is.
	s6-svc -wR -T 20000 -r "$PLACE/sv/prof-metrics"
	all_serve
}

@test "s6-svc -r prof-recv/served refuses no client" {
	begin
	restarts s6-svc -wR -T 30000 -r "$PLACE/sv/prof-recv/served"
}

@test "s6-svc -h has a program read the configuration again" {
	begin
	sed -i '/^\[destination.main\]/i [profile.tags]\nteam = red' "$CONF"
	s6-svc -h "$PLACE/sv/prof-recv/served"
	poll 10 in_log prof-recv 'msg="configuration taken"'
	push
	poll 20 delivered 1
	grep -rq red "$OUTBOX"
}

@test "a wrong configuration ends the trying, until it is right" {
	begin
	cp "$CONF" right
	echo nonsense >>"$CONF"
	s6-svc -r "$PLACE/sv/prof-metrics"
	poll 10 in_log prof-metrics 'msg="configuration" error='
	poll 10 is false s6-svstat -o up "$PLACE/sv/prof-metrics"
	poll 10 is false s6-svstat -o wantedup "$PLACE/sv/prof-metrics"
	cp right "$CONF"
	s6-svc -u "$PLACE/sv/prof-metrics"
	poll 20 all_serve
}
