# Deltas of cumulative profiles, made by t/tool-pprof.c, against those that
# the reference made of the same samples (t/data/oracle/delta), and against
# go tool pprof's own.
load lib

setup()
{
	prof_setup
	SAMPLES=$DATA/pprof
	ORACLE=$DATA/oracle/delta
	export PPROF_TMPDIR=$BATS_TEST_TMPDIR
}

# kind NAME: what t/tool-pprof.c calls the sample types of such a profile.
kind()
{
	case $1 in
	heap|allocs)	echo heap ;;
	*)		echo mutex ;;
	esac
}

# delta NAME: of the two samples of that name.
delta()
{
	pprof delta "$(kind "$1")" "$SAMPLES/$1.1.pprof" "$SAMPLES/$1.2.pprof"
}

@test "totals, counts, times and stacks are the reference's" {
	local name

	for name in heap allocs mutex block; do
		delta "$name" >ours
		diff <(pprof sums ours) \
		    <(pprof sums "$ORACLE/delta-$name-1-2.pprof")
		zcat "$ORACLE/delta-$name-1-2.json.gz" >theirs
		diff <(pprof sums ours | grep -E '^[a-z_]+/|^samples' | sort) \
		    <(jq -r '.delta | (.sample_types[] |
		    "\(.type)/\(.unit) \(.total)"), "samples \(.samples)"' \
		    theirs | sort) || fail "$name"
		diff <(pprof stacks ours) <(jq -r '.delta_stacks[]' theirs) ||
		    fail "$name"
	done
}

@test "go tool pprof shows the same of the reference's delta and of ours" {
	local name option

	for name in heap allocs mutex block; do
		delta "$name" >ours
		for option in -top -traces -raw; do
			go tool pprof -symbolize=none "$option" ours \
			    2>/dev/null >one
			go tool pprof -symbolize=none "$option" \
			    "$ORACLE/delta-$name-1-2.pprof" 2>/dev/null >two
			[ -s one ]
			cmp one two || fail "$option $name"
		done
	done
}

@test "go tool pprof -base matches the same stacks in invented profiles" {
	local seed

	for seed in 1 2 3 4 5 6 7 8 9 10; do
		pprof invent "$seed" 0 >before
		pprof invent "$seed" 1 >after
		pprof delta heap before after >ours
		go tool pprof -symbolize=none -proto -base before \
		    -output theirs after >/dev/null 2>&1
		diff <(pprof stacks ours) <(pprof stacks theirs)
		diff <(pprof sums ours | grep samples) \
		    <(pprof sums theirs | grep samples)
	done
}

@test "samples in the wrong order are a restart" {
	local name

	for name in heap allocs mutex block; do
		run -1 pprof delta "$(kind "$name")" \
		    "$SAMPLES/$name.2.pprof" "$SAMPLES/$name.1.pprof"
		[ "$output" = "restarted: time does not go on" ]
	done
}

@test "a cpu profile has nothing to take off" {
	run -1 pprof delta heap "$SAMPLES/cpu.1.pprof" "$SAMPLES/cpu.2.pprof"
	[ "$output" = "already: a delta, not cumulative" ]
	run -100 pprof delta heap "$SAMPLES/goroutine.1.pprof" \
	    "$SAMPLES/goroutine.2.pprof"
	[[ $output = *"a sample type that is wanted is missing" ]]
}

@test "a delta that Go made of a heap is told from a heap" {
	run -1 pprof delta heap "$SAMPLES/heap.2.pprof" \
	    "$SAMPLES/heap-delta2s.pprof"
	[ "$output" = "already: a delta, not cumulative" ]
	run -1 pprof delta heap "$SAMPLES/heap-delta2s.pprof" \
	    "$SAMPLES/heap-gc.pprof"
	[ "$output" = "already: a delta, not cumulative" ]
}

@test "a heap after a collection is a heap" {
	pprof delta heap "$SAMPLES/heap.2.pprof" "$SAMPLES/heap-gc.pprof" >ours
	[ "$(pprof sums ours | sed -n 's,^alloc_space/bytes ,,p')" -eq \
	    $((265717869 - 93068987)) ]
	[ "$(pprof sums ours | sed -n 's,^inuse_space/bytes ,,p')" -eq \
	    15025696 ]
}
