#!/usr/bin/env bats
# What etc has for Docker, Kubernetes and Debian. The package itself is built
# by make deb, and tried by make soak DEB=1.
load lib

manifest()
{
	python3 "$TOP/t/manifest.py" "$@"
}

# wrongs SED FILE: what is said against the file once it is changed so.
wrongs()
{
	local changed

	changed=changed-$(basename "$2")
	sed "$1" "$2" >"$changed"
	! cmp -s "$2" "$changed" || fail "nothing changed: $1"
	manifest "$changed"
}

@test "the Dockerfile keeps hadolint's rules" {
	local file=$TOP/etc/docker/Dockerfile

	run -0 manifest "$file"
	[ -z "$output" ]
	run -1 wrongs 's/^USER .*/USER root/' "$file"
	[[ $output = *DL3002* ]]
	run -1 wrongs 's/ --no-install-recommends//' "$file"
	[[ $output = *DL3015* ]]
	run -1 wrongs 's,^FROM debian:12-slim$,FROM debian,' "$file"
	[[ $output = *DL3006* ]]
	run -1 wrongs 's/^CMD .*/CMD run/' "$file"
	[[ $output = *DL3025* ]]
}

@test "the image has the libraries that the programs need, and no others" {
	local wanted

	wanted=$(objdump -p "$TOP"/cmd/prof-*[a-z] 2>/dev/null |
	    awk '$1 == "NEEDED" { print $2 }' | sort -u |
	    grep -Ev '^(libc|ld-linux.*|lib[at]san|libubsan|libm)\.so' |
	    while read -r name; do
		dpkg -S "*/$name" | cut -d : -f 1
	    done | sort -u)
	run -0 sed -n '/^FROM debian:12-slim$/,/rm -rf/p' \
	    "$TOP/etc/docker/Dockerfile"
	[ "$(grep -oE '\blib[a-z0-9.-]+|zlib1g' <<<"$output" |
	    grep -vx lists | sort -u)" = "$wanted" ] || fail "wanted: $wanted"
}

@test "the manifest has no field that is unknown, and none too few" {
	local file=$TOP/etc/kubernetes/prof.yaml

	run -0 manifest "$file"
	[ -z "$output" ]
	run -1 wrongs 's/readOnlyRootFilesystem/readonlyRootFilesystem/' "$file"
	[[ $output = *"no field readonlyRootFilesystem"* ]]
	run -1 wrongs 's/containerPort: 9529/containerPort: "9529"/' "$file"
	[[ $output = *"is no int"* ]]
	run -1 wrongs '/^    matchLabels/,+1s/: prof$/: other/
	    /^      app.kubernetes.io/s/: prof$/: other/' "$file"
	[[ $output = *"does not select"* ]]
	run -1 wrongs 's/^        - name: tmp/        - name: temp/' "$file"
	[[ $output = *"no volume tmp"* ]]
	run -1 wrongs 's,prof:0.1.0,prof:latest,' "$file"
	[[ $output = *"no tag"* ]]
	run -1 wrongs 's/memory: 1536Mi/memory: much/' "$file"
	[[ $output = *"not of its form"* ]]
}

@test "the configurations of Docker and Kubernetes are right" {
	manifest -c "$TOP/etc/kubernetes/prof.yaml" >prof.conf
	echo tkn >token
	sed -i "s,/run/secrets/prof/token,$PWD/token," prof.conf
	run -0 prof-recv -t -c prof.conf
	[ -z "$output" ]
	run -0 prof-spool -c prof.conf conf
	[[ $output = *"http_api.listen = :9529,unix:/run/prof/apm.sock"* ]]
	[[ $output = *"destination.main.token_file = $PWD/token"* ]]
	run -0 prof-recv -t -c "$TOP/etc/docker/prof.conf"
	[ -z "$output" ]
	# What a profile.conf of the reference has is under the same names.
	sed -n 's/^ *\[\[*\(inputs[^]]*\)\]*$/\1/p' prof.conf |
	    while read -r section; do
		grep -q "\[$section\]" "$DATA/profile.conf.sample" ||
		    fail "$section"
	    done
	# The image's version is this one.
	grep -q "image: prof:$(prof-spool -V | cut -d ' ' -f 2)$" \
	    "$TOP/etc/kubernetes/prof.yaml"
}

@test "the Debian package is built with what make needs" {
	sed -n "s/^\tbuild\t[^\t]*\t*//p" "$TOP/t/deps" |
	    grep -vxE 'gcc|make|libc6-dev' | sort -u >needed
	sed -n '/^Build-Depends:/,/^$/p' "$TOP/etc/debian/control" |
	    grep -oE '\b(lib|zlib)[a-z0-9-]+-dev|zlib1g-dev|pkg-config' |
	    sort -u >stated
	diff needed stated
	grep -q "^prof ($(prof-spool -V | cut -d ' ' -f 2)) " \
	    "$TOP/etc/debian/changelog"
}
