#!/usr/bin/env bats
# prof-pull and many targets, some of which never answer.
#
# Seen to fail with all rounds at the same time, and with every target waiting
# for those that hang.

load lib
load pull

# served LOG INTERVAL LIVE: of the targets, whose numbers cannot be divided by
# ten, that many had a round in every interval, and they were spread over it.
served()
{
	python3 - "$@" <<-'END'
	import sys
	log, interval, live = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
	times = {}
	with open(log) as f:
	    for at, n, _ in (line.split() for line in f):
	        times.setdefault(int(n), []).append(float(at))
	served = {n: t for n, t in times.items() if n % 10}
	assert len(served) == live, f"{len(served)} were served"
	for n, t in served.items():
	    gaps = [b - a for a, b in zip(t, t[1:])]
	    assert len(gaps) > 1, f"{n}: {t}"
	    assert all(abs(g - interval) < interval / 2 for g in gaps), (n, t)

	def most(few):
	    tenths = [0] * 10
	    for t in few:
	        tenths[int(t[1] % interval / interval * 10)] += 1
	    return max(tenths)

	assert most(times.values()) < 160, most(times.values())
	few = [t for n, t in times.items() if n <= 100]
	assert most(few) <= 25, most(few)
	print(f"{sum(map(len, served.values()))} rounds of {len(served)} "
	      f"targets, {most(few)} of {len(few)} in a tenth at most")
	END
}

@test "1000 targets, one in ten hanging: each live one served in time" {
	local i

	skip_asan "it is a question of time"
	mkdir many
	start many target -a 10 -s 5 -f 5 many
	conf < <(for ((i = 1; i <= 1000; i++)); do
		printf '%s\n' '[profile.go]' "url = http://$(<many/address)/$i" \
		    'enabled_types = heap'
	done)
	# To the output, for this is not about the disk.
	start pull prof-pull -c "$CONF" -w 4s -o -
	poll 60 said 2700 'msg="pulled"'
	[ "$(awk '$1 == "VmHWM:" { print $2 }' \
	    "/proc/$(pid pull)/status")" -lt 65536 ]
	stop pull
	stop many
	served many/log 4 900
}
