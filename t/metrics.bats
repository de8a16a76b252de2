#!/usr/bin/env bats
# What prof-metrics makes of profiles, by hand: t/metrics.py has the facts.

load lib

setup_file()
{
	export BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	prof_setup
	python3 "$TOP/t/metrics.py" "$BATS_FILE_TMPDIR/facts"
}

# fact NAME
fact()
{
	cat "$BATS_FILE_TMPDIR/facts/$1"
	[ "$(cat "$BATS_FILE_TMPDIR/facts/$1")" = true ]
}

@test "numbers are the reference's, of every request it makes any of" {
	fact as_the_reference_of_requests
}

@test "numbers are the reference's, of Go's and Java's files" {
	fact as_the_reference_of_files
}

@test "tags and times are the reference's" {
	fact tags_and_times_as_the_reference
}

@test "not as the reference: goroutines are counted" {
	fact goroutines_are_counted
}

@test "not as the reference: a field has one type for ever" {
	fact a_field_has_one_type
}

@test "not as the reference: data[metrics.json] is found" {
	fact metrics_json_is_found_in_brackets
}

@test "not as the reference: types[i] says what data[i] is" {
	fact types_say_what_data_is
}

@test "not as the reference: chunk-data is read" {
	fact chunk_data_is_read
}

@test "not as the reference: zstd is read" {
	fact zstd_gives_what_plain_does
}

@test "not as the reference: an end keeps all of its digits" {
	fact an_end_keeps_its_digits
}

@test "not as the reference: Node.js is never taken for Java" {
	fact javascript_is_no_java
}

@test "global tags, then profile.tags, then sub_custom_tags go before" {
	fact global_tags_go_before_the_profiles
}

@test "Python, Ruby, PHP, .NET, Rust: plain, gzip, lz4, zstd, gzip in lz4" {
	fact tracers_of_today
}

@test "Node.js sends wall, space and events, packed in each way" {
	fact node_sends_several_files
}

@test "Go sends its files packed in each way" {
	fact go_packed
}

@test "Node.js's old form is read" {
	fact node_of_old
}

@test "Ruby's old form is read" {
	fact ruby_of_old
}

@test "Python's old forms are read" {
	fact python_of_old
}

@test "metrics.json goes before pprof files" {
	fact metrics_json_goes_before_pprof
}

@test "a wrong metrics.json costs its own numbers" {
	fact metrics_json_that_is_wrong_costs_its_numbers
}

@test "names say which of Go's profiles a file is" {
	fact names_say_what_a_go_profile_is
}

@test "sample types decide where names do not say, save of block and mutex" {
	fact types_decide_where_names_do_not
}

@test "leaked goroutines are not all goroutines" {
	fact leaked_goroutines_are_not_all
}

@test "an execution trace is passed over" {
	fact an_execution_trace_is_passed_over
}

@test "units of a pprof are honoured" {
	fact units_are_honoured
}

@test "an unknown unit is taken as it is, and logged" {
	fact an_unknown_unit_is_taken_as_it_is
}

@test "a sum out of range is none, and logged" {
	fact a_sum_out_of_range_is_none
}

@test "without a duration there are no rates" {
	fact without_a_duration_there_are_no_rates
}

@test "collapsed text has no numbers, silently" {
	fact collapsed_text_has_no_numbers
}

@test "a language without numbers has none" {
	fact a_language_without_numbers_has_none
}

@test "a malformed attachment costs its own numbers, and is logged" {
	fact a_malformed_part_costs_its_own_numbers
}

@test "a malformed recording costs no other record anything" {
	fact a_malformed_recording_costs_its_own_numbers
}

@test "an event that is no JSON costs its tags" {
	fact a_broken_event_costs_its_tags
}

@test "each limit costs the numbers beyond it" {
	fact each_limit_costs_the_numbers_beyond_it
}

@test "the point of a profile says what is known" {
	fact the_profile_point_says_what_is_known
}

@test "the point of a profile leaves out what is not known" {
	fact the_profile_point_leaves_out_what_is_not
}

@test "labels of most of the samples say what request it was" {
	fact most_samples_say_what_the_request_was
}

@test "hostile texts come back from a strict parser as they were" {
	fact hostile_texts_come_back
}

@test "line breaks in tags come back as spaces, in texts as they were" {
	fact line_breaks_in_tags_come_as_spaces
}

@test "a bare profile has its own times and language" {
	fact a_bare_profile_has_its_own_times
}

@test "what is no profile exits 100" {
	fact what_is_no_profile_exits_100
}

@test "a stream goes on behind a bad record, and exits with the worst" {
	fact a_stream_goes_on_behind_a_bad_record
}

@test "usage" {
	run -0 prof-metrics -h
	[[ $output = "usage: prof-metrics "* ]]
	run -0 prof-metrics -V
	run -2 prof-metrics -x
	run -2 prof-metrics -p
	run -2 prof-metrics -P
	run -100 prof-metrics -p no/such/file
	[[ $output = *'msg="no metrics, ever"'*'"cannot open"'* ]]
	echo nonsense >"$CONF"
	run -100 prof-metrics -c "$CONF" -p -
	run -0 prof-metrics -c /dev/null -t
}

@test "what cannot be written exits 111" {
	cp "$DATA/pprof/cpu.1.pprof" cpu.pprof
	run -111 sh -c 'prof-metrics -p cpu.pprof >/dev/full'
	[[ $output = *'"cannot write"'* ]]
}
