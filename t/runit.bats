#!/usr/bin/env bats
# The whole set under runsvdir, from the directories of etc/runit.
load lib
load supervised

setup()
{
	prof_setup
	services runit
}

teardown()
{
	services_teardown
}

begin()
{
	supervisor HUP runsvdir -P "$PLACE/sv"
}

@test "the whole set runs under runsvdir; what is killed comes back" {
	begin
	users_are_right
	comes_back
	in_log prof-ship@copy '^[^ ]* level=info prog=prof-ship .*"delivered"'
	in_log prof-recv 'prog=prof-recv .*msg="received"'
}

@test "sv restart prof-recv/served refuses no client" {
	begin
	restarts sv -w 30 restart "$PLACE/sv/prof-recv/served"
}

@test "sv hup has a program read the configuration again" {
	begin
	sed -i '/^\[destination.main\]/i [profile.tags]\nteam = red' "$CONF"
	sv hup "$PLACE/sv/prof-recv/served"
	poll 10 in_log prof-recv 'msg="configuration taken"'
	push
	poll 20 delivered 1
	grep -rq red "$OUTBOX"
}

# What finish says when a program has exited 100 has been heard.
rests()
{
	[[ $(sv status "$PLACE/sv/prof-metrics") =~ ^down:\ .*normally\ up\; ]]
}

@test "a wrong configuration ends the trying, until it is right" {
	begin
	cp "$CONF" right
	echo nonsense >>"$CONF"
	sv -w 30 restart "$PLACE/sv/prof-metrics" || :
	poll 10 in_log prof-metrics 'msg="configuration" error='
	poll 10 is "" process prof-metrics
	poll 10 rests
	cp right "$CONF"
	sv up "$PLACE/sv/prof-metrics"
	poll 20 all_serve
}
