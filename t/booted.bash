# A machine of its own that systemd boots, in namespaces: this one's files under
# an overlay, prof installed in it, its units enabled. For root.
# shellcheck shell=bash

# cgroup2: where that hierarchy is mounted.
cgroup2()
{
	findmnt -n -t cgroup2 -o TARGET | head -n 1
}

# What unshare runs: make the root, and become its systemd. Arguments: where,
# this tree, a configuration.
machine()
{
	local root=$1/root file

	mount --make-rprivate /
	mkdir -p "$1"
	mount -t tmpfs tmpfs "$1"
	mkdir "$1/upper" "$1/work" "$root"
	mount -t overlay overlay \
	    -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$root"
	rm -rf "$root/etc/systemd/system" "$root"/var/spool/prof*
	mkdir -p "$root/etc/systemd/system" "$root/etc/prof" "$root/old"
	make -s -C "$2" install PREFIX=/usr DESTDIR="$root"
	cp -r "$2"/etc/systemd/*.{service,socket,service.d} \
	    "$root/usr/lib/systemd/system"
	systemd-sysusers --root="$root" "$2/etc/systemd/prof.sysusers"
	cp "$3" "$root/etc/prof/prof.conf"
	# Of the rest of the system nothing is started.
	cd "$root/etc/systemd/system" || return
	printf '[Unit]\nDescription=Nothing\n' >sysinit.target
	{
		printf '[Unit]\nDescription=All of prof\nRequires='
		echo prof-{spool,recv,pyro,pull,metrics,ship@main}.service
	} >all-of-prof.target
	mount -t proc proc "$root/proc"
	mount -t sysfs sysfs "$root/sys"
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
	mount -t tmpfs tmpfs "$root/run"
	mount -t tmpfs tmpfs "$root/tmp"
	mount -t tmpfs tmpfs "$root/dev"
	for file in null zero full random urandom tty; do
		: >"$root/dev/$file"
		mount --bind "/dev/$file" "$root/dev/$file"
	done
	mkdir "$root/dev/pts" "$root/dev/shm"
	mount -t devpts devpts "$root/dev/pts" -o ptmxmode=0666
	ln -s pts/ptmx "$root/dev/ptmx"
	cd "$root" || return
	pivot_root . old
	umount -l /old
	exec env -i container=lxc PATH="$PATH" /lib/systemd/systemd --system \
	    --unit=all-of-prof.target --show-status=no
}

# boots CONF: the machine, with that configuration.
boots()
{
	CGROUP=$(cgroup2)/prof.$$
	mkdir -p run "$CGROUP"
	(
		echo "$BASHPID" >"$CGROUP/cgroup.procs"
		export -f machine
		exec unshare --fork --kill-child --pid --mount --cgroup --uts \
		    --ipc --net bash -euc 'machine "$@"' - \
		    "$PWD/machine" "$TOP" "$1"
	) </dev/null >machine.log 2>&1 3>&- &
	echo $! >run/machine.pid
	poll 30 inside systemctl is-active --quiet all-of-prof.target
}

# inside CMD...: in it.
inside()
{
	nsenter -t "$(pgrep -P "$(pid machine)")" -m -u -i -n -p -C -r -w -- \
	    env -i PATH="$PATH" "$@"
}

swept()
{
	find "$CGROUP" -depth -type d -exec rmdir {} + 2>/dev/null
	[ ! -e "$CGROUP" ]
}

# halts: it is gone, and what it leaves here too.
halts()
{
	slay machine
	poll 10 swept
}
