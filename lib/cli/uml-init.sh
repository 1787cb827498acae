#!/bin/bash
# The first process of a User-Mode Linux that verify asks. Its root is this machine's own, read-only (hostfs); what it writes is in memory.
# ttyS0 carries the agent's questions and answers. On ttyS1 come "open N" and "close"; back go "@@" lines that answer, and all that a lab says.
cd "${0%/*}" || exit 1
. ./settings
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs dev /dev
while read -r name kind major minor; do mknod -m 666 "/dev/$name" "$kind" "$major" "$minor"; done <<'NODES'
null c 1 3
zero c 1 5
full c 1 7
random c 1 8
urandom c 1 9
tty c 5 0
ttyS0 c 4 64
ttyS1 c 4 65
NODES
mkdir -p /dev/net /dev/bin /dev/lib/modules
mknod -m 666 /dev/net/tun c 10 200
ln -s /proc/self/fd /dev/fd
exec < /dev/ttyS1 > /dev/ttyS1 2>&1
for tty in /dev/ttyS0 /dev/ttyS1; do stty -F "$tty" -echo -onlcr; done
# Its modules are not where modprobe looks, neither for us nor for the kernel.
ln -s "$MODULES" "/dev/lib/modules/$(uname -r)"
printf '#!/bin/sh\nexec %s -d /dev "$@"\n' "$(command -v modprobe)" > /dev/bin/modprobe
chmod +x /dev/bin/modprobe
echo /dev/bin/modprobe > /proc/sys/kernel/modprobe
/dev/bin/modprobe -aq $LOAD
# Without nat for nf_tables, iptables is the legacy one here.
ln -s "$(command -v xtables-legacy-multi)" /dev/bin/iptables-restore
export PATH=/dev/bin:$PATH LC_ALL=C
ip link set lo up
echo "@@ up $(uname -r)"
while read -r what n prefix; do
  case $what in
    open)
      mkfifo "/dev/$n"
      cat "$n.setup" /dev/ttyS0 > "/dev/$n" &
      feeder=$!
      {
        PREFIX=$prefix PYTHON=$PYTHON unshare $PRIVATE "$BOOT" "$AGENT" < "/dev/$n" > /dev/ttyS0 3< "$n.sh"
        kill -PIPE "$feeder" 2> /dev/null
        echo "@@ ended $n"
      } &
      ;;
    # An agent ends when nothing more can be asked, and with it all that is in its namespaces.
    close) kill -PIPE "$feeder" 2> /dev/null ;;
  esac
done
