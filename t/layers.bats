# The layer rules of prof.7, read from the #include lines. A new file of
# common/ goes into one of these lists.
load lib

LAYER0="buf conf crc32c dirsync expose fifo file http httpd log percent pool"
LAYER0+=" multi program ready redact secret signals uuid version when"
LAYER1="appname attime deflate delta event folded format grpc inflate json labels"
LAYER1+=" language line multipart param pprof push sampletype speedscope tags"
LAYER1+=" form jfr label members profile"
LAYER2="arrival committer draft elect intake keep pipes record room spare"
LAYER2+=" spool station stream"

# layer NAME: 0, 1 or 2. Files of a module share its name up to a "_".
layer()
{
	local noun=${1%%_*}

	if [[ " $LAYER0 " = *" $noun "* ]]; then
		echo 0
	elif [[ " $LAYER1 " = *" $noun "* ]]; then
		echo 1
	elif [[ " $LAYER2 " = *" $noun "* ]]; then
		echo 2
	else
		return 1
	fi
}

# edges FILE...: "FILE HEADER" for every project header included.
edges()
{
	sed -n 's/^#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p' "$1" |
	    sed "s,^,$1 ,"
}

# allowed FILE HEADER
allowed()
{
	local from to

	case $1 in
	cmd/*|t/*)	return 0 ;;
	esac
	from=$(basename "${1%.*}") to=$(basename "$2" .h)
	[ -e "common/$2" ] || return 1
	from=$(layer "$from") && to=$(layer "$to") || return 1
	case $from$to in
	00|11|22|20)	return 0 ;;
	10)		case $2 in buf.h|when.h) return 0 ;; esac ;;
	esac
	return 1
}

# wrong TREE: what breaks the rules, one a line; empty: nothing does.
wrong()
{
	local file header

	cd "$1" || return
	for file in common/*.[ch]; do
		layer "$(basename "${file%.*}")" >/dev/null ||
		    echo "$file: in no layer"
	done
	for file in common/*.[ch] cmd/*.c cmd/*/*.[ch]; do
		[ -e "$file" ] || continue
		edges "$file" | while read -r _ header; do
			allowed "$file" "$header" ||
			    echo "$file: must not include $header"
		done
	done
}

# A scratch copy of the sources.
copy()
{
	mkdir tree
	cp -r "$TOP/common" "$TOP/cmd" tree
}

@test "no file includes what its layer may not" {
	run -0 wrong "$TOP"
	[ -z "$output" ] || fail "$output"
}

@test "a pure format that includes the file module is found" {
	copy
	echo '#include "file.h"' >>tree/common/json.c
	run -0 wrong tree
	[ "$output" = "common/json.c: must not include file.h" ]
}

@test "a layer 0 module that knows of records is found" {
	copy
	echo '#include "record.h"' >>tree/common/log.c
	run -0 wrong tree
	[ "$output" = "common/log.c: must not include record.h" ]
}

@test "layers 1 and 2 never meet" {
	copy
	echo '#include "json.h"' >>tree/common/spool.c
	echo '#include "record.h"' >>tree/common/multipart.c
	run -0 wrong tree
	[ "${lines[0]}" = "common/multipart.c: must not include record.h" ]
	[ "${lines[1]}" = "common/spool.c: must not include json.h" ]
	[ "${#lines[@]}" -eq 2 ]
}

@test "common includes nothing of cmd" {
	copy
	echo '#include "../cmd/ship/parcel.h"' >>tree/common/spool.c
	run -0 wrong tree
	[ "$output" = \
	    "common/spool.c: must not include ../cmd/ship/parcel.h" ]
}

@test "a file of common that no layer names is found" {
	copy
	touch tree/common/util.c
	run -0 wrong tree
	[ "$output" = "common/util.c: in no layer" ]
}

@test "nothing in common is called util, misc or helper" {
	run find "$TOP/common" "$TOP/cmd" -name 'util*' -o -name 'misc*' \
	    -o -name 'helper*'
	[ -z "$output" ] || fail "$output"
}
