# A program hurt at one system call after the other: for the tests of what is
# left behind. PROF_POINTS says how many of the calls that change something are
# tried, chosen by PROF_SEED; "every" is all calls of any kind, the first, the
# second, until the program comes through.
# shellcheck shell=bash

# hurt_setup POINTS: what setup has to do; POINTS where PROF_POINTS says nothing.
hurt_setup()
{
	POINTS=${PROF_POINTS:-$1}
	SEED=${PROF_SEED:-$RANDOM}
	skip_asan "it is slow, and LeakSanitizer cannot run when traced"
	echo "PROF_SEED=$SEED PROF_POINTS=$POINTS"
	KILLAT=(killat -o count)
	[ "$POINTS" != every ] || KILLAT+=(-a)
}

# counted: how many calls the program came to, when it has ended; in $total.
counted()
{
	poll 5 test -s count
	read -r total _ <count
	rm count
}

# each_point FUNC ARGS...: FUNC N ARGS for each N; for 0, too, where it is to
# hurt nothing and count. It leaves in $total how many calls there were.
each_point()
{
	local n calls

	hurts=0
	"$1" 0 "${@:2}"
	calls=$total
	if [ "$POINTS" = every ]; then
		until [ "$total" -lt "$hurts" ]; do
			"$1" $((hurts += 1)) "${@:2}"
		done
		hurts=$((hurts - 1))
	else
		for n in $(shuf -i "1-$calls" -n "$POINTS" \
		    --random-source=<(yes "$SEED")); do
			"$1" "$n" "${@:2}"
			[ "$total" -lt "$n" ] || hurts=$((hurts + 1))
		done
	fi
	echo "${*:2} $calls calls, hurt at $hurts"
	[ "$hurts" -gt 0 ]
}
