# The house itself: what lies where, what is installed, what is written down.
load lib

@test "the top level holds cmd, common, etc, t, Makefile, README, dotfiles" {
	run -0 ls "$TOP"
	[ "$(printf '%s ' "${lines[@]}")" = "Makefile README cmd common etc t " ]
}

@test "every program has a manual" {
	local program manual

	for program in "$TOP"/cmd/prof-*.c; do
		manual=${program%.c}.8
		[ -e "$manual" ] || fail "no $manual"
	done
	[ -e "$TOP/cmd/prof.7" ]
	[ -e "$TOP/cmd/prof.8" ]
	[ -e "$TOP/cmd/prof.conf.5" ]
}

@test "every program begins with its contract" {
	local program name

	for program in "$TOP"/cmd/prof-*.c; do
		name=$(basename "$program" .c)
		head -n 2 "$program" | grep -q "^ \* $name - " ||
		    fail "$program"
		sed -n '1,/\*\//p' "$program" | grep -q '^ \* exits: ' ||
		    fail "$program does not say how it exits"
	done
}

@test "every fuzz target has a corpus" {
	local target name

	for target in "$TOP"/t/fuzz-*.c; do
		name=$(basename "$target" .c)
		[ -n "$(ls "$DATA/corpus/${name#fuzz-}")" ] ||
		    fail "none for $target"
	done
}

@test "the source is ASCII" {
	run grep -lrP '[^\x00-\x7f]' "$TOP/cmd" "$TOP/common" "$TOP/Makefile" \
	    "$TOP/README" --include='*.[ch1578]' --include=Makefile \
	    --include=README
	[ -z "$output" ] || fail "$output"
}

@test "the lock file of npm names no registry" {
	run grep -e '"resolved"' -e registry "$TOP/t/live/package-lock.json"
	[ -z "$output" ]
}

# A PATH with nothing but what every Debian has, and an apt-get that "installs"
# cc, bats and the rest by making them.
bare_machine()
{
	local name

	mkdir bare
	for name in sh cat chmod dirname cut sort tr find id env touch mkdir; do
		ln -s "$(command -v "$name")" bare
	done
	cat >bare/apt-get <<-'END'
		#!/bin/sh
		echo "$DEBIAN_FRONTEND apt-get $*" >>"$CALLS"
		case " $* " in
		*" install "*)
			for package; do
				[ ! -e "$CALLS.useless" ] || break
				case $package in
				gcc)	: >bare/cc; chmod +x bare/cc ;;
				[a-z]*)	: >"bare/$package"
					chmod +x "bare/$package" ;;
				esac
			done ;;
		esac
	END
	cat >bare/sudo <<-'END'
		#!/bin/sh
		echo sudo >>"$CALLS"
		exec "$@"
	END
	chmod +x bare/apt-get bare/sudo
	export CALLS=$BATS_TEST_TMPDIR/calls
}

@test "t/deps says nothing and does nothing when nothing is missing" {
	run -0 "$TOP/t/deps" build check
	[ -z "$output" ]
}

@test "t/deps -n says what is missing and what would be installed" {
	bare_machine
	PATH=bare run -0 "$TOP/t/deps" -n build
	[[ $output = *"no cc, which Debian has in gcc"* ]]
	[[ $output = *"would install: "*gcc*make*pkg-config* ]]
	[ ! -e "$CALLS" ]
}

@test "t/deps installs what is missing, once" {
	bare_machine
	PATH=bare run -0 "$TOP/t/deps" build
	[[ $output = *"installing: "*gcc* ]]
	[ "$(grep -c update "$CALLS")" -eq 1 ]
	grep -q '^noninteractive apt-get .*--no-install-recommends.* gcc ' \
	    "$CALLS"
	[ "$(id -u)" -eq 0 ] || grep -q sudo "$CALLS"
	rm "$CALLS"
	PATH=bare run -0 "$TOP/t/deps" build
	[ -z "$output" ]
	[ ! -e "$CALLS" ]
}

@test "t/deps that could not install says what is still missing" {
	bare_machine
	: >"$CALLS.useless"
	PATH=bare run -111 "$TOP/t/deps" build
	[[ $output = *"still missing"*"cc gcc"* ]]
}

@test "t/deps is told what for" {
	run -2 "$TOP/t/deps"
	run -2 "$TOP/t/deps" everything
}

@test "make install puts a working set under DESTDIR and PREFIX" {
	local bin=$BATS_TEST_TMPDIR/root/opt/bin share

	share=$BATS_TEST_TMPDIR/root/opt/share
	env -u MAKEFLAGS -u MAKELEVEL make -s -C "$TOP" install \
	    DESTDIR="$BATS_TEST_TMPDIR/root" PREFIX=/opt
	[ -e "$share/man/man8/prof-recv.8" ]
	[ -e "$share/man/man7/prof.7" ]
	[ -e "$share/man/man5/prof.conf.5" ]
	"$bin/prof" run -t -c "$share/prof/prof.conf" -s spool
	conf </dev/null
	PATH=/usr/bin:/bin start run "$bin/prof" run -c "$CONF"
	curl -sS "http://$(recv_at)/info" | grep -q /profiling/v1/input
	PATH=/usr/bin:/bin run -0 "$bin/prof" status -c "$CONF"
	[[ $output = *prof-recv*up* ]]
	[[ $output != *" down "* ]]
	stop run
}
