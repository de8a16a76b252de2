# Line protocol, as a parser sees it that shares nothing with common/line.
load lib

@test "hostile bytes come back from a parser of InfluxDB's grammar" {
	run -0 python3 "$TOP/t/line.py"
	[[ $output = *" points" ]]
}

@test "a line of the reference is taken by that parser" {
	run -0 python3 "$TOP/t/influx.py" -s <<-'END'
		profiling_metrics,env=test,host=host-1,language=golang,service=svc-1,version=v1 prof_go_blocked_time=21271761332i,prof_go_cpu_cores=0.6164705882352941 1795341865250000000
	END
	[ "$output" = "$(tr '\n' ' ' <<-'END' | sed 's/ $//'
		{"measurement": "profiling_metrics", "tags": {"env": "test",
		"host": "host-1", "language": "golang", "service": "svc-1",
		"version": "v1"}, "fields": {"prof_go_blocked_time": {"type":
		"integer", "value": 21271761332}, "prof_go_cpu_cores": {"type":
		"float", "value": 0.6164705882352941}}, "time":
		1795341865250000000}
	END
	)" ]
}

# refused LINE ERROR [-s]: does the parser say this of the line?
refused()
{
	run -1 python3 "$TOP/t/influx.py" "${@:3}" <<<"$1"
	[ "${lines[-1]}" = "$2" ] || fail "$1: $output"
}

@test "the parser refuses what the grammar does not have" {
	refused 'm' 'line 1 column 2: no fields'
	refused 'm,a f=1' 'line 1 column 4: a tag has no value'
	refused 'm,a= f=1' 'line 1 column 5: a tag value is empty'
	refused 'm,=b f=1' 'line 1 column 3: a tag key is empty'
	refused 'm,a=b\ f=1' 'line 1 column 9: = in a tag value'
	refused 'm,a=1,a=2 f=1' 'line 1 column 7: a tag stands there twice'
	refused 'm f=1,f=2' 'line 1 column 7: a field stands there twice'
	refused 'm f=NaN' 'line 1 column 5: no field value'
	refused 'm f=9223372036854775808i' \
	    'line 1 column 5: a number is out of range'
	refused 'm f="a' 'line 1 column 5: a text does not end'
	refused 'm f="a"b' 'line 1 column 8: bytes behind a field value'
	refused 'm f=1 1 1' 'line 1 column 9: bytes behind the time'
	refused $'m f=1 1\nm f=1 x' 'line 2 column 7: no time'
	refused $'m,a=x\ty f=1' 'line 1 column 6: control byte in a tag value'
	refused $'m,a=\xff f=1' 'line 1 column 5: no UTF-8'
}

@test "strictly it refuses what not all readers take" {
	refused 'm,b=1,a=2 f=1 1' 'line 1 column 7: tags are not sorted' -s
	refused 'm f="\n" 1' 'line 1 column 6: backslash before an ordinary byte' \
	    -s
	refused '# m' 'line 1 column 1: no point' -s
	refused 'm f=1' 'line 1 column 6: no time' -s
}
