#!/usr/bin/env bats
# prof-spool's manager against a model of it: t/tool-model.c has what.
#
# PROF_SEQUENCES and PROF_SEED choose the sequences. Seen to fail when a spare was
# written over before its queue was fsynced (seed 581), when the lines of what
# is in dead/none were not made good (3), when a record that was refused had a
# link that nobody knew of (2175), when a delay was none (1), and when one more
# than the window was handed out (1).

BATS_TEST_TIMEOUT=${BATS_TEST_TIMEOUT:-300}
load lib

@test "the manager does as the model says, killed, cut and refused at random" {
	skip_asan "its calls stand in front of the sanitizers' own"
	local seed=${PROF_SEED:-$RANDOM}

	echo "PROF_SEED=$seed"
	# Nothing is really to be written.
	[ ! -w /dev/shm ] || TMPDIR=/dev/shm
	run -0 model -n "${PROF_SEQUENCES:-200}" -r "$seed"
	echo "$output"
}
