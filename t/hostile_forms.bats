#!/usr/bin/env bats
# Bytes made to do harm: in forms, in records, and in the spool itself. Seen to
# fail with cmd/ship/outname.c taking "/" for safe, with the crc32c not compared
# in common/record_read.c, and with file_plain following links.

load lib

setup()
{
	prof_setup
	start sink sink "$PWD/sink"
	METRICS=true conf <<-EOF
	[profile.tags]
	team = red
	[destination.main]
	type = dataway
	url = http://$(cat sink/address)
	[destination.copy]
	type = file
	url = file:$OUTBOX
	EOF
	prof-spool -c "$CONF" init
}

# at_most KIB NAME: so much memory at its peak.
at_most()
{
	under_asan || [ "$(awk '$1 == "VmHWM:" { print $2 }' \
	    "/proc/$(pid "$2")/status")" -le "$1" ]
}

@test "hostile names, tags, events and bombs are delivered, and do no harm" {
	mkdir sent
	start spool prof-spool -c "$CONF"
	start main prof-ship -c "$CONF" -d main
	start copy prof-ship -c "$CONF" -d copy
	start metrics prof-metrics -c "$CONF"
	start recv prof-recv -c "$CONF"
	python3 "$TOP/t/hostile_forms.py" send "$(recv_at)" sent >said
	# What no header of a part can hold, and nothing else, is refused.
	[ "$(grep -v '^200' said | cut -d ' ' -f 2 | xargs)" = \
	    "name.newline name.return name.nul name.escape" ]
	[ "$(grep -c '^200' said)" -ge 70 ]
	poll 60 empty
	at_most 8192 recv
	at_most 8192 spool
	at_most 24576 main
	at_most 24576 copy
	[ "$(holds dead)" -eq 0 ]
	for name in recv metrics copy main spool; do
		stop $name
	done
	python3 "$TOP/t/hostile_forms.py" look sent "$OUTBOX" sink
	# Nothing is anywhere else.
	[ -z "$(find "$BATS_RUN_TMPDIR" -name '*escape' -not -path "$OUTBOX/*")" ]
	run -0 find . -mindepth 1 -maxdepth 1 -not -name '*.log' -not -name \
	    '*.out' -printf '%P\n'
	[ "$(sort <<<"$output" | xargs)" = \
	    "outbox prof.conf run said sent sink spool tmp" ]
}

# One bit of each of a thousand records, at a thousand places.
@test "a thousand records with a flipped bit are dead, and never delivered" {
	python3 -c 'print("profile" * 100)' |
	    record -k metric -n 1000 -d "$SPOOL/new"
	python3 - "$SPOOL"/new/* <<-'END'
	import sys
	for n, path in enumerate(sys.argv[1:]):
	    with open(path, "r+b") as file:
	        all = bytearray(file.read())
	        all[n * 7919 % len(all)] ^= 1 << n % 8
	        file.seek(0)
	        file.write(all)
	END
	start spool prof-spool -c "$CONF"
	start main prof-ship -c "$CONF" -d main
	start copy prof-ship -c "$CONF" -d copy
	start metrics prof-metrics -c "$CONF"
	poll 60 empty
	for name in metrics copy main spool; do
		stop $name
	done
	# Each with its reason, wherever it was found out.
	[ "$(find "$SPOOL/dead" -type f -not -name '*.why' -printf '%i\n' |
	    sort -u | wc -l)" -eq 1000 ]
	[ "$(find "$SPOOL/dead" -name '*.why' | wc -l)" -ge 1000 ]
	[ ! -s sink/log ]
	[ ! -e "$OUTBOX" ] || [ -z "$(find "$OUTBOX" -type f)" ]
}

# PLANTED=1000000 in the environment plants so many files.
#
# plant N DIR [GROUP]: N of each thing that is no record, under names that
# records might have, and one that they cannot.
plant()
{
	local n id

	for ((n = 0; n < $1; n++)); do
		printf -v id "019e1f0c-6d3a-7c41-${3:-9a5e}-%012x" $((n * 16))
		ln -s "$PWD/canary" "$2/$id"
		ln -s /dev/zero "$2/${id%?}1"
		mkfifo "$2/${id%?}2"
		mkdir "$2/${id%?}3"
		: >"$2/${id%?}4"
		truncate -s 1T "$2/${id%?}5"
		ln canary "$2/${id%?}6"
		[ "$(id -u)" -ne 0 ] || mknod "$2/${id%?}7" c 1 5
		: >"$2/no-record-$n"
	done
}

# planted QUEUE: how many of them stand there.
planted()
{
	find "$SPOOL/queue/$1" -name '019e1f0c-*' | wc -l
}

few()
{
	[ "$(planted main)" -le 60 ]
}

@test "what is planted in the spool is no record, and holds none up" {
	# A record, of the id of the link to it.
	echo canary-of-this-test t=1 | record -k metric \
	    -i 019e1f0c-6d3a-7c41-9a5e-000000000000 >canary
	cp -p canary kept
	printf profile | record -C text/plain -n 20 -d "$SPOOL/new"
	# More than a batch that cannot leave it.
	plant 60 "$SPOOL/new"
	plant 20 "$SPOOL/queue/main"
	plant 2 "$SPOOL/tmp/recv"
	plant 2 "$SPOOL/dead/main" 9a5f
	(cd "$SPOOL/new" && seq -f 'a-%.0f' "${PLANTED:-20000}" | xargs touch)
	start spool prof-spool -c "$CONF"
	start recv prof-recv -c "$CONF"
	start main prof-ship -c "$CONF" -d main
	start copy prof-ship -c "$CONF" -d copy
	command load -c 4 -u 50 -o receipts "$(recv_at)"
	came()
	{
		local id

		while read -r id _; do
			grep -q " 200 $id " sink/log || return 1
		done <receipts
	}
	poll 60 came
	# What stands in a queue is refused for good. In its sandbox prof-spool
	# cannot so much as move a link or a device: fsck names those.
	poll 60 few
	for name in copy main recv spool; do
		stop $name
	done
	# Nothing of the canary came out, and it is what it was.
	run ! grep -rqs canary-of-this-test sink "$OUTBOX"
	cmp canary kept
	run -0 stat -c %a canary
	[ "$output" = "$(stat -c %a kept)" ]
	run -100 prof-spool -c "$CONF" fsck
	[[ $output == *"019e1f0c"* ]]
}
