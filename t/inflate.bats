# What other programs compress, inflated; what they ignore, ignored.
load lib

setup()
{
	prof_setup
	cat "$REQUESTS"/dd-js-*.http >plain
}

# gives FILE: does it inflate to what it was made of?
gives()
{
	inflate "$1" | cmp - plain || fail "$1"
}

@test "gzip's files are inflated, several in one, with its name or without" {
	gzip -c plain >named.gz
	gzip -nc -9 plain >bare.gz
	gives named.gz
	gives bare.gz
	{ head -c 1000 plain | gzip -1; tail -c +1001 plain | gzip; } >two.gz
	gives two.gz
}

@test "what gzip takes with a warning is taken, what it refuses refused" {
	gzip -c plain >good.gz
	{ cat good.gz; head -c 1000 /dev/zero; } >zeros.gz
	{ cat good.gz; echo garbage; } >garbage.gz
	{ cat good.gz; printf '\x1f\x8b\x08'; } >second.gz
	head -c -1 good.gz >cut.gz
	run -0 gzip -t zeros.gz
	gives zeros.gz
	run -2 gzip -t garbage.gz
	gives garbage.gz
	run -1 gzip -t second.gz
	run -100 inflate second.gz
	[ "$output" = "inflate: second.gz: compressed bytes are cut short" ]
	run -1 gzip -t cut.gz
	run -100 inflate cut.gz
}

@test "Python's zip files are inflated, their first entry" {
	local name

	# A pipe cannot be gone back in: there it writes descriptors.
	python3 - <<-'END' | cat >streamed.zip
		import sys
		import zipfile

		for name, method in ("stored", 0), ("deflated", 8):
		    with zipfile.ZipFile(name + ".zip", "w", method) as z:
		        z.write("plain")
		        z.writestr("second", b"no")
		with zipfile.ZipFile("wide.zip", "w", 8) as z:
		    with z.open("plain", "w", force_zip64=True) as entry:
		        entry.write(open("plain", "rb").read())
		with zipfile.ZipFile(sys.stdout.buffer, "w", 8) as z:
		    z.write("plain")
	END
	for name in stored deflated wide streamed; do
		gives $name.zip
	done
}
