# JFR recordings taken apart and put together in other ways (t/jfr_copies.py)
# must give the numbers of the sample they were made of; those are the oracle's
# (t/unit-java.c).
load lib

SPAN=(-S 1795342140500000000 -E 1795342160750000000)

setup_file()
{
	local copies=$BATS_FILE_TMPDIR/copies

	export PATH=$BATS_TEST_DIRNAME/bin:$PATH
	export LC_ALL=C PYTHONDONTWRITEBYTECODE=1
	mkdir "$copies"
	python3 "$BATS_TEST_DIRNAME/jfr_copies.py" make "$copies" \
	    "$BATS_TEST_DIRNAME/data/jfr/busy-dd.jfr.gz"
}

setup()
{
	prof_setup
	COPIES=$BATS_FILE_TMPDIR/copies
	SAMPLE=$DATA/jfr/busy-dd.jfr.gz
}

# gives FILE...: do they give the sample's numbers?
gives()
{
	local file

	recording "${SPAN[@]}" "$SAMPLE" >expected
	[ "$(wc -l <expected)" -eq 38 ]
	for file; do
		recording "${SPAN[@]}" "$COPIES/$file.jfr" >given 2>&1 || :
		diff expected given || fail "$file"
	done
}

# values FILE: fields of all kinds, of constants and texts among them.
values()
{
	recording "$1" jdk.FileRead path bytesRead eventThread.javaName endOfFile
	recording "$1" datadog.ExceptionSample type message eventThread.group.name
	recording "$1" datadog.ObjectSample objectClass.name.string size weight
	recording "$1" jdk.ThreadSleep time startTime stackTrace.truncated
}

@test "constants behind their use, or before it, give the same numbers" {
	gives same ahead behind
}

@test "fields of one type of events, or of all, in another order" {
	gives one reordered
}

@test "integers that are not compressed" {
	gives plain
}

@test "fields and types that nobody knows" {
	gives extra
}

@test "other ids, large and negative" {
	gives odd-ids
}

@test "the layouts of JDK 11 and 21, async-profiler and Datadog's profiler" {
	gives jdk11 jdk21 async datadog
}

@test "texts and constants come out of every copy as they are" {
	local file

	values "$SAMPLE" >expected
	grep -q 'java.lang.IllegalStateException	boom .* 95	main' \
	    expected
	for file in "$COPIES"/*.jfr; do
		values "$file" >given && cmp expected given || fail "$file"
	done
}

@test "other clocks give other times, truncated event by event" {
	local clock

	for clock in 24000000 3000000000 999999937 1000; do
		python3 "$TOP/t/jfr_copies.py" ticks "$SAMPLE" "$clock" >ticks.jfr
		python3 "$TOP/t/jfr_copies.py" spans ticks.jfr | sort >expected
		[ -s expected ]
		recording "${SPAN[@]}" ticks.jfr | sort >given
		[ -z "$(comm -23 expected given)" ] ||
		    fail "$clock: $(comm -23 expected given)"
	done
	recording "${SPAN[@]}" "$SAMPLE" | sort >unclocked
	! cmp -s given unclocked || fail "the clock made no difference"
}

# chunk N: the N-th of the two of busy-medium.
chunk()
{
	gzip -dc "$DATA/jfr/busy-medium.jfr.gz" >medium.jfr
	local first=1162695

	if [ "$1" -eq 1 ]; then
		head -c "$first" medium.jfr
	else
		tail -c +$((first + 1)) medium.jfr
	fi
}

@test "chunks in another order give the same, but for what is the first" {
	recording "${SPAN[@]}" "$DATA/jfr/busy-medium.jfr.gz" >expected
	{ chunk 2; chunk 1; } >swapped.jfr
	recording "${SPAN[@]}" swapped.jfr >given
	diff expected given >differ || :
	# The first heap; and sums of floats, in another order.
	run ! grep -v -e lifetime_heap_bytes -e alloc -e context_switches \
	    -e '^[0-9,]*c[0-9,]*$' -e '^---$' differ
	grep -q lifetime_heap_bytes differ
}

@test "recordings one behind the other are added up" {
	local bytes

	{ chunk 1; chunk 2; chunk 1; chunk 2; } >twice.jfr
	recording -e "$DATA/jfr/busy-medium.jfr.gz" |
	    awk '{ print 2 * $1, 2 * $2, $3 }' >expected
	recording -e twice.jfr >given
	cmp expected given
	bytes=$(recording "${SPAN[@]}" medium.jfr |
	    sed -n 's/prof_jvm_file_io_write_bytes \(.*\)i/\1/p')
	recording "${SPAN[@]}" twice.jfr |
	    grep -qx "prof_jvm_file_io_write_bytes $((2 * bytes))i"
}

@test "a recording cut at every 4 KiB has what is whole before, and says so" {
	local size cut

	gzip -dc "$SAMPLE" >whole.jfr
	python3 "$TOP/t/jfr_copies.py" counts "$SAMPLE" 4096 >events
	size=$(stat -c %s whole.jfr)
	# Its description of types stands in the middle.
	for ((cut = 4096; cut < size; cut += 4096)); do
		head -c "$cut" whole.jfr >cut.jfr
		if [ "$cut" -lt 450000 ] && ! recording cut.jfr >given 2>said; then
			grep -q 'ends before the description' said
			continue
		fi
		recording -e cut.jfr 2>said |
		    sed -n 's/^\([1-9][0-9]*\) [0-9]* /\1 /p' | sort >given
		grep -qx 'recording: a chunk is cut short' said || fail "$(cat said)"
		sed -n "s/^$cut //p" events | sort >expected
		cmp expected given || fail "at $cut"
	done
}

@test "versions 1.x and 0.9 are told apart from what is broken" {
	gzip -dc "$SAMPLE" >old.jfr
	printf '\0\1' | dd of=old.jfr bs=1 seek=4 conv=notrunc status=none
	run -100 recording old.jfr
	[ "$output" = "recording: unsupported version of JFR: only 2.x is" ]
	printf '\0\0\0\11' | dd of=old.jfr bs=1 seek=4 conv=notrunc status=none
	run -100 recording old.jfr
	[ "$output" = "recording: unsupported version of JFR: only 2.x is" ]
	run -100 recording "$TOP/README"
	[ "$output" = "recording: not a JFR recording" ]
}
