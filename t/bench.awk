# bench.awk - make t/bench's table from its figures
#
# usage:  awk -f bench.awk FACTS FIGURES

function ordered(v, n,    i, j, t)
{
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && v[j - 1] > v[j]; j--) {
			t = v[j]
			v[j] = v[j - 1]
			v[j - 1] = t
		}
}

# The median of v[1..n]; "" of none.
function middle(v, n)
{
	if (n == 0)
		return ""
	ordered(v, n)
	if (n % 2)
		return v[(n + 1) / 2]
	return (v[n / 2] + v[n / 2 + 1]) / 2
}

function median(name,    i, n, v)
{
	for (i = 1; i <= rounds; i++)
		if ((i, name) in figure)
			v[++n] = figure[i, name]
	return middle(v, n)
}

# The median of a round's a over its b.
function ratio(a, b,    i, n, v)
{
	for (i = 1; i <= rounds; i++)
		if ((i, a) in figure && figure[i, b] > 0)
			v[++n] = figure[i, a] / figure[i, b]
	return middle(v, n)
}

# User and system seconds in all.
function spent(name)
{
	return sum(median(name ".user"), median(name ".system"))
}

function sum(a, b)
{
	return a == "" || b == "" ? "" : a + b
}

function number(v, digits)
{
	return v == "" ? "-" : sprintf("%.*f", digits, v)
}

# A figure and its target: at least that, or with a minus at most.
function judged(v, digits, target)
{
	if (v == "" || target == "")
		return number(v, digits)
	return sprintf("%s %s%s %s", number(v, digits),
	    target > 0 ? ">=" : "<=", target > 0 ? target : -target,
	    (target > 0 ? v >= target : v <= -target) ? "reached" : "MISSED")
}

function row(title, a, b, c)
{
	printf "  %-29s %19s %19s %19s\n", title, a, b, c
}

function rates(title, who, size)
{
	who = "taken." who "." size "."
	row(title, said(who 1), said(who 16), said(who 64))
}

# A second, and in brackets the 99th percentile in milliseconds.
function said(name)
{
	return number(median(name ".per_second"), 0) \
	    " (" number(median(name ".p99_ms"), 1) ")"
}

# The least and the greatest of what ratio() is the median of.
function spread(a, b,    i, v, least, most)
{
	for (i = 1; i <= rounds; i++) {
		if (!((i, a) in figure) || !(figure[i, b] > 0))
			continue
		v = figure[i, a] / figure[i, b]
		if (least == "" || v < least)
			least = v
		if (v > most)
			most = v
	}
	return least == "" || rounds < 2 ? "" : \
	    sprintf("%.2f to %.2f", least, most)
}

function ratios(title, a, b, size, middling, wide,    one, two)
{
	one = "taken." a "." size "."
	two = "taken." b "." size "."
	row(title, number(over(one 1, two 1), 2),
	    judged(over(one 16, two 16), 2, middling),
	    judged(over(one 64, two 64), 2, wide))
	if (rounds > 1)
		row("  least to greatest", apart(one 1, two 1),
		    apart(one 16, two 16), apart(one 64, two 64))
}

function apart(a, b)
{
	return spread(a ".per_second", b ".per_second")
}

function over(a, b)
{
	return ratio(a ".per_second", b ".per_second")
}

function taken(size)
{
	printf "\nDurable requests a second, bodies of %d bytes" \
	    " (in brackets: p99 ms)\n", size
	row("connections", 1, 16, 64)
	rates("raw probe", "probe", size)
	rates("raw probe, through a socket", "carry", size)
	rates("prof-recv alone", "recv", size)
	rates("prof-recv, everything running", "all", size)
	rates("nginx (to files, NO fsync)", "nginx", size)
	ratios("prof-recv alone / probe", "recv", "probe", size, 0.45, 0.8)
	ratios("prof-recv alone / by socket", "recv", "carry", size, "", "")
	ratios("everything running / probe", "all", "probe", size, 0.35, 0.6)
	ratios("prof-recv alone / nginx", "recv", "nginx", size, "", "")
}

function large(size, nginx, raw)
{
	who = "." size ".mb_per_second"
	row(size, number(median("large.probe" who), 0),
	    number(median("large.recv" who), 0),
	    number(median("large.nginx" who), 0))
	row("  prof-recv / that", judged(ratio("large.recv" who,
	    "large.probe" who), 2, raw), "",
	    judged(ratio("large.recv" who, "large.nginx" who), 2, nginx))
}

function ended(title, name)
{
	row(title, number(median(name ".per_second"), 0),
	    number(spent(name ".recv"), 2) " " \
	    number(spent(name ".spool"), 2) " " \
	    number(spent(name ".ship"), 2),
	    judged(spent(name), 2, (name ~ /45000/ ? -0.7 : "")))
}

function cost(title, name, target)
{
	row(title, number(median(name ".user"), 3),
	    number(median(name ".system"), 3),
	    judged(spent(name), 3, target))
}

# A step of a record's path: what it and all before it leave of the rate, and
# what they use.
function step(title, name, before)
{
	name = "taken." name ".16"
	row(title, number(median(name ".per_second"), 0),
	    number(spent(name), 3), before == "" ? "" : \
	    number(over(name, "taken." before ".16"), 2))
}

function path(size)
{
	printf "\nThe path of a record of %d bytes, 16 at a time: each line" \
	    " does what the one\nabove it does, and more\n", size
	row("", "records a second", "cpu s a 1,000", "of the line above")
	step("create, write, rename", "unsynced." size, "")
	step("and fsync file and directory", "probe." size, "unsynced." size)
	step("and come through a socket", "carry." size, "probe." size)
	step("prof-recv: HTTP, a record", "recv." size, "carry." size)
}

# What the reference agent makes of the same requests, if it was given.
function reference(title, name, ours)
{
	row(title, said("ref." name), number(spent("ref." name), 2) \
	    " (" number(median("ref." name ".peak_kib") / 1024, 0) ")",
	    number(median("ref." name ".came"), 0) " of " \
	    number(median("ref." name ".acked"), 0))
	row("  prof, everything running", said(ours),
	    number(over(ours, "ref." name), 2) " times", "")
}

function waited(rate, target)
{
	name = "wait." rate
	row(rate " a second", number(median(name ".p50_ms"), 2),
	    judged(median(name ".p99_ms"), 2, target), "")
}

function crowd(how)
{
	name = "crowd." how
	row(how, number(median(name ".p50_ms"), 2),
	    number(median(name ".p99_ms"), 2),
	    number(median(name ".peak_kib") / 1024, 1))
}

function ingested(title, what,    pyro, recv)
{
	pyro = "pyro.pyro." what
	recv = "pyro.recv." what
	row(title ", a second", said(pyro), said(recv),
	    number(over(pyro, recv), 2))
	row("  processor s per 1,000", number(spent(pyro), 2),
	    number(spent(recv), 2), "")
	row("  peak MiB", number(median(pyro ".peak_kib") / 1024, 1),
	    number(median(recv ".peak_kib") / 1024, 1), "")
}

function queued(n, upload, kib)
{
	name = "queued." n
	if (median(name ".name_s") == "")
		return
	row(n " records", number(median(name ".name_s"), 2),
	    judged(median(name ".upload_s"), 2, upload),
	    judged(median(name ".peak_kib") / 1024, 1, kib))
}

FNR == NR {
	facts[$1] = substr($0, length($1) + 2)
	next
}

{
	figure[$1, $2] = $3
	if ($2 ~ /^peak\./ && $3 > peak[$2])
		peak[$2] = $3
	if ($1 > rounds)
		rounds = $1
}

END {
	printf "prof %s, %s; Linux %s, %d processors, %s\n", facts["commit"],
	    facts["taken"], facts["kernel"], facts["processors"],
	    facts["filesystem"]
	printf "medians of %d rounds, %d s each; others took %d %% of the" \
	    " processors meanwhile\n", facts["rounds"], facts["seconds"],
	    facts["others"]
	taken(45000)
	taken(200000)

	printf "\nLarge bodies, MB a second, 8 connections or threads\n"
	row("bytes", "raw write, fsync", "prof-recv", "nginx (NO fsync)")
	large(2000000, "", "")
	large(30000000, 0.6, 0.8)

	printf "\nEnd to end at 16 connections: from the first POST to the" \
	    " last delivery;\nprocessor seconds per 1,000 profiles\n"
	row("", "records a second", "recv spool ship", "in all")
	ended("45000 bytes to files", "end.file.45000")
	ended("45000 bytes to t/bin/sink", "end.sink.45000")
	ended("200000 bytes to files", "end.file.200000")
	ended("200000 bytes to t/bin/sink", "end.sink.200000")

	printf "\nProcessor seconds per 1,000 taken in, 16 connections\n"
	row("", "user", "system", "in all")
	cost("prof-recv, 45000 bytes", "taken.recv.45000.16", -0.35)
	cost("raw probe, 45000 bytes", "taken.probe.45000.16", "")
	cost("nginx, 45000 bytes", "taken.nginx.45000.16", "")
	cost("prof-recv, 200000 bytes", "taken.recv.200000.16", "")
	cost("raw probe, 200000 bytes", "taken.probe.200000.16", "")
	cost("nginx, 200000 bytes", "taken.nginx.200000.16", "")

	path(45000)
	path(200000)

	if (median("ref.45000.16.per_second") != "") {
		printf "\nThe reference agent, %s\n", facts["ref"]
		row("", "a second (p99 ms)", "cpu s a 1,000 (MiB)",
		    "delivered")
		reference("45000 bytes, 16", "45000.16", "taken.all.45000.16")
		reference("45000 bytes, 64", "45000.64", "taken.all.45000.64")
		reference("200000 bytes, 16", "200000.16",
		    "taken.all.200000.16")
		reference("30000000 bytes, 8", "30000000.8",
		    "large.recv.30000000")
	}

	printf "\nAccepted to upload started, ms, 45000 bytes\n"
	row("", "p50", "p99", "")
	waited(1, "")
	waited(100, -50)
	waited(1000, "")

	printf "\n100 uploads a second, 45000 bytes, alone and beside 5,000" \
	    " idle connections, 400\nslow ones, and 20 a second that break" \
	    " off\n"
	row("", "p50 ms", "p99 ms", "prof-recv's peak MiB")
	crowd("alone")
	crowd("beside")
	row("beside / alone", "", judged(ratio("crowd.beside.p99_ms",
	    "crowd.alone.p99_ms"), 2, -2), "")

	printf "\nStart of prof-spool with records queued\n"
	row("", "s to first name", "s to first upload", "peak MiB")
	queued(100000, -1, -40)
	queued(1000000, "", "")

	printf "\nprof-pull, 1,000 targets at 10 s, one in ten hanging:" \
	    " processor seconds per\n1,000 profiles that came (of five three" \
	    " are made into deltas)\n"
	row("", "user", "system", "in all")
	cost("prof-pull", "pull.1000", "")
	cost("curl, which keeps nothing", "pull.curl", "")
	row("", "peak MiB", "rounds missed", "")
	row("prof-pull", number(median("pull.1000.peak_kib") / 1024, 1),
	    number(median("pull.1000.missed"), 0), "")

	printf "\nReading 30 MB of Java's recordings (JFR), MB a second of one" \
	    " processor\n"
	row("", "common/jfr", "the JDK's jfr", "peak / size")
	row("metrics; jfr summary", judged(median("jfr.ours.mb_per_second"),
	    0, 300), number(median("jfr.jdk.mb_per_second"), 0),
	    judged(median("jfr.ours.peak"), 2, -2))

	printf "\nMetrics of 1,000 uploads of a Go program, 74 KB each:" \
	    " processor seconds\n"
	row("", "user", "system", "in all")
	cost("prof-metrics", "metrics.typical", -0.5)
	row("", "inflating", "and adding up", "ratio")
	row("cpu and heap pprof", number(median("metrics.inflate"), 3),
	    number(median("metrics.both"), 3),
	    judged(ratio("metrics.both", "metrics.inflate"), 2, -2))
	row("", "peak MiB", "", "")
	row("worker", number(median("metrics.typical.peak_kib") / 1024, 1),
	    "", "")

	printf "\nPyroscope's clients, 8 connections (in brackets: p99 ms):" \
	    " prof-pyro reads a\nprofile, of a tree makes pprof;" \
	    " prof-recv keeps the same bytes as a form\n"
	row("", "prof-pyro", "prof-recv", "ratio")
	ingested("pprof of 30 KB", "pprof")
	ingested("tree of 5 MB", "tree")

	printf "\nPeak memory in all of the above, MiB\n"
	row("", "prof-recv", "prof-spool", "prof-ship")
	row("", number(peak["peak.recv"] / 1024, 1),
	    number(peak["peak.spool"] / 1024, 1),
	    number(peak["peak.ship"] / 1024, 1))

	printf "\nThe probe right after 20,000 deletes, files a second" \
	    " (p99 ms)\n"
	row("", "new files", "reused inodes", "reused / new")
	row("45000 bytes, 16 threads", said("reuse.new"), said("reuse.again"),
	    number(over("reuse.again", "reuse.new"), 2))
}
