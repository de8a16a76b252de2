# For tests that look at what trips through all programs have left: a trip is
# made once, in setup_file, in a directory of its own below BATS_FILE_TMPDIR.
# bats says what output is, t/lib.bash reads BATS_TEST_TMPDIR.
# shellcheck shell=bash disable=SC2034,SC2154

# fact NAME N: a fact (t/facts.py) holds for all N requests.
fact()
{
	run tail -n 5 "$BATS_FILE_TMPDIR/facts/$1"
	echo "$output"
	[ "$output" = "$2 requests, 0 wrong" ]
}

# trips_end NAME...: where a trip failed its programs are still there.
trips_end()
{
	local BATS_TEST_TMPDIR name pid

	for name; do
		BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR/$name
		for pid in $(left_behind); do
			kill -9 "$pid"
		done
	done
}
