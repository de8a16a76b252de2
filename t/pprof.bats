# What common/pprof reads and writes, shown by t/tool-pprof.c, against what
# google/pprof made of the same samples (t/data/oracle/profile) and against
# what Debian's go tool pprof makes of them now.
load lib

setup()
{
	prof_setup
	SAMPLES=$DATA/pprof
	ORACLE=$DATA/oracle/profile
	export PPROF_TMPDIR=$BATS_TEST_TMPDIR
}

# oracle NAME: the oracle's JSON on the sample of that name.
oracle()
{
	zcat "$ORACLE/sum-$1.json.gz"
}

# go_pprof ARGS...: without looking for the program that was profiled.
go_pprof()
{
	go tool pprof -symbolize=none "$@" 2>/dev/null
}

# types FILE: its sample types, a line each: "TYPE UNIT SUM".
types()
{
	pprof sums "$1" | sed -n 's,^\([^/ ]*\)/\([a-z]*\) ,\1 \2 ,p'
}

# As go tool pprof says it, of one type: in the unit itself, all nodes.
go_type()
{
	local unit=$2

	[ "$unit" != count ] || unit=auto
	go_pprof "$1" -unit="$unit" -sample_index="$3" -nodefraction=0 \
	    -edgefraction=0 -nodecount=100000 "$4"
}

# top_total: what -top says is all, which is without signs.
top_total()
{
	sed -n 's/^Showing.* of \([0-9]*\)[a-zA-Z]* total$/\1/p'
}

# add_up: the sum of a report's first column, where it is a number.
add_up()
{
	awk '$1 ~ /^-?[0-9]+(B|ns)?$/ { sum += $1 } END { printf "%.0f", sum }'
}

# signs FILE: has it values below 0?
signs()
{
	pprof sums "$1" | grep -qx 'negative 1'
}

@test "sums, times and types of every sample are the oracle's" {
	local file name

	for file in "$SAMPLES"/*.pprof; do
		name=$(basename "$file" .pprof)
		pprof sums "$file" >ours
		oracle "$name" | jq -r '.profile |
		    (.sample_types[] | "\(.type)/\(.unit) \(.total)"),
		    "samples \(.samples)", "period \(.period)",
		    "period type \(.period_type)",
		    "default type \(.default_sample_type)",
		    "negative \([.samples_with_negative, 1] | min)"' >theirs
		# jq would round these.
		oracle "$name" | sed -n 's/,$//
		    s/^ *"\(time\|duration\)_nanos": /\1 /p' >>theirs
		diff <(sort ours) <(sort theirs) || fail "$name"
	done
}

@test "stacks and labels of every sample are the oracle's" {
	local file name

	for file in "$SAMPLES"/*.pprof; do
		name=$(basename "$file" .pprof)
		diff <(pprof stacks "$file") \
		    <(oracle "$name" | jq -r '.stacks[]') || fail "$name"
	done
}

# rootless FILE N: the N-th value of samples without a stack, which -traces
# does not show.
rootless()
{
	pprof stacks "$1" | sed -n 's/^ \[\(.*\)\]$/\1/p' | cut -d' ' -f"$2"
}

@test "go tool pprof -top and -traces add up to our sums" {
	local file type unit sum n

	for file in "$SAMPLES"/*.pprof; do
		n=0
		while read -r type unit sum; do
			[ "$(go_type -top "$unit" "$type" "$file" |
			    top_total)" = "$sum" ] || signs "$file" ||
			    fail "-top $file $type"
			sum=$((sum - $(rootless "$file" $((n += 1)) | grep . ||
			    echo 0)))
			[ "$(go_type -traces "$unit" "$type" "$file" |
			    add_up)" = "$sum" ] || fail "-traces $file $type"
		done < <(types "$file")
	done
}

@test "go tool pprof shows the same when every sample is written again" {
	local file option

	for file in "$SAMPLES"/*.pprof; do
		pprof rewrite "$file" >again
		diff <(pprof sums "$file") <(pprof sums again) || fail "$file"
		for option in -top -traces -raw; do
			go_pprof "$option" "$file" >before
			go_pprof "$option" again >after
			[ -s before ]
			cmp before after || fail "$option $file"
		done
	done
}

@test "what is written is the same each time, and when it is read again" {
	local file

	for file in "$SAMPLES"/*.pprof; do
		pprof rewrite "$file" >one
		pprof rewrite "$file" >two
		cmp one two
		pprof rewrite one >two
		cmp one two
	done
}

@test "what is no profile is refused with a reason" {
	run -100 pprof sums "$SAMPLES/../hostile/01-plain.http"
	[[ $output = *": a field has "* ]]
	zcat "$SAMPLES/cpu.1.pprof" | head -c 3000 >short
	run -100 pprof sums short
	[[ $output = *": a field is cut short" ]]
	run -100 pprof stacks short
	: >empty
	run -100 pprof sums empty
	[[ $output = *": empty" ]]
	zcat "$SAMPLES/cpu.1.pprof" "$SAMPLES/cpu.2.pprof" >two
	run -100 pprof sums two
	[[ $output = *": two profiles, one behind the other" ]]
}
