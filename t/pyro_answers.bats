#!/usr/bin/env bats
# prof-pyro alone: what it answers, and what it leaves in the spool.
#
# lib.bash reads WRAP, pyro.bash URL.
# shellcheck disable=SC2034

load lib
load pyro

NAME='name=demo.cpu%7Bk=v%7D&spyName=pyspy&from=1795341719&until=1795341729'

setup()
{
	prof_setup
	printf 'main;work 10\nmain;idle 20\n' >stacks
}

@test "a profile is answered 200 without a body and is a record in new" {
	serve
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ ! -s answer ]
	sed '/^$/q' "$(record)" >header
	cat header
	grep -qx 'source: pyro' header
	grep -qx 'kind: profile' header
	grep -q '^remote: 127.0.0.1:' header
	grep -qx "request: POST /ingest?$NAME" header
	grep -qx 'header: User-Agent: curl/.*' header
	grep -qx 'global-tag: host=web-1' header
	grep -qx 'content-type: multipart/form-data; boundary=prof-.*' header
	[ "$(event .profiler)" = pyroscope ]
	[ "$(holds tmp)" -eq 0 ]
}

@test "no header says how the body was sent" {
	serve
	gzip -k stacks
	[ "$(ingest "$NAME" stacks.gz -H 'Content-Encoding: gzip' --compressed \
	    -H 'Authorization: Basic eDp5' -H 'X-Scope-OrgID: a')" = 200 ]
	sed '/^$/q' "$(record)" >header
	run ! grep -i -e encoding -e authorization header
	grep -qx 'header: X-Scope-OrgID: a' header
}

@test "a name that is missing, empty or wrong is 400" {
	serve
	code=$(ingest 'from=1&until=2' stacks)
	refused 400 'the application has no name'
	code=$(ingest 'name=' stacks)
	refused 400 'the application has no name'
	code=$(ingest 'name=a%2Fb' stacks)
	refused 400 \
	    "the application's name has a character that is not allowed"
	code=$(ingest 'name=a%7Bx%20y=z%7D' stacks)
	refused 400 "a label's name has a character that is not allowed"
	code=$(ingest 'name=a&spyName=x%00y' stacks)
	refused 400 'a parameter has a NUL in it'
}

@test "a time that is none is 400" {
	serve
	code=$(ingest "name=a&from=$(printf '1%.0s' {1..70})" stacks)
	refused 400 'from is no time'
	code=$(ingest 'name=a&until=99999999999999999' stacks)
	refused 400 'until is no time'
}

@test "times that are 64 bits apart are taken, as no time at all" {
	serve
	[ "$(ingest 'name=a&from=now-9000000000s&until=9000000000000000000' \
	    stacks)" = 200 ]
	part auto.pprof >p
	pprof sums p | grep -qx 'duration 0'
	rm "$(record)"
	# A push's are those of its profile.
	PYTHONPATH=$TOP/t python3 -c 'import base64, json, pprof
p = pprof.encode([("a", "b")], {("x",): [1]}, 1 << 62, 3 << 61)
print(json.dumps({"series": [{"samples": [
    {"rawProfile": base64.b64encode(p).decode()}]}]}))' >far
	[ "$(push application/json far)" = 200 ]
	[ "$(event .start)" = "$(event .end)" ]
}

@test "all of the reference's names and times are understood as by it" {
	serve
	python3 "$TOP/t/pyro_params.py" "$(pyro_at)" "$SPOOL/new"
}

@test "empty parameters are as missing ones" {
	serve
	[ "$(ingest 'name=demo.cpu&from=&until=&format=&spyName=&units=&'\
'aggregationType=&sampleRate=' stacks)" = 200 ]
	[ "$(tag spy_name)" = unknown ]
	[ "$(tag units)" = samples ]
	[ "$(tag aggregation_type)" = sum ]
	[ "$(tag sample_rate)" = 100 ]
	[ "$(tag input_format)" = groups ]
	[ "$(event .language)" = unknown ]
}

@test "a query is taken apart as Go does it" {
	serve
	[ "$(ingest 'name=x;y&n%61me=de%6do.cpu&name=z&sampleRate=%2B99' \
	    stacks)" = 200 ]
	[ "$(tag app_name)" = demo.cpu ]
	[ "$(tag sample_rate)" = 99 ]
	rm "$(record)"
	[ "$(ingest 'name=a&sampleRate=99999999999&spyName=%zz' stacks)" = 200 ]
	[ "$(tag sample_rate)" = 100 ]
	[ "$(tag spy_name)" = unknown ]
}

@test "tags are the listener's, then the client's, and none stands twice" {
	serve 'service = shop' 'env =' 'version = 1.2' \
	    '[profile.pyroscope.tags]' 'team = blue' 'version = 1.3'
	[ "$(ingest 'name=demo.cpu%7Bservice=x,env=dev,team=red,__a__=b,'\
'runtime_id=r1,otel.scope.name=s-t%7D&spyName=pyspy&sampleRate=50&'\
'units=samples&aggregationType=average&from=1&until=2' stacks)" = 200 ]
	[ "$(event .tags_profiler)" = "service:shop,version:1.3,team:blue,\
app_name:demo.cpu,input_format:groups,spy_name:pyspy,sample_rate:50,\
units:samples,aggregation_type:average,env:dev,otel.scope.name:s-t,\
runtime_id:r1,runtime-id:r1" ]
	[ "$(event .sub_custom_tags)" = team:blue,version:1.3 ]
}

@test "the service is the application's name, where nobody says one" {
	serve
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(tag service)" = demo ]
}

@test "the language is the client's, or a label's" {
	local spy language

	serve
	while read -r spy language; do
		[ "$(ingest "name=demo.cpu&spyName=$spy" stacks)" = 200 ]
		[ "$(event .language)" = "$language" ] || fail "$spy"
		rm "$(record)"
	done <<-'END'
	nodespy nodejs
	ebpfspy cpp
	gospy golang
	pyspy python
	rbspy ruby
	phpspy php
	javaspy java
	pyroscope-rs rust
	dotnetspy dotnet
	scalaspy unknown
	END
	[ "$(ingest 'name=a%7Blanguage=ruby%7D' stacks)" = 200 ]
	[ "$(event .language)" = ruby ]
}

@test "another path is 404, another method 405, and the connection stays" {
	serve
	run -0 curl -sS -o answer -w '%{http_code} ' -o answer \
	    "http://$(pyro_at)/" -o answer "http://$(pyro_at)/ingest?name=a" \
	    --next -sS -w '%{http_code} %{num_connects}\n' -o answer \
	    --data-binary @stacks "http://$(pyro_at)/ingest?$NAME"
	[ "$output" = "404 405 200 0" ]
	run -0 curl -sS "http://$(pyro_at)/profiles"
	[[ $output = *"not found: profiles are posted to /ingest or "* ]]
}

@test "a body over the limit is 413, as it came or inflated" {
	PROFILE='body_size_limit_mb = 1' serve
	seq 100000 | sed 's/$/ 1/' >large
	code=$(ingest "$NAME" large)
	refused 413 'the stacks take more memory than they may'
	yes 'main;work 1' | head -c 2000000 >large
	code=$(ingest "$NAME" large)
	refused 413 'the body is over body_size_limit_mb'
	gzip large
	code=$(ingest "$NAME" large.gz)
	refused 413 'inflates to more bytes than the limit'
	code=$(ingest "$NAME" large.gz -H 'Content-Encoding: gzip')
	refused 413 'inflates to more bytes than the limit'
	code=$(ingest "$NAME&format=pprof" large.gz)
	refused 413 'inflates to more bytes than the limit'
}

@test "bodies are inflated as their first bytes or a header say" {
	local file

	serve
	gzip -k stacks
	python3 -c 'import sys, zlib
sys.stdout.buffer.write(zlib.compress(open("stacks", "rb").read()))' >stacks.z
	for file in stacks.gz stacks.z; do
		[ "$(ingest "$NAME" $file)" = 200 ]
		[ "$(holds new)" -eq 1 ]
		rm "$(record)"
		[ "$(ingest "$NAME" $file -H 'Content-Encoding: gzip')" = 200 ]
		part auto.pprof >p
		[ "$(pprof stacks p | sort | tail -n 1)" = \
		    "main:0;work:0 [10]" ]
		rm "$(record)"
	done
	[ "$(ingest "$NAME" stacks.gz -H 'Content-Encoding: X-GZip')" = 200 ]
	rm "$(record)"
	[ "$(ingest "$NAME" stacks -H 'Content-Encoding: identity')" = 200 ]
	rm "$(record)"
	code=$(ingest "$NAME" stacks -H 'Content-Encoding: br')
	refused 415 \
	    'the content encoding is none of gzip, deflate, zstd, lz4, identity'
}

@test "text that begins like zlib is text all the same" {
	serve
	printf 'x^2;y 3\n' >stacks
	[ "$(ingest "$NAME" stacks)" = 200 ]
	part auto.pprof >p
	[ "$(pprof stacks p)" = "x^2:0;y:0 [3]" ]
}

@test "a profile that is compressed only for the way stays so" {
	serve
	gzip -dc "$DATA/pprof/cpu.1.pprof" | gzip -c >once
	gzip -c once >twice
	[ "$(ingest "$NAME&format=pprof" once -H 'Content-Encoding: gzip')" = \
	    200 ]
	part auto.pprof | cmp - once
	rm "$(record)"
	# What was compressed before it was sent is that again.
	[ "$(ingest "$NAME&format=pprof" twice -H 'Content-Encoding: gzip')" = \
	    200 ]
	part auto.pprof | cmp - once
}

@test "the sample type is what suffix, units and sampleRate say" {
	serve
	[ "$(ingest "name=demo.inuse_space&spyName=rbspy&units=bytes" stacks)" \
	    = 200 ]
	part auto.pprof >p
	run -0 pprof sums p
	[ "${lines[0]}" = "inuse_space/bytes 30" ]
	rm "$(record)"
	[ "$(ingest "$NAME&sampleRate=50&units=samples" stacks)" = 200 ]
	part auto.pprof >p
	run -0 pprof sums p
	[[ "$output" = *"samples/count 30"*"time 1795341719000000000"*"duration \
10000000000"*"period 20000000"*"period type cpu/nanoseconds"* ]]
	go tool pprof -top p
}

@test "a speedscope file becomes a pprof" {
	serve
	cat >scope <<-'END'
	{"$schema":"https://www.speedscope.app/file-format-schema.json",
	"shared":{"frames":[{"name":"main"},{"name":"work"}]},
	"profiles":[{"type":"sampled","name":"p","unit":"milliseconds",
	"startValue":0,"endValue":3,"samples":[[0,1],[0]],"weights":[2,1]}]}
	END
	[ "$(ingest "name=demo&format=speedscope&spyName=pyspy" scope)" = 200 ]
	part auto.pprof >p
	[ "$(pprof stacks p | sort)" = "main:0 [1000000]
main:0;work:0 [2000000]" ]
	rm "$(record)"
	# Of an eBPF agent text, unless it counts two things.
	[ "$(ingest "name=demo&format=speedscope&spyName=ebpfspy" scope)" = 200 ]
	part prof | cmp - <(printf 'main 1000000\nmain;work 2000000\n')
	rm "$(record)"
	jq -c '.profiles += [.profiles[0] | .unit = "bytes"]' scope >two
	[ "$(ingest "name=demo&format=speedscope&spyName=ebpfspy" two)" = 200 ]
	part auto.pprof >p
	run -0 pprof sums p
	[ "${lines[0]} ${lines[1]}" = "wall/nanoseconds 3000000 space/bytes 3" ]
	rm "$(record)"
	echo '{}' >scope
	code=$(ingest "name=demo&format=speedscope" scope)
	[ "$code" = 422 ]
	empty
}

@test "what is no profile is 422 with the reason, and nothing is kept" {
	local file

	serve
	printf 'main;work\n' >broken
	code=$(ingest "$NAME" broken)
	refused 422 'a line has no value'
	code=$(ingest "$NAME&format=pprof" broken)
	[ "$code" = 422 ] && empty
	code=$(ingest "$NAME&format=jfr" broken)
	refused 422 'not a JFR recording'
	: >nothing
	code=$(ingest "$NAME&format=jfr" nothing)
	refused 422 'not a JFR recording'
	head -c 1000 "$DATA/pprof/cpu.1.pprof" >broken
	code=$(ingest "$NAME&format=pprof" broken)
	refused 422 'compressed bytes are cut short'
	gzip -dc "$DATA/pprof/cpu.1.pprof" | head -c 3000 >broken
	code=$(ingest "$NAME&format=pprof" broken)
	[ "$code" = 422 ] && empty
	printf '2\0' >broken
	code=$(ingest "$NAME&format=pprof" broken)
	refused 422 'the profile has no sample types'
	# Two values where there is one type.
	PYTHONPATH=$TOP/t python3 -c 'import pprof, sys
sys.stdout.buffer.write(pprof.encode([("a", "b")], {("x",): [1, 2]}))' >broken
	code=$(ingest "$NAME&format=pprof" broken)
	[ "$code" = 422 ] && empty
	grep -q 'msg="upload refused".*status=422 reason="[^"]*"$' pyro.log
}

@test "a pprof of which nothing was sent is 200, and no record" {
	serve
	: >nothing
	[ "$(ingest "$NAME&format=pprof" nothing)" = 200 ]
	empty
	curl -sS -o answer -w '%{http_code}\n' -F 'profile=@nothing' \
	    "http://$(pyro_at)/ingest?$NAME" >code
	[ "$(cat code)" = 200 ]
	empty
}

# form ARGS...: post a form by curl, whose arguments are its parts, or its type
# and all of it.
form()
{
	curl -sS -o answer -w '%{http_code}\n' "$@" \
	    "http://$(pyro_at)/ingest?$NAME${QUERY:-}"
}

@test "a form without its part, or with two of them, is 422" {
	local cpu=$DATA/pprof/cpu.1.pprof

	serve
	code=$(form -F "Profile=@$cpu")
	refused 422 'the form has no part profile'
	code=$(form -F "profile=@$cpu" -F "profile=@$cpu")
	refused 422 'the form has two parts of one name'
	code=$(QUERY='&format=jfr' form -F "profile=@$cpu")
	refused 422 'the form has no part jfr'
	printf -- '--x\r\nContent-Disposition: form-data; name="profile"' >broken
	code=$(form -H 'Content-Type: multipart/form-data; boundary=x' \
	    --data-binary @broken)
	refused 422 'body ends before the final boundary'
	[ "$(QUERY='&format=pprof' form -F "profile=@$cpu")" = 200 ]
	part auto.pprof | cmp - "$cpu"
	rm "$(record)"
	# groups is no word of Pyroscope's for a format: it is what is left.
	[ "$(QUERY='&format=groups' form -F "profile=@$cpu")" = 200 ]
	part auto.pprof | cmp - "$cpu"
	rm "$(record)"
	{
		printf -- '--x\r\nContent-Disposition: form-data; '
		printf 'name="profile"\r\n\r\n'
		cat "$cpu"
		printf -- '\r\n--x--\r\n'
	} >whole
	[ "$(form -H 'Content-Type: Multipart/Form-Data; boundary=x' \
	    --data-binary @whole)" = 200 ]
	part auto.pprof | cmp - "$cpu"
	rm "$(record)"
	gzip whole
	[ "$(form -H 'Content-Type: multipart/form-data; boundary=x' \
	    -H 'Content-Encoding: gzip' --data-binary @whole.gz)" = 200 ]
	part auto.pprof | cmp - "$cpu"
}

@test "a Node.js profile of more than its heap stays as it is" {
	serve
	PYTHONPATH=$TOP/t python3 -c 'import pprof, sys
sys.stdout.buffer.write(pprof.encode([("inuse_space", "bytes"),
    ("x", "count")], {("f",): [1, 2]}))' >both
	[ "$(ingest "name=a&spyName=nodespy&format=pprof" both)" = 200 ]
	[ "$(event '.attachments | join(" ")')" = auto.pprof ]
	part auto.pprof | cmp - both
}

@test "an old Go agent's profile is what came since the one before" {
	serve
	NAME='name=demo&spyName=gospy&from=1&until=2'
	[ "$(form -F "profile=@$DATA/pprof/heap.2.pprof" \
	    -F "prev_profile=@$DATA/pprof/heap.1.pprof" \
	    -F 'sample_type_config={"alloc_space":{"cumulative":true}}')" = 200 ]
	part delta-heap.pprof >p
	pprof delta heap "$DATA/pprof/heap.1.pprof" \
	    "$DATA/pprof/heap.2.pprof" >d
	diff <(pprof stacks p) <(pprof stacks d)
	rm "$(record)"
	[ "$(form -F "profile=@$DATA/pprof/mutex.2.pprof" \
	    -F "prev_profile=@$DATA/pprof/mutex.1.pprof" \
	    -F 'sample_type_config={"delay":{"display-name":"mutex_x"}}')" = \
	    200 ]
	part delta-mutex.pprof >p
	pprof delta mutex "$DATA/pprof/mutex.1.pprof" \
	    "$DATA/pprof/mutex.2.pprof" >d
	diff <(pprof stacks p) <(pprof stacks d)
}

@test "a JFR's labels come along" {
	serve
	body constructed-pyrojava-gzip
	PYTHONPATH=$TOP/t python3 -c 'import form, sys
r = form.Request(open(sys.argv[1], "rb").read())
sys.stdout.buffer.write(r.parts()[0].content)
' "$DATA/pyro/constructed-pyrojava-gzip.http" >jfr
	printf '\n\2\10\1' >labels
	[ "$(QUERY='&format=jfr' form -F 'jfr=@jfr' -F 'labels=@labels')" = 200 ]
	[ "$(event '.attachments | join(" ")')" = "auto.jfr labels.pb" ]
	part auto.jfr | cmp - jfr
	part labels.pb | cmp - labels
	[ "$(event .format)" = jfr ]
}

@test "chunked uploads, Expect, HTTP/1.0 and pieces of one byte are taken" {
	serve
	[ "$(ingest "$NAME" stacks -H 'Transfer-Encoding: chunked')" = 200 ]
	[ "$(ingest "$NAME" stacks -H 'Expect: 100-continue')" = 200 ]
	[ "$(ingest "$NAME" stacks -0)" = 200 ]
	run -0 send -q -n 1 "$(pyro_at)" "$DATA/pyro/curl-ingest-groups.http"
	[ "$(holds new)" -eq 4 ]
}

@test "Push is answered in its own content type" {
	serve
	body push-connect-proto
	body push-connect-json
	body push-grpc-web
	[ "$(push application/proto push-connect-proto)" = 200 ]
	[ ! -s answer ]
	grep -qi '^content-type: application/proto.$' head
	[ "$(push 'application/json; charset=utf-8' push-connect-json)" = 200 ]
	[ "$(cat answer)" = '{}' ]
	grep -qi '^content-type: application/json.$' head
	[ "$(push application/grpc-web+proto push-grpc-web)" = 200 ]
	grep -qi '^content-type: application/grpc-web+proto.$' head
	# An empty message, then the trailers.
	[ "$(xxd -p answer | tr -d '\n')" = \
	    "00000000008000000010$(printf 'grpc-status: 0\r\n' | xxd -p)" ]
	gzip -k push-connect-proto
	[ "$(push application/proto push-connect-proto.gz \
	    -H 'Content-Encoding: gzip')" = 200 ]
	[ "$(holds new)" -eq 12 ]
}

@test "a push's labels say what its profiles are" {
	local id

	serve
	python3 - "$DATA/pprof/cpu.1.pprof" >labelled <<-'END'
	import base64, json, sys
	raw = base64.b64encode(open(sys.argv[1], "rb").read()).decode()
	def series(**labels):
	    return {"labels": [{"name": k, "value": v} for k, v in labels.items()],
	            "samples": [{"rawProfile": raw}]}
	print(json.dumps({"series": [
	    series(service_name="one", spy_name="gospy", __session_id__="s",
	           __name__="process_cpu"),
	    series(service_name="two", pyroscope_spy="rbspy", __name__="memory"),
	    series(service_name="three", language="go", __name__="mutex"),
	    series(__name__="goroutine")]}))
	END
	[ "$(push application/json labelled -A pyroscope-rs/pyspy/1.2)" = 200 ]
	for id in $(records); do
		event '"\(.language) \(.attachments[0]) \(.start) " +
		    (.tags_profiler | split(",") | map(select(startswith(
		    "service:") or startswith("spy_name:"))) | join(" "))' \
		    "$SPOOL/new/$id"
	done | sort >said
	start=$(pprof sums "$DATA/pprof/cpu.1.pprof" | sed -n 's/^time //p')
	start=$(date -u -d "@${start%?????????}" +%FT%T)
	cat said
	diff - <(sed "s/${start}[^ ]*/START/" said) <<-'END'
	golang cpu.pprof START spy_name:gospy service:one
	python auto.pprof START spy_name:pyspy service:three
	python auto.pprof START spy_name:pyspy service:unknown
	ruby auto.pprof START spy_name:rbspy service:two
	END
}

@test "gRPC-Web as text is taken, and answered as text" {
	local type

	serve
	body push-grpc-web
	base64 -w 0 push-grpc-web >text
	for type in application/grpc-web-text+proto application/grpc-web-text
	do
		[ "$(push "$type" text)" = 200 ]
		grep -qi "^content-type: $type.\$" head
		[ "$(base64 -d answer | xxd -p | tr -d '\n')" = \
		    "00000000008000000010$(printf 'grpc-status: 0\r\n' |
		    xxd -p)" ]
	done
	[ "$(holds new)" -eq 6 ]
	[ "$(push "$type" push-grpc-web)" = 200 ]
	base64 -d answer | grep -qa 'grpc-status: 3'
	[ "$(holds new)" -eq 6 ]
}

@test "what Push cannot take is an error in its own content type" {
	serve
	echo 'no protobuf' >broken
	[ "$(push application/proto broken)" = 400 ]
	[ "$(jq -r .code answer)" = invalid_argument ]
	grep -qi '^content-type: application/json.$' head
	[ "$(push application/json broken)" = 400 ]
	[ "$(jq -r .code answer)" = invalid_argument ]
	[ "$(push application/grpc-web+proto broken)" = 200 ]
	grep -qa 'grpc-status: 3' answer
	empty
	[ "$(push application/grpc-web+proto broken \
	    -H 'Grpc-Encoding: br')" = 200 ]
	grep -qa 'grpc-status: 12' answer
	[ "$(push application/proto broken -H 'Content-Encoding: br')" = 501 ]
	[ "$(jq -r .code answer)" = unimplemented ]
	[ "$(push application/proto broken -H 'Content-Encoding: gzip')" = 400 ]
	[ "$(jq -r .message answer)" = 'it says that it is compressed, and is not' ]
	[ "$(push application/grpc broken)" = 415 ]
	grep -qi '^accept-post: application/proto, ' head
	jq -e '.message | contains("Connect") and contains("gRPC-Web")' answer
}

@test "of a push with one bad profile nothing is kept" {
	serve
	body push-connect-json
	jq -c '.series[1].samples[1].rawProfile = "AAAA"' push-connect-json >bad
	[ "$(push application/json bad)" = 400 ]
	empty
}

# As Pyroscope has it: else a client whose fields have other names than ours
# would be told that all is well.
@test "a push without a profile is 400" {
	serve
	: >nothing
	[ "$(push application/proto nothing)" = 400 ]
	[ "$(jq -r .code answer)" = invalid_argument ]
	echo '{"Series":[{"samples":[]}]}' >nothing
	[ "$(push application/json nothing)" = 400 ]
	[ "$(jq -r .message answer)" = 'no profile in it' ]
	printf '\0\0\0\0\0' >nothing
	[ "$(push application/grpc-web+proto nothing)" = 200 ]
	grep -qa 'grpc-status: 3' answer
	grep -q 'msg="upload refused".*reason="no profile in it"' pyro.log
	empty
}

@test "a client of gRPC over HTTP/2 is told what to use" {
	serve
	python3 - "$(pyro_at)" "$DATA/pyro/push-grpc-0-client.bin" <<-'END'
	import socket, sys
	host, port = sys.argv[1].rsplit(":", 1)
	s = socket.create_connection((host, int(port)))
	s.sendall(open(sys.argv[2], "rb").read())
	s.shutdown(socket.SHUT_WR)
	said = b""
	while more := s.recv(4096):
	    said += more
	assert b"grpc-status\x0212" in said, said
	assert b"Connect or gRPC-Web over HTTP/1.1" in said, said
	END
	grep -q 'msg="request refused".*status=505' pyro.log
	empty
}

@test "a full spool is 503 with Retry-After, in every protocol" {
	serve
	touch "$SPOOL/full"
	body push-connect-proto
	body push-grpc-web
	code=$(ingest "$NAME" stacks -D head)
	refused 503 'the spool is full'
	grep -qi '^retry-after: 10' head
	[ "$(push application/proto push-connect-proto)" = 503 ]
	[ "$(jq -r .code answer)" = unavailable ]
	grep -qi '^retry-after: 10' head
	[ "$(push application/grpc-web+proto push-grpc-web)" = 200 ]
	grep -qa 'grpc-status: 14' answer
	empty
	rm "$SPOOL/full"
	[ "$(ingest "$NAME" stacks)" = 200 ]
}

@test "a disk without space answers 503, leaves nothing, and recovers" {
	WRAP=(prlimit --fsize=200000)
	serve
	for ((i = 0; i < 20000; i++)); do
		echo "main;frame$i;frame$((i * 7919)) $i"
	done >large
	code=$(ingest "$NAME" large)
	refused 503 'no space in the spool'
	[ "$(ingest "$NAME" stacks)" = 200 ]
}

@test "an fsync that fails answers 503 and leaves nothing" {
	skip_asan "LeakSanitizer cannot run under strace"
	WRAP=(strace -D -f -o trace -e trace=fsync
	    -e inject=fsync:error=EIO:when=1)
	HTTP_API='commits = 1' serve
	WRAP=()
	code=$(ingest "$NAME" stacks)
	refused 503 'the spool cannot be written'
	# Of new/, which another thread does: the record is there, unanswered.
	[ "$(ingest "$NAME" stacks)" = 503 ]
	[ "$(holds new)" -eq 1 ]
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(holds new)" -eq 2 ]
}

@test "each listener has its own tags, TCP and unix" {
	settings 'service = one'
	cat >>"$CONF" <<-END
		[[profile.pyroscope]]
		url = unix:$PWD/pyro.sock
		service = two
		[profile.pyroscope.tags]
		team = blue
		[[profile.pyroscope]]
		url = localhost:0
		service = three
	END
	prof-spool -c "$CONF" init
	pyro_up
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(tag service)" = one ]
	rm "$(record)"
	[ "$(ingest "$NAME" stacks --unix-socket pyro.sock)" = 200 ]
	[ "$(tag service),$(tag team)" = two,blue ]
	rm "$(record)"
	[ "$(curl -sS -o answer -w '%{http_code}' --data-binary @stacks \
	    "http://$(pyro_at localhost)/ingest?$NAME")" = 200 ]
	[ "$(tag service)" = three ]
}

@test "SIGHUP takes new tags, but no other addresses" {
	serve 'service = old'
	settings 'service = new'
	kill -HUP "$(pid pyro)"
	poll 5 grep -q 'msg="configuration taken"' pyro.log
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(tag service)" = new ]
	URL=127.0.0.2:0 settings 'service = other'
	kill -HUP "$(pid pyro)"
	poll 5 grep -q 'msg="configuration not taken".*restart' pyro.log
	settings 'service = more' '[profile.pyroscope]' 'url = 127.0.0.2:0'
	: >pyro.log
	kill -HUP "$(pid pyro)"
	poll 5 grep -q 'msg="configuration not taken".*restart' pyro.log
	rm "$(record)"
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(tag service)" = new ]
}

@test "SIGTERM finishes the upload in progress, and exits 0" {
	serve
	for ((i = 0; i < 20000; i++)); do
		echo "main;frame$i 1"
	done >large
	{
		printf 'POST /ingest?%s HTTP/1.1\r\nHost: a\r\n' "$NAME"
		printf 'Content-Length: %d\r\n\r\n' "$(wc -c <large)"
		cat large
	} >raw
	send -q -n 20000 -m 100 "$(pyro_at)" raw >slow 3>&- &
	# A long body has a file at once.
	poll 5 is 1 holds tmp
	kill "$(pid pyro)"
	poll 5 grep -q 'msg="stopping"' pyro.log
	wait $!
	ended pyro
	[ "$(cut -d ' ' -f 1 slow)" = 200 ]
	[ "$(holds new)" -eq 1 ]
}

@test "-o - writes records to standard output, and joins nothing" {
	settings
	start pyro prof-pyro -c "$CONF" -o -
	at=$(sed -n 's/.*msg="listening" address=//p' pyro.log)
	[ ! -e "$SPOOL" ]
	for name in pyro-node-0.4.13-wall pyro-node-0.6.4-heap; do
		run -0 send -q "$at" "$DATA/pyro/$name.http"
	done
	stop pyro
	[ "$(grep -ca '^prof-record 1$' pyro.out)" -eq 2 ]
	prof-ship -u "file:$OUTBOX" - <pyro.out
	[ "$(find "$OUTBOX" -name cpu.pprof | wc -l)" -eq 1 ]
	[ "$(find "$OUTBOX" -name 'inuse_*.pprof' | wc -l)" -eq 2 ]
}

@test "without a section, or with a bad configuration, it is 100" {
	conf </dev/null
	run -100 prof-pyro -c "$CONF"
	[[ "$output" = *'there is no [profile.pyroscope]'* ]]
	run -0 prof-pyro -t -c "$CONF"
	settings 'join_timeout = soon'
	run -100 prof-pyro -c "$CONF"
	run -2 prof-pyro -c "$CONF" argument
	run -2 prof-pyro -o file -c "$CONF"
	run -0 prof-pyro -h
	run -0 prof-pyro -V
}

@test "it cannot start without a spool, where another runs, or listens: 111" {
	settings
	run -111 prof-pyro -c "$CONF"
	serve
	run -111 prof-pyro -c "$CONF"
	[[ "$output" = *'another prof-pyro has it'* ]]
	URL=$(pyro_at)
	SPOOL=$PWD/other settings
	prof-spool -c "$CONF" init
	run -111 prof-pyro -c "$CONF"
	[[ "$output" = *'msg="cannot listen"'* ]]
}

@test "stat/pyro counts what was done" {
	serve
	body push-connect-proto
	[ "$(ingest "$NAME" stacks)" = 200 ]
	[ "$(ingest 'name=' stacks)" = 400 ]
	[ "$(push application/proto push-connect-proto)" = 200 ]
	stop pyro
	[ "$(figure pyro 'prof_pyro_requests_total{code="200"}')" -eq 2 ]
	[ "$(figure pyro 'prof_pyro_requests_total{code="400"}')" -eq 1 ]
	[ "$(figure pyro prof_pyro_records_total)" -eq 4 ]
	[ "$(figure pyro prof_pyro_conversion_seconds_count)" -eq 2 ]
	[ "$(figure pyro prof_pyro_uploads)" -eq 0 ]
}
