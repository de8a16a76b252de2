# The layer rules of prof.7, read from the #include lines. A new file of
# common/ goes into one of these lists.
load lib

LAYER0="access buf conf confine crc32c dirsync expose fifo file histogram http"
LAYER0+=" httpd log multi owners passed percent pool program ready redact secret"
LAYER0+=" signals tls token uuid version when"
LAYER1="appname attime deflate delta event folded format grpc inflate json labels"
LAYER1+=" language line multipart param pprof push sampletype speedscope tags"
LAYER1+=" base64 form jfr members profile tagging"
LAYER2="account arrival board committer draft elect fold grant intake keep ledger"
LAYER2+=" pipes record room sandbox spare spool station stream tenant vitals"
LAYER2+=" walk"

# layer FILE: its layer in LAYER. Files of a module share its name up to a "_".
layer()
{
	local noun=${1##*/}

	noun=${noun%%[_.]*}
	case " $LAYER0 | $LAYER1 | $LAYER2 " in
	*" $noun "*"|"*"|"*)	LAYER=0 ;;
	*"|"*" $noun "*"|"*)	LAYER=1 ;;
	*"|"*"|"*" $noun "*)	LAYER=2 ;;
	*)			return 1 ;;
	esac
}

# allowed FILE HEADER: may it be included from a file of common?
allowed()
{
	local from

	[ -e "common/$2" ] && layer "$1" || return 1
	from=$LAYER
	layer "$2" || return 1
	case $from$LAYER in
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
		layer "$file" || echo "$file: in no layer"
	done
	sed -n 's/^#[ \t]*include[ \t]*"\([^"]*\)".*/\1/p; t seen; b
	    :seen; F' common/*.[ch] | paste - - |
	while read -r header file; do
		allowed "$file" "$header" ||
		    echo "$file: must not include $header"
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
