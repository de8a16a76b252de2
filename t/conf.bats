# The configuration: what is taken, what is refused and how it is said. Limits
# and defaults are in unit-conf, which takes them from the table.
load lib

show()
{
	"$TOP/t/bin/conf" "$@"
}

# refuses TEXT SAID: the file c with that text (printf's escapes) is refused,
# and among what is said is "error: c:SAID".
refuses()
{
	printf '%b' "$1" >c
	run -100 --separate-stderr show c
	grep -Fxq "error: c:$2" <<<"$stderr" ||
	    fail "not said: $2; but: $stderr"
	[ -z "$output" ] || fail "printed: $output"
}

# warns TEXT SAID: it is taken, and "warning: c:SAID" is all that is said.
warns()
{
	printf '%b' "$1" >c
	run -0 --separate-stderr show c
	[ "$stderr" = "warning: c:$2" ] || fail "said: $stderr"
}

# unmarked FILE: with the mark removed where it stands before a key or header.
unmarked()
{
	sed 's/^\([ \t]*\)#[ \t]*\([^# \t]\)/\1\2/' "$1"
}

# The table as "SECTION KEY", "TYPE, UNIT, BOUNDS" and the default, with tabs
# between; without tags, whose keys are free.
table()
{
	show -T | awk -F '\t' '$2 != "*" {
		print $1 " " $2 "\t" $3 ($4 != "" ? ", " $4 : "") \
		    ($6 != "" ? ", " $6 : "") "\t" $5
	}' | sort
}

@test "the reference's own sample is taken as it stands" {
	run -0 --separate-stderr show "$DATA/profile.conf.sample"
	[ -z "$stderr" ]
	[[ $output = *"profile.endpoints = /profiling/v1/input"* ]]
	[[ $output != *profile.go.1.* ]]
}

@test "the reference's own sample is taken with its comment marks removed" {
	unmarked "$DATA/profile.conf.sample" >c
	run -0 --separate-stderr show c
	[ -z "$stderr" ]
	grep -qx 'profile.io_config.cache_path = /usr/local/.*/profile_inputs' \
	    <<<"$output"
	grep -qx 'profile.tags.more_tag = some_other_value' <<<"$output"
	grep -qx 'profile.go.1.url = http://localhost:6060' <<<"$output"
	grep -qx 'profile.go.1.tags.tag1 = val1' <<<"$output"
	grep -qx 'profile.pyroscope.1.url = 0.0.0.0:4040' <<<"$output"
	grep -qx 'profile.pyroscope.1.tags.tag1 = val1' <<<"$output"
}

@test "etc/prof.conf changes nothing as it stands" {
	run -0 --separate-stderr show "$TOP/etc/prof.conf"
	[ -z "$stderr" ]
	[ "$output" = "$(show /dev/null)" ]
}

@test "etc/prof.conf is taken with its comment marks removed" {
	unmarked "$TOP/etc/prof.conf" >c
	run -0 --separate-stderr show c
	[ -z "$stderr" ]
	grep -qx 'destination.copy.type = dataway' <<<"$output"
	# Where a key has a default, the file gave just that.
	show /dev/null | grep -v -e ^destination -e ^global_host >default
	grep -v -e ^destination -e ^global_host -e '^[a-z.]*tags' \
	    -e '^profile.go' -e '^profile.pyroscope' <<<"$output" | cmp - default
}

@test "etc/prof.conf shows every key of the table, its bounds and default" {
	# An alias is told of in a comment; what is inherited is shown; in
	# place of what is required or goes by type stands an example.
	table | awk -F '\t' -v OFS='\t' '
		$3 ~ /^\(urls?\)$/	{ next }
		$3 ~ /^\((required|by [a-z]*|or [a-z_]*)\)$/ { $3 = "*" }
					{ row[$1] = $0; is[$1] = $3 }
		END {
			for (key in row) {
				$0 = row[key]
				if ($3 ~ /^\(/)
					$3 = is["profile.io_config " \
					    substr($3, 2, length($3) - 2)]
				print
			}
		}' | sort >want
	sed -n 's/^[ \t]*#\[\{1,2\}\([^]]*\)\].*/[\1/p
	    s/^[ \t]*#\([a-z_]*\) = \(.*[^\t]\)\t\t*# \(.*\)$/\1\t\3\t\2/p' \
	    "$TOP/etc/prof.conf" | awk -F '\t' -v OFS='\t' '
		NR == FNR { if ($3 == "*") any[$1] = 1; next }
		/^\[/ { section = substr($0, 2); next }
		section !~ /tags$/ {
			sub(/^destination\..*/, "destination.NAME", section)
			$1 = section " " $1
			gsub(/^\[|\]$|"/, "", $3)
			if ($1 in any)
				$3 = "*"
			print
		}' want - | sort >is
	diff want is
	[ "$(wc -l <is)" -gt 70 ]
}

@test "prof.conf(5) describes every key of the table, its bounds and default" {
	table | sed 's/\t(required)$/; required/
	    s/\t(by type)$/; default by type/
	    s/\t(\(.*\))$/; default as \1/
	    s/\t$/; no default/
	    s/\t\([^\t]*\)\t\(.*\)/\t\1; default \2/
	    s/\t/ /' | sort >want
	awk '/^\.Ss \[/ { section = $2; gsub(/[][]|\\&/, "", section); next }
	    /^\.It Ic / { key = $3; next }
	    /^\.Pq / && key != "" {
		print section, key, substr($0, 5)
		key = ""
	    }' "$TOP/cmd/prof.conf.5" | sort >is
	diff want is
	[ "$(wc -l <is)" -gt 70 ]
}

@test "every section of the table stands in prof.conf(5) and etc/prof.conf" {
	show -T | cut -f 1 | sort -u >want
	sed -n 's/^\.Ss \[\(.*\)\]\\&$/\1/p' "$TOP/cmd/prof.conf.5" |
	    sort >manual
	sed -n 's/^#\[\{1,2\}\([^]]*\)\].*/\1/p' "$TOP/etc/prof.conf" |
	    sed 's/^destination\..*/destination.NAME/' | sort >file
	diff want manual
	diff want file
}

@test "lines that are neither key, header nor comment are refused" {
	refuses '[profile]\nelection true\n' \
	    '2: found no = in the line, expected key = value or [section]'
	refuses '[profile]\n"election\n' \
	    '2: found no = in the line, expected key = value or [section]'
	refuses '[profile]\n= true\n' \
	    '2: found no key before =, expected key = value'
	refuses '[profile]\na\0000 = b\n' '2: found a NUL byte, expected text'
	refuses '[profile.tags]\na\001b = c\n' \
	    '2: a?b: found a control byte in a key, expected none'
	refuses 'election = true\n' '1: election: found before any section,'\
' expected below a [section]'
	refuses "$(printf '%05000d' 0)" \
	    '1: found a line over 4096 bytes, expected 4096 at most'
}

@test "headers that are not whole are refused" {
	local whole='found no whole header, expected [section] or [[section]]'

	refuses '[profile\n' "1: $whole"
	refuses '[[profile]\n' "1: $whole"
	refuses '["profile"]\n' "1: $whole"
	refuses '[]\n' '1: found no name in a header, expected [section]'
	refuses '[profile] x\n' \
	    '1: found text behind a header, expected a comment'
	refuses '[profile]]\n' \
	    '1: found text behind a header, expected a comment'
	refuses '[pro\001file]\n' \
	    '1: found a control byte in a header, expected none'
	refuses "[$(printf '%050d' 0)]\n" "1: found a section's name over 49"\
' bytes, expected 49 at most'
}

@test "keys with bytes that a tag or inih could not bear are refused" {
	local bad='found one of = : , # ; [ ] or a quote in a key, expected none'

	refuses '[profile.tags]\na:b = c\n' "2: a: $bad"
	refuses '[profile.tags]\n"a=b" = c\n' "2: a: $bad"
	refuses '[profile.tags]\n"a:b" = c\n' "2: a: $bad"
	refuses '[profile.tags]\na,b = c\n' "2: a: $bad"
	refuses '[profile.tags]\na[0] = c\n' "2: a: $bad"
	refuses '[profile.tags]\n"a" b = c\n' "2: a: $bad"
	refuses '[profile.tags]\n"a\047 = c\n' "2: a: $bad"
	refuses '[profile.tags]\n";a" = c\n' "2: $bad"
	refuses '[profile]\nelection: true\n' "2: election: $bad"
}

@test "values that are not closed or hold odd bytes are refused" {
	refuses '[profile.tags]\na = "b\n' \
	    '2: a: found no closing quote, expected it on the line'
	refuses "[profile.tags]\na = 'b\n" \
	    '2: a: found no closing quote, expected it on the line'
	refuses '[profile.tags]\na = "b" c\n' '2: a: found text behind a '\
'closing quote or bracket, expected a comment'
	refuses '[profile.tags]\na = "\\n"\n' '2: a: found a \ in double '\
'quotes, expected it before " or \ only (or single quotes)'
	refuses '[profile.tags]\na = b\001\n' \
	    '2: a: found a control byte, expected text'
	refuses '[profile.tags]\na = "b\tc"\n' \
	    '2: a: found a control byte, expected text'
	refuses '[profile.tags]\na = ["b"]\n' \
	    '2: a: found a list, expected text'
}

@test "lists that are not closed on their line are refused, once each" {
	local open='found a list with no end, expected all of it on one line'

	refuses '[profile]\nendpoints = ["/a"\n' "2: endpoints: $open"
	refuses '[profile]\nendpoints = [a\n' "2: endpoints: $open"
	refuses '[profile]\nendpoints = [ # here\n\n"/a",\n# and\n"/b"\n]\n'\
'election = maybe\n' "2: endpoints: $open"
	[ "$(wc -l <<<"$stderr")" -eq 2 ]
	[[ $stderr = *"c:8: election: "* ]]
	refuses '[profile]\nendpoints = ["/a" "/b"]\n' '2: endpoints: found '\
'no comma between texts of a list, expected one'
	refuses '[profile]\nendpoints = [/a, /b]\n' '2: endpoints: found '\
'text without quotes in a list, expected quotes'
	refuses '[profile]\nendpoints = ["/a", b]\n' '2: endpoints: found '\
'text without quotes in a list, expected quotes'
	refuses '[profile]\nendpoints = ["/a"] x\n' '2: endpoints: found '\
'text behind a closing quote or bracket, expected a comment'
}

@test "unknown sections and keys are refused, with the nearest known one" {
	refuses '[profil.go]\n' \
	    '1: [profil.go]: unknown section, expected perhaps [profile.go]'
	refuses '[nothing]\na = b\n' '1: [nothing]: unknown section'
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
	refuses '[profile]\nbody_size_limit = 1\n' '2: body_size_limit: '\
'unknown key in [profile], expected perhaps body_size_limit_mb'
	refuses '[profile]\nnothing = 1\n' \
	    '2: nothing: unknown key in [profile]'
	refuses '[dataway]\nurls = http://h\nmax_idle_conns = 1\n' \
	    '3: max_idle_conns: unknown key in [dataway]'
}

@test "what may stand once is refused a second time" {
	refuses '[profile]\n[http_api]\n[[inputs.profile]]\n' \
	    '3: [profile]: found again (first in line 1), expected once'
	refuses '[dataway]\nurl = http://h\n[dataway]\nurl = http://i\n' \
	    '3: [dataway]: found again (first in line 1), expected once'
	refuses '[destination.a]\nurl = http://h\n[destination.a]\n' \
	    '3: [destination.a]: found again (first in line 1), expected once'
	refuses '[profile.go]\nurl = http://h\n[profile.go.tags]\n'\
'[profile.go.tags]\n' '4: [profile.go.tags]: found again (first in line 3), '\
'expected once'
	refuses '[profile]\nelection = true\nelection = true\n' \
	    '3: election: found again (first in line 2), expected once in a '\
'section'
	refuses '[dataway]\nurls = http://h\nurl = http://h\n' \
	    '3: url: found again (first in line 2), expected once in a section'
	refuses '[profile.tags]\na = b\na = b\n' \
	    '3: a: found again in the section, expected once'
}

@test "sections that do not belong together are refused" {
	refuses '[profile.go.tags]\na = b\n' '1: [profile.go.tags]: found no '\
'[profile.go] before it, expected one it belongs to'
	refuses '[profile.pyroscope.tags]\n' '1: [profile.pyroscope.tags]: '\
'found no [profile.pyroscope] before it, expected one it belongs to'
	refuses '[dataway]\nurl = http://h\n[destination.main]\n' \
	    '3: [dataway] is the destination main, and so is '\
'[destination.main]: found both (line 1), expected one'
	refuses '[destination.main]\nurl = http://h\n[dataway]\n' \
	    '3: [dataway] is the destination main, and so is '\
'[destination.main]: found both (line 1), expected one'
}

@test "names that a destination cannot have are refused" {
	local not='found a name that is not, expected 1 to 32 of a-z 0-9 _ -'

	refuses '[destination.]\n' "1: [destination.]: $not"
	refuses '[destination.A]\n' "1: [destination.A]: $not"
	refuses '[destination.a.b]\n' "1: [destination.a.b]: $not"
	refuses '[destination.none]\n' \
	    '1: [destination.none]: the name none is reserved, expected another'
	refuses '[destination.metrics]\n' '1: [destination.metrics]: the name'\
' metrics is reserved, expected another'
}

@test "a wrong value is told by its type" {
	refuses '[profile]\nelection = yes\n' \
	    '2: election: found "yes", expected true or false'
	refuses '[profile]\nelection = ["true"]\n' \
	    '2: election: found a list, expected true or false'
	refuses '[http_api]\nhead_fields = many\n' \
	    '2: head_fields: found "many", expected an integer, 8..1000'
	refuses '[http_api]\nbody_rate = 1k\n' '2: body_rate: found "1k", '\
'expected an integer, 0..1073741824 bytes/s'
	refuses '[profile]\nbody_size_limit_mb = 0\n' '2: body_size_limit_mb: '\
'found "0", expected an integer, 1..65536 MiB'
	refuses '[profile.io_config]\nsend_timeout = 75\n' '2: send_timeout: '\
'found "75", expected a duration such as 1m30s, 1ms..1h'
	refuses '[profile.io_config]\nsend_timeout = -5s\n' '2: send_timeout: '\
'found "-5s", expected a duration such as 1m30s, 1ms..1h'
	refuses '[profile.io_config]\nwhen_full = drop\n' '2: when_full: '\
'found "drop", expected one of evict|reject'
	refuses '[election]\nbackend = ""\n' \
	    '2: backend: found "", expected one of none|file|dataway|etcd'
	refuses '[profile.io_config]\ncache_path = spool\n' '2: cache_path: '\
'found "spool", expected an absolute path'
	refuses '[profile.pyroscope]\nurl = localhost\n' '2: url: found '\
'"localhost", expected host:port, https://host:port or unix:/path (107 bytes '\
'at most)'
	refuses '[election]\nnamespace = ["a"]\n' \
	    '2: namespace: found a list, expected text'
}

@test "an https address has a certificate and a key, and no other has" {
	local alone='found without an https:// address, expected one'

	refuses '[http_api]\nlisten = :1, https://h:2\n' '1: tls_cert_file: '\
'found nothing beside an https:// address, expected a path'
	refuses '[profile.pyroscope]\nurl = https://h:2\ntls_cert_file = /c\n' \
	    '1: tls_key_file: found nothing beside an https:// address, '\
'expected a path'
	refuses '[http_api]\ntls_key_file = /k\n' "2: tls_key_file: $alone"
	refuses '[profile.pyroscope]\nurl = :1\ntls_client_ca_file = /k\n' \
	    "3: tls_client_ca_file: $alone"
	refuses '[http_api]\nallowed_uids = 0, root\n' '2: allowed_uids: '\
"found \"root\", expected a list of items without commas, each a user's number"
	printf '[http_api]\n%s\n%s\n%s\n' 'listen = http://:1, https://[::1]:2' \
	    "tls_cert_file = $PWD/c" "tls_key_file = $PWD/c" >c
	run -0 --separate-stderr show c
	[ -z "$stderr" ]
}

@test "a wrong item of a list is told by its type" {
	local list='expected a list of items without commas, each'

	refuses '[http_api]\nlisten = localhost\n' '2: listen: found '\
"\"localhost\", $list host:port, https://host:port or unix:/path (107 bytes"\
' at most)'
	refuses '[profile]\nendpoints = ["in"]\n' '2: endpoints: found "in",'\
" $list a path such as /profiling/v1/input"
	refuses '[dataway]\nurl = http://h\naccept = profile,log\n' \
	    "3: accept: found \"log\", $list one or more of"\
' profile|metric|point'
	refuses '[election]\nnode_whitelist = ["a,b"]\n' \
	    "2: node_whitelist: found \"a,b\", $list text"
	refuses '[election]\nnode_whitelist = a,,b\n' \
	    "2: node_whitelist: found \"\", $list text"
}

@test "what has to be there is told to be missing" {
	local nothing='expected a value'

	refuses '[profile.go]\n[profile]\n' \
	    "1: url: found nothing in [profile.go], $nothing, or file_sd"
	refuses '[profile.pyroscope]\nenv = x\n' \
	    "1: url: found nothing in [profile.pyroscope], $nothing"
	refuses '[dataway]\n' "1: urls: found nothing in [dataway], $nothing"
	refuses '[dataway]\nurl = ""\n' \
	    "2: urls: found nothing in [dataway], $nothing"
	refuses '[http_api]\nlisten = []\n' \
	    "2: listen: found nothing in [http_api], $nothing"
	refuses '[destination.a]\nurl = http://h\naccept = []\n' \
	    "3: accept: found nothing in [destination.a], $nothing"
	refuses '[profile.io_config]\ncache_path = ""\n' '2: cache_path: '\
"found nothing in [profile.io_config], $nothing"
	refuses '[election]\nnamespace = ""\n' \
	    "2: namespace: found nothing in [election], $nothing"
	refuses '[election]\nbackend = etcd\n' '1: urls: found nothing in '\
'[election], expected one for backend etcd'
	refuses '[election]\nbackend = dataway\n[destination.main]\n'\
'type = file\nurl = file:/x\n' '1: urls: found nothing in [election], '\
'expected one for backend dataway'
	refuses '[election]\nmode = shard\nbackend = dataway\n'\
'urls = http://a?token=b\n' '2: mode: found shard with another backend, '\
'expected with etcd only'
	refuses '[election]\nbackend = file\n' '1: file: found nothing in '\
'[election], expected a path for backend file'
	refuses '[destination.a]\n' \
	    '1: url: found no url in [destination.a], expected one'
	refuses '[destination.a]\ntype = file\n' \
	    '1: url: found no url in [destination.a], expected one'
}

@test "what does not fit a destination's type is refused" {
	refuses '[destination.a]\nurl = file:/x\n' '2: url: found a file url, '\
'expected http or https for type dataway'
	refuses '[destination.a]\ntype = file\nurl = http://h\n' '3: url: '\
'found another url, expected one file:/path for type file'
	refuses '[destination.a]\ntype = file\nurl = file:/a,file:/b\n' \
	    '3: url: found another url, expected one file:/path for type file'
	refuses '[destination.a]\ntype = external\nurl = http://h\n' \
	    '3: url: found a url, expected none for type external'
	refuses '[destination.a]\nurl = http://h\ncommand = cat\n' '3: '\
'command: found with another type, expected with type external only'
	refuses '[destination.a]\nurl = http://h\nretry_min = 6m\n' '3: '\
'retry_min: found more than retry_max, expected no more'
	refuses '[profile.io_config]\nretry_max = 500ms\n' '1: retry_min: '\
'found more than retry_max, expected no more'
	refuses '[dataway]\nurl = http://h\ntype = file\n' \
	    '3: type: unknown key in [dataway]'
}

@test "a token_file that cannot be read is refused" {
	echo secret >token
	printf '[dataway]\nurl = http://h\ntoken_file = %s/token\n' "$PWD" >c
	run -0 show c
	[[ $output = *"destination.main.token_file = $PWD/token"* ]]
	[[ $output != *secret* ]]
	refuses "[dataway]\nurl = http://h\ntoken_file = $PWD/no\n" \
	    '3: token_file: found what cannot be read (No such file or '\
'directory), expected a file'
	refuses "[dataway]\nurl = http://h\ntoken_file = $PWD\n" \
	    '3: token_file: found what cannot be read (Is a directory), '\
'expected a file'
}

@test "a certificate, key or token that is not there is told, no error" {
	local key

	for key in ca_file cert_file key_file; do
		warns "[dataway]\nurl = http://h\n$key = /nonexistent\n" \
		    "3: $key: found what cannot be read (No such file or "\
'directory), expected a file'
		warns "[election]\n$key = $PWD\n" \
		    "2: $key: found what cannot be read (Is a directory), "\
'expected a file'
	done
	for key in tls_ca tls_cert tls_key basic_auth_file bearer_token_file; do
		warns "[profile.go]\nurl = http://h\n$key = /nonexistent\n" \
		    "3: $key: found what cannot be read (No such file or "\
'directory), expected a file'
	done
	for key in '[http_api]\nlisten = :0' '[profile.pyroscope]\nurl = :0'; do
		warns "$key\nbearer_token_file = /nonexistent\n" \
		    '3: bearer_token_file: found what cannot be read (No such '\
'file or directory), expected a file'
	done
}

@test "an interval that is short or empty is 10s, with a warning" {
	warns '[profile.go]\nurl = http://h\ninterval = 9s\n' \
	    '3: interval: found "9s", which is too short; taken as 10s'
	grep -qx 'profile.go.1.interval = 10s' <<<"$output"
	warns '[profile.go]\nurl = http://h\ninterval = ""\n' \
	    '3: interval: found "", which is too short; taken as 10s'
	grep -qx 'profile.go.1.interval = 10s' <<<"$output"
	refuses '[profile.go]\nurl = http://h\ninterval = x\n' '3: interval: '\
'found "x", expected a duration such as 1m30s, 10s..24h'
}

@test "unknown enabled_types are left out, with a warning" {
	warns '[profile.go]\nurl = http://h\nenabled_types = a,cpu,b\n' \
	    '3: enabled_types: left out "a", "b", expected a list of items '\
'without commas, each one of cpu|goroutine|heap|mutex|block|allocs|threadcreate'
	grep -qx 'profile.go.1.enabled_types = cpu' <<<"$output"
}

@test "a target's url may be a socket with a path" {
	local url

	for url in unix:/s unix:/run/a.sock:/ 'unix:/s:/debug/pprof?x=1'; do
		printf '[profile.go]\nurl = %s\n' "$url" >c
		run -0 --separate-stderr show c
		grep -Fqx "profile.go.1.url = ${url/x=1/x=***}" <<<"$output"
	done
	for url in unix: unix:s unix://s: unix:/s:b 'unix:/s p' \
	    "unix:/$(printf %107d 0)"; do
		refuses "[profile.go]\nurl = $url\n" '2: url: found what is '\
'not shown, it may be secret, expected a url such as https://host:443/path, '\
'file:/path or unix:/path, its scheme one of http|https|unix'
	done
	printf '[destination.a]\nurl = unix:/s\n' >c
	run -100 show c
}

@test "a target has a url or a file_sd" {
	refuses '[profile.go]\nurl = http://h\nfile_sd = /f\n' \
	    '3: file_sd: found beside url, expected one of them'
	printf '[profile.go]\nfile_sd = /f\n' >c
	run -0 --separate-stderr show c
	[ -z "$stderr" ]
}

@test "cpu_seconds and timeout go by the interval" {
	local interval seconds timeout

	while read -r interval seconds timeout; do
		printf '[profile.go]\nurl = http://h\ninterval = %s\n' \
		    "$interval" >c
		run -0 show c
		grep -qx "profile.go.1.cpu_seconds = $seconds" <<<"$output"
		grep -qx "profile.go.1.timeout = $timeout" <<<"$output"
	done <<-'END'
		10s 8 9s
		12s 9 10800ms
		13s 10 11700ms
		24h 10 1296m
	END
	refuses '[profile.go]\nurl = http://h\ncpu_seconds = 9\n' \
	    '3: cpu_seconds: found a timeout within cpu_seconds, expected one '\
'that is longer'
	refuses '[profile.go]\nurl = http://h\ntimeout = 8s\n' \
	    '3: timeout: found a timeout within cpu_seconds, expected one '\
'that is longer'
	printf '[profile.go]\nurl = http://h\ntimeout = 1s\nenabled_types=heap\n' >c
	run -0 --separate-stderr show c
	[ -z "$stderr" ]
}

@test "a target has one kind of authorization" {
	refuses '[profile.go]\nurl = http://h\nbasic_auth_file = /b\n'\
'bearer_token_file = /t\n' \
	    '4: bearer_token_file: found beside basic_auth_file, expected one '\
'of them'
}

@test "headers are name: value, and their values are not shown" {
	printf '[profile.go]\nurl = http://h\nheaders = %s\n' \
	    '["X-A: geheim", "b:geheim"]' >c
	run -0 --separate-stderr show c
	grep -Fqx 'profile.go.1.headers = X-A: ***,b: ***' <<<"$output"
	[[ $output != *geheim* ]]
	for header in 'no colon' ': v' 'a b: c'; do
		refuses "[profile.go]\nurl = http://h\nheaders = $header\n" \
		    '3: headers: found what is not shown, it may be secret, '\
'expected a list of items without commas, each a header such as X-Team: blue'
	done
}

@test "all errors of a file are told, each with its line" {
	refuses '[profile]\nelection = x\n\nz = 1\r\n[no]\n[profile.go]\n' \
	    '2: election: found "x", expected true or false'
	[ "$(cut -d : -f 3 <<<"$stderr" | sort -n | tr '\n' ' ')" = \
	    "2 4 5 6 " ]
}

@test "what stands below a repeated header is looked at too" {
	refuses '[profile]\n[profile]\nnosuch = 1\n' \
	    '3: nosuch: unknown key in [profile]'
	refuses '[dataway]\nurl = http://h\n[dataway]\nworkers = x\n' \
	    '4: workers: found "x", expected an integer, 1..256'
}

@test "a file that cannot be read is refused" {
	run -100 show no
	[ "$output" = "error: no: No such file or directory" ]
	mkdir d
	run -100 show d
	[ "$output" = "error: d: Is a directory" ]
}

@test "no secret is shown, whatever is wrong with the file" {
	local s=tkn_5ecret

	printf '%s\n' '[dataway]' "urls = [" "  \"https://$s@h?token=$s\"," \
	    "https://u:$s@h?token=$s" "$s" "]" "url = 'ftp://$s'" \
	    "url = https://h?token=$s" "token_file = $s" "http_proxy = $s" \
	    "unknown = $s" "accept = https://h?token=$s" "ca_file = \"$s" \
	    "cert_file = \"$s\" $s" "workers = [\"$s\"]" \
	    '[profile.go]' "url = //u:$s@h" '[profile.tags]' "a = [\"$s\"]" \
	    '[destination.x]' 'type = file' "url = https://u:$s@h?$s" \
	    '[no]' "key = $s" "https://$s" "[\"$s\"]" "[profile] $s" >c
	run -100 show c
	[[ $output = *"c:7: url: "* ]] && [[ $output = *"c:9: token_file: "* ]]
	[[ $output != *5ecret* ]]
	printf '%s\n' '[dataway]' \
	    "urls = 'https://u:$s@h/?a=1&token=$s','http://$s@i?$s'" \
	    "http_proxy = http://u:$s@p:3128" >c
	run -100 show c
	sed -i "s/'//g" c
	run -0 show c
	[[ $output != *5ecret* ]]
	grep -qxF 'destination.main.url = https://***@h/?a=***&token=***,http:'\
'//***@i?***' <<<"$output"
	grep -qxF 'destination.main.http_proxy = http://***@p:3128' \
	    <<<"$output"
}

@test "the tool says how it was used wrong" {
	run -2 show -x
	run -0 show -s /some/spool - </dev/null
	grep -qx 'destination.main.url = file:/some/spool.outbox' <<<"$output"
	grep -qx 'profile.io_config.cache_path = /some/spool' <<<"$output"
}

@test "a configuration that the disk refuses is worth another try" {
	skip_asan "LeakSanitizer cannot run under strace"
	conf </dev/null
	for program in recv spool "ship -d main" metrics pull; do
		# shellcheck disable=SC2086
		run -111 strace -o trace -P "$CONF" -e inject=openat:error=EIO \
		    prof-$program -c "$CONF"
		[[ $output = *"$CONF: Input/output error"* ]]
	done
	rm "$CONF"
	run -100 prof-recv -c "$CONF"
}
